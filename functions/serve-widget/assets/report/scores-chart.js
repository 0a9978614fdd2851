import { createSvgElement } from "../common/dom.js";
import { faceOf, SCORES } from "../common/faces.js";
import { fillTemplate } from "../common/texts.js";
import { createScoreFills, drawBars } from "./bars.js";
import { countTicks, createColumns, createLegendEntry, numberColumn, periodOf } from "./chart-parts.js";
import { createHiddenTable } from "./table.js";

/** @import { Group } from "../../types/api" */
/** @import { ChartContent } from "./chart.js" */
/** @import { ChartData } from "./chart-parts.js" */
/** @import { Formatter } from "./formatter.js" */

/**
 * The number of ratings of each score in each period.
 *
 * @param {ChartData} data
 * @param {Formatter} formatter
 * @returns {ChartContent}
 */
export function scoresChart(data, formatter) {
  const texts = formatter.texts.charts;
  const highest = Math.max(...data.groups.map(({ ratings }) => ratings));
  return {
    title: texts.scores,
    label: texts.scoresLabel,
    hint: texts.hint,
    columns: createColumns(data, formatter, (group) => describe(group, data, formatter)),
    ticks: countTicks(highest, formatter),
    draw: (plot) => drawBars(plot, "score", data.groups),
    legend: [
      ...SCORES.map((score) => createLegendEntry(createSample(score), scoreName(score, formatter))),
      createLegendEntry(
        [createSvgElement("rect", { class: "outline", x: 4, y: 1, width: 20, height: 12 })],
        texts.fewRatings,
      ),
    ],
    table: createScoresTable(data, formatter),
  };
}

/**
 * @param {ChartData} data
 * @param {Formatter} formatter
 */
function createScoresTable(data, formatter) {
  const { tables, charts } = formatter.texts;
  const columns = [
    { name: tables.period },
    ...SCORES.map((score) => numberColumn(scoreName(score, formatter))),
    numberColumn(tables.ratings),
    numberColumn(tables.mean),
  ];
  const rows = data.groups.map((group) => [
    periodOf(group, data, formatter),
    ...SCORES.map((score) => formatter.count(group.scores[score])),
    formatter.count(group.ratings),
    formatter.mean(group.mean),
  ]);
  return createHiddenTable(charts.scores, columns, rows, tables);
}

/** @param {number} score */
function createSample(score) {
  const prefix = `sample-${score}`;
  const fill = `url(#${prefix}-${score})`;
  return [createScoreFills(prefix), createSvgElement("rect", { class: "piece", fill, width: 28, height: 14 })];
}

/**
 * @param {number} score
 * @param {Formatter} formatter
 */
function scoreName(score, formatter) {
  return `${faceOf(score)} ${formatter.texts.faces[score - 1]}`;
}

/**
 * @param {Group} group
 * @param {ChartData} data
 * @param {Formatter} formatter
 */
function describe(group, data, formatter) {
  const { scoresPoint, scorePart, noRatings } = formatter.texts.charts;
  const period = periodOf(group, data, formatter);
  if (group.ratings === 0) return fillTemplate(noRatings, { period });
  const scores = SCORES.toReversed()
    .filter((score) => group.scores[score] > 0)
    .map((score) => {
      const label = formatter.texts.faces[score - 1];
      return fillTemplate(scorePart, { label, count: formatter.count(group.scores[score]) });
    });
  const ratings = formatter.plural(formatter.texts.ratings, group.ratings);
  return fillTemplate(scoresPoint, { period, ratings, scores: scores.join(", ") });
}

import { createSvgElement } from "../common/dom.js";
import { fillTemplate } from "../common/texts.js";
import {
  createColumns,
  createLegendEntry,
  numberColumn,
  periodOf,
  sampleDot,
  sampleLine,
  shareTicks,
} from "./chart-parts.js";
import { drawLine, drawPrevious } from "./line.js";
import { createHiddenTable } from "./table.js";

/** @import { Group } from "../../types/api" */
/** @import { ChartContent } from "./chart.js" */
/** @import { ChartData } from "./chart-parts.js" */
/** @import { Formatter } from "./formatter.js" */

/**
 * The share of satisfied visitors in each period.
 *
 * @param {ChartData} data
 * @param {Formatter} formatter
 * @returns {ChartContent}
 */
export function csatChart(data, formatter) {
  const { groups, before } = data;
  const texts = formatter.texts.charts;
  const points = groups.map(({ csat, csat_low, csat_high, small_sample }) => ({
    value: csat,
    low: csat_low,
    high: csat_high,
    isSmall: small_sample,
  }));
  const previous = before && groups.map((_, index) => before[index]?.csat ?? null);
  return {
    title: texts.csat,
    label: texts.csatLabel,
    hint: texts.hint,
    columns: createColumns(data, formatter, (group, index) =>
      describe(group, previous?.[index] ?? null, data, formatter),
    ),
    ticks: shareTicks(formatter),
    draw: (plot) => [...(previous ? drawPrevious(plot, previous) : []), ...drawLine(plot, points)],
    legend: [
      createLegendEntry([sampleLine("line"), sampleDot("dot")], texts.line),
      createLegendEntry([createSvgElement("rect", { class: "band", width: 28, height: 14 })], texts.band),
      createLegendEntry([sampleLine("line few"), sampleDot("dot few")], texts.fewRatings),
      ...(previous ? [createLegendEntry([sampleLine("before")], texts.before)] : []),
    ],
    table: createCsatTable(data, previous, formatter),
  };
}

/**
 * @param {ChartData} data
 * @param {(number | null)[] | null} previous
 * @param {Formatter} formatter
 */
function createCsatTable(data, previous, formatter) {
  const { tables, charts, small } = formatter.texts;
  const columns = [
    { name: tables.period },
    numberColumn(tables.ratings),
    numberColumn(tables.csat),
    numberColumn(tables.interval),
    { name: tables.sample },
    ...(previous ? [numberColumn(tables.before)] : []),
  ];
  const rows = data.groups.map((group, index) => [
    periodOf(group, data, formatter),
    formatter.count(group.ratings),
    formatter.share(group.csat, 1),
    formatter.interval(group, 1),
    group.small_sample ? small : tables.enough,
    ...(previous ? [formatter.share(previous[index], 1)] : []),
  ]);
  return createHiddenTable(charts.csat, columns, rows, tables);
}

/**
 * @param {Group} group
 * @param {number | null} previous
 * @param {ChartData} data
 * @param {Formatter} formatter
 */
function describe(group, previous, data, formatter) {
  const { csatPoint, csatBefore, noRatings } = formatter.texts.charts;
  const period = periodOf(group, data, formatter);
  if (group.csat === null) return fillTemplate(noRatings, { period });
  const text = fillTemplate(csatPoint, {
    period,
    csat: formatter.share(group.csat),
    interval: formatter.interval(group),
    ratings: formatter.plural(formatter.texts.ratings, group.ratings),
  });
  const notes = [
    ...(group.small_sample ? [formatter.texts.small] : []),
    ...(previous === null ? [] : [fillTemplate(csatBefore, { csat: formatter.share(previous) })]),
  ];
  return [text, ...notes].join(", ");
}

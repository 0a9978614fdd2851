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
import { drawLine } from "./line.js";
import { createHiddenTable } from "./table.js";

/** @import { Group } from "../../types/api" */
/** @import { ChartContent } from "./chart.js" */
/** @import { ChartData } from "./chart-parts.js" */
/** @import { Formatter } from "./formatter.js" */

/** Fewer requests are a small sample. The API uses the same limit for ratings. */
const MIN_SAMPLE = 10;

/**
 * The share of answered requests in each period.
 *
 * @param {ChartData} data
 * @param {Formatter} formatter
 * @returns {ChartContent}
 */
export function responseRateChart(data, formatter) {
  const texts = formatter.texts.charts;
  const points = data.groups.map(({ response_rate: value, requests }) => ({ value, isSmall: requests < MIN_SAMPLE }));
  return {
    title: texts.responseRate,
    label: texts.responseRateLabel,
    hint: texts.hint,
    columns: createColumns(data, formatter, (group) => describe(group, data, formatter)),
    ticks: shareTicks(formatter),
    draw: (plot) => drawLine(plot, points),
    legend: [
      createLegendEntry([sampleLine("line"), sampleDot("dot")], texts.answered),
      createLegendEntry([sampleLine("line few"), sampleDot("dot few")], texts.fewRequests),
    ],
    table: createResponseRateTable(data, formatter),
  };
}

/**
 * @param {ChartData} data
 * @param {Formatter} formatter
 */
function createResponseRateTable(data, formatter) {
  const { tables, charts } = formatter.texts;
  const columns = [
    { name: tables.period },
    numberColumn(tables.requests),
    numberColumn(tables.ratings),
    numberColumn(tables.responseRate),
  ];
  const rows = data.groups.map((group) => [
    periodOf(group, data, formatter),
    formatter.count(group.requests),
    formatter.count(group.ratings),
    formatter.share(group.response_rate, 1),
  ]);
  return createHiddenTable(charts.responseRate, columns, rows, tables);
}

/**
 * @param {Group} group
 * @param {ChartData} data
 * @param {Formatter} formatter
 */
function describe(group, data, formatter) {
  const { texts } = formatter;
  const period = periodOf(group, data, formatter);
  if (group.requests === 0) return fillTemplate(texts.charts.noRequests, { period });
  return fillTemplate(texts.charts.responseRatePoint, {
    period,
    rate: formatter.share(group.response_rate),
    ratings: formatter.plural(texts.ratings, group.ratings),
    requests: formatter.plural(texts.requests, group.requests),
  });
}

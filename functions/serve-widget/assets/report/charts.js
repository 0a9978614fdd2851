import { drawn } from "../common/dom.js";
import { faceOf } from "../common/faces.js";
import { fill } from "../common/texts.js";
import { SCORES, paintBars, scoreFills } from "./bars.js";
import { countTicks, legendEntry } from "./chart.js";
import { paintBefore, paintLine } from "./line.js";
import { tableBehind } from "./table.js";

/** Fewer than these are too few, as the API has it for ratings. */
const ENOUGH = 10;
const QUARTERS = [0, 0.25, 0.5, 0.75, 1];

/**
 * What each of the report's charts shows of the periods.
 *
 * @param {{groups: object[], before: object[] | null, unit: string, span: object}} report
 */
export function csatChart(report, words) {
  const { groups, before } = report;
  const texts = words.texts.charts;
  const points = groups.map(({ csat, csat_low, csat_high, small_sample }) => ({
    value: csat,
    low: csat_low,
    high: csat_high,
    isSmall: small_sample,
  }));
  const earlier = before && groups.map((_, index) => before[index]?.csat ?? null);
  const rows = groups.map((group, index) => [
    words.period(group.key, report.unit, report.span),
    words.count(group.ratings),
    words.share(group.csat, 1),
    words.interval(group, 1),
    group.small_sample ? words.texts.small : words.texts.tables.enough,
    ...(before ? [words.share(earlier[index], 1)] : []),
  ]);
  const { period, ratings, csat, interval, sample, before: beforeName } = words.texts.tables;
  const names = [{ name: period }, number(ratings), number(csat), number(interval), { name: sample }];
  return {
    title: texts.csat,
    label: texts.csatLabel,
    hint: texts.hint,
    columns: columns(report, words, (group, index) => csatText(group, earlier?.[index] ?? null, report, words)),
    ticks: QUARTERS.map((share) => [share, words.share(share)]),
    paint: (plot) => [...(earlier ? paintBefore(plot, earlier) : []), ...paintLine(plot, points)],
    legend: [
      legendEntry([stroke("line"), point("dot")], texts.line),
      legendEntry([drawn("rect", { class: "band", width: 28, height: 14 })], texts.band),
      legendEntry([stroke("line few"), point("dot few")], texts.fewRatings),
      ...(before ? [legendEntry([stroke("before")], texts.before)] : []),
    ],
    table: tableBehind(texts.csat, before ? [...names, number(beforeName)] : names, rows, words.texts.tables),
  };
}

/** How many ratings of each score there are in each period. */
export function scoresChart(report, words) {
  const { groups } = report;
  const texts = words.texts.charts;
  const { faces, tables } = words.texts;
  const rows = groups.map((group) => [
    words.period(group.key, report.unit, report.span),
    ...SCORES.map((score) => words.count(group.scores[score])),
    words.count(group.ratings),
    words.mean(group.mean),
  ]);
  const names = [
    { name: tables.period },
    ...SCORES.map((score) => number(`${faceOf(score)} ${faces[score - 1]}`)),
    number(tables.ratings),
    number(tables.mean),
  ];
  const sample = (score) => [
    scoreFills(`sample-${score}`),
    drawn("rect", { class: "piece", fill: `url(#sample-${score}-${score})`, width: 28, height: 14 }),
  ];
  return {
    title: texts.scores,
    label: texts.scoresLabel,
    hint: texts.hint,
    columns: columns(report, words, (group) => scoresText(group, report, words)),
    ticks: countTicks(Math.max(...groups.map(({ ratings }) => ratings))).map((count) => [count, words.count(count)]),
    paint: (plot) => paintBars(plot, "score", groups),
    legend: [
      ...SCORES.map((score) => legendEntry(sample(score), `${faceOf(score)} ${faces[score - 1]}`)),
      legendEntry([drawn("rect", { class: "outline", x: 4, y: 1, width: 20, height: 12 })], texts.fewRatings),
    ],
    table: tableBehind(texts.scores, names, rows, tables),
  };
}

/** Which share of the requests of each period was answered. */
export function responseRateChart(report, words) {
  const { groups } = report;
  const texts = words.texts.charts;
  const points = groups.map(({ response_rate: value, requests }) => ({ value, isSmall: requests < ENOUGH }));
  const rows = groups.map((group) => [
    words.period(group.key, report.unit, report.span),
    words.count(group.requests),
    words.count(group.ratings),
    words.share(group.response_rate, 1),
  ]);
  const { tables } = words.texts;
  const names = [{ name: tables.period }, number(tables.requests), number(tables.ratings), number(tables.responseRate)];
  return {
    title: texts.responseRate,
    label: texts.responseRateLabel,
    hint: texts.hint,
    columns: columns(report, words, (group) => responseRateText(group, report, words)),
    ticks: QUARTERS.map((share) => [share, words.share(share)]),
    paint: (plot) => paintLine(plot, points),
    legend: [
      legendEntry([stroke("line"), point("dot")], texts.answered),
      legendEntry([stroke("line few"), point("dot few")], texts.fewRequests),
    ],
    table: tableBehind(texts.responseRate, names, rows, tables),
  };
}

function columns({ groups, unit }, words, text) {
  return groups.map((group, index) => ({ text: text(group, index), tick: words.tick(group.key, unit) }));
}

function csatText(group, before, { unit, span }, words) {
  const { csatPoint, csatBefore, noRatings } = words.texts.charts;
  const period = words.period(group.key, unit, span);
  if (group.csat === null) return fill(noRatings, { period });
  const text = fill(csatPoint, {
    period,
    csat: words.share(group.csat),
    interval: words.interval(group),
    ratings: words.counted(words.texts.ratings, group.ratings),
  });
  const notes = [
    ...(group.small_sample ? [words.texts.small] : []),
    ...(before === null ? [] : [fill(csatBefore, { csat: words.share(before) })]),
  ];
  return [text, ...notes].join(", ");
}

function scoresText(group, { unit, span }, words) {
  const { scoresPoint, scorePart, noRatings } = words.texts.charts;
  const period = words.period(group.key, unit, span);
  if (group.ratings === 0) return fill(noRatings, { period });
  const given = SCORES.toReversed().filter((score) => group.scores[score] > 0);
  const scores = given.map((score) =>
    fill(scorePart, { label: words.texts.faces[score - 1], count: words.count(group.scores[score]) }),
  );
  const ratings = words.counted(words.texts.ratings, group.ratings);
  return fill(scoresPoint, { period, ratings, scores: scores.join(", ") });
}

function responseRateText(group, { unit, span }, words) {
  const { responseRatePoint, noRequests } = words.texts.charts;
  const period = words.period(group.key, unit, span);
  if (group.requests === 0) return fill(noRequests, { period });
  return fill(responseRatePoint, {
    period,
    rate: words.share(group.response_rate),
    ratings: words.counted(words.texts.ratings, group.ratings),
    requests: words.counted(words.texts.requests, group.requests),
  });
}

function number(name) {
  return { name, isNumber: true };
}

function stroke(classes) {
  return drawn("path", { class: classes, d: "M0 7H28" });
}

function point(classes) {
  return drawn("circle", { class: classes, cx: 14, cy: 7, r: 4 });
}

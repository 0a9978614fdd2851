import { createSvgElement } from "../common/dom.js";

/** @import { Plot } from "./chart.js" */
/**
 * @typedef {object} Point
 * @property {number | null} value a share, or `null` for a gap
 * @property {number | null} [low] the lower end of the interval
 * @property {number | null} [high] the upper end of the interval
 * @property {boolean} isSmall whether the value is based on few ratings
 */
/** @typedef {{ isSmall: boolean, indexes: number[] }} Stretch connected points whose line has one style */

/**
 * Draws shares over time: a line between the points, and a band for the intervals. The line is not smoothed, and has a
 * gap for each period without a value. Points with few ratings are hollow and their lines are dashed.
 *
 * @param {Plot} plot
 * @param {Point[]} points
 */
export function drawLine(plot, points) {
  const hasIntervals = points.some(({ low }) => low !== undefined);
  const stretches = connect(points);
  const indexes = [...points.keys()].filter((index) => points[index].value !== null);
  return [
    ...(hasIntervals ? stretches.map((stretch) => drawBand(plot, points, stretch)) : []),
    ...(hasIntervals ? isolated(points, stretches).map((index) => drawWhisker(plot, points[index], index)) : []),
    ...stretches.map((stretch) => drawStretch(plot, points, stretch)),
    ...indexes.map((index) => drawDot(plot, points[index], index)),
  ];
}

/**
 * Draws the values of the previous span.
 *
 * @param {Plot} plot
 * @param {(number | null)[]} values
 */
export function drawPrevious(plot, values) {
  const points = values.map((value) => ({ value, isSmall: false }));
  const stretches = connect(points);
  const dots = isolated(points, stretches).map((index) =>
    createSvgElement("circle", { class: "before", cx: plot.x(index), cy: plot.y(points[index].value ?? 0), r: 1 }),
  );
  const lines = stretches.map(({ indexes }) =>
    createSvgElement("path", { class: "before", d: pathOf(plot, points, indexes) }),
  );
  return [...lines, ...dots];
}

/**
 * Connects neighbouring points that have a value.
 *
 * @param {Point[]} points
 */
function connect(points) {
  /** @type {Stretch[]} */
  const stretches = [];
  for (let index = 1; index < points.length; index += 1) {
    const [before, here] = [points[index - 1], points[index]];
    if (before.value === null || here.value === null) continue;
    const isSmall = before.isSmall || here.isSmall;
    const last = stretches.at(-1);
    if (last?.isSmall === isSmall && last.indexes.at(-1) === index - 1) last.indexes.push(index);
    else stretches.push({ isSmall, indexes: [index - 1, index] });
  }
  return stretches;
}

/**
 * The points that are not connected to a neighbour.
 *
 * @param {Point[]} points
 * @param {Stretch[]} stretches
 */
function isolated(points, stretches) {
  const connected = new Set(stretches.flatMap(({ indexes }) => indexes));
  return [...points.keys()].filter((index) => points[index].value !== null && !connected.has(index));
}

/**
 * @param {Plot} plot
 * @param {Point[]} points
 * @param {Stretch} stretch
 */
function drawBand(plot, points, { isSmall, indexes }) {
  const above = indexes.map((index) => `${plot.x(index)} ${plot.y(points[index].high ?? 0)}`);
  const below = indexes.toReversed().map((index) => `${plot.x(index)} ${plot.y(points[index].low ?? 0)}`);
  const d = `M${[...above, ...below].join("L")}Z`;
  return createSvgElement("path", { class: isSmall ? "band few" : "band", d });
}

/**
 * Draws the interval of a point that is not connected to a neighbour.
 *
 * @param {Plot} plot
 * @param {Point} point
 * @param {number} index
 */
function drawWhisker(plot, { low, high, isSmall }, index) {
  const [x, top, bottom] = [plot.x(index), plot.y(high ?? 0), plot.y(low ?? 0)];
  const cap = Math.min(6, plot.step / 2);
  const d = `M${x - cap} ${top}H${x + cap}M${x} ${top}V${bottom}M${x - cap} ${bottom}H${x + cap}`;
  return createSvgElement("path", { class: isSmall ? "whisker few" : "whisker", d });
}

/**
 * @param {Plot} plot
 * @param {Point[]} points
 * @param {Stretch} stretch
 */
function drawStretch(plot, points, { isSmall, indexes }) {
  return createSvgElement("path", { class: isSmall ? "line few" : "line", d: pathOf(plot, points, indexes) });
}

/**
 * @param {Plot} plot
 * @param {Point[]} points
 * @param {number[]} indexes
 */
function pathOf(plot, points, indexes) {
  return `M${indexes.map((index) => `${plot.x(index)} ${plot.y(points[index].value ?? 0)}`).join("L")}`;
}

/**
 * @param {Plot} plot
 * @param {Point} point
 * @param {number} index
 */
function drawDot(plot, { value, isSmall }, index) {
  const r = Math.min(Math.max(plot.step / 3, 1.5), 4.5);
  const center = { cx: plot.x(index), cy: plot.y(value ?? 0) };
  return createSvgElement("circle", { class: isSmall ? "dot few" : "dot", ...center, r });
}

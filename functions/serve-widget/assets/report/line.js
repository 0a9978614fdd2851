import { drawn } from "../common/dom.js";

/**
 * Draws shares over time: a line from point to point, with the interval of each as a band. Nothing is
 * smoothed; where a period has no value, the line has a gap. What rests on few answers is hollow and dashed.
 *
 * @param {{value: number | null, low?: number, high?: number, isSmall: boolean}[]} points
 */
export function paintLine(plot, points) {
  const hasBand = points.some(({ low }) => low !== undefined);
  const stretches = joined(points);
  const there = points.map((_, index) => index).filter((index) => points[index].value !== null);
  return [
    ...(hasBand ? stretches.map((stretch) => band(plot, points, stretch)) : []),
    ...(hasBand ? alone(points, stretches).map((index) => whisker(plot, points[index], index)) : []),
    ...stretches.map((stretch) => line(plot, points, stretch)),
    ...there.map((index) => dot(plot, points[index], index)),
  ];
}

/** Draws the values of the period before, beneath what is shown now. */
export function paintBefore(plot, values) {
  const points = values.map((value) => ({ value, isSmall: false }));
  const stretches = joined(points);
  const dots = alone(points, stretches).map((index) =>
    drawn("circle", { class: "before", cx: plot.x(index), cy: plot.y(points[index].value), r: 1 }),
  );
  return [...stretches.map(({ indexes }) => drawn("path", { class: "before", d: path(plot, points, indexes) })), ...dots];
}

/** The neighbours that a line joins, as far as the line looks the same. */
function joined(points) {
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

/** The points that no line joins to a neighbour. */
function alone(points, stretches) {
  const inStretch = new Set(stretches.flatMap(({ indexes }) => indexes));
  return [...points.keys()].filter((index) => points[index].value !== null && !inStretch.has(index));
}

function band(plot, points, { isSmall, indexes }) {
  const above = indexes.map((index) => `${plot.x(index)} ${plot.y(points[index].high)}`);
  const below = indexes.toReversed().map((index) => `${plot.x(index)} ${plot.y(points[index].low)}`);
  return drawn("path", { class: isSmall ? "band few" : "band", d: `M${[...above, ...below].join("L")}Z` });
}

/** The interval of a point without neighbours. */
function whisker(plot, { low, high, isSmall }, index) {
  const [x, top, bottom] = [plot.x(index), plot.y(high), plot.y(low)];
  const cap = Math.min(6, plot.step / 2);
  const d = `M${x - cap} ${top}H${x + cap}M${x} ${top}V${bottom}M${x - cap} ${bottom}H${x + cap}`;
  return drawn("path", { class: isSmall ? "whisker few" : "whisker", d });
}

function line(plot, points, { isSmall, indexes }) {
  return drawn("path", { class: isSmall ? "line few" : "line", d: path(plot, points, indexes) });
}

function path(plot, points, indexes) {
  return `M${indexes.map((index) => `${plot.x(index)} ${plot.y(points[index].value)}`).join("L")}`;
}

function dot(plot, { value, isSmall }, index) {
  const r = Math.min(Math.max(plot.step / 3, 1.5), 4.5);
  return drawn("circle", { class: isSmall ? "dot few" : "dot", cx: plot.x(index), cy: plot.y(value), r });
}

import { createElement, createSvgElement } from "../common/dom.js";

/** @import { Group } from "../../types/api" */
/** @import { Span, Unit } from "./days.js" */
/** @import { Formatter } from "./formatter.js" */
/**
 * @typedef {object} ChartData
 * @property {Group[]} groups one for each period
 * @property {Group[] | null} before the groups of the previous span
 * @property {Unit} unit
 * @property {Span} span
 */

const QUARTERS = [0, 0.25, 0.5, 0.75, 1];

/**
 * The columns of a chart.
 *
 * @param {ChartData} data
 * @param {Formatter} formatter
 * @param {(group: Group, index: number) => string} textOf describes a period
 */
export function createColumns({ groups, unit }, formatter, textOf) {
  return groups.map((group, index) => ({ text: textOf(group, index), tick: formatter.tick(group.key, unit) }));
}

/**
 * The name of a group's period.
 *
 * @param {Group} group
 * @param {ChartData} data
 * @param {Formatter} formatter
 */
export function periodOf(group, { unit, span }, formatter) {
  return formatter.period(group.key, unit, span);
}

/**
 * The ticks of an axis for shares.
 *
 * @param {Formatter} formatter
 * @returns {[number, string][]}
 */
export function shareTicks(formatter) {
  return QUARTERS.map((share) => [share, formatter.share(share)]);
}

/**
 * The ticks of an axis for counts.
 *
 * @param {number} highest
 * @param {Formatter} formatter
 * @returns {[number, string][]}
 */
export function countTicks(highest, formatter) {
  const rough = Math.max(highest, 4) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5].map((factor) => factor * power).find((size) => size >= rough) ?? 10 * power;
  const length = Math.ceil(Math.max(highest, 1) / step) + 1;
  return Array.from({ length }, (_, index) => [index * step, formatter.count(index * step)]);
}

/**
 * A table column of numbers.
 *
 * @param {string} name
 */
export function numberColumn(name) {
  return { name, isNumber: true };
}

/**
 * An entry of a legend: a sample of a mark and its meaning.
 *
 * @param {SVGElement[]} sample
 * @param {string} text
 */
export function createLegendEntry(sample, text) {
  const attributes = { class: "sample", viewBox: "0 0 28 14", width: 28, height: 14, "aria-hidden": "true" };
  return createElement("li", {}, createSvgElement("svg", attributes, ...sample), text);
}

/** @param {string} classes */
export function sampleLine(classes) {
  return createSvgElement("path", { class: classes, d: "M0 7H28" });
}

/** @param {string} classes */
export function sampleDot(classes) {
  return createSvgElement("circle", { class: classes, cx: 14, cy: 7, r: 4 });
}

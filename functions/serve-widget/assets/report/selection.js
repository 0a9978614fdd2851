import { dayOrNull, lengthOf, plusDays } from "./days.js";
import { WAYS } from "./ways-of-asking.js";

/** @import { Span, Unit } from "./days.js" */
/**
 * @typedef {object} Selection what the filters select
 * @property {number | null} days the length of a span that ends today; `null` for a span of chosen days
 * @property {string} from
 * @property {string} to
 * @property {Unit} group the periods
 * @property {string} agent empty for all agents
 * @property {string} channel empty for all channels
 * @property {string} by a way of asking; empty for both
 * @property {boolean} compares whether to compare with the previous span
 */

/**
 * The periods that ratings can be grouped by.
 *
 * @type {Unit[]}
 */
export const UNITS = ["day", "week", "month"];

const DEFAULT_DAYS = 30;
const MAX_DAYS_BY_DAY = 45;
const MAX_DAYS_BY_WEEK = 190;

/**
 * The selection of an element's attributes.
 *
 * @param {Element} host
 * @param {string} today
 * @returns {Selection}
 */
export function initialSelection(host, today) {
  const [from, to] = ["from", "to"].map((name) => dayOrNull(host.getAttribute(name)));
  const span = from || to ? spanOf(from, to ?? today) : lastDays(DEFAULT_DAYS, today);
  const group = UNITS.find((unit) => unit === host.getAttribute("group"));
  const by = WAYS.find((way) => way === host.getAttribute("by"));
  return {
    ...span,
    group: group ?? unitFor(span),
    agent: host.getAttribute("agent") ?? "",
    channel: host.getAttribute("channel") ?? "",
    by: by ?? "",
    compares: true,
  };
}

/**
 * Applies a change of the filters. A new span gets the periods that suit its length.
 *
 * @param {Selection} selection
 * @param {Partial<Selection>} change
 * @param {string} today
 * @returns {Selection}
 */
export function changeSelection(selection, change, today) {
  const changed = { ...selection, ...change, ...(change.days ? lastDays(change.days, today) : {}) };
  const hasNewSpan = Boolean(change.days || change.from);
  return hasNewSpan ? { ...changed, group: unitFor(changed) } : changed;
}

/**
 * Moves a span that ends today to the current day.
 *
 * @param {Selection} selection
 * @param {string} today
 * @returns {Selection}
 */
export function updateSelection(selection, today) {
  return selection.days === null ? selection : { ...selection, ...lastDays(selection.days, today) };
}

/**
 * @param {string | null} from
 * @param {string} to
 */
function spanOf(from, to) {
  return { days: null, from: from ?? plusDays(to, 1 - DEFAULT_DAYS), to };
}

/**
 * @param {number} days
 * @param {string} today
 */
function lastDays(days, today) {
  return { days, from: plusDays(today, 1 - days), to: today };
}

/**
 * The periods that suit the length of a span.
 *
 * @param {Span} span
 * @returns {Unit}
 */
function unitFor(span) {
  const days = lengthOf(span);
  if (days <= MAX_DAYS_BY_DAY) return "day";
  return days <= MAX_DAYS_BY_WEEK ? "week" : "month";
}

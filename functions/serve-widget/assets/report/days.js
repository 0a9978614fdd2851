/** Days, written as `2026-11-22`. Their alphabetical order is their order in time. */

import { formatDate, toMilliseconds } from "../common/locale.js";

/** @typedef {{ from: string, to: string }} Span a span of days, both included */
/** @typedef {"day" | "week" | "month"} Unit */

const DAY_MS = 86_400_000;

/**
 * The current day in a time zone.
 *
 * @param {number} now in milliseconds since 1970
 * @param {string} timeZone
 */
export function today(now, timeZone) {
  // The Swedish format is that of ISO 8601.
  return formatDate(toMilliseconds(now) ?? Date.now(), "sv-SE", { timeZone, dateStyle: "short" });
}

/**
 * The text if it is a day, otherwise `null`.
 *
 * @param {string | null} text
 */
export function dayOrNull(text) {
  return text && /^\d{4}-\d{2}-\d{2}$/.test(text) && formatIso(text) === text ? text : null;
}

/**
 * The day that is some days after a day, or before it.
 *
 * @param {string} day
 * @param {number} count
 */
export function plusDays(day, count) {
  return formatIso(Date.parse(day) + count * DAY_MS);
}

/**
 * The number of days in a span.
 *
 * @param {Span} span
 */
export function lengthOf({ from, to }) {
  return (Date.parse(to) - Date.parse(from)) / DAY_MS + 1;
}

/**
 * The days of a period.
 *
 * @param {string} key `2026-11-22`, `2026-W47` or `2026-11`
 * @returns {Span}
 */
export function daysOf(key) {
  const [, weekYear, week] = key.match(/^(\d{4})-W(\d{2})$/) ?? [];
  if (week) return weekOf(Number(weekYear), Number(week));
  const [, year, month] = key.match(/^(\d{4})-(\d{2})$/) ?? [];
  if (!month) return { from: key, to: key };
  return { from: `${key}-01`, to: formatIso(Date.UTC(Number(year), Number(month), 0)) };
}

/**
 * The days that are in both spans.
 *
 * @param {Span} span
 * @param {Span} other
 * @returns {Span}
 */
export function intersection(span, other) {
  const [, from] = [span.from, other.from].sort();
  const [to] = [span.to, other.to].sort();
  return { from, to };
}

/**
 * The days of an ISO 8601 week. It begins on Monday. The first week of a year contains 4 January.
 *
 * @param {number} year
 * @param {number} week
 */
function weekOf(year, week) {
  const fourth = new Date(Date.UTC(year, 0, 4));
  const daysSinceMonday = (fourth.getUTCDay() + 6) % 7;
  const from = formatIso(fourth.getTime() + ((week - 1) * 7 - daysSinceMonday) * DAY_MS);
  return { from, to: plusDays(from, 6) };
}

/** @param {string | number} time */
function formatIso(time) {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? "" : date.toISOString().slice(0, 10);
}

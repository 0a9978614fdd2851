/** Days, written `2026-11-22`: they sort as texts, and have no hours and so no time zone. */

import { dateText, milliseconds } from "../common/locale.js";

const DAY_MS = 86_400_000;

/** The day that it is somewhere. */
export function today(now, timeZone) {
  // Swedish writes days as ISO 8601 does.
  return dateText(milliseconds(now) ?? Date.now(), "sv-SE", { timeZone, dateStyle: "short" });
}

/** The text if it is a day, otherwise `null`. */
export function dayOrNull(text) {
  return text && /^\d{4}-\d{2}-\d{2}$/.test(text) && written(text) === text ? text : null;
}

/** So many days after a day, or before it. */
export function plusDays(day, count) {
  return written(Date.parse(day) + count * DAY_MS);
}

/** How many days there are from one to another, both included. */
export function lengthOf({ from, to }) {
  return (Date.parse(to) - Date.parse(from)) / DAY_MS + 1;
}

/** The days of a period: `2026-11-22`, `2026-W47` or `2026-11`. */
export function daysOf(key) {
  const [, year, week] = key.match(/^(\d{4})-W(\d{2})$/) ?? [];
  if (week) return weekOf(Number(year), Number(week));
  if (key.length > "2026-11".length) return { from: key, to: key };
  const [monthsYear, month] = key.split("-").map(Number);
  return { from: `${key}-01`, to: written(Date.UTC(monthsYear, month, 0)) };
}

/** The days of a span that are in another one, too. */
export function within({ from, to }, outer) {
  return { from: from > outer.from ? from : outer.from, to: to < outer.to ? to : outer.to };
}

/** Weeks begin on Monday, and the year's first has its 4 January. */
function weekOf(year, week) {
  const fourth = new Date(Date.UTC(year, 0, 4));
  const daysSinceMonday = (fourth.getUTCDay() + 6) % 7;
  const from = written(fourth.getTime() + ((week - 1) * 7 - daysSinceMonday) * DAY_MS);
  return { from, to: plusDays(from, 6) };
}

function written(time) {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? "" : date.toISOString().slice(0, 10);
}

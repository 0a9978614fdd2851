import { browserLanguages, firstLanguage, formatDate, primaryLanguage } from "../common/locale.js";

/**
 * Formats a day with the time: `9 Mar 2026, 09:44`.
 *
 * @param {string | undefined} time
 * @param {string} language
 */
export function formatDayAndTime(time, language) {
  return formatDate(time, localeOf(language), { dateStyle: "medium", timeStyle: "short" });
}

/**
 * Formats a day: `Monday, 9 March 2026`.
 *
 * @param {string} time
 * @param {string} language
 */
export function formatDay(time, language) {
  return formatDate(time, localeOf(language), { dateStyle: "full" });
}

/**
 * Formats the time of day: `09:44`.
 *
 * @param {string} time
 * @param {string} language
 */
export function formatTime(time, language) {
  return formatDate(time, localeOf(language), { timeStyle: "short" });
}

/**
 * A language with the region that the browser's user prefers: `en-GB` for `en`.
 *
 * @param {string} language
 */
function localeOf(language) {
  const wanted = firstLanguage(language);
  return browserLanguages().find((tag) => primaryLanguage(tag) === wanted) ?? wanted;
}

import { browserLanguages, dateText, firstLanguage, primaryLanguage } from "../common/locale.js";

/** A time on a day: `9 Mar 2026, 09:44`. */
export function dayAndTime(time, language) {
  return written(time, language, { dateStyle: "medium", timeStyle: "short" });
}

/** A day: `Monday, 9 March 2026`. */
export function day(time, language) {
  return written(time, language, { dateStyle: "full" });
}

/** A time of the day: `09:44`. */
export function timeOfDay(time, language) {
  return written(time, language, { timeStyle: "short" });
}

function written(time, language, format) {
  return dateText(time, localeOf(language), format);
}

/** A language as the browser's owner writes it: `en` is `en-GB` to some. */
function localeOf(language) {
  const wanted = firstLanguage(language);
  return browserLanguages().find((tag) => primaryLanguage(tag) === wanted) ?? wanted;
}

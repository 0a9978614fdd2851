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
  return new Intl.DateTimeFormat(localeOf(language), format).format(new Date(time));
}

/** A language as the browser's owner writes it: `en` is `en-GB` to some. */
function localeOf(language) {
  return navigator.languages.find((tag) => tag.split("-")[0] === language) ?? language;
}

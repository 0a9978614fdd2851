/**
 * Formats for people. Every language tag, time zone and time of these components passes through this
 * module, because `Intl` throws for values that pages, browsers and the API do provide, such as `en_US`.
 */

/** Longer tags exist only as mistakes: RFC 5646 recommends room for 35 characters. */
const LONGEST_TAG = 64;

/** Used if nothing better is known. */
const DEFAULT_LANGUAGE = "en";
const DEFAULT_TIME_ZONE = "UTC";

/**
 * A language tag in the form that `Intl` accepts: `en_US` becomes `en-US`, the encoding and the
 * modifier of a POSIX locale (`en_US.UTF-8@euro`) are removed, and so are subtags that `Intl` refuses.
 *
 * @param {unknown} text
 * @returns {string | null} `null` if no part of the text is a language tag
 */
export function languageTag(text) {
  if (typeof text !== "string") return null;
  let tag = text.trim().slice(0, LONGEST_TAG).replace(/[.@].*$/s, "").replaceAll("_", "-");
  while (tag) {
    try {
      return Intl.getCanonicalLocales(tag)[0];
    } catch {
      tag = tag.slice(0, Math.max(tag.lastIndexOf("-"), 0));
    }
  }
  return null;
}

/**
 * The first of some language tags that is one.
 *
 * @param {...unknown} texts the best one first
 * @returns {string} `en` if none is
 */
export function firstLanguage(...texts) {
  return languageTags(texts)[0] ?? DEFAULT_LANGUAGE;
}

/** The language tags among some texts, in their order. */
export function languageTags(texts) {
  return [...texts].map(languageTag).filter(Boolean);
}

/** The languages that the browser's user prefers, the best one first. */
export function browserLanguages() {
  return languageTags(navigator.languages ?? [navigator.language]);
}

/** The language of a tag without its region: `pt` for `pt-BR`. */
export function primaryLanguage(tag) {
  return tag.split("-")[0].toLowerCase();
}

/**
 * The milliseconds since 1970 of a time.
 *
 * @param {unknown} time RFC 3339, or milliseconds already
 * @returns {number | null} `null` if it is no time
 */
export function milliseconds(time) {
  if (time === null || time === undefined || time === "") return null;
  const value = new Date(time).getTime();
  return Number.isNaN(value) ? null : value;
}

/**
 * A time in a language. Text that is no time is returned as it is.
 *
 * @param {object} options those of `Intl.DateTimeFormat`; a `timeZone` that the browser does not know is UTC
 */
export function dateText(time, language, options) {
  const value = milliseconds(time);
  return value === null ? String(time ?? "") : dateFormat(language, options).format(value);
}

/** The span between two times in a language. Texts that are no times are returned as they are. */
export function dateRangeText(from, to, language, options) {
  const [first, last] = [milliseconds(from), milliseconds(to)];
  if (first === null || last === null || first > last) {
    return `${dateText(from, language, options)} – ${dateText(to, language, options)}`;
  }
  return dateFormat(language, options).formatRange(first, last);
}

/** A number in a language, or `none` if it is no number. */
export function numberText(number, language, options, none = "") {
  return Number.isFinite(number) ? numberFormat(language, options).format(number) : none;
}

/** The range between two numbers in a language, or `none` if one of them is no number. */
export function numberRangeText(low, high, language, options, none = "") {
  if (!Number.isFinite(low) || !Number.isFinite(high)) return none;
  return numberFormat(language, options).formatRange(Math.min(low, high), Math.max(low, high));
}

/** The plural form of a number in a language: `one`, `other` and so on. */
export function pluralForm(number, language) {
  return made(Intl.PluralRules, language).select(Number.isFinite(number) ? number : 0);
}

/** Compares two texts in the order of a language. */
export function compareTexts(one, other, language) {
  return made(Intl.Collator, language, { numeric: true }).compare(String(one), String(other));
}

function dateFormat(language, options) {
  const zone = "timeZone" in options ? { timeZone: knownTimeZone(options.timeZone) } : {};
  return made(Intl.DateTimeFormat, language, { ...options, ...zone });
}

/** The name if the browser knows this time zone, otherwise UTC. */
function knownTimeZone(name) {
  try {
    return name && new Intl.DateTimeFormat(DEFAULT_LANGUAGE, { timeZone: name }) ? name : DEFAULT_TIME_ZONE;
  } catch {
    return DEFAULT_TIME_ZONE;
  }
}

function numberFormat(language, options) {
  return made(Intl.NumberFormat, language, options);
}

/** Formats are costly to make. */
const formats = new Map();

function made(Format, language, options = {}) {
  const tag = firstLanguage(language);
  const key = JSON.stringify([Format.name, tag, options]);
  if (!formats.has(key)) formats.set(key, new Format(tag, options));
  return formats.get(key);
}

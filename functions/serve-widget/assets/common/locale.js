/**
 * Formatting for people. All language tags, time zones and times pass through this module, because `Intl` throws for
 * values that pages, browsers and the API can contain, such as `en_US`.
 */

/** RFC 5646 recommends to support 35 characters. Longer tags than this are mistakes. */
const MAX_TAG_LENGTH = 64;

const DEFAULT_LANGUAGE = "en";
const DEFAULT_TIME_ZONE = "UTC";

/**
 * Converts a language tag to a form that `Intl` accepts: `en_US` becomes `en-US`. The encoding and the modifier of a
 * POSIX locale (`en_US.UTF-8@euro`) are removed, and so are subtags that `Intl` refuses.
 *
 * @param {unknown} text
 * @returns {string | null} `null` if no part of the text is a language tag
 */
export function languageTag(text) {
  if (typeof text !== "string") return null;
  let tag = text
    .trim()
    .slice(0, MAX_TAG_LENGTH)
    .replace(/[.@].*$/s, "")
    .replaceAll("_", "-");
  while (tag) {
    try {
      return Intl.getCanonicalLocales(tag)[0] ?? null;
    } catch {
      tag = tag.slice(0, Math.max(tag.lastIndexOf("-"), 0));
    }
  }
  return null;
}

/**
 * The first valid language tag.
 *
 * @param {...unknown} texts in order of preference
 * @returns {string} `en` if none is valid
 */
export function firstLanguage(...texts) {
  return languageTags(texts)[0] ?? DEFAULT_LANGUAGE;
}

/**
 * The valid language tags among some texts.
 *
 * @param {readonly unknown[]} texts
 */
export function languageTags(texts) {
  return texts.map(languageTag).filter((tag) => tag !== null);
}

/** The languages that the browser's user prefers, in order of preference. */
export function browserLanguages() {
  return languageTags(navigator.languages ?? [navigator.language]);
}

/** Longer values of this header need the API's permission in a request to another origin. */
const MAX_ACCEPT_LANGUAGE_LENGTH = 128;

/**
 * The header that names the wanted languages.
 *
 * @param {readonly unknown[]} texts in order of preference
 * @returns {Record<string, string>} no header if no text is a language tag
 */
export function acceptLanguage(texts) {
  const tags = [...new Set(languageTags(texts))].slice(0, 9);
  let value = "";
  for (const [index, tag] of tags.entries()) {
    const longer = index === 0 ? tag : `${value}, ${tag};q=0.${10 - index}`;
    if (longer.length <= MAX_ACCEPT_LANGUAGE_LENGTH) value = longer;
  }
  return value ? { "Accept-Language": value } : {};
}

/**
 * The language of a tag without its region: `pt` for `pt-BR`.
 *
 * @param {string} tag
 */
export function primaryLanguage(tag) {
  return tag.replace(/-.*/, "").toLowerCase();
}

/**
 * Converts a time to milliseconds since 1970.
 *
 * @param {string | number | null | undefined} time RFC 3339, or milliseconds
 * @returns {number | null} `null` if it is not a time
 */
export function toMilliseconds(time) {
  if (time === null || time === undefined || time === "") return null;
  const value = new Date(time).getTime();
  return Number.isNaN(value) ? null : value;
}

/**
 * Formats a time. Text that is not a time is returned unchanged.
 *
 * @param {string | number | null | undefined} time
 * @param {string} language
 * @param {Intl.DateTimeFormatOptions} options a `timeZone` that the browser does not support is replaced by UTC
 */
export function formatDate(time, language, options) {
  const value = toMilliseconds(time);
  return value === null ? String(time ?? "") : dateFormat(language, options).format(value);
}

/**
 * Formats the range between two times. Texts that are not times are returned unchanged.
 *
 * @param {string} from
 * @param {string} to
 * @param {string} language
 * @param {Intl.DateTimeFormatOptions} options as for `formatDate`
 */
export function formatDateRange(from, to, language, options) {
  const [first, last] = [toMilliseconds(from), toMilliseconds(to)];
  if (first === null || last === null || first > last) {
    return `${formatDate(from, language, options)} – ${formatDate(to, language, options)}`;
  }
  return dateFormat(language, options).formatRange(first, last);
}

/**
 * @param {number | null | undefined} number
 * @returns {number is number}
 */
export function isFiniteNumber(number) {
  return Number.isFinite(number);
}

/**
 * Formats a number.
 *
 * @param {number | null | undefined} number
 * @param {string} language
 * @param {Intl.NumberFormatOptions} options
 * @param {string} [fallback] returned if it is not a finite number
 */
export function formatNumber(number, language, options, fallback = "") {
  return isFiniteNumber(number) ? numberFormat(language, options).format(number) : fallback;
}

/**
 * Formats the range between two numbers.
 *
 * @param {number | null} low
 * @param {number | null} high
 * @param {string} language
 * @param {Intl.NumberFormatOptions} options
 * @param {string} [fallback] returned if one of them is not a finite number
 */
export function formatNumberRange(low, high, language, options, fallback = "") {
  if (!isFiniteNumber(low) || !isFiniteNumber(high)) return fallback;
  return numberFormat(language, options).formatRange(Math.min(low, high), Math.max(low, high));
}

/**
 * Formats a list. Without options, the parts are those of one quantity, such as `6 days, 23 hr`.
 *
 * @param {readonly string[]} parts
 * @param {string} language
 * @param {Intl.ListFormatOptions} [options]
 */
export function formatList(parts, language, options = { type: "unit", style: "short" }) {
  const tag = firstLanguage(language);
  const list = cached(JSON.stringify(["list", tag, options]), () => new Intl.ListFormat(tag, options));
  return list.format(parts);
}

/**
 * The plural category of a number: `one`, `other` and so on.
 *
 * @param {number} number
 * @param {string} language
 */
export function pluralCategory(number, language) {
  const tag = firstLanguage(language);
  const rules = cached(`plural ${tag}`, () => new Intl.PluralRules(tag));
  return rules.select(isFiniteNumber(number) ? number : 0);
}

/**
 * Compares two texts in the sort order of a language.
 *
 * @param {string} one
 * @param {string} other
 * @param {string} language
 */
export function compareTexts(one, other, language) {
  const tag = firstLanguage(language);
  const collator = cached(`collator ${tag}`, () => new Intl.Collator(tag, { numeric: true }));
  return collator.compare(String(one), String(other));
}

/**
 * The name of a language.
 *
 * @param {string} code
 * @param {string} language the language of the name
 * @returns {string} the code if the name is not known
 */
export function languageName(code, language) {
  const tag = firstLanguage(language);
  const names = cached(`names ${tag}`, () => new Intl.DisplayNames(tag, { type: "language", fallback: "code" }));
  return names.of(firstLanguage(code)) ?? code;
}

/**
 * @param {string} language
 * @param {Intl.DateTimeFormatOptions} options
 */
function dateFormat(language, options) {
  const tag = firstLanguage(language);
  const zone = "timeZone" in options ? { timeZone: supportedTimeZone(options.timeZone) } : {};
  const allOptions = { ...options, ...zone };
  return cached(JSON.stringify(["date", tag, allOptions]), () => new Intl.DateTimeFormat(tag, allOptions));
}

/**
 * The time zone if the browser supports it, otherwise UTC.
 *
 * @param {string | undefined} name
 */
function supportedTimeZone(name) {
  try {
    return name && new Intl.DateTimeFormat(DEFAULT_LANGUAGE, { timeZone: name }) ? name : DEFAULT_TIME_ZONE;
  } catch {
    return DEFAULT_TIME_ZONE;
  }
}

/**
 * @param {string} language
 * @param {Intl.NumberFormatOptions} options
 */
function numberFormat(language, options) {
  const tag = firstLanguage(language);
  return cached(JSON.stringify(["number", tag, options]), () => new Intl.NumberFormat(tag, options));
}

/**
 * `Intl` objects are expensive to create.
 *
 * @type {Map<string, unknown>}
 */
const cache = new Map();

/**
 * @template T
 * @param {string} key
 * @param {() => T} create
 * @returns {T}
 */
function cached(key, create) {
  if (!cache.has(key)) cache.set(key, create());
  return /** @type {T} */ (cache.get(key));
}

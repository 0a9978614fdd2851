import {
  compareTexts,
  formatDate,
  formatDateRange,
  formatNumber,
  formatNumberRange,
  isFiniteNumber,
  pluralCategory,
} from "../common/locale.js";
import { fillTemplate, lookUp } from "../common/texts.js";
import { daysOf, intersection } from "./days.js";

/** @import { PluralTexts, ReportTexts } from "../../types/afterchat" */
/** @import { Statistics } from "../../types/api" */
/** @import { TemplateValues } from "../common/texts.js" */
/** @import { Span, Unit } from "./days.js" */

/** Formats numbers, days and periods in one language. */
export class Formatter {
  /**
   * @param {ReportTexts} texts
   * @param {string} language
   */
  constructor(texts, language) {
    this.texts = texts;
    this.language = language;
  }

  /**
   * A whole number.
   *
   * @param {number} number
   */
  count(number) {
    return this.#number({}, number);
  }

  /**
   * A share as a percentage.
   *
   * @param {number | null} share
   * @param {number} [decimals]
   */
  share(share, decimals = 0) {
    return this.#number(percentOptions(decimals), share);
  }

  /**
   * The confidence interval of a group's satisfaction.
   *
   * @param {Statistics} statistics
   * @param {number} [decimals]
   */
  interval({ csat_low: low, csat_high: high }, decimals = 0) {
    return formatNumberRange(low, high, this.language, percentOptions(decimals), this.texts.none);
  }

  /**
   * A mean score.
   *
   * @param {number | null} mean
   */
  mean(mean) {
    return this.#number({ minimumFractionDigits: 2, maximumFractionDigits: 2 }, mean);
  }

  /**
   * The change of a value with its sign. The change of a share is in percentage points.
   *
   * @param {number | null} now
   * @param {number | null} before
   * @param {{ isShare?: boolean, decimals?: number }} [options]
   */
  difference(now, before, { isShare = false, decimals = 0 } = {}) {
    if (!isFiniteNumber(now) || !isFiniteNumber(before)) return this.texts.none;
    const number = this.#number(
      { signDisplay: "exceptZero", minimumFractionDigits: decimals, maximumFractionDigits: decimals },
      (now - before) * (isShare ? 100 : 1),
    );
    return isShare ? fillTemplate(this.texts.points, { points: number }) : number;
  }

  /**
   * A text with a number, such as `1 rating` and `2 ratings`.
   *
   * @param {PluralTexts} forms
   * @param {number} number
   * @param {TemplateValues} [values]
   */
  plural(forms, number, values = {}) {
    const form = forms[pluralCategory(number, this.language)] ?? forms.other;
    return fillTemplate(form, { ...values, count: this.count(number) });
  }

  /**
   * A span of days.
   *
   * @param {Span} span
   */
  span({ from, to }) {
    return formatDateRange(from, to, this.language, { dateStyle: "medium", timeZone: "UTC" });
  }

  /**
   * The name of a period. A week is limited to the days that are in the report's span.
   *
   * @param {string} key
   * @param {Unit} unit
   * @param {Span} span
   */
  period(key, unit, span) {
    const days = intersection(daysOf(key), span);
    if (unit === "day") return this.#day(key, { weekday: "short", day: "numeric", month: "short", year: "numeric" });
    if (unit === "month") return this.#day(days.from, { month: "long", year: "numeric" });
    return fillTemplate(this.texts.week, { number: this.count(Number(key.slice(-2))), days: this.span(days) });
  }

  /**
   * The short name of a period, for an axis.
   *
   * @param {string} key
   * @param {Unit} unit
   */
  tick(key, unit) {
    const { from } = daysOf(key);
    if (unit !== "month") return this.#day(from, { day: "numeric", month: "short" });
    return this.#day(from, key.endsWith("-01") ? { year: "numeric" } : { month: "short" });
  }

  /**
   * A time in the reader's time zone.
   *
   * @param {string} time
   */
  time(time) {
    return formatDate(time, this.language, { dateStyle: "medium", timeStyle: "short" });
  }

  /**
   * Compares two texts in alphabetical order.
   *
   * @param {string} one
   * @param {string} other
   */
  compare(one, other) {
    return compareTexts(one, other, this.language);
  }

  /**
   * @param {Intl.NumberFormatOptions} options
   * @param {number | null} number
   */
  #number(options, number) {
    return formatNumber(number, this.language, options, this.texts.none);
  }

  /**
   * Days have no time zone. They are parsed and formatted as UTC.
   *
   * @param {string} day
   * @param {Intl.DateTimeFormatOptions} options
   */
  #day(day, options) {
    return formatDate(day, this.language, { ...options, timeZone: "UTC" });
  }
}

/**
 * The name of a channel.
 *
 * @param {ReportTexts} texts
 * @param {string} channel
 */
export function channelName(texts, channel) {
  return lookUp(texts.channels, channel) ?? channel;
}

/**
 * @param {number} decimals
 * @returns {Intl.NumberFormatOptions}
 */
function percentOptions(decimals) {
  return { style: "percent", minimumFractionDigits: decimals, maximumFractionDigits: decimals };
}

import { compareTexts, dateRangeText, dateText, numberRangeText, numberText, pluralForm } from "../common/locale.js";
import { fill, lookUp } from "../common/texts.js";
import { daysOf, within } from "./days.js";

/** Writes numbers, days and periods as a language does, and puts them into texts. */
export class Words {
  #language;

  constructor(texts, language) {
    this.texts = texts;
    this.#language = language;
  }

  /** A whole number. */
  count(number) {
    return this.#number({}, number);
  }

  /** A share as whole percent, or with a decimal where it is to be exact. */
  share(share, decimals = 0) {
    return this.#number({ style: "percent", minimumFractionDigits: decimals, maximumFractionDigits: decimals }, share);
  }

  /** The interval of a group's satisfaction. */
  interval({ csat_low: low, csat_high: high }, decimals = 0) {
    const options = { style: "percent", minimumFractionDigits: decimals, maximumFractionDigits: decimals };
    return numberRangeText(low, high, this.#language, options, this.texts.none);
  }

  /** A mean score. */
  mean(mean) {
    return this.#number({ minimumFractionDigits: 2, maximumFractionDigits: 2 }, mean);
  }

  /** How much more something is than before: with its sign, and in points where it is a share. */
  difference(now, before, { isShare = false, decimals = 0 } = {}) {
    if (!Number.isFinite(now) || !Number.isFinite(before)) return this.texts.none;
    const options = { signDisplay: "exceptZero", minimumFractionDigits: decimals, maximumFractionDigits: decimals };
    const written = this.#number(options, (now - before) * (isShare ? 100 : 1));
    return isShare ? fill(this.texts.points, { points: written }) : written;
  }

  /** A text that depends on a number, such as `1 rating` and `2 ratings`. */
  counted(forms, number, values = {}) {
    const form = pluralForm(number, this.#language);
    return fill(lookUp(forms, form) ?? forms.other, { ...values, count: this.count(number) });
  }

  /** A span of days, in full. */
  span({ from, to }) {
    return dateRangeText(from, to, this.#language, { dateStyle: "medium", timeZone: "UTC" });
  }

  /** A period in full, as far as it is in the report's span. */
  period(key, unit, span) {
    const days = within(daysOf(key), span);
    if (unit === "day") return this.#day(key, { weekday: "short", day: "numeric", month: "short", year: "numeric" });
    if (unit === "month") return this.#day(days.from, { month: "long", year: "numeric" });
    return fill(this.texts.week, { number: this.count(Number(key.slice(-2))), days: this.span(days) });
  }

  /** A period in the room beneath an axis. */
  tick(key, unit) {
    const day = daysOf(key).from;
    const isYearsFirst = unit === "month" && key.endsWith("-01");
    const month = isYearsFirst ? { year: "numeric" } : { month: "short" };
    return this.#day(day, unit === "month" ? month : { day: "numeric", month: "short" });
  }

  /** A moment, as the reader's clock shows it. */
  moment(time) {
    return dateText(time, this.#language, { dateStyle: "medium", timeStyle: "short" });
  }

  /** Texts in the order in which people look them up. */
  compare(one, other) {
    return compareTexts(one, other, this.#language);
  }

  #number(options, number) {
    return numberText(number, this.#language, options, this.texts.none);
  }

  /** Days have no time zone: they are formatted in the one in which they are read. */
  #day(day, options) {
    return dateText(day, this.#language, { ...options, timeZone: "UTC" });
  }
}

import { fill } from "../common/texts.js";
import { daysOf, within } from "./days.js";

/** Writes numbers, days and periods as a language does, and puts them into texts. */
export class Words {
  #language;
  #formats = new Map();

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
    if (low === null) return this.texts.none;
    const options = { style: "percent", minimumFractionDigits: decimals, maximumFractionDigits: decimals };
    return this.#format(Intl.NumberFormat, options).formatRange(low, high);
  }

  /** A mean score. */
  mean(mean) {
    return this.#number({ minimumFractionDigits: 2, maximumFractionDigits: 2 }, mean);
  }

  /** How much more something is than before: with its sign, and in points where it is a share. */
  difference(now, before, { isShare = false, decimals = 0 } = {}) {
    if (now === null || before === null) return this.texts.none;
    const options = { signDisplay: "exceptZero", minimumFractionDigits: decimals, maximumFractionDigits: decimals };
    const written = this.#number(options, (now - before) * (isShare ? 100 : 1));
    return isShare ? fill(this.texts.points, { points: written }) : written;
  }

  /** A text that depends on a number, such as `1 rating` and `2 ratings`. */
  counted(forms, number, values = {}) {
    const form = this.#format(Intl.PluralRules, {}).select(number);
    return fill(forms[form] ?? forms.other, { ...values, count: this.count(number) });
  }

  /** A span of days, in full. */
  span({ from, to }) {
    const format = this.#days({ dateStyle: "medium" });
    return format.formatRange(new Date(from), new Date(to));
  }

  /** A period in full, as far as it is in the report's span. */
  period(key, unit, span) {
    const days = within(daysOf(key), span);
    if (unit === "day") return this.#days({ weekday: "short", day: "numeric", month: "short", year: "numeric" }).format(new Date(key));
    if (unit === "month") return this.#days({ month: "long", year: "numeric" }).format(new Date(days.from));
    return fill(this.texts.week, { number: this.count(Number(key.slice(-2))), days: this.span(days) });
  }

  /** A period in the room beneath an axis. */
  tick(key, unit) {
    const day = daysOf(key).from;
    const isYearsFirst = unit === "month" && key.endsWith("-01");
    const month = isYearsFirst ? { year: "numeric" } : { month: "short" };
    return this.#days(unit === "month" ? month : { day: "numeric", month: "short" }).format(new Date(day));
  }

  /** A moment, as the reader's clock shows it. */
  moment(time) {
    return this.#format(Intl.DateTimeFormat, { dateStyle: "medium", timeStyle: "short" }).format(new Date(time));
  }

  /** Texts in the order in which people look them up. */
  compare(one, other) {
    return this.#format(Intl.Collator, { numeric: true }).compare(one, other);
  }

  #number(options, number) {
    return number === null ? this.texts.none : this.#format(Intl.NumberFormat, options).format(number);
  }

  /** Days have no time zone: they are formatted in the one in which they are read. */
  #days(options) {
    return this.#format(Intl.DateTimeFormat, { ...options, timeZone: "UTC" });
  }

  #format(Format, options) {
    const key = Format.name + JSON.stringify(options);
    if (!this.#formats.has(key)) this.#formats.set(key, new Format(this.#language, options));
    return this.#formats.get(key);
  }
}

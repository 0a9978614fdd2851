import { createElement, setText } from "../common/dom.js";
import { fillTemplate } from "../common/texts.js";
import { createGauge } from "./gauge.js";

/** @import { Statistics } from "../../types/api" */
/** @import { Formatter } from "./formatter.js" */
/** @import { Cell } from "./table.js" */
/**
 * @typedef {object} Format
 * @property {(value: number | null) => string} value
 * @property {(now: number | null, before: number | null) => string} difference
 */

/** The totals of the span, each with its basis and its previous value. */
export class Headlines {
  #list = createElement("dl", { class: "headlines" });
  node = createElement("section", {}, this.#list);

  /**
   * @param {Statistics} total
   * @param {Statistics | null} before the totals of the previous span
   * @param {Formatter} formatter
   */
  render(total, before, formatter) {
    const texts = formatter.texts.headlines;
    const [shares, means, counts] = [shareFormat(formatter), meanFormat(formatter), countFormat(formatter)];
    const interval = () => fillTemplate(texts.interval, { interval: formatter.interval(total) });
    const isSmall = total.small_sample && total.ratings > 0;
    this.node.setAttribute("aria-label", texts.label);
    this.#list.replaceChildren(
      createHeadline(texts.csat, formatter.share(total.csat), [
        ...(total.csat === null ? [] : [createGauge(total), interval()]),
        formatter.plural(texts.ofRatings, total.ratings),
        ...(isSmall ? [createElement("strong", { class: "small" }, texts.fewRatings)] : []),
        ...(before ? [satisfactionChange(total, before, formatter)] : []),
      ]),
      createHeadline(texts.responseRate, formatter.share(total.response_rate), [
        formatter.plural(texts.answered, total.requests, { answered: formatter.count(total.ratings) }),
        ...(before ? [change(total.response_rate, before.response_rate, shares, formatter)] : []),
      ]),
      createHeadline(texts.mean, formatter.mean(total.mean), [
        texts.ofFive,
        ...(before ? [change(total.mean, before.mean, means, formatter)] : []),
      ]),
      createHeadline(texts.requests, formatter.count(total.requests), [
        formatter.plural(formatter.texts.ratings, total.ratings),
        ...(before ? [change(total.requests, before.requests, counts, formatter)] : []),
      ]),
    );
  }
}

/**
 * @param {string} name
 * @param {string} value
 * @param {Cell[]} notes
 */
function createHeadline(name, value, notes) {
  const figure = createElement("span", { class: "figure" });
  setText(figure, value);
  const details = notes.map((note) => createElement("span", {}, note));
  return createElement(
    "div",
    { class: "headline" },
    createElement("dt", {}, name),
    createElement("dd", {}, figure, ...details),
  );
}

/**
 * The change of the satisfaction, and whether the intervals overlap.
 *
 * @param {Statistics} total
 * @param {Statistics} before
 * @param {Formatter} formatter
 */
function satisfactionChange(total, before, formatter) {
  const text = change(total.csat, before.csat, shareFormat(formatter), formatter);
  if (total.csat === null || before.csat === null) return text;
  const isApart = isBelow(before.csat_high, total.csat_low) || isBelow(total.csat_high, before.csat_low);
  const { apart, overlap } = formatter.texts.headlines;
  return `${text}. ${isApart ? apart : overlap}`;
}

/**
 * @param {number | null} low
 * @param {number | null} high
 */
function isBelow(low, high) {
  return low !== null && high !== null && low < high;
}

/**
 * @param {number | null} now
 * @param {number | null} before
 * @param {Format} format
 * @param {Formatter} formatter
 */
function change(now, before, format, formatter) {
  const texts = formatter.texts.headlines;
  if (now === null || before === null) return texts.beforeNone;
  return fillTemplate(texts.before, { before: format.value(before), difference: format.difference(now, before) });
}

/**
 * @param {Formatter} formatter
 * @returns {Format}
 */
function shareFormat(formatter) {
  return {
    value: (share) => formatter.share(share),
    difference: (now, before) => formatter.difference(now, before, { isShare: true }),
  };
}

/**
 * @param {Formatter} formatter
 * @returns {Format}
 */
function meanFormat(formatter) {
  return {
    value: (mean) => formatter.mean(mean),
    difference: (now, before) => formatter.difference(now, before, { decimals: 2 }),
  };
}

/**
 * @param {Formatter} formatter
 * @returns {Format}
 */
function countFormat(formatter) {
  return {
    value: (count) => formatter.count(count ?? 0),
    difference: (now, before) => formatter.difference(now, before),
  };
}

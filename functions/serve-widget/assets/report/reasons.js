import { createElement, setText } from "../common/dom.js";
import { createScoreBar } from "./distribution.js";
import { createHiddenTable } from "./table.js";

/** @import { ReasonGroup, Statistics } from "../../types/api" */
/** @import { Options } from "./filters.js" */
/** @import { Formatter } from "./formatter.js" */
/** @typedef {{ key: string, label: string, scores: [number, number], count: number }} Reason */

/** The reasons of the dissatisfied visitors, those with a score of 1 or 2. The most frequent reason is first. */
export class Reasons {
  #onPress;
  #title = createElement("h3");
  #note = createElement("p", { class: "quiet" });
  #list = createElement("ol", { class: "scores" });
  #table = createElement("div");
  node = createElement("section", { class: "chart" }, this.#title, this.#note, this.#list, this.#table);

  /** @param {(reason: Reason) => void} onPress */
  constructor(onPress) {
    this.#onPress = onPress;
  }

  /**
   * Shows the reasons. Hides itself if there are none.
   *
   * @param {ReasonGroup[]} groups one for each reason
   * @param {Statistics} total
   * @param {Formatter} formatter
   */
  render(groups, total, formatter) {
    const { texts } = formatter;
    const reasons = reasonsOf(groups, formatter);
    this.node.hidden = reasons.length === 0;
    const dissatisfied = total.scores[1] + total.scores[2];
    setText(this.#title, texts.reasons.title);
    setText(this.#note, formatter.plural(texts.reasons.of, dissatisfied));
    const items = reasons.map((reason, index) => this.#createItem(reason, index, dissatisfied, formatter));
    this.#list.replaceChildren(...items);
    this.#table.replaceChildren(createReasonTable(reasons, formatter));
  }

  /**
   * @param {Reason} reason
   * @param {number} index
   * @param {number} dissatisfied
   * @param {Formatter} formatter
   */
  #createItem(reason, index, dissatisfied, formatter) {
    const { label, scores, count } = reason;
    // Counts of the last seconds may already include a rating that the total lacks.
    const whole = Math.max(dissatisfied, count);
    const pieces = scores.map((number, place) => ({ score: place + 1, share: number / whole }));
    const button = createElement(
      "button",
      { type: "button", class: "score cause", click: () => this.#onPress(reason) },
      createElement("span", { class: "name" }, createElement("bdi", {}, label)),
      createScoreBar(`cause-${index}`, pieces),
      createElement("span", { class: "number" }, formatter.count(count)),
      createElement("span", { class: "number quiet" }, formatter.share(count / whole)),
    );
    return createElement("li", {}, button);
  }
}

/**
 * The reasons as options of a field, sorted by label.
 *
 * @param {ReasonGroup[]} groups
 * @param {Formatter} formatter
 * @returns {Options}
 */
export function reasonOptions(groups, formatter) {
  const options = groups.map((group) => /** @type {[string, string]} */ ([group.key, reasonLabel(group)]));
  return options.toSorted(([, one], [, other]) => formatter.compare(one, other));
}

/**
 * The name of a reason. A reason that was removed from the settings has only its id.
 *
 * @param {ReasonGroup} group
 */
function reasonLabel({ key, name }) {
  return name ?? key;
}

/**
 * The reasons of dissatisfied visitors, the most frequent one first.
 *
 * @param {ReasonGroup[]} groups
 * @param {Formatter} formatter
 * @returns {Reason[]}
 */
function reasonsOf(groups, formatter) {
  return groups
    .map((group) => {
      const { key, scores } = group;
      return { key, label: reasonLabel(group), scores: pair(scores[1], scores[2]), count: scores[1] + scores[2] };
    })
    .filter(({ count }) => count > 0)
    .toSorted((one, other) => other.count - one.count || formatter.compare(one.label, other.label));
}

/**
 * @param {number} one
 * @param {number} other
 * @returns {[number, number]}
 */
function pair(one, other) {
  return [one, other];
}

/**
 * @param {Reason[]} reasons
 * @param {Formatter} formatter
 */
function createReasonTable(reasons, formatter) {
  const { texts } = formatter;
  const [worst, bad] = texts.faces;
  const numbers = [worst, bad, texts.tables.ratings].map((name) => ({ name, isNumber: true }));
  const rows = reasons.map(({ label, scores, count }) => [
    createElement("bdi", {}, label),
    ...[...scores, count].map((number) => formatter.count(number)),
  ]);
  return createHiddenTable(texts.reasons.title, [{ name: texts.reasons.reason }, ...numbers], rows, texts.tables);
}

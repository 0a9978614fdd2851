import { createElement, createSvgElement, setText } from "../common/dom.js";
import { faceOf, SCORES } from "../common/faces.js";
import { createScoreFills, createScoreRect } from "./bars.js";

/** @import { Statistics } from "../../types/api" */
/** @import { Formatter } from "./formatter.js" */

/** The distribution of the ratings over the five scores. The best score is first. */
export class Distribution {
  #onPress;
  #title = createElement("h3");
  #list = createElement("ol", { class: "scores" });
  node = createElement("section", { class: "chart" }, this.#title, this.#list);

  /** @param {(score: number) => void} onPress */
  constructor(onPress) {
    this.#onPress = onPress;
  }

  /**
   * @param {Statistics} statistics
   * @param {Formatter} formatter
   */
  render({ scores, ratings }, formatter) {
    const { texts } = formatter;
    setText(this.#title, texts.distribution.title);
    const rows = SCORES.toReversed().map((score) => {
      const count = scores[score];
      const share = ratings > 0 ? count / ratings : null;
      const button = createElement(
        "button",
        { type: "button", class: "score", disabled: count === 0, click: () => this.#onPress(score) },
        createElement("span", { class: "emoji", "aria-hidden": "true" }, faceOf(score)),
        createElement("span", { class: "name" }, texts.faces[score - 1] ?? ""),
        createScoreBar(`spread-${score}`, [{ score, share: share ?? 0 }]),
        createElement("span", { class: "number" }, formatter.count(count)),
        createElement("span", { class: "number quiet" }, formatter.share(share)),
      );
      return createElement("li", {}, button);
    });
    this.#list.replaceChildren(...rows);
  }
}

/**
 * Creates a horizontal bar with a piece for each score. A share of 1 is as wide as the bar.
 *
 * @param {string} prefix of the ids in the bar
 * @param {{ score: number, share: number }[]} pieces
 */
export function createScoreBar(prefix, pieces) {
  let before = 0;
  const rects = pieces.map(({ score, share }) => {
    const x = before;
    before += share;
    return createScoreRect(prefix, score, { x: percent(x), width: percent(share), height: "100%" });
  });
  return createSvgElement(
    "svg",
    { class: "bar", "aria-hidden": "true" },
    createScoreFills(prefix),
    createSvgElement("rect", { class: "track", width: "100%", height: "100%" }),
    ...rects,
  );
}

/** @param {number} share */
function percent(share) {
  return `${share * 100}%`;
}

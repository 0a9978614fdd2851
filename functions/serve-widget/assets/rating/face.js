import { createElement, setText } from "../common/dom.js";
import { fillTemplate } from "../common/texts.js";
import { SOFT_HYPHEN } from "./request-language.js";

/** @import { RatingTexts } from "../../types/afterchat" */
/** @import { VisitorRatingRequest } from "../../types/api" */

/** One of the five buttons. */
export class Face {
  #score;
  #emoji = createElement("span", { class: "emoji", "aria-hidden": "true" });
  #label = createElement("span", { class: "label" });

  /**
   * @param {number} score
   * @param {() => void} onPress
   */
  constructor(score, onPress) {
    this.#score = score;
    this.button = createElement("button", { type: "button", class: "face", click: onPress }, this.#emoji, this.#label);
  }

  /**
   * @param {VisitorRatingRequest | null} request
   * @param {RatingTexts} texts
   * @param {number | undefined} chosenScore
   * @param {boolean} isFinal whether the rating can no longer be changed
   */
  render(request, texts, chosenScore, isFinal) {
    const score = this.#score;
    const label = texts.faces[score - 1] ?? "";
    setText(this.#emoji, request?.faces.find((face) => face.score === score)?.emoji ?? "");
    // The style sheet shows the label. Text with soft hyphens would change the button's accessible name.
    this.#label.dataset.label = label;
    const name = fillTemplate(texts.face, { score, label: label.replaceAll(SOFT_HYPHEN, "") });
    this.button.setAttribute("aria-label", name);
    this.button.setAttribute("aria-pressed", String(score === chosenScore));
    this.button.setAttribute("aria-disabled", String(isFinal));
  }
}

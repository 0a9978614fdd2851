import { createElement, createIcon, setText } from "../common/dom.js";
import { faceOf } from "../common/faces.js";
import { createReasonList } from "../common/reason-list.js";
import { fillTemplate, lookUp } from "../common/texts.js";

/** @import { SidebarTexts } from "../../types/afterchat" */
/** @import { ConversationRating } from "../../types/api" */

/** The icons of the sentiments. They distinguish them without colours. */
const ICONS = {
  positive: "M10 15V5M5.5 9.5L10 5l4.5 4.5",
  neutral: "M5 10h10",
  negative: "M10 5v10M5.5 10.5L10 15l4.5-4.5",
};

/** The conversation's rating. */
export class RatingSummary {
  #face = createElement("span", { class: "emoji", "aria-hidden": "true" });
  #label = createElement("span", { class: "words" });
  #score = createElement("span", { class: "quiet" });
  #sentiment = createElement("span", { class: "sentiment" });
  #comment = createElement("blockquote", { dir: "auto" });
  #reasons = createElement("div", { class: "reason-list" });

  node = createElement(
    "section",
    { class: "rating", hidden: true },
    this.#face,
    this.#label,
    this.#score,
    this.#sentiment,
    this.#comment,
    this.#reasons,
  );

  /**
   * Shows a rating. Hides itself if there is none.
   *
   * @param {ConversationRating | null} rating
   * @param {SidebarTexts} texts
   */
  render(rating, texts) {
    this.node.hidden = rating === null;
    if (!rating) return;
    const { score, sentiment, comment, reasons } = rating;
    this.node.setAttribute("aria-label", texts.rating.title);
    setText(this.#face, faceOf(score));
    setText(this.#label, texts.rating.faces[score - 1] ?? "");
    setText(this.#score, fillTemplate(texts.rating.score, { score }));
    this.#sentiment.dataset.sentiment = sentiment;
    const sentimentText = lookUp(texts.rating.sentiments, sentiment) ?? sentiment;
    this.#sentiment.replaceChildren(createIcon(lookUp(ICONS, sentiment) ?? ""), sentimentText);
    this.#comment.hidden = !comment;
    setText(this.#comment, comment ?? "");
    this.#reasons.replaceChildren(...createReasonList(reasons));
    this.#reasons.hidden = !reasons?.length;
  }
}

import { element, icon, say } from "../common/dom.js";
import { fill, lookUp } from "../common/texts.js";
import { faceOf } from "../common/faces.js";

/** The sentiments' shapes: they are told apart without their colours. */
const SHAPES = {
  positive: "M10 15V5M5.5 9.5L10 5l4.5 4.5",
  neutral: "M5 10h10",
  negative: "M10 5v10M5.5 10.5L10 15l4.5-4.5",
};

/** The conversation's rating at a glance. */
export class RatingSummary {
  #face = element("span", { class: "emoji", "aria-hidden": "true" });
  #words = element("span", { class: "words" });
  #score = element("span", { class: "quiet" });
  #sentiment = element("span", { class: "sentiment" });
  #comment = element("blockquote", { dir: "auto" });

  node = element(
    "section",
    { class: "rating", hidden: true },
    this.#face,
    this.#words,
    this.#score,
    this.#sentiment,
    this.#comment,
  );

  /** Shows a rating, or nothing where it is `null`. */
  show(rating, texts) {
    this.node.hidden = rating === null;
    if (!rating) return;
    const { score, sentiment, comment } = rating;
    this.node.setAttribute("aria-label", texts.rating.title);
    say(this.#face, faceOf(score));
    say(this.#words, texts.rating.faces[score - 1]);
    say(this.#score, fill(texts.rating.score, { score }));
    this.#sentiment.dataset.sentiment = sentiment;
    this.#sentiment.replaceChildren(icon(lookUp(SHAPES, sentiment)), lookUp(texts.rating.sentiments, sentiment) ?? sentiment);
    this.#comment.hidden = !comment;
    say(this.#comment, comment ?? "");
  }
}

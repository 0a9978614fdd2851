import { createElement, setTemplate, setText } from "../common/dom.js";
import { focusedElement } from "../common/frame.js";
import { formatDate } from "../common/locale.js";
import { ProblemBox } from "../common/problem-box.js";
import { lookUp } from "../common/texts.js";
import { chosenReasons, offeredReasons } from "./change.js";
import { Face } from "./face.js";
import { ReasonChips } from "./reasons.js";

/** @import { RatingTexts } from "../../types/afterchat" */
/** @import { Rating, RatingChange, VisitorRatingRequest } from "../../types/api" */
/** @import { TemplateValues } from "../common/texts.js" */
/** @import { Language } from "./request-language.js" */

/**
 * @typedef {object} RatingState
 * @property {VisitorRatingRequest | null} request
 * @property {Rating | null} rating the saved rating
 * @property {RatingChange | null} unsaved
 * @property {boolean} isSaving
 * @property {boolean} isFinal whether the rating can no longer be changed
 * @property {string | null} problem an error code
 * @property {boolean} canRetry
 */

const MAX_COMMENT_LENGTH = 2_000;

/**
 * @typedef {object} RatingHandlers
 * @property {(score: number) => void} choose
 * @property {(ids: string[]) => void} reasons
 * @property {(text: string) => void} comment
 * @property {() => void} retry
 */

/**
 * The question, the faces, the reasons and the comment. The nodes are created once and then updated, so that responses of the API
 * interrupt no press, focus or half-written comment.
 */
export class RatingView {
  /** @type {RatingTexts | undefined} */
  #texts;
  #hasDraft = false;
  #isEditing = true;

  #question;
  #faces = [1, 2, 3, 4, 5].map((score) => new Face(score, () => this.#handlers.choose(score)));
  #problemBox = new ProblemBox(() => this.#handlers.retry());
  #thanks = createElement("p", { class: "thanks" });
  #changeable = createElement("p", { class: "quiet" });
  #reasons = new ReasonChips(
    (ids) => this.#handlers.reasons(ids),
    () => setText(this.#announcement, this.#reasons.hint),
  );
  #label = createElement("label", { for: "comment" });
  #comment = createElement("textarea", {
    id: "comment",
    class: "field",
    rows: 2,
    maxlength: MAX_COMMENT_LENGTH,
    dir: "auto",
    input: () => this.#onInput(),
  });
  #send = createElement("button", { class: "button main" });
  #form = createElement("form", { submit: (event) => this.#onSubmit(event) }, this.#label, this.#comment, this.#send);
  #saved = createElement("p", { class: "quiet" });
  #quote = createElement("blockquote", { dir: "auto" });
  #edit = createElement("button", { type: "button", class: "button", click: () => this.#startEditing() });
  #savedBox = createElement("div", { class: "comment", hidden: true }, this.#saved, this.#quote, this.#edit);
  #after = createElement(
    "div",
    { class: "after", hidden: true },
    this.#thanks,
    this.#changeable,
    this.#reasons.node,
    this.#form,
    this.#savedBox,
  );
  #card;
  // A live region must exist before its text changes. Otherwise screen readers do not announce the text.
  #announcement = createElement("p", { class: "unseen", role: "status" });
  #handlers;

  /**
   * @param {RatingHandlers} handlers
   * @param {{ heading?: "p" | "h1" }} options the element for the question
   */
  constructor(handlers, { heading = "p" } = {}) {
    this.#handlers = handlers;
    this.#question = createElement(heading, { class: "question", id: "question" });
    const faces = this.#faces.map((face) => face.button);
    this.#card = createElement(
      "section",
      { class: "card", "aria-labelledby": "question", hidden: true },
      this.#question,
      createElement("div", { class: "faces", role: "group", "aria-labelledby": "question" }, ...faces),
      this.#problemBox.node,
      this.#after,
    );
  }

  get nodes() {
    return [this.#card, this.#announcement];
  }

  /**
   * @param {RatingState} state
   * @param {Language} language
   */
  render(state, { code, dateTag, direction, texts }) {
    this.#texts = texts;
    const { request, rating, isFinal } = state;
    const score = state.unsaved?.score ?? rating?.score;
    const isNew = this.#card.hidden && request !== null;

    for (const node of this.nodes) {
      node.lang = code;
      node.dir = direction;
    }
    this.#card.hidden = request === null;
    this.#card.classList.toggle("is-rated", score !== undefined);
    this.#card.classList.toggle("is-final", isFinal);
    this.#card.setAttribute("aria-busy", String(state.isSaving));
    setTemplate(this.#question, ...question(request, texts));
    for (const face of this.#faces) face.render(request, texts, score, isFinal);

    const { problem, canRetry } = state;
    const problemText = problem ? (lookUp(texts.problems, problem) ?? texts.problems.other) : null;
    this.#problemBox.render(problemText, texts.retry, { canRetry });

    this.#after.hidden = !rating;
    if (rating) this.#renderRating(rating, isFinal, dateTag, texts);
    const chosen = chosenReasons(request, rating, state.unsaved);
    this.#reasons.render(offeredReasons(request, score), chosen, isFinal, texts);
    this.#announce(state, isNew, texts);
  }

  /**
   * Replaces the form by the saved comment.
   *
   * @param {string | undefined} comment
   */
  onCommentSaved(comment) {
    const hasFocus = this.#hasFocusInForm();
    this.#hasDraft = false;
    this.#isEditing = false;
    this.#showFormOrComment(comment);
    if (hasFocus) this.#edit.focus();
  }

  /** Prepares for another rating request. A comment that was not sent is kept. */
  reset() {
    this.#isEditing = true;
    if (!this.#hasDraft) this.#comment.value = "";
  }

  /**
   * @param {Rating} rating
   * @param {boolean} isFinal
   * @param {string} dateTag
   * @param {RatingTexts} texts
   */
  #renderRating(rating, isFinal, dateTag, texts) {
    setText(this.#thanks, texts.thanks);
    const time = formatDate(rating.changeable_until, dateTag, { dateStyle: "medium", timeStyle: "short" });
    setTemplate(this.#changeable, isFinal ? "" : texts.changeable, { time });
    setText(this.#label, texts.comment);
    setText(this.#send, texts.sendComment);
    setText(this.#edit, texts.changeComment);
    if (!this.#hasDraft) {
      this.#comment.value = rating.comment ?? "";
      if (rating.comment && !this.#hasFocusInForm()) this.#isEditing = false;
    }
    this.#showFormOrComment(rating.comment);
    this.#form.hidden ||= isFinal;
    this.#edit.hidden = isFinal;
  }

  /** @param {string | undefined} comment */
  #showFormOrComment(comment) {
    this.#form.hidden = !this.#isEditing;
    this.#savedBox.hidden = this.#isEditing;
    this.#quote.hidden = !comment;
    setText(this.#quote, comment ?? "");
    setText(this.#saved, (comment ? this.#texts?.commentSaved : this.#texts?.commentRemoved) ?? "");
  }

  #hasFocusInForm() {
    return this.#form.contains(focusedElement(this.#card));
  }

  #startEditing() {
    this.#isEditing = true;
    this.#hasDraft = true;
    this.#form.hidden = false;
    this.#savedBox.hidden = true;
    this.#comment.focus();
  }

  #onInput() {
    this.#hasDraft = true;
  }

  /** @param {SubmitEvent} event */
  #onSubmit(event) {
    event.preventDefault();
    this.#handlers.comment(this.#comment.value.trim());
  }

  /**
   * @param {RatingState} state
   * @param {boolean} isNew
   * @param {RatingTexts} texts
   */
  #announce({ request, rating, isSaving, problem }, isNew, texts) {
    if (isNew) setTemplate(this.#announcement, ...question(request, texts));
    else if (isSaving) setText(this.#announcement, texts.saving);
    else if (problem || !request) setText(this.#announcement, "");
    else if (rating) setText(this.#announcement, `${texts.thanks} ${this.#changeable.textContent}`);
  }
}

/**
 * The question, as arguments of `setTemplate`.
 *
 * @param {VisitorRatingRequest | null} request
 * @param {RatingTexts} texts
 * @returns {[string, TemplateValues]}
 */
function question(request, texts) {
  const agent = request?.agent_name;
  return agent ? [texts.questionAbout, { agent }] : [texts.question, {}];
}

import { element, say, sayFilled } from "../common/dom.js";
import { dateText } from "../common/locale.js";
import { fill, lookUp } from "../common/texts.js";

const COMMENT_LIMIT = 2_000;

/** Where a face's label may be broken in a narrow chat. */
const SOFT_HYPHEN = "\u00AD";

/**
 * What the visitor sees. It is built once and then only changed, so that no press, focus or half
 * written comment is lost while answers come and go.
 */
export class RatingView {
  #texts;
  #hasDraft = false;
  #isEditing = true;

  #question;
  #faces = [1, 2, 3, 4, 5].map((score) => new Face(score, () => this.#on.choose(score)));
  #problem = element("p");
  #retry = element("button", { type: "button", class: "button", click: () => this.#on.retry() });
  #problemBox = element("div", { class: "problem", role: "alert", hidden: true }, this.#problem, this.#retry);
  #thanks = element("p", { class: "thanks" });
  #changeable = element("p", { class: "quiet" });
  #label = element("label", { for: "comment" });
  #comment = element("textarea", {
    id: "comment",
    class: "field",
    rows: 2,
    maxlength: COMMENT_LIMIT,
    dir: "auto",
    input: () => this.#noteDraft(),
  });
  #send = element("button", { class: "button main" });
  #form = element(
    "form",
    { submit: (event) => this.#submit(event) },
    this.#label,
    this.#comment,
    this.#send,
  );
  #saved = element("p", { class: "quiet" });
  #quote = element("blockquote", { dir: "auto" });
  #edit = element("button", { type: "button", class: "button", click: () => this.#startEditing() });
  #savedBox = element("div", { class: "comment", hidden: true }, this.#saved, this.#quote, this.#edit);
  #after = element(
    "div",
    { class: "after", hidden: true },
    this.#thanks,
    this.#changeable,
    this.#form,
    this.#savedBox,
  );
  #card;
  // It stands there empty before anything is said: only then do screen readers listen to it.
  #announcement = element("p", { class: "unseen", role: "status" });
  #on;

  /**
   * @param {{choose(score: number): void, comment(text: string): void, retry(): void}} on
   * @param {{heading?: string}} options the name of the element that holds the question
   */
  constructor(on, { heading = "p" } = {}) {
    this.#on = on;
    this.#question = element(heading, { class: "question", id: "question" });
    const faces = this.#faces.map((face) => face.button);
    this.#card = element(
      "section",
      { class: "card", "aria-labelledby": "question", hidden: true },
      this.#question,
      element("div", { class: "faces", role: "group", "aria-labelledby": "question" }, ...faces),
      this.#problemBox,
      this.#after,
    );
  }

  get nodes() {
    return [this.#card, this.#announcement];
  }

  /** Shows a state: see the element for its members. */
  show(state, { tag, direction, texts }) {
    this.#texts = texts;
    const { request, rating, isFinal } = state;
    const score = state.wanted?.score ?? rating?.score;
    const isNew = this.#card.hidden && request !== null;

    for (const node of this.nodes) {
      node.lang = tag;
      node.dir = direction;
    }
    this.#card.hidden = request === null;
    this.#card.classList.toggle("is-rated", score !== undefined);
    this.#card.classList.toggle("is-final", isFinal);
    this.#card.setAttribute("aria-busy", String(state.isSaving));
    sayFilled(this.#question, ...question(request, texts));
    for (const face of this.#faces) face.show(request, texts, score, isFinal);

    this.#problemBox.hidden = !state.problem;
    say(this.#problem, state.problem ? (lookUp(texts.problems, state.problem) ?? texts.problems.other) : "");
    this.#retry.hidden = !state.canRetry;
    say(this.#retry, texts.retry);

    this.#after.hidden = !rating;
    if (rating) this.#showRated(rating, isFinal, tag);
    this.#announce(state, isNew);
  }

  /** A comment was saved: what was written is no draft any more. */
  commentSaved(comment) {
    const isHere = this.#form.contains(this.#card.getRootNode().activeElement);
    this.#hasDraft = false;
    this.#isEditing = false;
    this.#swapForm(comment);
    if (isHere) this.#edit.focus();
  }

  /** Another request, with nothing said yet. A comment that was never sent stays. */
  startOver() {
    this.#isEditing = true;
    if (!this.#hasDraft) this.#comment.value = "";
  }

  #showRated(rating, isFinal, tag) {
    const texts = this.#texts;
    say(this.#thanks, texts.thanks);
    sayFilled(this.#changeable, isFinal ? "" : texts.changeable, { time: moment(rating.changeable_until, tag) });
    say(this.#label, texts.comment);
    say(this.#send, texts.sendComment);
    say(this.#edit, texts.changeComment);
    if (!this.#hasDraft) {
      this.#comment.value = rating.comment ?? "";
      if (rating.comment && !this.#form.contains(this.#card.getRootNode().activeElement)) this.#isEditing = false;
    }
    this.#swapForm(rating.comment);
    this.#form.hidden ||= isFinal;
    this.#edit.hidden = isFinal;
  }

  #swapForm(comment) {
    this.#form.hidden = !this.#isEditing;
    this.#savedBox.hidden = this.#isEditing;
    this.#quote.hidden = !comment;
    say(this.#quote, comment ?? "");
    say(this.#saved, comment ? this.#texts.commentSaved : this.#texts.commentRemoved);
  }

  #startEditing() {
    this.#isEditing = true;
    this.#hasDraft = true;
    this.#form.hidden = false;
    this.#savedBox.hidden = true;
    this.#comment.focus();
  }

  #noteDraft() {
    this.#hasDraft = true;
  }

  #submit(event) {
    event.preventDefault();
    this.#on.comment(this.#comment.value.trim());
  }

  #announce({ request, rating, isSaving, problem }, isNew) {
    const texts = this.#texts;
    if (isNew) sayFilled(this.#announcement, ...question(request, texts));
    else if (isSaving) say(this.#announcement, texts.saving);
    else if (problem || !request) say(this.#announcement, "");
    else if (rating) say(this.#announcement, `${texts.thanks} ${this.#changeable.textContent}`);
  }
}

/** One of the five buttons. */
class Face {
  #score;
  #emoji = element("span", { class: "emoji", "aria-hidden": "true" });
  #label = element("span", { class: "label" });

  constructor(score, choose) {
    this.#score = score;
    this.button = element("button", { type: "button", class: "face", click: choose }, this.#emoji, this.#label);
  }

  show(request, texts, chosen, isFinal) {
    const score = this.#score;
    const label = texts.faces[score - 1];
    say(this.#emoji, request?.faces.find((face) => face.score === score)?.emoji ?? "");
    // Written by the style sheet: as text, its hyphens would make another name of it.
    this.#label.dataset.label = label;
    const name = fill(texts.face, { score, label: label.replaceAll(SOFT_HYPHEN, "") });
    this.button.setAttribute("aria-label", name);
    this.button.setAttribute("aria-pressed", String(score === chosen));
    this.button.setAttribute("aria-disabled", String(isFinal));
  }
}

/** The question as a text with places, and their values. */
function question(request, texts) {
  const agent = request?.agent_name;
  return agent ? [texts.questionAbout, { agent }] : [texts.question, {}];
}

function moment(time, language) {
  return dateText(time, language, { dateStyle: "medium", timeStyle: "short" });
}

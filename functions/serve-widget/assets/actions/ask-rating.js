import { createElement, createIcon, setTemplate, setText } from "../common/dom.js";
import { focusedElement } from "../common/frame.js";
import { IdempotencyKey } from "../common/idempotency-key.js";
import { toMilliseconds } from "../common/locale.js";
import { lookUp } from "../common/texts.js";
import { formatDuration } from "../sidebar/countdown.js";
import { formatDayAndTime } from "../sidebar/dates.js";
import { errorText } from "../sidebar/problems.js";

/** @import { SidebarTexts } from "../../types/afterchat" */
/** @import { TemplateValues } from "../common/texts.js" */
/** @import { ActionContext, ConversationView } from "../sidebar/conversation.js" */

const STAR = "M10 2.8l2.2 4.5 5 .7-3.6 3.5.9 4.9L10 14l-4.5 2.4.9-4.9L2.8 8l5-.7z";

/** The button "Ask for rating", and the reason if it is disabled. */
export class AskRating {
  /** @type {ActionContext | null} */
  #context = null;
  #now;
  #onSuccess;
  #idempotencyKey = new IdempotencyKey();
  #isAsking = false;
  #problem = "";

  #label = createElement("span");
  #button = createElement(
    "button",
    { type: "button", class: "button", "aria-describedby": "ask-note", click: () => this.#ask() },
    createIcon(STAR),
    this.#label,
  );
  #note = createElement("p", { class: "quiet", id: "ask-note", tabindex: "-1" });
  #problemBox = createElement("p", { class: "problem", role: "alert", hidden: true });

  /** @param {{ now(): number, onSuccess(): void }} options */
  constructor({ now, onSuccess }) {
    this.#now = now;
    this.#onSuccess = onSuccess;
    this.node = createElement("div", { class: "action" }, this.#button, this.#note, this.#problemBox);
  }

  /** @param {ActionContext} context */
  render(context) {
    if (context.conversation !== this.#context?.conversation) {
      this.#idempotencyKey = new IdempotencyKey();
      this.#problem = "";
    }
    this.#context = context;
    const action = context.view.actions.ask_rating;
    const hasFocus = focusedElement(this.node) === this.#button;
    this.node.hidden = action.state === "hidden";
    this.#button.disabled = action.state !== "enabled" || this.#isAsking;
    setText(this.#label, context.texts.ask.button);
    this.tick();
    this.#problemBox.hidden = !this.#problem;
    setText(this.#problemBox, this.#problem);
    // A disabled button loses the focus. The keyboard continues from the reason.
    if (hasFocus && this.#button.disabled) this.#note.focus();
  }

  /** Updates the remaining time in the reason. */
  tick() {
    if (!this.#context) return;
    const { view, texts } = this.#context;
    if (this.#isAsking) setText(this.#note, texts.ask.asking);
    else setTemplate(this.#note, ...this.#reason(view, texts));
  }

  /**
   * The reason, as arguments of `setTemplate`.
   *
   * @param {ConversationView} view
   * @param {SidebarTexts} texts
   * @returns {[string, TemplateValues]}
   */
  #reason({ actions, conversation }, { ask, channels, language }) {
    const { reason, available_at: availableAt } = actions.ask_rating;
    const availableAtMs = toMilliseconds(availableAt);
    if (availableAtMs !== null) {
      const duration = formatDuration(availableAtMs - this.#now(), language);
      const text = reason === "visitor_asked_recently" ? ask.visitorAvailableAt : ask.availableAt;
      return [text, { duration, time: formatDayAndTime(availableAt, language) }];
    }
    if (!reason) return [ask.hint, {}];
    const channel = lookUp(channels, conversation.channel) ?? conversation.channel;
    return [ask.unsupportedChannel, { channel }];
  }

  async #ask() {
    if (this.#isAsking || !this.#context) return;
    const { conversation } = this.#context;
    const idempotencyKey = this.#idempotencyKey;
    this.#isAsking = true;
    this.#problem = "";
    this.render(this.#context);
    try {
      await conversation.api.post(conversation.path("rating-requests"), {}, idempotencyKey.forPayload({}));
      idempotencyKey.onSuccess();
      if (conversation === this.#context.conversation) this.#onSuccess();
    } catch (error) {
      idempotencyKey.onError(error);
      if (conversation === this.#context.conversation) this.#problem = errorMessage(error, this.#context.texts);
    }
    await conversation.refresh();
    this.#isAsking = false;
    this.render(this.#context);
  }
}

/**
 * @param {unknown} error
 * @param {SidebarTexts} texts
 */
function errorMessage(error, texts) {
  return errorText(error, texts, (time) => formatDayAndTime(time, texts.language));
}

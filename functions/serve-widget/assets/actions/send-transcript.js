import { ApiError, errorCode } from "../common/api.js";
import { createElement, createIcon, setTemplate, setText } from "../common/dom.js";
import { IdempotencyKey } from "../common/idempotency-key.js";
import { toMilliseconds } from "../common/locale.js";
import { PreviewDialog } from "../common/preview-dialog.js";
import { formatDuration } from "../sidebar/countdown.js";
import { formatTime } from "../sidebar/dates.js";
import { errorText } from "../sidebar/problems.js";
import { TranscriptForm } from "./transcript-form.js";
import { TranscriptList } from "./transcript-list.js";

/** @import { SidebarTexts, TranscriptSentDetail } from "../../types/afterchat" */
/** @import { TranscriptPreview } from "../../types/api" */
/** @import { ActionContext, Conversation } from "../sidebar/conversation.js" */

const ENVELOPE = "M3 5.5h14v9.5H3zM3.3 6l6.7 5 6.7-5";

/** The limit of transcripts per conversation and clock hour. */
const LIMIT = 5;

/** The button "Send transcript", its form with a preview, the rest of the hour's limit, and the transcripts that were sent. */
export class SendTranscript {
  /** @type {ActionContext | null} */
  #context = null;
  #now;
  #onSuccess;
  #idempotencyKey = new IdempotencyKey();
  #isOpen = false;
  #isSending = false;
  #isPreviewing = false;

  #label = createElement("span");
  #button = createElement(
    "button",
    {
      type: "button",
      class: "button",
      "aria-expanded": "false",
      "aria-controls": "transcript-form",
      "aria-describedby": "transcript-note",
      click: () => this.#toggle(),
    },
    createIcon(ENVELOPE),
    this.#label,
  );
  #form = new TranscriptForm({
    onSubmit: () => this.#send(),
    onPreview: () => this.#preview(),
    onCancel: () => this.#cancel(),
  });
  #sendPreviewed = createElement("button", { type: "button", class: "button main", click: () => this.#send() });
  #dialog = new PreviewDialog(this.#sendPreviewed);
  #note = createElement("p", { class: "quiet", id: "transcript-note" });
  #confirmation = createElement("p", { class: "confirmation", role: "status" });
  #list = new TranscriptList();

  /** @param {{ now(): number, onSuccess(transcript: TranscriptSentDetail["transcript"]): void }} options */
  constructor({ now, onSuccess }) {
    this.#now = now;
    this.#onSuccess = onSuccess;
    this.node = createElement(
      "div",
      { class: "action" },
      this.#button,
      this.#form.node,
      this.#dialog.node,
      this.#confirmation,
      this.#note,
      this.#list.node,
    );
  }

  /** @param {ActionContext} context */
  render(context) {
    const isOtherConversation = context.conversation !== this.#context?.conversation;
    this.#context = context;
    const action = context.view.actions.send_transcript;
    const isEnabled = action.state === "enabled";
    this.#button.disabled = !isEnabled && !this.#isOpen;
    setText(this.#label, context.texts.transcript.button);
    const state = { isEnabled, isSending: this.#isSending, isPreviewing: this.#isPreviewing };
    this.#form.render(context.texts, state);
    this.#renderDialog(context.texts, state);
    if (isOtherConversation) this.#reset(action.default_to ?? "");
    // What is sent must be what the preview shows.
    if (!this.#isSending && !this.#dialog.isOpen) this.#form.offerSenders(action.senders);
    this.#list.render(context.view.transcripts, context.texts);
    this.tick();
  }

  closePreview() {
    this.#dialog.close();
  }

  /** Updates the remaining time of the hour. */
  tick() {
    if (!this.#context) return;
    const { transcript: texts, language } = this.#context.texts;
    const { reason, remaining, resets_at: resetsAt } = this.#context.view.actions.send_transcript;
    if (reason === "no_verified_sender") {
      setText(this.#note, texts.noVerifiedSender);
      return;
    }
    const remainingMs = (toMilliseconds(resetsAt) ?? this.#now()) - this.#now();
    setTemplate(this.#note, remaining > 0 ? texts.remaining : texts.remainingNone, {
      remaining,
      limit: LIMIT,
      time: formatTime(resetsAt, language),
      duration: formatDuration(remainingMs, language),
    });
  }

  /**
   * @param {SidebarTexts} texts
   * @param {{ isEnabled: boolean, isSending: boolean }} state
   */
  #renderDialog({ transcript: texts, language }, { isEnabled, isSending }) {
    this.#dialog.render(texts.preview, language);
    setText(this.#sendPreviewed, isSending ? texts.sending : texts.send);
    this.#sendPreviewed.disabled = !isEnabled;
    this.#sendPreviewed.setAttribute("aria-disabled", String(isSending));
  }

  /** @param {string} to the default recipient */
  #reset(to) {
    this.#idempotencyKey = new IdempotencyKey();
    this.#dialog.close();
    this.#form.reset(to);
    setText(this.#confirmation, "");
    this.#setOpen(false);
  }

  #toggle() {
    this.#setOpen(!this.#isOpen);
    if (this.#isOpen) this.#form.focus();
  }

  #cancel() {
    this.#setOpen(false);
    this.#button.focus();
  }

  /** @param {boolean} isOpen */
  #setOpen(isOpen) {
    this.#isOpen = isOpen;
    this.#form.node.hidden = !isOpen;
    this.#button.setAttribute("aria-expanded", String(isOpen));
    if (isOpen) setText(this.#confirmation, "");
  }

  async #preview() {
    if (this.#isSending || this.#isPreviewing || !this.#context) return;
    const { conversation } = this.#context;
    this.#isPreviewing = true;
    let preview = null;
    let failure = null;
    try {
      preview = await this.#readPreview(conversation);
    } catch (error) {
      failure = error;
    }
    this.#isPreviewing = false;
    const isSameConversation = conversation === this.#context.conversation;
    if (isSameConversation && preview && this.#isOpen) {
      this.#form.focusPreview();
      this.#dialog.open(preview);
    }
    if (isSameConversation && failure) this.#showProblem(failure, this.#context.texts);
    this.render(this.#context);
  }

  /**
   * Reads the mail of the form's content, and reads it again if the content has changed in the meantime.
   *
   * @param {Conversation} conversation
   * @returns {Promise<TranscriptPreview | null>} `null` if the content is not valid
   */
  async #readPreview(conversation) {
    let preview = null;
    let payload = null;
    while (JSON.stringify(payload) !== JSON.stringify(this.#form.payload)) {
      if (!this.#context || !this.#form.validate(this.#context.texts)) return null;
      this.render(this.#context);
      payload = this.#form.payload;
      preview = await conversation.api.post(conversation.path("transcripts/preview"), payload);
    }
    return preview;
  }

  async #send() {
    if (this.#isSending || this.#isPreviewing || !this.#context || !this.#form.validate(this.#context.texts)) return;
    const { conversation } = this.#context;
    const idempotencyKey = this.#idempotencyKey;
    const payload = this.#form.payload;
    this.#isSending = true;
    this.render(this.#context);
    let response = null;
    let failure = null;
    try {
      const key = idempotencyKey.forPayload(payload);
      response = await conversation.api.post(conversation.path("transcripts"), payload, key);
      idempotencyKey.onSuccess();
    } catch (error) {
      idempotencyKey.onError(error);
      failure = error;
    }
    await conversation.refresh();
    this.#isSending = false;
    if (conversation !== this.#context.conversation) return;
    if (response) this.#onSent(response.transcript, this.#context.texts);
    else this.#showProblem(failure, this.#context.texts);
    this.render(this.#context);
  }

  /**
   * @param {TranscriptSentDetail["transcript"]} transcript
   * @param {SidebarTexts} texts
   */
  #onSent(transcript, texts) {
    // The focus returns to the form when the dialog is closed.
    this.#dialog.close();
    const { hasFocus } = this.#form;
    this.#form.clearNote();
    this.#setOpen(false);
    setTemplate(this.#confirmation, texts.transcript.sent, { to: transcript.to });
    if (hasFocus) {
      this.#confirmation.tabIndex = -1;
      this.#confirmation.focus();
    }
    this.#onSuccess(transcript);
  }

  /**
   * @param {unknown} error
   * @param {SidebarTexts} texts
   */
  #showProblem(error, texts) {
    this.#dialog.close();
    const text = errorText(error, texts, (time) => formatTime(time, texts.language));
    const field = error instanceof ApiError ? error.problem.field : undefined;
    this.#form.showProblem(text, errorCode(error), field);
  }
}

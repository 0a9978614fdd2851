import { ApiError, errorCode } from "../common/api.js";
import { createElement, setTemplate, setText } from "../common/dom.js";
import { IdempotencyKey } from "../common/idempotency-key.js";
import { formatDate } from "../common/locale.js";
import { ProblemBox } from "../common/problem-box.js";
import { fillTemplate, lookUp } from "../common/texts.js";

/** @import { RatingTexts } from "../../types/afterchat" */
/** @import { OwnTranscriptAction } from "../../types/api" */
/** @import { Api } from "../common/api.js" */
/** @import { Language } from "./request-language.js" */

/** Errors after which a retry would get the same error, at least for now. */
const FINAL_ERRORS = [
  "transcript_limit_reached",
  "nothing_to_send",
  "recipient_required",
  "transcript_too_large",
  "transcripts_not_offered",
  "email_refused",
  "invalid_visitor_token",
];

/**
 * Codes that have the text of another code.
 *
 * @type {Record<string, string>}
 */
const SAME_TEXT = { transcript_too_large: "email_refused", transcripts_not_offered: "email_refused" };

/** @type {OwnTranscriptAction} */
const HIDDEN = { state: "hidden" };

/**
 * @typedef {object} OwnTranscriptHandlers
 * @property {(to: string) => void} onSent gets the masked address
 * @property {(code: string, canRetry: boolean) => void} onError
 */

/** The button with which visitors have their own conversation sent to their recorded address. */
export class OwnTranscript {
  #handlers;
  /** @type {Api | null} */
  #api = null;
  /** @type {string | null} */
  #visitor = null;
  #action = HIDDEN;
  /** @type {Language | null} */
  #language = null;
  #idempotencyKey = new IdempotencyKey();
  #isSending = false;
  /** @type {string | null} */
  #sentTo = null;
  /** @type {{ code: string, time?: string, canRetry: boolean } | null} */
  #problem = null;

  #button = createElement("button", {
    type: "button",
    class: "button",
    "aria-describedby": "transcript-hint",
    click: () => this.#onPress(),
  });
  #hint = createElement("p", { class: "quiet", id: "transcript-hint" });
  #status = createElement("p", { class: "transcript-status", role: "status" });
  #problemBox = new ProblemBox(() => this.#retry());

  /** @param {OwnTranscriptHandlers} handlers */
  constructor(handlers) {
    this.#handlers = handlers;
    this.node = createElement(
      "div",
      { class: "card transcript", hidden: true },
      this.#button,
      this.#hint,
      this.#status,
      this.#problemBox.node,
    );
  }

  /**
   * Prepares for a visitor. For the same visitor as before, the state is kept. Otherwise an element that is moved on the
   * page during a request would send a second e-mail at the next press.
   *
   * @param {Api} api
   * @param {string} visitor differs between visitors
   */
  start(api, visitor) {
    if (visitor === this.#visitor) return;
    this.#visitor = visitor;
    this.#api = api;
    this.#idempotencyKey = new IdempotencyKey();
    this.#isSending = false;
    this.#sentTo = null;
    this.#problem = null;
  }

  /** @param {OwnTranscriptAction} [action] absent in responses of functions of former versions */
  update(action = HIDDEN) {
    this.#action = action;
    // The hint explains this state.
    if (action.state === "disabled") this.#problem = null;
  }

  get isShown() {
    return this.#isOffered || this.#problem !== null;
  }

  get #isOffered() {
    return this.#action.state === "enabled" || this.#action.state === "disabled";
  }

  /** @param {Language} language */
  render(language) {
    this.#language = language;
    this.#render();
  }

  #render() {
    if (!this.#language) return;
    const { code, dateTag, direction, texts } = this.#language;
    const { state, to } = this.#action;
    const problem = this.#problem;
    const canRetry = problem?.canRetry ?? false;

    this.node.lang = code;
    this.node.dir = direction;
    this.node.hidden = !this.isShown;
    setText(this.#button, texts.transcript.button);
    this.#button.hidden = !this.#isOffered;
    this.#button.disabled = state === "disabled";
    // A button that becomes `disabled` loses the focus.
    this.#button.setAttribute("aria-disabled", String(this.#isSending || canRetry));
    this.#button.setAttribute("aria-busy", String(this.#isSending));
    this.#hint.hidden = !this.#isOffered || this.#sentTo !== null;
    setTemplate(this.#hint, to ? texts.transcript.to : texts.transcript.noAddress, { to });
    this.#renderStatus(texts);

    const time = formatDate(problem?.time, dateTag, { dateStyle: "medium", timeStyle: "short" });
    const text = problem && fillTemplate(problemText(problem.code, texts), { time });
    this.#problemBox.render(text, texts.retry, { canRetry });
  }

  /** @param {RatingTexts} texts */
  #renderStatus(texts) {
    if (this.#isSending) setText(this.#status, texts.transcript.sending);
    else if (this.#sentTo !== null) setTemplate(this.#status, texts.transcript.sent, { to: this.#sentTo });
    else setText(this.#status, "");
  }

  /** While a retry is offered, only the retry sends. A press of this button would not say which of the two is meant. */
  #onPress() {
    if (!this.#problem?.canRetry) this.#send();
  }

  #retry() {
    // The button that has the focus is hidden next.
    this.#button.focus();
    this.#send();
  }

  async #send() {
    const api = this.#api;
    if (this.#isSending || !api) return;
    const idempotencyKey = this.#idempotencyKey;
    this.#isSending = true;
    this.#sentTo = null;
    this.#problem = null;
    this.#render();
    let response = null;
    /** @type {unknown} */
    let failure = null;
    try {
      response = await api.post("/v1/visitor/transcripts", {}, idempotencyKey.forPayload({}));
      idempotencyKey.onSuccess();
    } catch (error) {
      idempotencyKey.onError(error);
      failure = error;
    }
    if (api !== this.#api) return;
    this.#isSending = false;
    if (response) this.#onSent(response.transcript.to);
    else this.#onError(failure);
  }

  /** @param {string} to */
  #onSent(to) {
    this.#sentTo = to;
    this.#render();
    this.#handlers.onSent(to);
  }

  /** @param {unknown} error */
  #onError(error) {
    const code = errorCode(error);
    const canRetry = !FINAL_ERRORS.includes(code);
    const time = error instanceof ApiError ? error.problem.resets_at : undefined;
    this.#problem = { code, time, canRetry };
    this.#render();
    this.#handlers.onError(code, canRetry);
  }
}

/**
 * The message for an error code. The general message of ratings does not apply, because it says what is not saved.
 *
 * @param {string} code
 * @param {RatingTexts} texts
 */
function problemText(code, { problems, transcript }) {
  if (code === "recipient_required") return transcript.noAddress;
  if (code === "other") return transcript.failed;
  return lookUp(problems, lookUp(SAME_TEXT, code) ?? code) ?? transcript.failed;
}

import { createElement, setText } from "./dom.js";
import { formatNumber, languageName } from "./locale.js";

/** @import { MailPreviewTexts } from "../../types/afterchat" */
/** @import { TranscriptPreview } from "../../types/api" */

/** A dialog with the e-mail as it would be sent. */
export class PreviewDialog {
  /** @type {TranscriptPreview | null} */
  #preview = null;
  #renderedFacts = "";
  // The first control would be the mail, whose text a screen reader would read before the title.
  #title = createElement("h3", { id: "preview-title", tabindex: "-1", autofocus: true });
  #facts = createElement("dl", { class: "facts" });
  #mail = createElement("div");
  #close = createElement("button", { type: "button", class: "button", click: () => this.close() });

  /** @param {...HTMLButtonElement} actions what can be done with the mail */
  constructor(...actions) {
    this.node = createElement(
      "dialog",
      { class: "mail-preview", "aria-labelledby": "preview-title", close: () => this.#onClose() },
      this.#title,
      this.#facts,
      this.#mail,
      createElement("footer", {}, this.#close, ...actions),
    );
  }

  get isOpen() {
    return this.node.open;
  }

  /**
   * Shows a mail. When the dialog is closed, the focus returns to the control that has it now.
   *
   * @param {TranscriptPreview} preview
   */
  open(preview) {
    // The page may have removed the element while the mail was being prepared.
    if (!this.node.isConnected || this.isOpen) return;
    this.#preview = preview;
    this.#mail.replaceChildren(createMail(preview));
    this.node.showModal();
  }

  close() {
    this.node.close();
  }

  /**
   * @param {MailPreviewTexts} texts
   * @param {string} language of the texts
   */
  render(texts, language) {
    setText(this.#title, texts.title);
    setText(this.#close, texts.close);
    if (!this.#preview) return;
    const { to, language: code, subject, message_count: count, attachment } = this.#preview;
    const facts = [
      [texts.to, to],
      [texts.language, languageName(code, language)],
      [texts.subject, subject],
      [texts.messages, formatNumber(count, language, {})],
      ...(attachment ? [[texts.attachment, attachment.name]] : []),
    ];
    const content = JSON.stringify(facts);
    if (content === this.#renderedFacts) return;
    this.#renderedFacts = content;
    this.#facts.replaceChildren(...facts.map(([name = "", value = ""]) => createFact(name, value)));
  }

  #onClose() {
    this.#preview = null;
    this.#mail.replaceChildren();
  }
}

/**
 * @param {string} name
 * @param {string} value
 */
function createFact(name, value) {
  const isolated = createElement("bdi", {}, value);
  return createElement("div", {}, createElement("dt", {}, name), createElement("dd", {}, isolated));
}

/**
 * Creates the frame with the mail. The sandbox allows nothing: the mail cannot run scripts, and it has no origin.
 *
 * @param {TranscriptPreview} preview
 */
function createMail({ html, subject }) {
  return createElement("iframe", {
    class: "mail",
    title: subject,
    sandbox: "",
    referrerpolicy: "no-referrer",
    srcdoc: withoutNavigation(html),
  });
}

/**
 * Makes all links open another tab, which the sandbox does not allow. Otherwise a link would replace the mail in the
 * frame.
 *
 * @param {string} html
 */
function withoutNavigation(html) {
  return html.replace(/<head\b[^>]*>/i, '$&<base target="_blank">');
}

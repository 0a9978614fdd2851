import { errorCode } from "../common/api.js";
import { createElement, setText } from "../common/dom.js";
import { firstLanguage } from "../common/locale.js";
import { PreviewDialog } from "../common/preview-dialog.js";
import { codeText } from "../sidebar/problems.js";
import { SettingField } from "./setting-field.js";

/** @import { SettingsTexts } from "../../types/afterchat" */
/** @import { TranscriptPreview } from "../../types/api" */
/** @import { PageState } from "./view.js" */

/** Errors about the id in the field. */
const FIELD_ERRORS = ["id_missing", "invalid_request", "conversation_not_found"];

/** Shows the mail of a conversation's transcript, as the saved settings make it. */
export class MailPreviewSection {
  #read;
  /** @type {{ state: PageState, texts: SettingsTexts } | null} */
  #shown = null;
  #isPreparing = false;
  /** @type {string | null} */
  #problemCode = null;
  #title = createElement("h3");
  #hint = createElement("p", { class: "quiet" });
  #unsaved = createElement("p");
  #note = createElement("div", { class: "note", role: "status", hidden: true }, this.#unsaved);
  #field;
  #problem = createElement("p", { class: "problem", role: "alert", hidden: true });
  #button;
  #dialog = new PreviewDialog();

  /** The form of the section. It must not be within another form. */
  form;

  /** @param {(conversation: string) => Promise<TranscriptPreview>} read */
  constructor(read) {
    this.#read = read;
    const submit = (/** @type {SubmitEvent} */ event) => {
      event.preventDefault();
      this.#preview();
    };
    this.form = createElement("form", { id: "mail-preview", novalidate: true, submit });
    const control = createElement("input", {
      form: this.form.id,
      autocomplete: "off",
      autocapitalize: "off",
      spellcheck: "false",
      dir: "auto",
      input: () => this.#showProblem(null),
    });
    this.#field = new SettingField("mail-preview-conversation", control);
    this.#button = createElement("button", { form: this.form.id, class: "button" });
    this.node = createElement(
      "section",
      { class: "part" },
      this.#title,
      this.#hint,
      this.#note,
      this.#field.node,
      this.#problem,
      createElement("div", {}, this.#button),
      this.#dialog.node,
    );
  }

  /**
   * @param {PageState} state
   * @param {SettingsTexts} texts
   */
  render(state, texts) {
    this.#shown = { state, texts };
    const { mailPreview } = texts;
    setText(this.#title, mailPreview.title);
    setText(this.#hint, mailPreview.hint);
    this.#note.hidden = !state.hasChanges;
    setText(this.#unsaved, state.hasChanges ? mailPreview.unsaved : "");
    const code = this.#problemCode;
    const message = code && codeText(code, { problems: { ...texts.problems, ...mailPreview.problems } });
    const isAtField = code !== null && FIELD_ERRORS.includes(code);
    this.#field.render({
      label: mailPreview.conversation,
      value: this.#field.control.value,
      problem: (isAtField && message) || undefined,
    });
    this.#problem.hidden = !message || isAtField;
    setText(this.#problem, this.#problem.hidden ? "" : (message ?? ""));
    setText(this.#button, this.#isPreparing ? mailPreview.preparing : mailPreview.button);
    this.#button.setAttribute("aria-disabled", String(this.#isPreparing));
    this.#dialog.render(mailPreview.dialog, firstLanguage(texts.language));
  }

  closeDialog() {
    this.#dialog.close();
  }

  async #preview() {
    if (this.#isPreparing) return;
    const conversation = this.#field.control.value.trim();
    if (!conversation) return this.#showProblem("id_missing");
    this.#isPreparing = true;
    this.#showProblem(null);
    let preview = null;
    let problemCode = null;
    try {
      preview = await this.#read(conversation);
    } catch (error) {
      problemCode = errorCode(error);
    }
    this.#isPreparing = false;
    if (preview) {
      // The focus returns to the button when the dialog is closed. Some browsers do not focus a button that is clicked.
      this.#button.focus();
      this.#dialog.open(preview);
    }
    this.#showProblem(problemCode);
  }

  /** @param {string | null} code */
  #showProblem(code) {
    this.#problemCode = code;
    if (this.#shown) this.render(this.#shown.state, this.#shown.texts);
    if (code !== null && FIELD_ERRORS.includes(code)) this.#field.control.focus();
  }
}

import { createElement, setText } from "../common/dom.js";
import { focusedElement } from "../common/frame.js";
import { fillTemplate, lookUp } from "../common/texts.js";
import { Field } from "./field.js";

/** @import { SidebarTexts } from "../../types/afterchat" */
/** @import { Sender } from "../../types/api" */
/** @typedef {{ to: string, from: string, sender_name: string, note?: string }} TranscriptPayload */

/**
 * The field to show an error at, for errors that do not name one.
 *
 * @type {Record<string, string>}
 */
const FIELD_OF_ERROR = {
  recipient_required: "to",
  invalid_recipient: "to",
  sender_not_verified: "from",
  invalid_sender_name: "sender_name",
};

/** The limit of the API for the note. */
const MAXIMUM_NOTE = 2_000;

/** The form for a transcript: the recipient, the sender and its name, and a note. */
export class TranscriptForm {
  #noteTooLong = "";
  #hasNameBeenTyped = false;
  /** @type {Sender[]} */
  #senders = [];
  #fields = {
    to: new Field("to", createElement("input", { type: "email", autocomplete: "off", spellcheck: "false" })),
    from: new Field("from", createElement("select", { change: () => this.#suggestName() })),
    sender_name: new Field(
      "sender_name",
      createElement("input", { autocomplete: "off", maxlength: "128", input: () => this.#onNameInput() }),
    ),
    note: new Field("note", createElement("textarea", { rows: 3, dir: "auto", input: () => this.#checkNote() })),
  };
  #problemBox = createElement("p", { class: "problem", role: "alert", hidden: true });
  #send = createElement("button", { class: "button main" });
  #preview;
  #cancel;

  /** @param {{ onSubmit(): void, onPreview(): void, onCancel(): void }} handlers */
  constructor({ onSubmit, onPreview, onCancel }) {
    this.#preview = createElement("button", { type: "button", class: "button", click: onPreview });
    this.#cancel = createElement("button", { type: "button", class: "button", click: onCancel });
    const submit = (/** @type {SubmitEvent} */ event) => {
      event.preventDefault();
      onSubmit();
    };
    this.node = createElement(
      "form",
      { id: "transcript-form", novalidate: true, hidden: true, submit },
      ...Object.values(this.#fields).map((field) => field.node),
      this.#problemBox,
      createElement("div", { class: "choices" }, this.#cancel, this.#preview, this.#send),
    );
  }

  /**
   * @param {SidebarTexts} texts
   * @param {{ isEnabled: boolean, isSending: boolean, isPreviewing: boolean }} state
   */
  render({ transcript: texts }, { isEnabled, isSending, isPreviewing }) {
    const isBusy = String(isSending || isPreviewing);
    this.#send.disabled = !isEnabled;
    this.#send.setAttribute("aria-disabled", isBusy);
    setText(this.#send, isSending ? texts.sending : texts.send);
    this.#preview.disabled = !isEnabled;
    this.#preview.setAttribute("aria-disabled", isBusy);
    setText(this.#preview, isPreviewing ? texts.preview.preparing : texts.preview.button);
    setText(this.#cancel, texts.cancel);
    this.#fields.to.label = texts.to;
    this.#fields.from.label = texts.from;
    this.#fields.sender_name.label = texts.senderName;
    this.#fields.note.label = texts.note;
    this.#fields.note.hint = texts.noteHint;
    this.#noteTooLong = texts.noteTooLong;
  }

  /**
   * Clears the form for another conversation.
   *
   * @param {string} to the default recipient
   */
  reset(to) {
    this.#hasNameBeenTyped = false;
    this.#fields.to.value = to;
    this.#fields.sender_name.value = "";
    this.clearNote();
    this.clearProblem();
  }

  /** The note belongs to one mail. */
  clearNote() {
    this.#fields.note.value = "";
  }

  focus() {
    this.#fields.to.control.focus();
  }

  /** Where the focus returns to when the preview is closed. Some browsers do not focus a button that is clicked. */
  focusPreview() {
    this.#preview.focus();
  }

  /** @param {Sender[]} senders */
  offerSenders(senders) {
    this.#senders = senders;
    const { from } = this.#fields;
    const offered = senders.map(({ address }) => address);
    const current = [...from.control.options].map(({ value }) => value);
    if (offered.join() !== current.join()) {
      const chosen = from.value;
      from.control.replaceChildren(...offered.map((address) => new Option(address, address)));
      from.value = offered.includes(chosen) ? chosen : (offered[0] ?? "");
    }
    this.#suggestName();
  }

  /** @returns {TranscriptPayload} */
  get payload() {
    const { to, from, sender_name, note } = this.#fields;
    const payload = { to: to.value, from: from.value, sender_name: sender_name.value };
    return note.value ? { ...payload, note: note.value } : payload;
  }

  get hasFocus() {
    return this.node.contains(focusedElement(this.node));
  }

  /**
   * Checks that the recipient and the sender name are not empty and that the note is not too long, and shows an error
   * otherwise. The API checks the values.
   *
   * @param {SidebarTexts} texts
   */
  validate({ transcript: texts }) {
    const { to, sender_name, note } = this.#fields;
    this.clearProblem();
    if (to.value === "") to.problem = texts.toMissing;
    if (sender_name.value === "") sender_name.problem = texts.nameMissing;
    this.#checkNote();
    const firstWrong = [to, sender_name, note].find((field) => field.problem !== "");
    firstWrong?.control.focus();
    return firstWrong === undefined;
  }

  #checkNote() {
    const { note } = this.#fields;
    const count = [...note.value].length;
    const isTooLong = count > MAXIMUM_NOTE;
    note.problem = isTooLong ? fillTemplate(this.#noteTooLong, { maximum: MAXIMUM_NOTE, count }) : "";
  }

  clearProblem() {
    for (const field of Object.values(this.#fields)) field.problem = "";
    this.#problemBox.hidden = true;
    setText(this.#problemBox, "");
  }

  /**
   * Shows an error at its field, or below the fields if it concerns none of them.
   *
   * @param {string} text
   * @param {string} code
   * @param {string} [fieldName] the field that the error response names
   */
  showProblem(text, code, fieldName) {
    this.clearProblem();
    const field = lookUp(this.#fields, lookUp(FIELD_OF_ERROR, code) ?? fieldName);
    if (field) {
      field.problem = text;
      field.control.focus();
    } else {
      this.#problemBox.hidden = false;
      setText(this.#problemBox, text);
    }
  }

  #onNameInput() {
    this.#hasNameBeenTyped = true;
  }

  #suggestName() {
    if (this.#hasNameBeenTyped) return;
    const sender = this.#senders.find(({ address }) => address === this.#fields.from.value);
    this.#fields.sender_name.value = sender?.name ?? "";
  }
}

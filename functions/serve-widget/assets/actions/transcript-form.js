import { createElement, setText } from "../common/dom.js";
import { focusedElement } from "../common/frame.js";
import { lookUp } from "../common/texts.js";
import { Field } from "./field.js";

/** @import { SidebarTexts } from "../../types/afterchat" */
/** @import { Sender } from "../../types/api" */
/** @typedef {{ to: string, from: string, sender_name: string }} TranscriptPayload */

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

/** The form for a transcript: the recipient, the sender and its name. */
export class TranscriptForm {
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
  };
  #problemBox = createElement("p", { class: "problem", role: "alert", hidden: true });
  #send = createElement("button", { class: "button main" });
  #cancel;

  /** @param {{ onSubmit(): void, onCancel(): void }} handlers */
  constructor({ onSubmit, onCancel }) {
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
      createElement("div", { class: "choices" }, this.#cancel, this.#send),
    );
  }

  /**
   * @param {SidebarTexts} texts
   * @param {{ isEnabled: boolean, isSending: boolean }} state
   */
  render({ transcript: texts }, { isEnabled, isSending }) {
    this.#send.disabled = !isEnabled;
    this.#send.setAttribute("aria-disabled", String(isSending));
    setText(this.#send, isSending ? texts.sending : texts.send);
    setText(this.#cancel, texts.cancel);
    this.#fields.to.label = texts.to;
    this.#fields.from.label = texts.from;
    this.#fields.sender_name.label = texts.senderName;
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
    this.clearProblem();
  }

  focus() {
    this.#fields.to.control.focus();
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
    const { to, from, sender_name } = this.#fields;
    return { to: to.value, from: from.value, sender_name: sender_name.value };
  }

  get hasFocus() {
    return this.node.contains(focusedElement(this.node));
  }

  /**
   * Checks that the recipient and the sender name are not empty, and shows an error otherwise. The
   * API checks the values.
   *
   * @param {SidebarTexts} texts
   */
  validate({ transcript: texts }) {
    const { to, sender_name } = this.#fields;
    this.clearProblem();
    if (to.value === "") to.problem = texts.toMissing;
    if (sender_name.value === "") sender_name.problem = texts.nameMissing;
    const firstEmpty = [to, sender_name].find((field) => field.value === "");
    firstEmpty?.control.focus();
    return firstEmpty === undefined;
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

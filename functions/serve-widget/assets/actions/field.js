import { createElement, setText } from "../common/dom.js";

/**
 * A labelled form field with a hint and an error message.
 *
 * @template {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement} Control
 */
export class Field {
  #label;
  #hint;
  #problem;

  /**
   * @param {string} id
   * @param {Control} control
   */
  constructor(id, control) {
    control.id = id;
    control.className = "field";
    control.setAttribute("aria-describedby", `${id}-hint ${id}-problem`);
    this.control = control;
    this.#label = createElement("label", { for: id });
    this.#hint = createElement("p", { class: "quiet hint", id: `${id}-hint` });
    this.#problem = createElement("p", { class: "wrong", id: `${id}-problem`, role: "alert" });
    this.node = createElement("div", { class: "labelled" }, this.#label, control, this.#hint, this.#problem);
  }

  /** @param {string} text */
  set label(text) {
    setText(this.#label, text);
  }

  /** @param {string} text */
  set hint(text) {
    setText(this.#hint, text);
  }

  get value() {
    return this.control.value.trim();
  }

  set value(text) {
    this.control.value = text;
  }

  get problem() {
    return this.#problem.textContent ?? "";
  }

  /** The error message. It is empty if the value is valid. */
  set problem(text) {
    setText(this.#problem, text);
    if (text) this.control.setAttribute("aria-invalid", "true");
    else this.control.removeAttribute("aria-invalid");
  }
}

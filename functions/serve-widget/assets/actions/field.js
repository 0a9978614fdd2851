import { createElement, setText } from "../common/dom.js";

/**
 * A labelled form field with an error message.
 *
 * @template {HTMLInputElement | HTMLSelectElement} Control
 */
export class Field {
  #label;
  #problem;

  /**
   * @param {string} id
   * @param {Control} control
   */
  constructor(id, control) {
    control.id = id;
    control.className = "field";
    control.setAttribute("aria-describedby", `${id}-problem`);
    this.control = control;
    this.#label = createElement("label", { for: id });
    this.#problem = createElement("p", { class: "wrong", id: `${id}-problem`, role: "alert" });
    this.node = createElement("div", { class: "labelled" }, this.#label, control, this.#problem);
  }

  /** @param {string} text */
  set label(text) {
    setText(this.#label, text);
  }

  get value() {
    return this.control.value.trim();
  }

  set value(text) {
    this.control.value = text;
  }

  /** @param {string} text empty if the value is valid */
  set problem(text) {
    setText(this.#problem, text);
    if (text) this.control.setAttribute("aria-invalid", "true");
    else this.control.removeAttribute("aria-invalid");
  }
}

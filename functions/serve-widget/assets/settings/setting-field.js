import { createElement, setText } from "../common/dom.js";

/** @typedef {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement} Control */
/**
 * @typedef {object} FieldState
 * @property {string} label
 * @property {string} value
 * @property {string | undefined} problem
 * @property {string} [hint]
 * @property {string} [placeholder]
 * @property {string} [language] the language of the value
 * @property {string} [direction] of the value
 */

/** A labelled control with a hint and an error message. */
export class SettingField {
  #id;
  #label;
  #hint;
  #problem;

  /**
   * @param {string} id
   * @param {Control} control
   * @param {...Node} others shown after the control
   */
  constructor(id, control, ...others) {
    this.#id = id;
    control.id = id;
    control.classList.add("field");
    this.control = control;
    this.#label = createElement("label", { for: id });
    this.#hint = createElement("p", { class: "quiet hint", id: `${id}-hint` });
    this.#problem = createElement("p", { class: "wrong", dir: "auto", id: `${id}-problem` });
    const beside = others.length > 0 ? createElement("div", { class: "beside" }, control, ...others) : control;
    this.node = createElement("div", { class: "labelled" }, this.#label, beside, this.#hint, this.#problem);
  }

  /** @param {FieldState} state */
  render({ label, value, problem, hint = "", placeholder, language, direction }) {
    setText(this.#label, label);
    setText(this.#hint, hint);
    if (this.control.value !== value) this.control.value = value;
    if (placeholder !== undefined) this.control.setAttribute("placeholder", placeholder);
    if (language !== undefined) this.control.lang = language;
    if (direction !== undefined) this.control.dir = direction;
    showProblem(this.control, this.#problem, problem);
    const described = [hint && `${this.#id}-hint`, problem && `${this.#id}-problem`].filter(Boolean);
    if (described.length > 0) this.control.setAttribute("aria-describedby", described.join(" "));
    else this.control.removeAttribute("aria-describedby");
  }
}

/**
 * Shows an error message of a control, or none.
 *
 * @param {Element} control
 * @param {Element} node the message
 * @param {string | undefined} problem
 */
export function showProblem(control, node, problem) {
  setText(node, problem ?? "");
  if (problem) control.setAttribute("aria-invalid", "true");
  else control.removeAttribute("aria-invalid");
}

/**
 * Replaces the options of a list if they differ.
 *
 * @param {HTMLSelectElement} select
 * @param {[value: string, text: string][]} options
 */
export function setOptions(select, options) {
  const current = [...select.options].map(({ value, text }) => [value, text]);
  if (JSON.stringify(current) === JSON.stringify(options)) return;
  const { value } = select;
  select.replaceChildren(...options.map(([optionValue, text]) => new Option(text, optionValue)));
  select.value = value;
}

import { createElement, setText } from "../common/dom.js";

/** A labelled check box with a hint. */
export class SettingCheck {
  #label = createElement("span");
  #hint;

  /**
   * @param {string} id
   * @param {(isChecked: boolean) => void} onChange
   */
  constructor(id, onChange) {
    /** @type {HTMLInputElement} */
    const control = createElement("input", {
      type: "checkbox",
      id,
      "aria-describedby": `${id}-hint`,
      change: () => onChange(control.checked),
    });
    this.control = control;
    this.#hint = createElement("p", { class: "quiet hint", id: `${id}-hint` });
    const label = createElement("label", { class: "check" }, control, this.#label);
    this.node = createElement("div", { class: "labelled" }, createElement("div", {}, label), this.#hint);
  }

  /** @param {{ label: string, hint: string, isChecked: boolean }} state */
  render({ label, hint, isChecked }) {
    setText(this.#label, label);
    setText(this.#hint, hint);
    this.control.checked = isChecked;
  }
}

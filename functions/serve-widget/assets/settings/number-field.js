import { createElement } from "../common/dom.js";
import { pathText, valueAt } from "./document.js";
import { SettingField } from "./setting-field.js";

/** @import { Path } from "./document.js" */
/** @import { PageState } from "./view.js" */
/** @typedef {{ change: (value: unknown) => void, commit: () => void }} ValueHandlers */

/** Digits of Arabic and of Persian. */
const OTHER_DIGITS = /[\u0660-\u0669\u06F0-\u06F9]/g;

/** A setting that is a whole number. Text that is no whole number stays as it was typed. */
export class NumberField {
  #path;
  #field;

  /**
   * @param {Path} path
   * @param {ValueHandlers} handlers
   */
  constructor(path, { change, commit }) {
    this.#path = path;
    const onInput = () => change(parse(control.value));
    /** @type {HTMLInputElement} */
    const control = createElement("input", {
      inputmode: "numeric",
      autocomplete: "off",
      maxlength: 8,
      dir: "ltr",
      input: onInput,
      change: () => {
        onInput();
        commit();
      },
    });
    this.#field = new SettingField(pathText(path), control);
  }

  get node() {
    return this.#field.node;
  }

  get control() {
    return this.#field.control;
  }

  /**
   * @param {PageState} state
   * @param {{ label: string, hint?: string, placeholder?: number }} options
   */
  render({ document, problems }, { label, hint, placeholder }) {
    this.#field.render({
      label,
      hint,
      placeholder: String(placeholder ?? ""),
      value: String(valueAt(document, this.#path) ?? ""),
      problem: problems.get(pathText(this.#path)),
    });
  }
}

/** @param {string} text */
function parse(text) {
  // The code of a digit ends with the bits of its value.
  const digits = text.replace(OTHER_DIGITS, (digit) => String(digit.charCodeAt(0) & 15)).trim();
  return /^\d+$/.test(digits) ? Number(digits) : text || undefined;
}

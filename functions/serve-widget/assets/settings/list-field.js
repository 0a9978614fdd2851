import { createElement } from "../common/dom.js";
import { isWithin, pathText, valueAt } from "./document.js";
import { SettingField } from "./setting-field.js";

/** @import { Path } from "./document.js" */
/** @import { ValueHandlers } from "./number-field.js" */
/** @import { PageState } from "./view.js" */

/** A setting that is a list of texts, with one entry in each line. */
export class ListField {
  #path;
  #field;

  /**
   * @param {Path} path
   * @param {ValueHandlers} handlers
   */
  constructor(path, { change, commit }) {
    this.#path = path;
    const onInput = () => change(control.value ? control.value.split("\n") : undefined);
    /** @type {HTMLTextAreaElement} */
    const control = createElement("textarea", {
      class: "lines",
      rows: 2,
      autocomplete: "off",
      autocapitalize: "off",
      spellcheck: "false",
      dir: "auto",
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
   * @param {{ label: string, hint: string, placeholder?: string }} options
   */
  render({ document, problems }, { label, hint, placeholder = "" }) {
    const value = valueAt(document, this.#path);
    // The API may name one entry, such as `inboxes[1]`. Its message is the last one.
    const wrong = [...problems.keys()].findLast((path) => isWithin(path, pathText(this.#path)));
    this.#field.render({
      label,
      hint,
      placeholder,
      value: Array.isArray(value) ? value.join("\n") : "",
      problem: wrong && problems.get(wrong),
    });
  }
}

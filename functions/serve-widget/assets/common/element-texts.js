import { languageTags, primaryLanguage } from "./locale.js";
import { replaceTexts } from "./texts.js";

/** @import { Replacements } from "../../types/afterchat" */

/** The codes of the languages for agents besides English. */
const OTHER_LANGUAGES = ["ar", "de", "es", "fr", "pt"];

/**
 * The languages of an element. Only English is always loaded.
 *
 * @template Texts
 * @typedef {object} Languages
 * @property {Texts} english
 * @property {(code: string) => Promise<{ default: Texts }>} load loads one of the others
 */

/**
 * The texts of an agent's element, in the language of the page. They are English until those of another language are
 * loaded, if there are none, or if loading fails. Texts of the page replace built-in ones.
 *
 * @template {object} Texts
 */
export class ElementTexts {
  /** @type {Languages<Texts>} */
  #languages;
  #onChange;
  /** @type {Texts} */
  #builtIn;
  /** @type {Replacements<Texts>} */
  #replacements = {};
  /** @type {Texts} */
  #all;
  /** The code of the language that was wanted last. An earlier one may be loaded later. */
  #code = "en";

  /**
   * @param {Languages<Texts>} languages
   * @param {() => void} onChange called when the texts have changed
   */
  constructor(languages, onChange) {
    this.#languages = languages;
    this.#onChange = onChange;
    this.#builtIn = languages.english;
    this.#all = languages.english;
  }

  /** All texts. It is the same object until one of them changes. */
  get all() {
    return this.#all;
  }

  get replacements() {
    return this.#replacements;
  }

  set replacements(replacements) {
    this.#replacements = replacements;
    this.#update();
  }

  /**
   * Changes to the language of an element: its own `lang`, or else that of the nearest ancestor with one.
   *
   * @param {HTMLElement} element
   */
  async load(element) {
    /** @type {HTMLElement | null | undefined} */
    const ancestor = element.parentElement?.closest("[lang]");
    const codes = languageTags([element.lang, ancestor?.lang]).map(primaryLanguage);
    const code = codes.find((code) => OTHER_LANGUAGES.includes(code) || code === "en") ?? "en";
    if (code === this.#code) return;
    this.#code = code;
    const builtIn = await this.#read(code);
    if (code !== this.#code) return;
    // The next attempt loads it again.
    if (!builtIn) this.#code = "en";
    this.#builtIn = builtIn ?? this.#languages.english;
    this.#update();
  }

  /**
   * @param {string} code
   * @returns {Promise<Texts | null>} `null` if loading fails
   */
  async #read(code) {
    if (code === "en") return this.#languages.english;
    try {
      return (await this.#languages.load(code)).default;
    } catch {
      return null;
    }
  }

  #update() {
    this.#all = replaceTexts(this.#builtIn, this.#replacements);
    this.#onChange();
  }
}

import { isWithin } from "./document.js";
import { brokenRules } from "./rules.js";

/** @import { SettingsTexts } from "../../types/afterchat" */
/** @import { SettingsDocument } from "../../types/api" */

/**
 * Which settings show a message. While somebody types, only the settings that were left show which rule they break.
 * After an attempt to save, all of them do, and the setting that the API refused shows the sentence of the API.
 */
export class Checks {
  /** @type {Set<string>} */
  #left = new Set();
  #hasSaved = false;

  /**
   * The setting that the API refused.
   *
   * @type {{ path: string, message: string } | null}
   */
  refused = null;

  /** @param {string} path of a setting that was left */
  onLeave(path) {
    this.#left.add(path);
  }

  /** @param {string[]} paths of everything that changed */
  onChange(paths) {
    if (this.isRefused(paths)) this.refused = null;
  }

  onSave() {
    this.#hasSaved = true;
    this.refused = null;
  }

  clear() {
    this.#left.clear();
    this.#hasSaved = false;
    this.refused = null;
  }

  /**
   * Whether the API refused one of these settings.
   *
   * @param {string[]} paths
   */
  isRefused(paths) {
    const { refused } = this;
    return refused !== null && paths.some((path) => isWithin(refused.path, path));
  }

  /**
   * The messages at settings.
   *
   * @param {SettingsDocument} document
   * @param {SettingsTexts} texts
   * @returns {Map<string, string>} messages by path
   */
  problems(document, texts) {
    const isShown = (/** @type {string} */ path) =>
      this.#hasSaved || [...this.#left].some((left) => isWithin(path, left));
    const problems = new Map([...brokenRules(document, texts)].filter(([path]) => isShown(path)));
    if (this.refused) problems.set(this.refused.path, this.refused.message);
    return problems;
  }
}

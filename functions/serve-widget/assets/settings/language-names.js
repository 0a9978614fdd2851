import { firstLanguage, languageName } from "../common/locale.js";
import { fillTemplate } from "../common/texts.js";

/** @import { SettingsTexts } from "../../types/afterchat" */

/**
 * The name of a visitor's language in the language of this page.
 *
 * @param {string} code
 * @param {SettingsTexts} texts
 */
export function nameOfLanguage(code, texts) {
  return languageName(code, firstLanguage(texts.language));
}

/**
 * The name of a visitor's language in the language of this page and in itself.
 *
 * @param {string} code
 * @param {SettingsTexts} texts
 */
export function optionText(code, texts) {
  const name = nameOfLanguage(code, texts);
  const ownName = languageName(code, code);
  return name === ownName ? name : fillTemplate(texts.languages.option, { name, ownName });
}

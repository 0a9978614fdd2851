import { languageTags, primaryLanguage } from "../common/locale.js";
import english from "../texts/en.js";
import { LANGUAGES, RIGHT_TO_LEFT } from "../texts/languages.js";

/** @import { RatingTexts } from "../../types/afterchat" */
/** @typedef {{ code: string, texts: RatingTexts }} BuiltIn */

/**
 * English, which is always loaded.
 *
 * @type {BuiltIn}
 */
export const ENGLISH = { code: "en", texts: english };

/**
 * The code of the first wanted language that has built-in texts. English if there is none.
 *
 * @param {unknown[]} wanted language tags of pages, browsers and the API, in order of preference
 */
export function chooseLanguage(wanted) {
  const codes = languageTags(wanted).map(primaryLanguage);
  return codes.find((code) => LANGUAGES.includes(code)) ?? ENGLISH.code;
}

/**
 * Loads the built-in texts of a language.
 *
 * @param {string} code a code that `chooseLanguage` returned
 * @returns {Promise<BuiltIn>} English if loading fails
 */
export async function loadBuiltIn(code) {
  if (code === ENGLISH.code) return ENGLISH;
  try {
    const { default: texts } = await import(`../texts/${code}.js`);
    return { code, texts };
  } catch {
    return ENGLISH;
  }
}

/**
 * The direction in which a language is written.
 *
 * @param {string} code
 * @returns {"ltr" | "rtl"}
 */
export function directionOf(code) {
  return RIGHT_TO_LEFT.includes(code) ? "rtl" : "ltr";
}

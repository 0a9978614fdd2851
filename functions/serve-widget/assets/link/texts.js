import english from "../link-texts/en.js";

/** @typedef {{ confirm: string, broken: string, expired: string, superseded: string }} LinkTexts */

/** @type {LinkTexts} */
export const ENGLISH_LINK_TEXTS = english;

/**
 * Loads the texts that only this page has.
 *
 * @param {string} code a language of `texts/languages.js`
 * @returns {Promise<LinkTexts>} the English ones if loading fails
 */
export async function loadLinkTexts(code) {
  try {
    return code === "en" ? english : (await import(`../link-texts/${code}.js`)).default;
  } catch {
    return english;
  }
}

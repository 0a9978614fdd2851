import { languageTags, primaryLanguage } from "../common/locale.js";
import { lookUp } from "../common/texts.js";
import { ENGLISH } from "./texts.js";

/** @import { SettingsTexts } from "../../types/afterchat" */

/**
 * The languages of this page. Only the one that is needed is loaded.
 *
 * @type {Record<string, () => Promise<{ default: SettingsTexts }>>}
 */
const LANGUAGES = {
  ar: () => import("./texts-ar.js"),
  de: () => import("./texts-de.js"),
  en: async () => ({ default: ENGLISH }),
  es: () => import("./texts-es.js"),
  fr: () => import("./texts-fr.js"),
  pt: () => import("./texts-pt.js"),
};

/**
 * Loads the texts of this page in the first wanted language that has some.
 *
 * @param {unknown[]} wanted language tags, in order of preference
 * @returns {Promise<SettingsTexts>} English if there is none, or if loading fails
 */
export async function loadTexts(wanted) {
  for (const tag of languageTags(wanted)) {
    const load = lookUp(LANGUAGES, primaryLanguage(tag));
    if (!load) continue;
    try {
      return (await load()).default;
    } catch {
      return ENGLISH;
    }
  }
  return ENGLISH;
}

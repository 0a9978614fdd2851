import { languageTags, primaryLanguage } from "../common/locale.js";
import { lookUp } from "../common/texts.js";
import english from "../texts/en.js";

/** @import { RatingTexts } from "../../types/afterchat" */
/** @typedef {{ tag: string, direction: "ltr" | "rtl", texts: RatingTexts }} Language */

/**
 * The languages. Only those that are needed are loaded.
 *
 * @type {Record<string, () => Promise<{ default: RatingTexts }>>}
 */
const LANGUAGES = {
  ar: () => import("../texts/ar.js"),
  de: () => import("../texts/de.js"),
  en: async () => ({ default: english }),
  es: () => import("../texts/es.js"),
  fr: () => import("../texts/fr.js"),
  pt: () => import("../texts/pt.js"),
};

const RIGHT_TO_LEFT = ["ar"];

/**
 * English, which is always loaded.
 *
 * @type {Language}
 */
export const ENGLISH = { tag: "en", direction: "ltr", texts: english };

/**
 * Loads the first wanted language that has texts. English if there is none, or if loading fails.
 *
 * @param {unknown[]} wanted language tags of pages, browsers and the API, in order of preference
 * @returns {Promise<Language>}
 */
export async function loadLanguage(wanted) {
  for (const tag of languageTags(wanted)) {
    const primary = primaryLanguage(tag);
    const load = lookUp(LANGUAGES, primary);
    if (!load) continue;
    try {
      const { default: texts } = await load();
      return { tag, direction: RIGHT_TO_LEFT.includes(primary) ? "rtl" : "ltr", texts };
    } catch {
      return ENGLISH;
    }
  }
  return ENGLISH;
}

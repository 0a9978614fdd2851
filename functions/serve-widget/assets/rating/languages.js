import { languageTags, primaryLanguage } from "../common/locale.js";
import english from "../texts/en.js";

/** Each language is loaded only where it is spoken. */
const LANGUAGES = {
  ar: () => import("../texts/ar.js"),
  de: () => import("../texts/de.js"),
  en: async () => ({ default: english }),
  es: () => import("../texts/es.js"),
  fr: () => import("../texts/fr.js"),
  pt: () => import("../texts/pt.js"),
};

const RIGHT_TO_LEFT = ["ar"];

/** @typedef {{tag: string, direction: "ltr" | "rtl", texts: object}} Language */

/** English, which needs no loading. */
export const ENGLISH = { tag: "en", direction: "ltr", texts: english };

/**
 * The first of the wanted languages that is spoken here, otherwise English.
 *
 * @param {unknown[]} wanted language tags as pages, browsers and the API write them, the best one first
 * @returns {Promise<Language>}
 */
export async function spoken(wanted) {
  for (const tag of languageTags(wanted)) {
    const primary = primaryLanguage(tag);
    if (!Object.hasOwn(LANGUAGES, primary)) continue;
    try {
      const { default: texts } = await LANGUAGES[primary]();
      return { tag, direction: RIGHT_TO_LEFT.includes(primary) ? "rtl" : "ltr", texts };
    } catch {
      return ENGLISH;
    }
  }
  return ENGLISH;
}

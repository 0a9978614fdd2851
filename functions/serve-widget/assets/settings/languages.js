import { ENGLISH } from "./texts.js";

/** @import { SettingsTexts } from "../../types/afterchat" */
/** @import { Languages } from "../common/element-texts.js" */

/**
 * The languages of the settings page.
 *
 * @type {Languages<SettingsTexts>}
 */
export const LANGUAGES = {
  english: ENGLISH,
  others: {
    ar: () => import("./texts-ar.js"),
    de: () => import("./texts-de.js"),
    es: () => import("./texts-es.js"),
    fr: () => import("./texts-fr.js"),
    pt: () => import("./texts-pt.js"),
  },
};

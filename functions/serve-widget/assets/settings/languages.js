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
  load: (code) => import(`./texts-${code}.js`),
};

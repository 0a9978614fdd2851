import { ENGLISH } from "./texts.js";

/** @import { SidebarTexts } from "../../types/afterchat" */
/** @import { Languages } from "../common/element-texts.js" */

/**
 * The languages of the agent's elements.
 *
 * @type {Languages<SidebarTexts>}
 */
export const LANGUAGES = {
  english: ENGLISH,
  load: (code) => import(`./texts-${code}.js`),
};

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
  others: {
    ar: () => import("./texts-ar.js"),
    de: () => import("./texts-de.js"),
    es: () => import("./texts-es.js"),
    fr: () => import("./texts-fr.js"),
    pt: () => import("./texts-pt.js"),
  },
};

import { ENGLISH } from "./texts.js";

/** @import { ReportTexts } from "../../types/afterchat" */
/** @import { Languages } from "../common/element-texts.js" */

/**
 * The languages of the report.
 *
 * @type {Languages<ReportTexts>}
 */
export const LANGUAGES = {
  english: ENGLISH,
  load: (code) => import(`./texts-${code}.js`),
};

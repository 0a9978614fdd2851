import { browserLanguages, primaryLanguage } from "../common/locale.js";
import { replaceTexts } from "../common/texts.js";
import { chooseLanguage, directionOf } from "./languages.js";

/** @import { FaceLabels, RatingTexts, Replacements } from "../../types/afterchat" */
/** @import { VisitorRatingRequest } from "../../types/api" */
/** @import { BuiltIn } from "./languages.js" */

/**
 * @typedef {object} Language
 * @property {string} code
 * @property {string} dateTag the tag for dates, with the region that the browser's user has chosen for the language
 * @property {"ltr" | "rtl"} direction
 * @property {RatingTexts} texts
 */

/** Labels may be hyphenated here in a narrow chat. */
export const SOFT_HYPHEN = "\u00AD";

/**
 * The code of the language in which a rating request is shown. The API has chosen it if the request has texts.
 *
 * @param {VisitorRatingRequest | null} request
 * @param {unknown[]} wanted the tags to choose from otherwise
 */
export function requestLanguage(request, wanted) {
  return chooseLanguage(request?.question ? [request.language, ...wanted] : wanted);
}

/**
 * The texts for a rating request: those of the page replace those of the request, which replace the built-in ones.
 *
 * @param {VisitorRatingRequest | null} request
 * @param {BuiltIn} builtIn
 * @param {Replacements<RatingTexts>} [ownTexts] those of the page
 * @returns {Language}
 */
export function languageOf(request, builtIn, ownTexts) {
  // The built-in texts are English until those of the request's language are loaded.
  const code = requestLanguage(request, [builtIn.code]);
  return {
    code,
    dateTag: browserLanguages().find((tag) => primaryLanguage(tag) === code) ?? code,
    direction: directionOf(code),
    texts: replaceTexts(replaceTexts(builtIn.texts, requestTexts(request, builtIn.texts)), ownTexts),
  };
}

/**
 * The texts of a rating request. Functions before version 1.3.0 send none, except English labels of the faces.
 *
 * @param {VisitorRatingRequest | null} request
 * @param {RatingTexts} builtIn
 * @returns {Replacements<RatingTexts>}
 */
function requestTexts(request, builtIn) {
  if (!request?.question) return {};
  const { question, faces, thanks = builtIn.thanks, comment_label: comment = builtIn.comment } = request;
  const labels = builtIn.faces.map((label, index) => {
    const own = faces.find(({ score }) => score === index + 1)?.label;
    return own && own !== label.replaceAll(SOFT_HYPHEN, "") ? own : label;
  });
  // The name of the agent is filled in already.
  return { question, questionAbout: question, faces: /** @type {FaceLabels} */ (labels), thanks, comment };
}

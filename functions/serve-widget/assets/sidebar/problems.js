import { ApiError } from "../common/api.js";
import { fillTemplate, lookUp } from "../common/texts.js";

/** @import { ProblemTexts } from "../../types/afterchat" */

/**
 * The message for an error code.
 *
 * @param {string} code
 * @param {{ problems: ProblemTexts }} texts
 * @param {string} [time] when the request is possible again
 */
export function codeText(code, texts, time = "") {
  return fillTemplate(lookUp(texts.problems, code) ?? texts.problems.other, { time });
}

/**
 * The message for an error.
 *
 * @param {unknown} error
 * @param {{ problems: ProblemTexts }} texts
 * @param {(time: string) => string} formatTime formats the time at which the request is possible again
 */
export function errorText(error, texts, formatTime) {
  if (!(error instanceof ApiError)) return texts.problems.other;
  const time = error.problem.resets_at ?? error.problem.available_at;
  return codeText(error.code, texts, time ? formatTime(time) : "");
}

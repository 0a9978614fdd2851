import { ApiError, errorCode } from "../common/api.js";
import { fillTemplate } from "../common/texts.js";
import { codeText } from "../sidebar/problems.js";

/** @import { SettingsTexts } from "../../types/afterchat" */

/**
 * The message about a failed request.
 *
 * @param {unknown} error `null` if none failed
 * @param {{ hasChanges: boolean, isShownElsewhere: boolean }} state `isShownElsewhere`: the page shows at another place
 *   what the API refused
 * @param {SettingsTexts} texts
 */
export function requestProblem(error, { hasChanges, isShownElsewhere }, texts) {
  if (error === null) return null;
  const code = errorCode(error);
  const detail = code === "invalid_request" && error instanceof ApiError ? error.problem.detail : undefined;
  const parts = [codeText(code, texts), detail && !isShownElsewhere ? detail : "", hasChanges ? texts.kept : ""];
  return { message: parts.filter(Boolean).join(" "), canRetry: code !== "invalid_request" };
}

/**
 * The note about settings that a newer version stored.
 *
 * @param {string[]} unknown their paths
 * @param {boolean} isRefused whether the API refused one of them
 * @param {SettingsTexts} texts
 */
export function unknownNote(unknown, isRefused, texts) {
  if (unknown.length === 0) return null;
  const kept = fillTemplate(texts.unknown.kept, { names: unknown.join(", ") });
  return { message: isRefused ? `${kept} ${texts.unknown.refused}` : kept, canRemove: isRefused };
}

import {
  BRAND_MEMBERS,
  isObject,
  reasonsOf,
  TEXT_MEMBERS,
  TRANSCRIPT_FLAGS,
  TRANSCRIPT_TEXTS,
  textAt,
} from "./document.js";

/** @import { SettingsDocument } from "../../types/api" */

/**
 * Copies a document without blanks around its texts, and without members that are empty. Members that this page does
 * not know are copied as they are.
 *
 * @param {SettingsDocument} document
 * @returns {SettingsDocument}
 */
export function compact(document) {
  /** @type {any} */
  const result = structuredClone(document);
  trimMembers(result, ["default_language"]);
  if (isObject(result.brand)) trimMembers(result.brand, BRAND_MEMBERS);
  for (const texts of Object.values(isObject(result.texts) ? result.texts : {})) {
    if (!isObject(texts)) continue;
    trimMembers(texts, TEXT_MEMBERS);
    if (Array.isArray(texts.faces)) trimFaces(texts);
  }
  removeEmptyMembers(result.texts);
  for (const reason of reasonsOf(result)) {
    reason.id = textAt(reason, ["id"]).trim();
    if (isObject(reason.labels)) trimMembers(reason.labels, Object.keys(reason.labels));
  }
  if (isObject(result.transcripts)) {
    trimMembers(result.transcripts, TRANSCRIPT_TEXTS);
    removeDisabled(result.transcripts);
  }
  removeEmptyMembers(result);
  return result;
}

/**
 * @param {any} object
 * @param {string[]} names
 */
function trimMembers(object, names) {
  for (const name of names) {
    if (typeof object[name] !== "string") continue;
    object[name] = object[name].trim();
    if (!object[name]) delete object[name];
  }
}

/** @param {any} texts */
function trimFaces(texts) {
  texts.faces = texts.faces.map((/** @type {unknown} */ face) => (typeof face === "string" ? face.trim() : face));
  if (texts.faces.every((/** @type {unknown} */ face) => face === "")) delete texts.faces;
}

/**
 * The API does not store what is off.
 *
 * @param {any} transcripts
 */
function removeDisabled(transcripts) {
  for (const name of TRANSCRIPT_FLAGS) if (transcripts[name] === false) delete transcripts[name];
}

/** @param {unknown} object */
function removeEmptyMembers(object) {
  if (!isObject(object)) return;
  for (const [name, value] of Object.entries(object)) {
    const isEmpty = typeof value === "object" && value !== null && Object.keys(value).length === 0;
    if (isEmpty) delete object[name];
  }
}

import { LANGUAGES } from "../texts/languages.js";
import {
  BRAND_MEMBERS,
  isObject,
  reasonsOf,
  TEXT_MEMBERS,
  TRANSCRIPT_FLAGS,
  TRANSCRIPT_TEXTS,
  valueAt,
} from "./document.js";

/** @import { SettingsDocument } from "../../types/api" */
/** @import { Path } from "./document.js" */

const REASON_MEMBERS = ["id", "scores", "labels"];
const MEMBERS = ["default_language", "brand", "texts", "reasons", "transcripts"];

/**
 * The paths of the members that this page does not know, because a newer version stored them.
 *
 * @param {SettingsDocument} document
 * @returns {Path[]}
 */
export function unknownPaths(document) {
  const brand = unknownMembers(document.brand, BRAND_MEMBERS, ["brand"]);
  const languages = unknownMembers(document.texts, LANGUAGES, ["texts"]);
  const texts = LANGUAGES.flatMap((language) => {
    const path = ["texts", language];
    return unknownMembers(valueAt(document, path), [...TEXT_MEMBERS, "faces"], path);
  });
  const reasons = reasonsOf(document).flatMap((reason, index) => [
    ...unknownMembers(reason, REASON_MEMBERS, ["reasons", index]),
    ...unknownMembers(reason.labels, LANGUAGES, ["reasons", index, "labels"]),
  ]);
  const known = [...TRANSCRIPT_TEXTS, ...TRANSCRIPT_FLAGS];
  const transcripts = unknownMembers(document.transcripts, known, ["transcripts"]);
  return [...unknownMembers(document, MEMBERS, []), ...brand, ...languages, ...texts, ...reasons, ...transcripts];
}

/**
 * @param {unknown} object
 * @param {string[]} known
 * @param {Path} path of the object
 * @returns {Path[]}
 */
function unknownMembers(object, known, path) {
  if (!isObject(object)) return [];
  return Object.keys(object)
    .filter((name) => !known.includes(name))
    .map((name) => [...path, name]);
}

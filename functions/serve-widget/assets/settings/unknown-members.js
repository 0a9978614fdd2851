import { LANGUAGES } from "../texts/languages.js";
import {
  ASKING_NUMBERS,
  BRAND_MEMBERS,
  isObject,
  reasonsOf,
  TEXT_MEMBERS,
  TRANSCRIPT_FLAGS,
  TRANSCRIPT_TEXTS,
  valueAt,
} from "./document.js";
import { AUTHORS, CONDITION_MEMBERS, RULE_GROUPS, RULE_MEMBERS } from "./resolve-rule.js";

/** @import { SettingsDocument } from "../../types/api" */
/** @import { Path } from "./document.js" */

const REASON_MEMBERS = ["id", "scores", "labels"];
const MEMBERS = ["default_language", "brand", "texts", "reasons", "asking", "transcripts"];

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
  const asking = unknownMembers(document.asking, [...ASKING_NUMBERS, "on_resolve"], ["asking"]);
  const known = [...TRANSCRIPT_TEXTS, ...TRANSCRIPT_FLAGS, "on_resolve"];
  const transcripts = unknownMembers(document.transcripts, known, ["transcripts"]);
  const rules = RULE_GROUPS.flatMap((group) => unknownRuleMembers(document, [group, "on_resolve"]));
  return [
    ...unknownMembers(document, MEMBERS, []),
    ...brand,
    ...languages,
    ...texts,
    ...reasons,
    ...asking,
    ...transcripts,
    ...rules,
  ];
}

/**
 * @param {SettingsDocument} document
 * @param {Path} path of the rule
 */
function unknownRuleMembers(document, path) {
  const conditions = [...path, "conditions"];
  const counts = [...conditions, "minimum_messages"];
  return [
    ...unknownMembers(valueAt(document, path), RULE_MEMBERS, path),
    ...unknownMembers(valueAt(document, conditions), CONDITION_MEMBERS, conditions),
    ...unknownMembers(valueAt(document, counts), AUTHORS, counts),
  ];
}

/**
 * @param {unknown} object
 * @param {readonly string[]} known
 * @param {Path} path of the object
 * @returns {Path[]}
 */
function unknownMembers(object, known, path) {
  if (!isObject(object)) return [];
  return Object.keys(object)
    .filter((name) => !known.includes(name))
    .map((name) => [...path, name]);
}

import {
  ASKING_NUMBERS,
  BRAND_MEMBERS,
  isObject,
  reasonsOf,
  TEXT_MEMBERS,
  TRANSCRIPT_FLAGS,
  TRANSCRIPT_TEXTS,
  textAt,
} from "./document.js";
import {
  AUTHORS,
  CONDITION_MEMBERS,
  DEFAULT_MINUTES,
  DEFAULT_PERCENT,
  entriesOf,
  LISTS,
  RULE_GROUPS,
} from "./resolve-rule.js";

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
  if (isObject(result.asking)) removeNulls(result.asking, ASKING_NUMBERS);
  for (const group of RULE_GROUPS) if (isObject(result[group])) compactRule(result[group], DEFAULT_MINUTES[group]);
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

/**
 * Removes what is the same as no rule, and values that are the defaults.
 *
 * @param {any} group
 * @param {number} defaultMinutes
 */
function compactRule(group, defaultMinutes) {
  const rule = group.on_resolve;
  if (!isObject(rule)) return;
  if (rule.after_minutes === null || rule.after_minutes === defaultMinutes) delete rule.after_minutes;
  if (isObject(rule.conditions)) compactConditions(rule.conditions);
  removeEmptyMembers(rule, ["conditions"]);
  const { enabled, ...others } = rule;
  if (enabled !== true) rule.enabled = false;
  if (enabled !== true && Object.keys(others).length === 0) delete group.on_resolve;
}

/** @param {any} conditions */
function compactConditions(conditions) {
  for (const name of LISTS) if (Array.isArray(conditions[name])) conditions[name] = entriesOf(conditions[name]);
  if (conditions.sample_percent === DEFAULT_PERCENT) delete conditions.sample_percent;
  if (isObject(conditions.minimum_messages)) removeNulls(conditions.minimum_messages, AUTHORS);
  removeNulls(conditions, CONDITION_MEMBERS);
  removeEmptyMembers(conditions, CONDITION_MEMBERS);
}

/**
 * @param {any} object
 * @param {readonly string[]} names
 */
function removeNulls(object, names) {
  for (const name of names) if (object[name] === null) delete object[name];
}

/**
 * @param {unknown} object
 * @param {string[]} [names] all members by default
 */
function removeEmptyMembers(object, names) {
  if (!isObject(object)) return;
  for (const name of names ?? Object.keys(object)) {
    const value = object[name];
    const isEmpty = typeof value === "object" && value !== null && Object.keys(value).length === 0;
    if (isEmpty) delete object[name];
  }
}

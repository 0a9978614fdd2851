/** Reads and changes the document of `GET` and `PUT /v1/settings`. */

import { LANGUAGES } from "../texts/languages.js";

/** @import { SettingsDocument, SettingsReason } from "../../types/api" */
/** @typedef {(string | number)[]} Path names of members and places in lists */

/** The language of visitors if the settings name none. */
export const FALLBACK_LANGUAGE = "en";

export const BRAND_MEMBERS = ["name", "reply_to", "logo_url", "accent_color"];

/** The texts of a language, except the labels of the faces. */
export const TEXT_MEMBERS = ["question", "question_about", "thanks", "comment", "mail_subject", "mail_intro"];

/** What is on or off. */
export const TRANSCRIPT_FLAGS = ["visitor_may_request", "redact_card_numbers"];

const TRANSCRIPT_TEXTS = ["from", "sender_name"];
const REASON_MEMBERS = ["id", "scores", "labels"];
const MEMBERS = ["default_language", "brand", "texts", "reasons", "transcripts"];

/**
 * The value at a path.
 *
 * @param {unknown} document
 * @param {Path} path
 * @returns {unknown} `undefined` if there is none
 */
export function valueAt(document, path) {
  /** @type {any} */
  let value = document;
  for (const name of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
    value = value[name];
  }
  return value;
}

/**
 * The text at a path.
 *
 * @param {unknown} document
 * @param {Path} path
 * @returns {string} empty if there is none
 */
export function textAt(document, path) {
  const value = valueAt(document, path);
  return typeof value === "string" ? value : "";
}

/**
 * Sets the value at a path, and creates the objects around it.
 *
 * @param {object} document
 * @param {Path} path
 * @param {unknown} value `undefined` removes the member
 */
export function setValue(document, path, value) {
  const parents = path.slice(0, -1);
  const last = path.at(-1) ?? "";
  /** @type {any} */
  let parent = document;
  for (const name of parents) {
    const hasObject = Object.hasOwn(parent, name) && typeof parent[name] === "object" && parent[name] !== null;
    if (!hasObject) define(parent, name, {});
    parent = parent[name];
  }
  if (value === undefined) delete parent[last];
  else define(parent, last, value);
}

/**
 * Defines a member whose name may be `__proto__`.
 *
 * @param {object} object
 * @param {string | number} name
 * @param {unknown} value
 */
function define(object, name, value) {
  Object.defineProperty(object, name, { value, writable: true, enumerable: true, configurable: true });
}

/**
 * The reasons.
 *
 * @param {SettingsDocument} document
 * @returns {SettingsReason[]}
 */
export function reasonsOf(document) {
  return Array.isArray(document.reasons) ? document.reasons.filter(isObject) : [];
}

/**
 * The default language.
 *
 * @param {SettingsDocument} document
 */
export function defaultLanguageOf(document) {
  return textAt(document, ["default_language"]) || FALLBACK_LANGUAGE;
}

/**
 * The labels of the five faces in a language.
 *
 * @param {SettingsDocument} document
 * @param {string} language
 * @returns {string[] | null} `null` if the settings have none
 */
export function facesOf(document, language) {
  const faces = valueAt(document, ["texts", language, "faces"]);
  return Array.isArray(faces) ? faces.map((face) => (typeof face === "string" ? face : "")) : null;
}

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

/**
 * Whether two values of JSON are equal, whatever the order of their members is.
 *
 * @param {unknown} one
 * @param {unknown} other
 * @returns {boolean}
 */
export function isEqual(one, other) {
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((value, index) => isEqual(value, other[index]));
  }
  if (!isObject(one) || !isObject(other)) return one === other;
  const names = Object.keys(one);
  return (
    names.length === Object.keys(other).length &&
    names.every((name) => Object.hasOwn(other, name) && isEqual(one[name], other[name]))
  );
}

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

/**
 * A path as the API writes it: `reasons[1].labels.pl`.
 *
 * @param {Path} path
 */
export function pathText(path) {
  return path.map((name, index) => (typeof name === "number" ? `[${name}]` : index > 0 ? `.${name}` : name)).join("");
}

/**
 * Whether a path is another one or leads into it.
 *
 * @param {string} inner
 * @param {string} outer
 */
export function isWithin(inner, outer) {
  return inner === outer || inner.startsWith(`${outer}.`) || inner.startsWith(`${outer}[`);
}

/**
 * @param {unknown} value
 * @returns {value is Record<string, any>}
 */
export function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

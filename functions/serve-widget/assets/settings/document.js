/** Reads and changes the document of `GET` and `PUT /v1/settings`. */

/** @import { SettingsDocument, SettingsReason } from "../../types/api" */
/** @typedef {(string | number)[]} Path names of members and places in lists */

/** The language of visitors if the settings name none. */
export const FALLBACK_LANGUAGE = "en";

export const BRAND_MEMBERS = ["name", "reply_to", "logo_url", "accent_color"];

/** The texts of a language, except the labels of the faces. */
export const TEXT_MEMBERS = ["question", "question_about", "thanks", "comment", "mail_subject", "mail_intro"];

/** What is on or off. */
export const TRANSCRIPT_FLAGS = ["visitor_may_request", "redact_card_numbers"];

export const TRANSCRIPT_TEXTS = ["from", "sender_name"];

/** What happens to each request for a rating, also to those of agents. */
export const ASKING_NUMBERS = ["mail_if_unanswered_after_hours", "expires_after_days"];

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

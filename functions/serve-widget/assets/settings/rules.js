/** The rules of the API for settings. They help while somebody types. The API decides. */

import { fillTemplate } from "../common/texts.js";
import {
  ASKING_NUMBERS,
  BRAND_MEMBERS,
  defaultLanguageOf,
  facesOf,
  isObject,
  pathText,
  reasonsOf,
  textAt,
  valueAt,
} from "./document.js";
import { HIDDEN } from "./hidden-characters.js";
import { RULE_GROUPS } from "./resolve-rule.js";
import { rangeProblem, ruleProblems } from "./resolve-rule-checks.js";

/** @import { SettingsTexts } from "../../types/afterchat" */
/** @import { SettingsDocument } from "../../types/api" */
/** @import { Path } from "./document.js" */
/** @import { Range } from "./resolve-rule.js" */
/** @typedef {{ maximum: number, placeholders?: string[] }} TextRule */

export const MAXIMUM_REASONS = 12;

const MAXIMUM_URL_LENGTH = 2_048;

const MAXIMUM_SENDER_NAME = 128;

/** Characters that could end a sender's name early or make it look like an address. */
const MISLEADING = /["\\<>@\uFF20\uFE6B\uFF1C\uFF1E]/;

/** @type {TextRule} */
const BRAND_NAME = { maximum: 100 };
/** @type {TextRule} */
const FACE = { maximum: 30 };
/** @type {TextRule} */
const LABEL = { maximum: 60 };

/**
 * The rules for the texts of a language.
 *
 * @type {Record<string, TextRule>}
 */
export const TEXT_RULES = {
  question: { maximum: 200 },
  question_about: { maximum: 200, placeholders: ["agent"] },
  thanks: { maximum: 200 },
  comment: { maximum: 200 },
  mail_subject: { maximum: 200, placeholders: ["brand", "conversation", "date"] },
  mail_intro: { maximum: 500, placeholders: ["brand"] },
};

/**
 * The limits of the numbers for all requests.
 *
 * @type {Record<string, Range>}
 */
const ASKING_RANGES = {
  mail_if_unanswered_after_hours: { minimum: 1, maximum: 720 },
  expires_after_days: { minimum: 1, maximum: 365 },
};

/** Whether a text is a colour as the API requires it. */
export const isColor = (/** @type {string} */ text) => /^#[0-9a-f]{6}$/i.test(text);

/** Whether a text can be the name of a sender. */
export const isSenderName = (/** @type {string} */ text) =>
  [...text].length <= MAXIMUM_SENDER_NAME && !HIDDEN.test(text) && !MISLEADING.test(text);

/**
 * Whether a text is the URL of a logo.
 *
 * @param {string} text
 */
export function isLogoUrl(text) {
  if (text.length > MAXIMUM_URL_LENGTH || !/^https:\/\/[^\s/]/i.test(text)) return false;
  try {
    return Boolean(new URL(text));
  } catch {
    return false;
  }
}

/**
 * The settings that break a rule, each with a message.
 *
 * @param {SettingsDocument} document
 * @param {SettingsTexts} allTexts
 * @returns {Map<string, string>} messages by path
 */
export function brokenRules(document, allTexts) {
  const { rules: texts } = allTexts;
  /** @type {Map<string, string>} */
  const found = new Map();
  const add = (/** @type {Path} */ path, /** @type {string | null} */ message) => {
    if (message) found.set(pathText(path), message);
  };
  for (const name of BRAND_MEMBERS) add(["brand", name], brandProblem(name, textAt(document, ["brand", name]), texts));
  for (const [language, own] of Object.entries(isObject(document.texts) ? document.texts : {})) {
    for (const [name, rule] of Object.entries(TEXT_RULES)) {
      add(["texts", language, name], textProblem(textAt(own, [name]), rule, texts));
    }
    add(["texts", language, "faces"], facesProblem(facesOf(document, language), texts));
  }
  if (reasonsOf(document).length > MAXIMUM_REASONS) {
    add(["reasons"], fillTemplate(texts.tooManyReasons, { maximum: MAXIMUM_REASONS }));
  }
  addReasonProblems(document, texts, add);
  for (const name of ASKING_NUMBERS) {
    const range = ASKING_RANGES[name];
    if (range) add(["asking", name], rangeProblem(valueAt(document, ["asking", name]), range, allTexts));
  }
  for (const group of RULE_GROUPS) {
    const path = [group, "on_resolve"];
    for (const [member, message] of ruleProblems(valueAt(document, path), allTexts)) add([...path, ...member], message);
  }
  add(["transcripts", "from"], transcriptSenderProblem(document, texts));
  add(["transcripts", "sender_name"], senderNameProblem(textAt(document, ["transcripts", "sender_name"]), texts));
  return found;
}

/**
 * @param {SettingsDocument} document
 * @param {SettingsTexts["rules"]} texts
 * @param {(path: Path, message: string | null) => void} add
 */
function addReasonProblems(document, texts, add) {
  const language = defaultLanguageOf(document);
  const reasons = reasonsOf(document);
  for (const [index, { id, scores, labels }] of reasons.entries()) {
    const isRepeated = reasons.slice(0, index).some((other) => other.id === id);
    if (!/^[a-z0-9_-]{1,32}$/.test(id)) add(["reasons", index, "id"], texts.id);
    else if (isRepeated) add(["reasons", index, "id"], texts.repeatedId);
    if (!Array.isArray(scores) || scores.length === 0) add(["reasons", index, "scores"], texts.scores);
    for (const [code, label] of Object.entries(isObject(labels) ? labels : {})) {
      add(["reasons", index, "labels", code], textProblem(String(label), LABEL, texts));
    }
    if (!textAt(labels, [language]).trim()) add(["reasons", index, "labels", language], texts.label);
  }
}

/**
 * @param {string} name
 * @param {string} text
 * @param {SettingsTexts["rules"]} texts
 */
function brandProblem(name, text, texts) {
  const value = text.trim();
  if (!value) return null;
  if (name === "name") return textProblem(value, BRAND_NAME, texts);
  if (name === "reply_to") return emailProblem(value, texts);
  if (name === "logo_url") return isLogoUrl(value) ? null : texts.https;
  return isColor(value) ? null : texts.color;
}

/**
 * @param {string} address
 * @param {SettingsTexts["rules"]} texts
 */
function emailProblem(address, texts) {
  return /^[^\s@]+@[^\s@]+$/.test(address) ? null : texts.email;
}

/**
 * @param {SettingsDocument} document
 * @param {SettingsTexts["rules"]} texts
 */
function transcriptSenderProblem(document, texts) {
  const address = textAt(document, ["transcripts", "from"]).trim();
  if (address) return emailProblem(address, texts);
  if (valueAt(document, ["transcripts", "visitor_may_request"]) === true) return texts.sender;
  if (valueAt(document, ["transcripts", "on_resolve", "enabled"]) === true) return texts.senderOfRule;
  const hours = valueAt(document, ["asking", "mail_if_unanswered_after_hours"]) ?? null;
  return hours === null ? null : texts.senderOfMail;
}

/**
 * @param {string} text
 * @param {SettingsTexts["rules"]} texts
 */
function senderNameProblem(text, texts) {
  const value = text.trim();
  const count = [...value].length;
  if (count > MAXIMUM_SENDER_NAME) return fillTemplate(texts.tooLong, { maximum: MAXIMUM_SENDER_NAME, count });
  if (HIDDEN.test(value)) return texts.hidden;
  return MISLEADING.test(value) ? texts.senderName : null;
}

/**
 * @param {string} text
 * @param {TextRule} rule
 * @param {SettingsTexts["rules"]} texts
 */
function textProblem(text, { maximum, placeholders = [] }, texts) {
  const value = text.trim();
  if ([...value].length > maximum) return fillTemplate(texts.tooLong, { maximum, count: [...value].length });
  if (HIDDEN.test(value)) return texts.hidden;
  const rest = placeholders.reduce((left, name) => left.replaceAll(`{${name}}`, ""), value);
  if (!/[{}]/.test(rest)) return null;
  return placeholders.length > 0
    ? fillTemplate(texts.placeholders, { names: placeholderList(placeholders) })
    : texts.braces;
}

/**
 * @param {string[] | null} faces
 * @param {SettingsTexts["rules"]} texts
 */
function facesProblem(faces, texts) {
  const labels = faces?.map((face) => face.trim()) ?? [];
  if (labels.every((label) => !label)) return null;
  if (labels.length !== 5 || labels.some((label) => !label)) return texts.faces;
  return labels.map((label) => textProblem(label, FACE, texts)).find((problem) => problem) ?? null;
}

/**
 * Placeholders as they are written in a text.
 *
 * @param {string[]} names
 */
export function placeholderList(names) {
  return names.map((name) => `{${name}}`).join(", ");
}

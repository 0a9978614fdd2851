/** Describes members of the settings for people. */

import { fillTemplate, lookUp } from "../common/texts.js";
import { defaultLanguageOf, isObject, pathText, TRANSCRIPT_FLAGS, textAt } from "./document.js";
import { nameOfLanguage } from "./language-names.js";
import { reasonName } from "./reason-card.js";
import { RULE_GROUPS } from "./resolve-rule.js";
import { enabledSentence, ruleSentence } from "./resolve-rule-sentence.js";
import { unknownPaths } from "./unknown-members.js";

/** @import { SettingsTexts } from "../../types/afterchat" */
/** @import { SettingsDocument, SettingsReason } from "../../types/api" */
/** @import { Difference } from "./difference.js" */
/** @import { Path } from "./document.js" */
/** @import { RuleGroup } from "./resolve-rule.js" */

/**
 * The name of a member.
 *
 * @param {Difference} difference
 * @param {SettingsDocument} document the settings with the default language
 * @param {SettingsTexts} texts
 */
export function memberName({ path, mine, theirs }, document, texts) {
  const [group, second, third] = path.map(String);
  if (group === "default_language") return texts.languages.defaultLanguage;
  if (group === "brand" && path.length === 2) return lookUp(brandNames(texts), second) ?? pathText(path);
  if (group === "asking" && path.length === 2) return lookUp(askingNames(texts), second) ?? pathText(path);
  if (group === "transcripts" && path.length === 2) return lookUp(transcriptNames(texts), second) ?? pathText(path);
  if (group === "texts" && path.length === 3) {
    const name = lookUp(textNames(texts), third);
    if (!name) return pathText(path);
    return fillTemplate(texts.conflict.text, { language: nameOfLanguage(second ?? "", texts), name });
  }
  if (group !== "reasons") return pathText(path);
  if (path.length === 1) return texts.conflict.order;
  const reason = /** @type {SettingsReason} */ (mine ?? theirs);
  return fillTemplate(texts.conflict.reason, { reason: reasonName(reason, 0, defaultLanguageOf(document), texts) });
}

/**
 * The lines that show the value of a member.
 *
 * @param {Difference} difference
 * @param {"mine" | "theirs"} side
 * @param {SettingsTexts} texts
 * @returns {string[]} empty if the member is absent
 */
export function valueLines({ path, ...sides }, side, texts) {
  const value = sides[side];
  const rule = ruleGroup(path);
  if (rule) return ruleLines(rule, value, texts);
  if (isFlag(path)) return [value === true ? texts.transcripts.on : texts.transcripts.off];
  if (value === undefined) return [];
  if (path[0] === "default_language") return [nameOfLanguage(String(value), texts)];
  if (path[0] === "reasons" && path.length === 2 && isObject(value)) return reasonLines(value, texts);
  if (typeof value === "string") return [value];
  if (Array.isArray(value) && value.every((line) => typeof line === "string")) return value;
  return [JSON.stringify(value)];
}

/**
 * The group whose rule a member is.
 *
 * @param {Path} path
 */
function ruleGroup([group, name, ...rest]) {
  return name === "on_resolve" && rest.length === 0 ? RULE_GROUPS.find((it) => it === group) : undefined;
}

/**
 * @param {RuleGroup} group
 * @param {unknown} rule
 * @param {SettingsTexts} texts
 */
function ruleLines(group, rule, texts) {
  const lines = [ruleSentence(group, rule, texts)];
  if (!isObject(rule)) return lines;
  if (rule.enabled !== true) {
    lines.push(fillTemplate(texts.resolveRule.ifEnabled, { sentence: enabledSentence(group, rule, texts) }));
  }
  // The sentence does not mention members of a newer version.
  const hasUnknown = unknownPaths({ [group]: { on_resolve: rule } }).length > 0;
  return hasUnknown ? [...lines, JSON.stringify(rule)] : lines;
}

/**
 * Whether a member is on or off. It is absent if it is off.
 *
 * @param {Path} path
 */
function isFlag([group, name, ...rest]) {
  return group === "transcripts" && rest.length === 0 && TRANSCRIPT_FLAGS.includes(String(name));
}

/**
 * @param {Record<string, any>} reason
 * @param {SettingsTexts} texts
 */
function reasonLines(reason, texts) {
  const languages = Object.keys(isObject(reason.labels) ? reason.labels : {});
  const labels = languages.map((language) =>
    fillTemplate(texts.conflict.text, {
      language: nameOfLanguage(language, texts),
      name: textAt(reason.labels, [language]),
    }),
  );
  const scores = Array.isArray(reason.scores) ? reason.scores.join(", ") : "";
  return [...labels, fillTemplate(texts.conflict.offeredFor, { scores })];
}

/** @param {SettingsTexts} texts */
function brandNames({ brand }) {
  return { name: brand.name, reply_to: brand.replyTo, logo_url: brand.logoUrl, accent_color: brand.accentColor };
}

/** @param {SettingsTexts} texts */
function askingNames({ asking: texts }) {
  return {
    on_resolve: texts.onResolve,
    mail_if_unanswered_after_hours: texts.mailIfUnanswered,
    expires_after_days: texts.expires,
  };
}

/** @param {SettingsTexts} texts */
function transcriptNames({ transcripts: texts }) {
  return {
    on_resolve: texts.onResolve,
    from: texts.from,
    sender_name: texts.senderName,
    visitor_may_request: texts.visitorMayRequest,
    redact_card_numbers: texts.redactCardNumbers,
  };
}

/** @param {SettingsTexts} texts */
function textNames({ visitorTexts: texts }) {
  return {
    question: texts.question,
    question_about: texts.questionAbout,
    thanks: texts.thanks,
    faces: texts.faces,
    comment: texts.comment,
    mail_subject: texts.mailSubject,
    mail_intro: texts.mailIntro,
  };
}

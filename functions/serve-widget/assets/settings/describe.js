/** Describes members of the settings for people. */

import { fillTemplate, lookUp } from "../common/texts.js";
import { defaultLanguageOf, isObject, pathText, TRANSCRIPT_FLAGS, textAt } from "./document.js";
import { nameOfLanguage } from "./language-names.js";
import { reasonName } from "./reason-card.js";

/** @import { SettingsTexts } from "../../types/afterchat" */
/** @import { SettingsDocument, SettingsReason } from "../../types/api" */
/** @import { Difference } from "./difference.js" */
/** @import { Path } from "./document.js" */

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
  if (isFlag(path)) return [value === true ? texts.transcripts.on : texts.transcripts.off];
  if (value === undefined) return [];
  if (path[0] === "default_language") return [nameOfLanguage(String(value), texts)];
  if (path[0] === "reasons" && path.length === 2 && isObject(value)) return reasonLines(value, texts);
  if (typeof value === "string") return [value];
  if (Array.isArray(value) && value.every((line) => typeof line === "string")) return value;
  return [JSON.stringify(value)];
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
function transcriptNames({ transcripts: texts }) {
  return {
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

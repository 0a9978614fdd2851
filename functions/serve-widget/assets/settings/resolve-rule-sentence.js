/** Says in plain words what a rule does. */

import { firstLanguage, formatList, formatNumber, pluralCategory } from "../common/locale.js";
import { fillTemplate, lookUp } from "../common/texts.js";
import { valueAt } from "./document.js";
import {
  AUTHORS,
  DEFAULT_CHANNELS,
  DEFAULT_MINUTES,
  entriesOf,
  isInRange,
  MESSAGES,
  MINUTES,
  PERCENT,
  RESOLVERS,
} from "./resolve-rule.js";

/** @import { PluralTexts, RuleSentenceTexts, SettingsTexts } from "../../types/afterchat" */
/** @import { RuleGroup } from "./resolve-rule.js" */

const HOUR = 60;
const DAY = 24 * HOUR;

/**
 * What a rule does. Values that the API would refuse count as absent.
 *
 * @param {RuleGroup} group
 * @param {unknown} rule
 * @param {SettingsTexts} texts
 */
export function ruleSentence(group, rule, texts) {
  const isEnabled = valueAt(rule, ["enabled"]) === true;
  return isEnabled ? enabledSentence(group, rule, texts) : texts.resolveRule.nothing;
}

/**
 * What a rule does if it is enabled.
 *
 * @param {RuleGroup} group
 * @param {unknown} rule
 * @param {SettingsTexts} allTexts
 */
export function enabledSentence(group, rule, { language: tag, resolveRule: { sentence: texts } }) {
  const language = firstLanguage(tag);
  const { action, half, share } = texts[group];
  const act = fillTemplate(action, { time: timeText(group, rule, texts, language) });
  const clauses = clausesOf(group, rule, texts, language);
  const main =
    clauses.length > 0
      ? fillTemplate(texts.conditional, { action: act, conditions: joinClauses(clauses, texts) })
      : fillTemplate(texts.unconditional, { action: act });
  const percent = valueAt(rule, ["conditions", "sample_percent"]);
  if (!isInRange(percent, PERCENT) || percent === PERCENT.maximum) return main;
  const formatted = formatNumber(percent / 100, language, { style: "percent" });
  return `${main} ${percent === 50 ? half : fillTemplate(share, { percent: formatted })}`;
}

/**
 * @param {RuleGroup} group
 * @param {unknown} rule
 * @param {RuleSentenceTexts} texts
 * @param {string} language
 */
function timeText(group, rule, texts, language) {
  const given = valueAt(rule, ["after_minutes"]);
  const minutes = isInRange(given, MINUTES) ? given : DEFAULT_MINUTES[group];
  if (minutes === 0) return texts.atOnce;
  if (minutes % DAY === 0) return countText(texts.days, minutes / DAY, language);
  if (minutes % HOUR === 0) return countText(texts.hours, minutes / HOUR, language);
  return countText(texts.minutes, minutes, language);
}

/**
 * @param {RuleGroup} group
 * @param {unknown} rule
 * @param {RuleSentenceTexts} texts
 * @param {string} language
 */
function clausesOf(group, rule, texts, language) {
  const condition = (/** @type {(string | number)[]} */ ...path) => valueAt(rule, ["conditions", ...path]);
  const channels = entriesOf(condition("channels"));
  // Ratings are asked in the widget only.
  const isDefault = channels.length === 0 && group === "transcripts";
  /** @type {[string[], string][]} */
  const lists = [
    [isDefault ? DEFAULT_CHANNELS : channels, texts.channels],
    [entriesOf(condition("inboxes")), texts.inboxes],
    [entriesOf(condition("teams")), texts.teams],
    [entriesOf(condition("labels_any")), texts.labelsAny],
    [entriesOf(condition("labels_none")), texts.labelsNone],
  ];
  const skipped = condition("skip_resolved_by");
  return [
    ...lists
      .filter(([names]) => names.length > 0)
      .map(([names, template]) => fillTemplate(template, { names: nameList(names, texts, language) })),
    ...AUTHORS.flatMap((author) => {
      const count = condition("minimum_messages", author);
      return isInRange(count, MESSAGES) ? [countText(texts.messages[author], count, language)] : [];
    }),
    ...RESOLVERS.filter((name) => Array.isArray(skipped) && skipped.includes(name)).map((name) => texts.notBy[name]),
  ];
}

/**
 * @param {string[]} names
 * @param {RuleSentenceTexts} texts
 * @param {string} language
 */
function nameList(names, texts, language) {
  const quoted = names.map((name) => fillTemplate(texts.name, { name }));
  return formatList(quoted, language, { type: "disjunction" });
}

/**
 * @param {string[]} clauses
 * @param {RuleSentenceTexts} texts
 */
function joinClauses(clauses, { nextClause, lastClause }) {
  return clauses.reduce((before, clause, index) =>
    fillTemplate(index < clauses.length - 1 ? nextClause : lastClause, { before, clause }),
  );
}

/**
 * @param {PluralTexts} forms
 * @param {number} count
 * @param {string} language
 */
function countText(forms, count, language) {
  const template = lookUp(/** @type {Record<string, string>} */ ({ ...forms }), pluralCategory(count, language));
  return fillTemplate(template ?? forms.other, { count: formatNumber(count, language, {}) });
}

import { formatNumber } from "../common/locale.js";
import { fillTemplate } from "../common/texts.js";
import { valueAt } from "./document.js";
import { HIDDEN } from "./hidden-characters.js";
import { AUTHORS, entriesOf, isInRange, LIST_LIMITS, LISTS, MESSAGES, MINUTES, PERCENT } from "./resolve-rule.js";

/** @import { SettingsTexts } from "../../types/afterchat" */
/** @import { Path } from "./document.js" */
/** @import { Range } from "./resolve-rule.js" */

/**
 * What is wrong with each member of a rule.
 *
 * @param {unknown} rule
 * @param {SettingsTexts} texts
 * @returns {[path: Path, message: string | null][]} paths within the rule
 */
export function ruleProblems(rule, texts) {
  const number = (/** @type {Path} */ path, /** @type {Range} */ range) =>
    /** @type {[Path, string | null]} */ ([path, rangeProblem(valueAt(rule, path), range, texts)]);
  return [
    number(["after_minutes"], MINUTES),
    ...LISTS.map((name) => {
      const path = ["conditions", name];
      return /** @type {[Path, string | null]} */ ([path, listProblem(name, entriesOf(valueAt(rule, path)), texts)]);
    }),
    ...AUTHORS.map((author) => number(["conditions", "minimum_messages", author], MESSAGES)),
    number(["conditions", "sample_percent"], PERCENT),
  ];
}

/**
 * What is wrong with a number. It may be absent.
 *
 * @param {unknown} value
 * @param {Range} range
 * @param {SettingsTexts} texts
 */
export function rangeProblem(value, range, texts) {
  if (value === undefined || value === null || isInRange(value, range)) return null;
  const [minimum, maximum] = [range.minimum, range.maximum].map((limit) => formatNumber(limit, texts.language, {}));
  return fillTemplate(texts.rules.wholeNumber, { minimum, maximum });
}

/**
 * @param {typeof LISTS[number]} name
 * @param {string[]} entries
 * @param {SettingsTexts} allTexts
 */
function listProblem(name, entries, { rules: texts }) {
  const { entries: maximum, characters } = LIST_LIMITS[name];
  if (entries.length > maximum) return fillTemplate(texts.tooManyEntries, { maximum, count: entries.length });
  const tooLong = entries.find((entry) => [...entry].length > characters);
  if (tooLong) return fillTemplate(texts.entryTooLong, { maximum: characters, count: [...tooLong].length });
  if (name === "channels" && entries.some((entry) => !/^[\w.-]+$/.test(entry))) return texts.channel;
  return entries.some((entry) => HIDDEN.test(entry)) ? texts.hiddenInEntry : null;
}

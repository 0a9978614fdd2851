/**
 * The rules that act after a conversation was resolved: `asking.on_resolve` and `transcripts.on_resolve`. Names, defaults
 * and limits are those of the API.
 */

/** @typedef {"asking" | "transcripts"} RuleGroup the settings that contain the rule */

/** How many minutes a rule waits if the settings do not say it. */
export const DEFAULT_MINUTES = { asking: 15, transcripts: 60 };

/** The groups with a rule. */
export const RULE_GROUPS = /** @type {const} */ (["asking", "transcripts"]);

/** The channels of a rule that names none. */
export const DEFAULT_CHANNELS = ["widget"];

export const DEFAULT_PERCENT = 100;

/** The conditions that are lists. */
export const LISTS = /** @type {const} */ (["channels", "inboxes", "teams", "labels_any", "labels_none"]);

/** Whose messages a rule can count. */
export const AUTHORS = /** @type {const} */ (["visitor", "agent"]);

/** What can resolve a conversation. */
export const RESOLVERS = /** @type {const} */ (["agent", "bot", "visitor", "timeout"]);

export const RULE_MEMBERS = ["enabled", "after_minutes", "conditions"];
export const CONDITION_MEMBERS = [...LISTS, "minimum_messages", "skip_resolved_by", "sample_percent"];

/** @typedef {{ minimum: number, maximum: number }} Range */

export const MINUTES = { minimum: 0, maximum: 10_080 };
export const MESSAGES = { minimum: 1, maximum: 1_000 };
export const PERCENT = { minimum: 1, maximum: 100 };

/**
 * The limits of the lists: how many entries, and how many characters in each. The API alone checks how many channels
 * there are.
 *
 * @type {Record<typeof LISTS[number], { entries: number, characters: number }>}
 */
export const LIST_LIMITS = {
  channels: { entries: Number.POSITIVE_INFINITY, characters: 64 },
  inboxes: { entries: 50, characters: 128 },
  teams: { entries: 50, characters: 128 },
  labels_any: { entries: 20, characters: 64 },
  labels_none: { entries: 20, characters: 64 },
};

/**
 * @param {unknown} value
 * @param {Range} range
 * @returns {value is number}
 */
export function isInRange(value, { minimum, maximum }) {
  return typeof value === "number" && Number.isInteger(value) && value >= minimum && value <= maximum;
}

/**
 * The entries of a list without blanks around them, without empty ones and without repetitions.
 *
 * @param {unknown} value
 * @returns {string[]} empty if the value is not a list
 */
export function entriesOf(value) {
  const entries = Array.isArray(value) ? value.map((entry) => String(entry).trim()) : [];
  return [...new Set(entries.filter(Boolean))];
}

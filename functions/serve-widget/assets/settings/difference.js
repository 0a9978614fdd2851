/** Compares two versions of the settings member by member, and merges them. */

import { compact } from "./compact.js";
import { isEqual, isObject, pathText, reasonsOf, setValue } from "./document.js";

/** @import { SettingsDocument, SettingsReason } from "../../types/api" */
/** @import { Path } from "./document.js" */
/** @typedef {"mine" | "theirs"} Side */
/**
 * @typedef {object} Difference a member that differs between two versions
 * @property {string} key
 * @property {Path} path `["reasons", id]` for a reason, `["reasons"]` for their order
 * @property {unknown} mine `undefined` if the version has no such member
 * @property {unknown} theirs
 * @property {Side | null} changedBy the only side that changed the member; `null` if both did
 */

const ORDER = "reasons";

/** Objects whose members are compared one by one. */
const GROUPS = ["brand", "asking", "transcripts"];

/**
 * The members that differ between two versions.
 *
 * @param {SettingsDocument} base the version that both were made from
 * @param {SettingsDocument} mine
 * @param {SettingsDocument} theirs
 * @returns {Difference[]}
 */
export function differences(base, mine, theirs) {
  const [before, one, other] = [base, mine, theirs].map((document) => membersOf(compact(document)));
  if (!before || !one || !other) return [];
  const keys = new Set([...one.keys(), ...other.keys()]);
  const differing = [...keys].filter((key) => key !== ORDER && !isEqual(one.get(key)?.value, other.get(key)?.value));
  if (ordersDiffer(mine, theirs)) differing.push(ORDER);
  return differing.map((key) => {
    const [was, my, their] = [before, one, other].map((members) => members.get(key)?.value);
    const path = one.get(key)?.path ?? other.get(key)?.path ?? [];
    const changedBy = isEqual(was, their) ? "mine" : isEqual(was, my) ? "theirs" : null;
    return { key, path, mine: my, theirs: their, changedBy };
  });
}

/**
 * Merges two versions.
 *
 * @param {SettingsDocument} mine
 * @param {SettingsDocument} theirs
 * @param {(key: string) => Side} choose the version of each member that differs
 * @returns {SettingsDocument}
 */
export function merge(mine, theirs, choose) {
  const [one, other] = [membersOf(compact(mine)), membersOf(compact(theirs))];
  /** @type {SettingsDocument} */
  const result = {};
  /** @type {SettingsReason[]} */
  const reasons = [];
  for (const key of new Set([...one.keys(), ...other.keys()])) {
    if (key === ORDER) continue;
    const member = (choose(key) === "mine" ? one : other).get(key);
    if (!member) continue;
    if (member.path[0] === ORDER) reasons.push(/** @type {SettingsReason} */ (member.value));
    else setValue(result, member.path, structuredClone(member.value));
  }
  const [first, second] = choose(ORDER) === "mine" ? [mine, theirs] : [theirs, mine];
  const order = [...idsOf(first), ...idsOf(second)];
  result.reasons = reasons.sort((a, b) => order.indexOf(a.id) - order.indexOf(b.id)).map((it) => structuredClone(it));
  return compact(result);
}

/**
 * The members of a document by key. A reason is one member, and the order of the reasons is another.
 *
 * @param {SettingsDocument} document
 * @returns {Map<string, { path: Path, value: unknown }>}
 */
function membersOf(document) {
  /** @type {Map<string, { path: Path, value: unknown }>} */
  const members = new Map();
  const add = (/** @type {Path} */ path, /** @type {unknown} */ value) => {
    members.set(path.length > 1 ? JSON.stringify(path) : pathText(path), { path, value });
  };
  for (const [name, value] of Object.entries(document)) {
    if (name === ORDER) continue;
    if (GROUPS.includes(name) && isObject(value)) addMembers(add, [name], value);
    else if (name === "texts" && isObject(value)) addTexts(add, value);
    else add([name], value);
  }
  for (const reason of reasonsOf(document)) add([ORDER, reason.id], reason);
  add([ORDER], idsOf(document));
  return members;
}

/**
 * @param {(path: Path, value: unknown) => void} add
 * @param {Record<string, unknown>} texts
 */
function addTexts(add, texts) {
  for (const [language, own] of Object.entries(texts)) {
    if (isObject(own)) addMembers(add, ["texts", language], own);
    else add(["texts", language], own);
  }
}

/**
 * @param {(path: Path, value: unknown) => void} add
 * @param {Path} path
 * @param {Record<string, unknown>} object
 */
function addMembers(add, path, object) {
  for (const [name, value] of Object.entries(object)) add([...path, name], value);
}

/** @param {SettingsDocument} document */
function idsOf(document) {
  return reasonsOf(document).map(({ id }) => id);
}

/**
 * Whether the reasons that both versions have are in another order.
 *
 * @param {SettingsDocument} mine
 * @param {SettingsDocument} theirs
 */
function ordersDiffer(mine, theirs) {
  const [one, other] = [idsOf(compact(mine)), idsOf(compact(theirs))];
  const common = one.filter((id) => other.includes(id));
  return !isEqual(
    common,
    other.filter((id) => one.includes(id)),
  );
}

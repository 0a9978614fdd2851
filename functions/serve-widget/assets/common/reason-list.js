import { createElement } from "./dom.js";

/**
 * Creates the list of the reasons of a rating. Returns no node if there are none.
 *
 * @param {string[]} [reasons] labels or ids
 */
export function createReasonList(reasons = []) {
  if (reasons.length === 0) return [];
  const items = reasons.map((reason) => createElement("li", { dir: "auto" }, reason));
  return [createElement("ul", { class: "reasons" }, ...items)];
}

/** The rules for the list. */
export const REASON_RULES = `
  .reasons { display: flex; flex-wrap: wrap; gap: 4px; padding: 0; margin: 0; list-style: none; }

  .reasons li { padding: 1px 8px; border: 1px solid var(--edge); border-radius: 99px; color: var(--text); font-size: calc(13em / 15); overflow-wrap: anywhere; }
`;

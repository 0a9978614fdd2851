import { createElement } from "../common/dom.js";
import { fillTemplate } from "../common/texts.js";

/** @import { ReportTexts } from "../../types/afterchat" */
/**
 * @typedef {object} Column
 * @property {string} name
 * @property {boolean} [isNumber]
 * @property {"ascending" | "descending"} [sorted]
 * @property {Node} [head] shown instead of the name
 */
/** @typedef {string | Node} Cell */

/**
 * Creates a table that scrolls horizontally if it is too wide. The keyboard can scroll it.
 *
 * @param {string} title
 * @param {Column[]} columns
 * @param {Cell[][]} rows the first cell of each row is its header
 * @param {ReportTexts["tables"]} texts
 */
export function createTable(title, columns, rows, texts) {
  const head = columns.map(({ name, isNumber, sorted, head }) =>
    createElement("th", { scope: "col", class: isNumber ? "number" : undefined, "aria-sort": sorted }, head ?? name),
  );
  const body = rows.map(([name, ...cells]) => {
    const others = cells.map((cell, index) =>
      createElement("td", { class: columns[index + 1].isNumber ? "number" : undefined }, cell),
    );
    return createElement("tr", {}, createElement("th", { scope: "row" }, name), ...others);
  });
  const table = createElement(
    "table",
    {},
    createElement("caption", { class: "unseen" }, title),
    createElement("thead", {}, createElement("tr", {}, ...head)),
    createElement("tbody", {}, ...body),
  );
  const label = fillTemplate(texts.scroll, { title });
  return createElement("div", { class: "scrolling", tabindex: "0", role: "region", "aria-label": label }, table);
}

/**
 * Creates a table that is hidden until the reader opens it.
 *
 * @param {string} title
 * @param {Column[]} columns
 * @param {Cell[][]} rows
 * @param {ReportTexts["tables"]} texts
 */
export function createHiddenTable(title, columns, rows, texts) {
  const summary = createElement("summary", {}, texts.show);
  return createElement("details", {}, summary, createTable(title, columns, rows, texts));
}

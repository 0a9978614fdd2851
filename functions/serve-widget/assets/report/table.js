import { element } from "../common/dom.js";
import { fill } from "../common/texts.js";

/**
 * A table that scrolls sideways where it is too wide, also by the keyboard.
 *
 * @param {string} title
 * @param {{name: string, isNumber?: boolean, sorted?: string, head?: Node}[]} columns
 * @param {(string | Node)[][]} rows the first of each row names it
 */
export function table(title, columns, rows, texts) {
  const head = columns.map(({ name, isNumber, sorted, head }) =>
    element("th", { scope: "col", class: isNumber ? "number" : undefined, "aria-sort": sorted }, head ?? name),
  );
  const body = rows.map(([name, ...cells]) => {
    const numbers = cells.map((cell, index) => element("td", { class: columns[index + 1].isNumber ? "number" : undefined }, cell));
    return element("tr", {}, element("th", { scope: "row" }, name), ...numbers);
  });
  const made = element(
    "table",
    {},
    element("caption", { class: "unseen" }, title),
    element("thead", {}, element("tr", {}, ...head)),
    element("tbody", {}, ...body),
  );
  const attributes = { class: "scrolling", tabindex: "0", role: "region", "aria-label": fill(texts.scroll, { title }) };
  return element("div", attributes, made);
}

/** A table behind a drawing, which is shown where somebody asks for it. */
export function tableBehind(title, columns, rows, texts) {
  return element("details", {}, element("summary", {}, texts.show), table(title, columns, rows, texts));
}

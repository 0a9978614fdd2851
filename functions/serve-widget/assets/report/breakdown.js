import { createElement, setText } from "../common/dom.js";
import { breakdownColumns, sortGroups } from "./breakdown-columns.js";
import { createTable } from "./table.js";

/** @import { Group } from "../../types/api" */
/** @import { NamedGroup } from "./breakdown-columns.js" */
/** @import { Formatter } from "./formatter.js" */
/**
 * @typedef {object} BreakdownContent
 * @property {string} title
 * @property {string} heading of the groups' names
 * @property {NamedGroup[]} groups
 * @property {Map<string, Group> | null} before the groups of the previous span by key
 * @property {string} none shown if there are no groups
 */

/** A table with one row for each group, sorted by any column. A press on a row opens its ratings. */
export class Breakdown {
  #onOpen;
  #title = createElement("h3");
  #body = createElement("div");
  #none = createElement("p", { class: "quiet" });
  /** @type {{ content: BreakdownContent, formatter: Formatter } | null} */
  #shown = null;
  /** @type {NamedGroup[]} */
  #sortedGroups = [];
  #sorting = { column: "ratings", isDescending: true };
  node = createElement("section", { class: "chart" }, this.#title, this.#none, this.#body);

  /** @param {(group: NamedGroup) => void} onOpen */
  constructor(onOpen) {
    this.#onOpen = onOpen;
    this.#body.addEventListener("click", ({ target }) => this.#onClick(/** @type {Element} */ (target)));
  }

  /**
   * @param {BreakdownContent} content
   * @param {Formatter} formatter
   */
  render(content, formatter) {
    this.#shown = { content, formatter };
    setText(this.#title, content.title);
    setText(this.#none, content.none);
    this.#none.hidden = content.groups.length > 0;
    this.#renderTable();
  }

  #renderTable() {
    if (!this.#shown) return;
    const { content, formatter } = this.#shown;
    const { column: sortedBy, isDescending } = this.#sorting;
    const columns = breakdownColumns(content.heading, content.before, formatter);
    const sortColumn = columns.find(({ id }) => id === sortedBy) ?? columns[1];
    this.#sortedGroups = sortGroups(content.groups, sortColumn, isDescending, formatter);
    const heads = columns.map(({ id, name, isNumber }) => ({
      name,
      isNumber,
      sorted: id === sortedBy ? direction(isDescending) : undefined,
      head: createElement("button", { type: "button", class: "sort", click: () => this.#sort(id) }, name),
    }));
    const rows = this.#sortedGroups.map((group) =>
      columns.map(({ createCell }) => createCell(group, () => this.#onOpen(group))),
    );
    const tables = rows.length > 0 ? [createTable(content.title, heads, rows, formatter.texts.tables)] : [];
    this.#body.replaceChildren(...tables);
  }

  /** @param {string} column */
  #sort(column) {
    const isSame = column === this.#sorting.column;
    // Names are ascending at first, numbers descending.
    this.#sorting = { column, isDescending: isSame ? !this.#sorting.isDescending : column !== "name" };
    this.#renderTable();
    /** @type {HTMLElement | null} */
    const button = this.#body.querySelector("[aria-sort] button");
    button?.focus();
  }

  /** @param {Element} target */
  #onClick(target) {
    // Buttons in a row have listeners of their own.
    if (target.closest("button")) return;
    /** @type {HTMLTableRowElement | null} */
    const row = target.closest("tbody tr");
    if (row) this.#onOpen(this.#sortedGroups[row.sectionRowIndex]);
  }
}

/**
 * @param {boolean} isDescending
 * @returns {"ascending" | "descending"}
 */
function direction(isDescending) {
  return isDescending ? "descending" : "ascending";
}

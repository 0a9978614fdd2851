import { createElement, setText } from "../common/dom.js";
import { createSatisfactionCell } from "./breakdown-columns.js";
import { createTable } from "./table.js";

/** @import { AskedBy, Statistics } from "../../types/api" */
/** @import { Formatter } from "./formatter.js" */

/**
 * The ways in which a rating can be asked for.
 *
 * @type {AskedBy[]}
 */
export const WAYS = ["agent", "rule"];

/** A table that compares the requests by agents with those by a rule. */
export class WaysOfAsking {
  #onOpen;
  #title = createElement("h3");
  #body = createElement("div");
  node = createElement("section", { class: "chart" }, this.#title, this.#body);

  /** @param {(name: string, by: AskedBy) => void} onOpen */
  constructor(onOpen) {
    this.#onOpen = onOpen;
  }

  /**
   * Shows both ways. Hides itself if nothing was asked by a rule, or if the totals are not known.
   *
   * @param {Record<AskedBy, Statistics> | null} totals
   * @param {Formatter} formatter
   */
  render(totals, formatter) {
    this.node.hidden = !totals || totals.rule.requests === 0;
    if (!totals || this.node.hidden) return;
    const { asked, tables } = formatter.texts;
    const numbers = [tables.requests, tables.responseRate, tables.csat].map((name) => ({ name, isNumber: true }));
    const rows = WAYS.map((way) => this.#createRow(way, totals[way], formatter));
    setText(this.#title, asked.title);
    this.#body.replaceChildren(createTable(asked.title, [{ name: asked.label }, ...numbers], rows, tables));
  }

  /**
   * @param {AskedBy} way
   * @param {Statistics} total
   * @param {Formatter} formatter
   */
  #createRow(way, total, formatter) {
    const name = formatter.texts.asked[way];
    const open = () => this.#onOpen(name, way);
    return [
      createElement("button", { type: "button", class: "link", click: open }, name),
      formatter.count(total.requests),
      formatter.share(total.response_rate),
      createSatisfactionCell(total, formatter),
    ];
  }
}

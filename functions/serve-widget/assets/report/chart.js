import { createElement, createSvgElement, setText } from "../common/dom.js";

/**
 * @typedef {object} Plot the geometry of a chart, in pixels
 * @property {number} step the distance between two columns
 * @property {number} top
 * @property {number} bottom
 * @property {number} start
 * @property {number} end
 * @property {(index: number) => number} x the centre of a column
 * @property {(value: number) => number} y the height of a value
 */
/**
 * @typedef {object} ChartContent
 * @property {string} title
 * @property {string} label the accessible name
 * @property {string} hint shown while no column is selected
 * @property {{ text: string, tick: string }[]} columns what each column shows in words, and its name below the axis
 * @property {[number, string][]} ticks values and texts of the vertical axis, in ascending order
 * @property {(plot: Plot) => SVGElement[]} draw draws the marks
 * @property {Node[]} legend
 * @property {Node} table
 */

/** Lengths in pixels for this text size. They grow with the text. */
const TEXT_SIZE = 15;
const HEIGHT = 232;
const MARGIN = { top: 10, right: 10, bottom: 30, left: 46 };
const TICK_WIDTH = 64;
const MAX_STEP = 120;

/**
 * How many columns a key moves.
 *
 * @type {Record<string, number>}
 */
const MOVES = { ArrowLeft: -1, ArrowRight: 1, PageUp: -10, PageDown: 10, Home: -Infinity, End: Infinity };

/**
 * A chart with one column for each period. It is one tab stop: arrow keys move between the columns, and Enter opens
 * one. Each column has its values as its accessible name. A table below has the same numbers.
 */
export class Chart {
  #onOpen;
  #title = createElement("h3");
  #readout = createElement("p", { class: "readout", "aria-hidden": "true" });
  #drawing = createSvgElement("svg", { class: "drawing", role: "group" });
  #canvas = createElement("div", { class: "canvas" }, this.#drawing);
  #legend = createElement("ul", { class: "legend" });
  #table = createElement("div");
  /** @type {ChartContent | null} */
  #content = null;
  /** @type {SVGGElement[]} */
  #columns = [];
  #currentIndex = -1;
  #width = 0;
  #scale = 1;

  node = createElement(
    "figure",
    { class: "chart" },
    createElement("figcaption", {}, this.#title, this.#readout),
    this.#canvas,
    this.#legend,
    this.#table,
  );

  /** @param {(index: number, part?: string) => void} onOpen gets the column, and the part of it that was pressed */
  constructor(onOpen) {
    this.#onOpen = onOpen;
    this.#drawing.addEventListener("click", (event) => this.#onClick(event));
    this.#drawing.addEventListener("pointermove", (event) => this.#select(this.#columnAt(event)));
    this.#drawing.addEventListener("pointerleave", () => this.#select(-1));
    this.#drawing.addEventListener("focusin", ({ target }) => this.#select(this.#indexOf(target)));
    this.#drawing.addEventListener("focusout", () => this.#select(-1));
    this.#drawing.addEventListener("keydown", (event) => this.#onKeyDown(event));
    new ResizeObserver(([{ contentRect }]) => {
      if (Math.round(contentRect.width) === this.#width) return;
      this.#width = Math.round(contentRect.width);
      this.#draw();
    }).observe(this.#canvas);
  }

  /** @param {ChartContent} content */
  render(content) {
    this.#content = content;
    setText(this.#title, content.title);
    this.#drawing.setAttribute("aria-label", content.label);
    this.#legend.replaceChildren(...content.legend);
    this.#table.replaceChildren(content.table);
    this.#currentIndex = -1;
    this.#draw();
    this.#select(-1);
  }

  #draw() {
    if (!this.#content || this.#width === 0) return;
    const { columns, draw } = this.#content;
    this.#scale = parseFloat(getComputedStyle(this.#canvas).fontSize) / TEXT_SIZE || 1;
    const height = HEIGHT * this.#scale;
    const focusedIndex = this.#columns.findIndex((column) => column.matches(":focus"));
    const plot = this.#plot(this.#content);
    this.#drawing.setAttribute("viewBox", `0 0 ${this.#width} ${height}`);
    this.#drawing.setAttribute("height", String(height));
    this.#columns = columns.map(({ text }, index) => createColumn(plot, text, index));
    const tabStop = focusedIndex < 0 ? columns.length - 1 : Math.min(focusedIndex, columns.length - 1);
    this.#columns[tabStop]?.setAttribute("tabindex", "0");
    this.#drawing.replaceChildren(
      createSvgElement("g", { class: "axes", "aria-hidden": "true" }, ...this.#createAxes(plot, this.#content)),
      createSvgElement("g", {}, ...this.#columns),
      createSvgElement("g", { class: "marks", "aria-hidden": "true" }, ...draw(plot)),
    );
    if (focusedIndex >= 0) this.#columns[tabStop]?.focus();
  }

  /**
   * @param {ChartContent} content
   * @returns {Plot}
   */
  #plot({ columns, ticks }) {
    const scale = this.#scale;
    const [left, right] = [MARGIN.left * scale, this.#width - MARGIN.right * scale];
    const [top, bottom] = [MARGIN.top * scale, (HEIGHT - MARGIN.bottom) * scale];
    const width = Math.max(right - left, 1);
    const step = Math.min(width / columns.length, MAX_STEP);
    const firstEdge = left + (width - step * columns.length) / 2;
    const [highest] = ticks[ticks.length - 1];
    return {
      step,
      top,
      bottom,
      start: left,
      end: right,
      x: (index) => round(firstEdge + (index + 0.5) * step),
      y: (value) => round(bottom - (value / highest) * (bottom - top)),
    };
  }

  /**
   * @param {Plot} plot
   * @param {ChartContent} content
   */
  #createAxes(plot, { columns, ticks }) {
    const values = ticks.flatMap(([value, text]) => {
      const y = plot.y(value);
      const line = { class: value === 0 ? "base" : "grid", x1: plot.start, x2: plot.end, y1: y, y2: y };
      const position = { x: plot.start - 8, y: y + 4 * this.#scale };
      return [createSvgElement("line", line), createSvgElement("text", { ...position, "text-anchor": "end" }, text)];
    });
    const every = Math.max(1, Math.ceil((TICK_WIDTH * this.#scale) / plot.step));
    const periods = columns.flatMap(({ tick }, index) => {
      if (index % every > 0) return [];
      const x = plot.x(index);
      const position = { x, y: plot.bottom + 19 * this.#scale };
      return [
        createSvgElement("line", { class: "base", x1: x, x2: x, y1: plot.bottom, y2: plot.bottom + 4 }),
        createSvgElement("text", { ...position, "text-anchor": "middle" }, tick),
      ];
    });
    return [...values, ...periods];
  }

  /**
   * Highlights a column and shows its values in words. Shows the hint if there is no such column.
   *
   * @param {number} index
   */
  #select(index) {
    this.#columns[this.#currentIndex]?.classList.remove("current");
    this.#columns[index]?.classList.add("current");
    this.#currentIndex = index;
    setText(this.#readout, this.#content?.columns[index]?.text ?? this.#content?.hint ?? "");
  }

  /** @param {MouseEvent} event */
  #onClick(event) {
    const index = this.#columnAt(event);
    if (index < 0) return;
    /** @type {HTMLElement | SVGElement | null} */
    const part = /** @type {Element} */ (event.target).closest("[data-part]");
    this.#onOpen(index, part?.dataset.part);
  }

  /**
   * The index of the column at the pointer, or -1.
   *
   * @param {MouseEvent} event
   */
  #columnAt({ target, clientX }) {
    /** @type {HTMLElement | SVGElement | null} */
    const marked = /** @type {Element} */ (target).closest("[data-index]");
    if (marked) return Number(marked.dataset.index);
    if (!this.#content) return -1;
    const plot = this.#plot(this.#content);
    const { left } = this.#drawing.getBoundingClientRect();
    const column = Math.round((clientX - left - plot.x(0)) / plot.step);
    return column in this.#columns ? column : -1;
  }

  /** @param {EventTarget | null} target */
  #indexOf(target) {
    return this.#columns.indexOf(/** @type {SVGGElement} */ (target));
  }

  /** @param {KeyboardEvent} event */
  #onKeyDown(event) {
    const index = this.#indexOf(event.target);
    if (index < 0) return;
    const last = this.#columns.length - 1;
    if (event.key === "Enter" || event.key === " ") this.#onOpen(index);
    else if (event.key in MOVES) this.#moveFocus(index, Math.min(Math.max(index + MOVES[event.key], 0), last));
    else return;
    event.preventDefault();
  }

  /**
   * @param {number} from
   * @param {number} to
   */
  #moveFocus(from, to) {
    this.#columns[from].setAttribute("tabindex", "-1");
    this.#columns[to].setAttribute("tabindex", "0");
    this.#columns[to].focus();
  }
}

/**
 * @param {Plot} plot
 * @param {string} text
 * @param {number} index
 */
function createColumn(plot, text, index) {
  const x = round(plot.x(index) - plot.step / 2);
  const area = { x, y: plot.top, width: round(plot.step), height: plot.bottom - plot.top };
  const attributes = { class: "column", role: "button", tabindex: "-1", "aria-label": text, "data-index": index };
  return createSvgElement("g", attributes, createSvgElement("rect", area));
}

/** @param {number} number */
function round(number) {
  return Math.round(number * 100) / 100;
}

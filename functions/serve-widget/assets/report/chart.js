import { drawn, element, say } from "../common/dom.js";

/** Lengths in pixels for text of this size: with larger text they grow. */
const TEXT_SIZE = 15;
const HEIGHT = 232;
const MARGIN = { top: 10, right: 10, bottom: 30, left: 46 };
const TICK_ROOM = 64;
const WIDEST_STEP = 120;
const MOVES = { ArrowLeft: -1, ArrowRight: 1, PageUp: -10, PageDown: 10, Home: -Infinity, End: Infinity };

/**
 * A drawing of one column for each period. It is one stop for the keyboard: arrows move between the
 * columns, each of which says what it shows, and Enter opens one. The numbers stand in a table below.
 */
export class Chart {
  #open;
  #title = element("h3");
  #readout = element("p", { class: "readout", "aria-hidden": "true" });
  #drawing = drawn("svg", { class: "drawing", role: "group" });
  #canvas = element("div", { class: "canvas" }, this.#drawing);
  #legend = element("ul", { class: "legend" });
  #table = element("div");
  #shown = null;
  #columns = [];
  #current = -1;
  #width = 0;
  #scale = 1;

  node = element("figure", { class: "chart" }, element("figcaption", {}, this.#title, this.#readout), this.#canvas, this.#legend, this.#table);

  /** @param {(index: number, part?: string) => void} open is told which column was pressed, and which part of it */
  constructor(open) {
    this.#open = open;
    this.#drawing.addEventListener("click", (event) => this.#press(event));
    this.#drawing.addEventListener("pointermove", (event) => this.#read(this.#columnAt(event)));
    this.#drawing.addEventListener("pointerleave", () => this.#read(-1));
    this.#drawing.addEventListener("focusin", ({ target }) => this.#read(Number(target.dataset.index)));
    this.#drawing.addEventListener("focusout", () => this.#read(-1));
    this.#drawing.addEventListener("keydown", (event) => this.#onKey(event));
    new ResizeObserver(([{ contentRect }]) => {
      if (Math.round(contentRect.width) === this.#width) return;
      this.#width = Math.round(contentRect.width);
      this.#draw();
    }).observe(this.#canvas);
  }

  /**
   * Shows something else.
   *
   * @param {object} shown `title`, `label` and `hint`; `columns`, each with its `text` and `tick`; `ticks`, the
   *   `[value, text]` of the vertical axis, which ends at the last; `paint`, which makes the marks on a plot;
   *   `legend` and `table`
   */
  show(shown) {
    this.#shown = shown;
    say(this.#title, shown.title);
    this.#drawing.setAttribute("aria-label", shown.label);
    this.#legend.replaceChildren(...shown.legend);
    this.#table.replaceChildren(shown.table);
    this.#current = -1;
    this.#draw();
    this.#read(-1);
  }

  #draw() {
    if (!this.#shown || this.#width === 0) return;
    const { columns, paint } = this.#shown;
    this.#scale = parseFloat(getComputedStyle(this.#canvas).fontSize) / TEXT_SIZE || 1;
    const height = HEIGHT * this.#scale;
    const focused = this.#columns.findIndex((column) => column.matches(":focus"));
    const plot = this.#plot(columns.length);
    this.#drawing.setAttribute("viewBox", `0 0 ${this.#width} ${height}`);
    this.#drawing.setAttribute("height", height);
    this.#columns = columns.map(({ text }, index) => column(plot, text, index));
    const stop = focused < 0 ? columns.length - 1 : Math.min(focused, columns.length - 1);
    this.#columns[stop]?.setAttribute("tabindex", "0");
    this.#drawing.replaceChildren(
      drawn("g", { class: "axes", "aria-hidden": "true" }, ...this.#axes(plot)),
      drawn("g", {}, ...this.#columns),
      drawn("g", { class: "marks", "aria-hidden": "true" }, ...paint(plot)),
    );
    if (focused >= 0) this.#columns[stop]?.focus();
  }

  #plot(count) {
    const margin = Object.fromEntries(Object.entries(MARGIN).map(([side, room]) => [side, room * this.#scale]));
    const inner = Math.max(this.#width - margin.left - margin.right, 1);
    const step = Math.min(inner / count, WIDEST_STEP);
    const left = margin.left + (inner - step * count) / 2;
    const bottom = HEIGHT * this.#scale - margin.bottom;
    const highest = this.#shown.ticks.at(-1)[0];
    return {
      step,
      top: margin.top,
      bottom,
      start: margin.left,
      end: this.#width - margin.right,
      x: (index) => round(left + (index + 0.5) * step),
      y: (value) => round(bottom - (value / highest) * (bottom - margin.top)),
    };
  }

  #axes(plot) {
    const lines = this.#shown.ticks.flatMap(([value, text]) => {
      const y = plot.y(value);
      return [
        drawn("line", { class: value === 0 ? "base" : "grid", x1: plot.start, x2: plot.end, y1: y, y2: y }),
        drawn("text", { x: plot.start - 8, y: y + 4 * this.#scale, "text-anchor": "end" }, text),
      ];
    });
    const every = Math.max(1, Math.ceil((TICK_ROOM * this.#scale) / plot.step));
    const periods = this.#shown.columns.flatMap(({ tick }, index) => {
      if (index % every > 0) return [];
      const x = plot.x(index);
      return [
        drawn("line", { class: "base", x1: x, x2: x, y1: plot.bottom, y2: plot.bottom + 4 }),
        drawn("text", { x, y: plot.bottom + 19 * this.#scale, "text-anchor": "middle" }, tick),
      ];
    });
    return [...lines, ...periods];
  }

  /** Says in words what a column shows, or what can be done where there is none. */
  #read(index) {
    this.#columns[this.#current]?.classList.remove("current");
    this.#columns[index]?.classList.add("current");
    this.#current = index;
    say(this.#readout, this.#shown?.columns[index]?.text ?? this.#shown?.hint ?? "");
  }

  #press(event) {
    const index = this.#columnAt(event);
    if (index >= 0) this.#open(index, event.target.closest("[data-part]")?.dataset.part);
  }

  #columnAt({ target, clientX }) {
    const { index } = target.closest("[data-index]")?.dataset ?? {};
    if (index !== undefined) return Number(index);
    const plot = this.#plot(this.#columns.length);
    const { left } = this.#drawing.getBoundingClientRect();
    const column = Math.round((clientX - left - plot.x(0)) / plot.step);
    return column in this.#columns ? column : -1;
  }

  #onKey(event) {
    const index = this.#columns.indexOf(event.target);
    if (index < 0) return;
    if (event.key === "Enter" || event.key === " ") this.#open(index);
    else if (event.key in MOVES) this.#moveTo(Math.min(Math.max(index + MOVES[event.key], 0), this.#columns.length - 1), index);
    else return;
    event.preventDefault();
  }

  #moveTo(index, before) {
    this.#columns[before].setAttribute("tabindex", "-1");
    this.#columns[index].setAttribute("tabindex", "0");
    this.#columns[index].focus();
  }
}

function column(plot, text, index) {
  const area = { x: round(plot.x(index) - plot.step / 2), y: plot.top, width: round(plot.step), height: plot.bottom - plot.top };
  const attributes = { class: "column", role: "button", tabindex: "-1", "aria-label": text, "data-index": index };
  return drawn("g", attributes, drawn("rect", area));
}

/** The end of an axis, and its steps, for numbers up to one. */
export function countTicks(highest) {
  const rough = Math.max(highest, 4) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough);
  const count = Math.ceil(Math.max(highest, 1) / step);
  return Array.from({ length: count + 1 }, (_, index) => index * step);
}

/** An entry of a legend: a sample of the mark, and what it stands for. */
export function legendEntry(sample, text) {
  const picture = drawn("svg", { class: "sample", viewBox: "0 0 28 14", width: 28, height: 14, "aria-hidden": "true" }, ...sample);
  return element("li", {}, picture, text);
}

function round(number) {
  return Math.round(number * 100) / 100;
}

import { createElement, setText } from "../common/dom.js";
import { UNITS } from "./selection.js";
import { WAYS } from "./ways-of-asking.js";

/** @import { Attributes } from "../common/dom.js" */
/** @import { TemplateValues } from "../common/texts.js" */
/** @import { Span } from "./days.js" */
/** @import { Formatter } from "./formatter.js" */
/** @import { Selection } from "./selection.js" */
/** @typedef {[value: string, label: string][]} Options */

/** Lengths of spans that end today, in days. */
const PRESETS = [7, 30, 90, 365];

/** The filters of the report: the span, the periods, the agent, the channel, the way of asking and the comparison. */
export class Filters {
  #onChange;
  #presets = PRESETS.map((days) =>
    createElement("button", { type: "button", class: "choice", click: () => this.#onChange({ days }) }),
  );
  #presetGroup = createElement("div", { class: "choices", role: "group" }, ...this.#presets);
  #from = createField("input", { type: "date", required: true, change: () => this.#onDays() });
  #to = createField("input", { type: "date", required: true, change: () => this.#onDays() });
  #group = createField("select", { change: ({ target }) => this.#onChange({ group: target.value }) });
  #agent = createField("select", { change: ({ target }) => this.#onChange({ agent: target.value }) });
  #channel = createField("select", { change: ({ target }) => this.#onChange({ channel: target.value }) });
  #by = createField("select", { change: ({ target }) => this.#onChange({ by: target.value }) });
  #compare = createElement("input", {
    type: "checkbox",
    change: ({ target }) => this.#onChange({ compares: target.checked }),
  });
  #compareLabel = createElement("span");

  /** @param {(change: Partial<Selection>) => void} onChange */
  constructor(onChange) {
    this.#onChange = onChange;
    this.node = createElement(
      "section",
      { class: "filters" },
      this.#presetGroup,
      this.#from.node,
      this.#to.node,
      this.#group.node,
      this.#agent.node,
      this.#channel.node,
      this.#by.node,
      createElement("label", { class: "check" }, this.#compare, this.#compareLabel),
    );
  }

  /**
   * @param {Selection} selection
   * @param {{ agents: Options, channels: Options }} options
   * @param {Formatter} formatter
   */
  render(selection, { agents, channels }, formatter) {
    const texts = formatter.texts.filters;
    this.node.setAttribute("aria-label", texts.label);
    this.#presetGroup.setAttribute("aria-label", texts.presets);
    this.#presets.forEach((button, index) => {
      const days = PRESETS[index];
      setText(button, days === 365 ? texts.year : formatter.plural(texts.days, days));
      button.setAttribute("aria-pressed", String(days === selection.days));
    });
    this.#from.render(texts.from, selection.from);
    this.#to.render(texts.to, selection.to);
    this.#from.control.setAttribute("max", selection.to);
    this.#to.control.setAttribute("min", selection.from);
    const units = UNITS.map((unit) => [unit, texts.groups[unit]]);
    this.#group.render(texts.group, selection.group, /** @type {Options} */ (units));
    this.#agent.render(texts.agent, selection.agent, withSelected(texts.allAgents, agents, selection.agent));
    this.#channel.render(
      texts.channel,
      selection.channel,
      withSelected(texts.allChannels, channels, selection.channel),
    );
    const { asked } = formatter.texts;
    const ways = WAYS.map((way) => [way, asked[way]]);
    this.#by.render(asked.label, selection.by, /** @type {Options} */ ([["", asked.all], ...ways]));
    this.#compare.checked = selection.compares;
    setText(this.#compareLabel, texts.compare);
  }

  /** A date field is empty while the reader types. */
  #onDays() {
    const [from, to] = [this.#from.control.value, this.#to.control.value];
    if (from && to) this.#onChange({ days: null, from, to });
  }
}

/**
 * Options with "all" first. The selected option stays, even if the span has none of its ratings.
 *
 * @param {string} all
 * @param {Options} options
 * @param {string} selected
 * @returns {Options}
 */
export function withSelected(all, options, selected) {
  const isPresent = !selected || options.some(([value]) => value === selected);
  return [["", all], ...options, ...(isPresent ? [] : /** @type {Options} */ ([[selected, selected]]))];
}

/**
 * Creates a labelled field.
 *
 * @param {"input" | "select"} name
 * @param {Attributes} attributes
 */
export function createField(name, attributes) {
  const control = createElement(name, { ...attributes, class: "field" });
  const text = createElement("span");
  /**
   * @param {string} label
   * @param {string} value
   * @param {Options} [options] of a select
   */
  const render = (label, value, options) => {
    setText(text, label);
    if (options && JSON.stringify(options) !== control.dataset.options) {
      control.dataset.options = JSON.stringify(options);
      control.replaceChildren(
        ...options.map(([value, label]) => createElement("option", { value, dir: "auto" }, label)),
      );
    }
    if (control.value !== value) control.value = value;
  };
  const classes = name === "input" ? "labelled wide" : "labelled";
  return { control, render, node: createElement("label", { class: classes }, text, control) };
}

/**
 * The span of the report and the previous span, as arguments of `setTemplate`.
 *
 * @param {Span} span
 * @param {Span | undefined} previous
 * @param {string} timeZone
 * @param {Formatter} formatter
 * @returns {[string, TemplateValues]}
 */
export function coverage(span, previous, timeZone, formatter) {
  const { shown, against } = formatter.texts.filters;
  const values = { span: formatter.span(span), timeZone };
  if (!previous) return [shown, values];
  // Both texts have the placeholder `{span}`.
  const text = `${shown} · ${against.replaceAll("{span}", "{before}")}`;
  return [text, { ...values, before: formatter.span(previous) }];
}

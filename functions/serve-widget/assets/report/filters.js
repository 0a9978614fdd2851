import { element, say } from "../common/dom.js";

const PRESETS = [7, 30, 90, 365];
/** The periods that ratings are grouped by. */
export const UNITS = ["day", "week", "month"];

/** What of the ratings is shown: the span of days, its periods, one agent or channel, the comparison. */
export class Filters {
  #presets = PRESETS.map((days) =>
    element("button", { type: "button", class: "choice", click: () => this.#choose({ days }) }),
  );
  #presetGroup = element("div", { class: "choices", role: "group" }, ...this.#presets);
  #from = field("input", { type: "date", required: true, change: () => this.#chooseDays() });
  #to = field("input", { type: "date", required: true, change: () => this.#chooseDays() });
  #group = field("select", { change: ({ target }) => this.#choose({ group: target.value }) });
  #agent = field("select", { change: ({ target }) => this.#choose({ agent: target.value }) });
  #channel = field("select", { change: ({ target }) => this.#choose({ channel: target.value }) });
  #compare = element("input", { type: "checkbox", change: ({ target }) => this.#choose({ compares: target.checked }) });
  #compareText = element("span");
  #choose;

  /** @param {(change: object) => void} choose is told what was chosen */
  constructor(choose) {
    this.#choose = choose;
    this.node = element(
      "section",
      { class: "filters" },
      this.#presetGroup,
      this.#from.node,
      this.#to.node,
      this.#group.node,
      this.#agent.node,
      this.#channel.node,
      element("label", { class: "check" }, this.#compare, this.#compareText),
    );
  }

  /** Shows what is chosen, and what there is to choose from. */
  show(chosen, { agents, channels }, words) {
    const texts = words.texts.filters;
    this.node.setAttribute("aria-label", texts.label);
    this.#presetGroup.setAttribute("aria-label", texts.presets);
    this.#presets.forEach((button, index) => {
      const days = PRESETS[index];
      say(button, days === 365 ? texts.year : words.counted(texts.days, days));
      button.setAttribute("aria-pressed", days === chosen.days);
    });
    this.#from.show(texts.from, chosen.from);
    this.#to.show(texts.to, chosen.to);
    this.#from.control.max = chosen.to;
    this.#to.control.min = chosen.from;
    this.#group.show(texts.group, chosen.group, UNITS.map((unit) => [unit, texts.groups[unit]]));
    this.#agent.show(texts.agent, chosen.agent, [["", texts.allAgents], ...kept(agents, chosen.agent)]);
    this.#channel.show(texts.channel, chosen.channel, [["", texts.allChannels], ...kept(channels, chosen.channel)]);
    this.#compare.checked = chosen.compares;
    say(this.#compareText, texts.compare);
  }

  /** A day that is being written is no day yet. */
  #chooseDays() {
    const [from, to] = [this.#from.control.value, this.#to.control.value];
    if (from && to) this.#choose({ days: null, from, to });
  }
}

/** What is chosen stays a choice where the span has none of it. */
function kept(choices, chosen) {
  const isThere = !chosen || choices.some(([value]) => value === chosen);
  return isThere ? choices : [...choices, [chosen, chosen]];
}

/** A labelled field; a select takes its options when it is shown. */
function field(name, attributes) {
  const control = element(name, { ...attributes, class: "field" });
  const text = element("span");
  const show = (label, value, options) => {
    say(text, label);
    if (options && JSON.stringify(options) !== control.dataset.options) {
      control.dataset.options = JSON.stringify(options);
      control.replaceChildren(...options.map(([value, label]) => element("option", { value, dir: "auto" }, label)));
    }
    if (control.value !== value) control.value = value;
  };
  return { control, show, node: element("label", { class: name === "input" ? "labelled wide" : "labelled" }, text, control) };
}

/** What the report covers, as a text with places, and their values. */
export function coverage(span, previous, timeZone, words) {
  const { shown } = words.texts.filters;
  const values = { span: words.span(span), timeZone };
  if (!previous) return [shown, values];
  const against = words.texts.filters.against.replaceAll("{span}", "{before}");
  return [`${shown} · ${against}`, { ...values, before: words.span(previous) }];
}

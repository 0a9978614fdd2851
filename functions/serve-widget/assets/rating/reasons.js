import { createElement, setTemplate, setText } from "../common/dom.js";
import { focusedElement } from "../common/frame.js";
import { MAX_REASONS } from "./change.js";

/** @import { RatingTexts } from "../../types/afterchat" */
/** @import { Reason } from "../../types/api" */

/** The reasons that a visitor can choose, as buttons that stay pressed. */
export class ReasonChips {
  #onChange;
  #onRefused;
  /** @type {string[]} */
  #chosen = [];
  #isFinal = false;
  /**
   * The buttons by the ids of their reasons. They are reused, so that a response does not move the focus.
   *
   * @type {Map<string, HTMLButtonElement>}
   */
  #chips = new Map();
  #heading = createElement("p", { class: "reasons-heading", id: "reasons" });
  #hint = createElement("p", { class: "quiet", id: "reasons-hint" });
  #list = createElement("div", {
    class: "chips",
    role: "group",
    tabindex: -1,
    "aria-labelledby": "reasons",
    "aria-describedby": "reasons-hint",
  });

  /**
   * @param {(ids: string[]) => void} onChange
   * @param {() => void} onRefused the visitor pressed another reason while the maximum is chosen
   */
  constructor(onChange, onRefused) {
    this.#onChange = onChange;
    this.#onRefused = onRefused;
    this.node = createElement("div", { class: "reasons", hidden: true }, this.#heading, this.#hint, this.#list);
  }

  get hint() {
    return this.#hint.textContent;
  }

  /**
   * @param {Reason[]} offered
   * @param {string[]} chosen ids
   * @param {boolean} isFinal whether the rating can no longer be changed
   * @param {RatingTexts} texts
   */
  render(offered, chosen, isFinal, texts) {
    this.#chosen = chosen;
    this.#isFinal = isFinal;
    const shown = isFinal ? offered.filter(({ id }) => chosen.includes(id)) : offered;
    const isFull = chosen.length >= MAX_REASONS;
    const hadFocus = this.#list.contains(focusedElement(this.#list));

    this.node.hidden = shown.length === 0;
    setText(this.#heading, texts.reasons);
    this.#hint.hidden = isFinal || offered.length <= MAX_REASONS;
    setTemplate(this.#hint, isFull ? texts.reasonsFull : texts.reasonsHint, { maximum: MAX_REASONS });
    for (const { id, label } of shown) {
      const isChosen = chosen.includes(id);
      const chip = this.#chip(id);
      setText(chip, label);
      chip.setAttribute("aria-pressed", String(isChosen));
      chip.setAttribute("aria-disabled", String(isFinal || (isFull && !isChosen)));
    }
    this.#arrange(shown.map(({ id }) => this.#chip(id)));
    if (hadFocus && !this.#list.contains(focusedElement(this.#list))) this.#list.focus();
  }

  /** @param {string} id */
  #chip(id) {
    let chip = this.#chips.get(id);
    if (!chip) {
      chip = createElement("button", { type: "button", class: "chip", dir: "auto", click: () => this.#toggle(id) });
      this.#chips.set(id, chip);
    }
    return chip;
  }

  /**
   * Moves the buttons only if others are shown, because a button that is moved loses the focus.
   *
   * @param {HTMLButtonElement[]} chips
   */
  #arrange(chips) {
    const before = [...this.#list.children];
    const isSame = before.length === chips.length && chips.every((chip, index) => chip === before[index]);
    if (isSame) return;
    const focused = focusedElement(this.#list);
    this.#list.replaceChildren(...chips);
    chips.find((chip) => chip === focused)?.focus();
  }

  /** @param {string} id */
  #toggle(id) {
    if (this.#isFinal) return;
    if (this.#chosen.includes(id)) this.#onChange(this.#chosen.filter((other) => other !== id));
    else if (this.#chosen.length < MAX_REASONS) this.#onChange([...this.#chosen, id]);
    else this.#onRefused();
  }
}

import { createElement, setText } from "../common/dom.js";
import { focusedElement } from "../common/frame.js";
import { fillTemplate } from "../common/texts.js";
import { defaultLanguageOf, pathText, reasonsOf } from "./document.js";
import { ReasonCard, reasonName } from "./reason-card.js";
import { makeReasonId } from "./reason-id.js";
import { MAXIMUM_REASONS } from "./rules.js";

/** @import { SettingsTexts } from "../../types/afterchat" */
/** @import { SettingsReason } from "../../types/api" */
/** @import { Editing, PageState } from "./view.js" */

/** The scores for which a new reason is offered. */
const NEW_SCORES = [1, 2, 3];

/** The reasons that visitors can choose. */
export class ReasonsSection {
  #editing;
  /** @type {PageState | null} */
  #state = null;
  /** @type {SettingsTexts | null} */
  #texts = null;
  /** @type {Map<SettingsReason, ReasonCard>} */
  #cards = new Map();
  /**
   * Reasons whose id follows the label.
   *
   * @type {WeakSet<SettingsReason>}
   */
  #named = new WeakSet();
  #title = createElement("h3");
  #hint = createElement("p", { class: "quiet" });
  #none = createElement("p", { class: "quiet" });
  #list = createElement("ol", { class: "reasons" });
  #problem = createElement("p", { class: "wrong", dir: "auto" });
  #add = createElement("button", { type: "button", class: "button", click: () => this.#onAdd() });

  /** @param {Editing} editing */
  constructor(editing) {
    this.#editing = editing;
    this.node = createElement(
      "section",
      { class: "part" },
      this.#title,
      this.#hint,
      this.#list,
      this.#none,
      this.#problem,
      createElement("div", {}, this.#add),
    );
  }

  /**
   * @param {PageState} state
   * @param {SettingsTexts} texts
   */
  render(state, texts) {
    this.#state = state;
    this.#texts = texts;
    const reasons = reasonsOf(state.document);
    setText(this.#title, texts.reasons.title);
    setText(this.#hint, fillTemplate(texts.reasons.hint, { maximum: MAXIMUM_REASONS }));
    setText(this.#none, texts.reasons.none);
    this.#none.hidden = reasons.length > 0;
    setText(this.#add, texts.reasons.add);
    this.#add.setAttribute("aria-disabled", String(reasons.length >= MAXIMUM_REASONS));
    setText(this.#problem, state.problems.get("reasons") ?? "");
    this.#updateCards(reasons);
    for (const [index, reason] of reasons.entries()) {
      this.#cards.get(reason)?.render(reason, { index, count: reasons.length }, state, texts);
    }
  }

  /**
   * The control of a setting.
   *
   * @param {string[]} path
   */
  controlAt([group, index, ...rest]) {
    if (group !== "reasons") return undefined;
    const reason = this.#reasons()[Number(index)];
    const card = index !== undefined && reason ? this.#cards.get(reason) : undefined;
    return card ? card.controlAt(rest) : this.#add;
  }

  #reasons() {
    return this.#state ? reasonsOf(this.#state.document) : [];
  }

  /**
   * Shows one card for each reason. After a save the reasons are other objects: their cards are kept, so that a field
   * keeps the focus.
   *
   * @param {SettingsReason[]} reasons
   */
  #updateCards(reasons) {
    const unused = [...this.#cards].filter(([reason]) => !reasons.includes(reason));
    /** @type {Map<SettingsReason, ReasonCard>} */
    const cards = new Map();
    for (const reason of reasons) {
      const place = unused.findIndex(([{ id }]) => id === reason.id);
      const [former] = this.#cards.has(reason) || place < 0 ? [] : unused.splice(place, 1);
      cards.set(reason, this.#cards.get(reason) ?? former?.[1] ?? this.#createCard());
    }
    this.#cards = cards;
    const nodes = [...cards.values()].map(({ node }) => node);
    const isShown =
      nodes.length === this.#list.children.length && nodes.every((node, i) => node === this.#list.children[i]);
    if (!isShown) this.#list.replaceChildren(...nodes);
  }

  #createCard() {
    /** @type {ReasonCard} */
    const card = new ReasonCard({
      change: (member, value) => this.#change(this.#indexOf(card), member, value),
      changeLabel: (language, text) => this.#changeLabel(this.#indexOf(card), language, text),
      commit: () => this.#editing.commit(["reasons", this.#indexOf(card)]),
      move: (by) => this.#move(this.#indexOf(card), by),
      remove: () => this.#remove(this.#indexOf(card)),
    });
    return card;
  }

  /** @param {ReasonCard} card */
  #indexOf(card) {
    return this.#reasons().findIndex((reason) => this.#cards.get(reason) === card);
  }

  /**
   * @param {number} index
   * @param {string} member
   * @param {unknown} value
   */
  #change(index, member, value) {
    const reason = this.#reasons()[index];
    if (reason && member === "id") {
      if (value === "") this.#named.add(reason);
      else this.#named.delete(reason);
    }
    this.#editing.change(["reasons", index, member], value);
  }

  /**
   * @param {number} index
   * @param {string} language
   * @param {string} text
   */
  #changeLabel(index, language, text) {
    const reason = this.#reasons()[index];
    if (!reason || !this.#state) return;
    if (this.#named.has(reason) && language === defaultLanguageOf(this.#state.document)) {
      const others = this.#reasons().filter((other) => other !== reason);
      reason.id = makeReasonId(
        text,
        others.map(({ id }) => id),
      );
    }
    this.#editing.change(["reasons", index, "labels", language], text || undefined, pathText(["reasons", index]));
  }

  #onAdd() {
    const reasons = this.#reasons();
    if (reasons.length >= MAXIMUM_REASONS) return;
    /** @type {SettingsReason} */
    const reason = { id: "", scores: [...NEW_SCORES], labels: {} };
    this.#named.add(reason);
    this.#editing.change(["reasons"], [...reasons, reason]);
    this.#cards.get(reason)?.focus();
  }

  /**
   * @param {number} index
   * @param {-1 | 1} by
   */
  #move(index, by) {
    const reasons = [...this.#reasons()];
    const [reason, other] = [reasons[index], reasons[index + by]];
    if (!reason || !other) return;
    const focused = focusedElement(this.node);
    reasons[index] = other;
    reasons[index + by] = reason;
    this.#editing.change(["reasons"], reasons);
    this.#cards.get(reason)?.focusAgain(focused, by);
    this.#announce(this.#texts?.reasons.moved, reason, { number: index + by + 1, count: reasons.length });
  }

  /** @param {number} index */
  #remove(index) {
    const reasons = this.#reasons();
    const reason = reasons[index];
    if (!reason) return;
    const rest = reasons.filter((other) => other !== reason);
    this.#editing.change(["reasons"], rest.length > 0 ? rest : undefined);
    const next = rest[Math.min(index, rest.length - 1)];
    if (next) this.#cards.get(next)?.focus();
    else this.#add.focus();
    this.#announce(this.#texts?.reasons.removed, reason, { index });
  }

  /**
   * @param {string | undefined} template
   * @param {SettingsReason} reason
   * @param {Record<string, number>} values
   */
  #announce(template, reason, values) {
    if (!template || !this.#state || !this.#texts) return;
    const name = reasonName(reason, values.index ?? 0, defaultLanguageOf(this.#state.document), this.#texts);
    this.#editing.announce(fillTemplate(template, { ...values, reason: name }));
  }
}

import { createElement, setText } from "../common/dom.js";
import { memberName, valueLines } from "./describe.js";

/** @import { SettingsTexts } from "../../types/afterchat" */
/** @import { SettingsDocument } from "../../types/api" */
/** @import { Difference, Side } from "./difference.js" */
/** @typedef {{ differences: Difference[], document: SettingsDocument }} Conflict */

const SIDES = /** @type {const} */ (["mine", "theirs"]);

/** Two versions of the settings side by side, with a choice for each difference. */
export class ConflictSection {
  #onResolve;
  /** @type {Conflict | null} */
  #conflict = null;
  /** @type {Map<string, Side>} */
  #choices = new Map();
  /** @type {SettingsTexts | null} */
  #texts = null;
  #title = createElement("h3", { tabindex: -1, class: "conflict-title" });
  #intro = createElement("p");
  #mine = createElement("button", { type: "button", class: "button", click: () => this.#chooseAll("mine") });
  #theirs = createElement("button", { type: "button", class: "button", click: () => this.#chooseAll("theirs") });
  #list = createElement("div", { class: "differences" });
  #problem = createElement("p", { class: "wrong", dir: "auto", role: "alert" });
  #save = createElement("button", { type: "button", class: "button main", click: () => this.#onSave() });
  #back;

  /** @param {{ onResolve: (choices: Map<string, Side>) => void, onBack: () => void }} handlers */
  constructor({ onResolve, onBack }) {
    this.#onResolve = onResolve;
    this.#back = createElement("button", { type: "button", class: "button", click: onBack });
    this.node = createElement(
      "section",
      { class: "part conflict", hidden: true },
      this.#title,
      this.#intro,
      createElement("div", { class: "choices" }, this.#mine, this.#theirs),
      this.#list,
      this.#problem,
      createElement("div", { class: "choices" }, this.#save, this.#back),
    );
  }

  /**
   * @param {Conflict | null} conflict
   * @param {SettingsTexts} texts
   */
  render(conflict, texts) {
    const isNew = conflict !== this.#conflict;
    const hasOtherTexts = texts !== this.#texts;
    this.#conflict = conflict;
    this.#texts = texts;
    this.node.hidden = conflict === null;
    if (!conflict || !(isNew || hasOtherTexts)) return;
    if (isNew) this.#suggest(conflict);
    setText(this.#title, texts.conflict.title);
    setText(this.#intro, texts.conflict.intro);
    setText(this.#mine, texts.conflict.keepMine);
    setText(this.#theirs, texts.conflict.takeTheirs);
    setText(this.#save, texts.conflict.save);
    setText(this.#back, texts.conflict.back);
    setText(this.#problem, "");
    this.#list.replaceChildren(
      ...conflict.differences.map((difference, index) => this.#createDifference(difference, index, conflict, texts)),
    );
    if (isNew) this.#title.focus();
  }

  /**
   * Chooses the version of the side that alone changed a member.
   *
   * @param {Conflict} conflict
   */
  #suggest({ differences }) {
    this.#choices = new Map();
    for (const { key, changedBy } of differences) {
      if (changedBy) this.#choices.set(key, changedBy);
    }
  }

  /**
   * @param {Difference} difference
   * @param {number} index
   * @param {Conflict} conflict
   * @param {SettingsTexts} texts
   */
  #createDifference(difference, index, { document }, texts) {
    const { mine, theirs, onlyMine, onlyTheirs, both } = texts.conflict;
    const titles = { mine, theirs };
    const notes = { mine: onlyMine, theirs: onlyTheirs };
    const sides = SIDES.map((side) => {
      const radio = createElement("input", {
        type: "radio",
        name: `difference-${index}`,
        value: side,
        change: () => this.#choices.set(difference.key, side),
      });
      radio.checked = this.#choices.get(difference.key) === side;
      const title = createElement("span", { class: "side-title" }, titles[side]);
      return createElement("label", { class: "side" }, radio, title, createValue(difference, side, texts));
    });
    return createElement(
      "fieldset",
      { class: "difference" },
      createElement("legend", {}, createElement("bdi", {}, memberName(difference, document, texts))),
      createElement("p", { class: "quiet" }, difference.changedBy ? notes[difference.changedBy] : both),
      createElement("div", { class: "sides" }, ...sides),
    );
  }

  /** @param {Side} side */
  #chooseAll(side) {
    for (const { key } of this.#conflict?.differences ?? []) this.#choices.set(key, side);
    for (const radio of this.#radios()) radio.checked = radio.value === side;
    this.#onSave();
  }

  #onSave() {
    const open = this.#conflict?.differences.find(({ key }) => !this.#choices.has(key));
    setText(this.#problem, open ? (this.#texts?.conflict.choose ?? "") : "");
    if (!open) {
      this.#onResolve(this.#choices);
      return;
    }
    const index = this.#conflict?.differences.indexOf(open);
    this.#radios()
      .find(({ name }) => name === `difference-${index}`)
      ?.focus();
  }

  #radios() {
    return [...this.#list.querySelectorAll("input")];
  }
}

/**
 * @param {Difference} difference
 * @param {Side} side
 * @param {SettingsTexts} texts
 */
function createValue(difference, side, texts) {
  const lines = valueLines(difference, side, texts);
  if (lines.length === 0) return createElement("span", { class: "quiet" }, texts.conflict.none);
  const language = difference.path[0] === "texts" ? String(difference.path[1]) : undefined;
  return createElement(
    "span",
    { class: "value", lang: language },
    ...lines.map((line) => createElement("span", { class: "value-line", dir: "auto" }, line)),
  );
}

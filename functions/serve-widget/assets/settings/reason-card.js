import { createElement, createIcon, setText } from "../common/dom.js";
import { faceOf, SCORES } from "../common/faces.js";
import { fillTemplate } from "../common/texts.js";
import { directionOf } from "../rating/languages.js";
import { defaultLanguageOf, textAt } from "./document.js";
import { nameOfLanguage } from "./language-names.js";
import { SettingField, showProblem } from "./setting-field.js";

/** @import { SettingsTexts } from "../../types/afterchat" */
/** @import { SettingsReason } from "../../types/api" */
/** @import { PageState } from "./view.js" */
/**
 * @typedef {object} ReasonHandlers
 * @property {(member: string, value: unknown) => void} change somebody changed a member of the reason
 * @property {(language: string, text: string) => void} changeLabel
 * @property {() => void} commit somebody ended the change
 * @property {(by: -1 | 1) => void} move
 * @property {() => void} remove
 */

const UP = "M10 16V4M5 9l5-5 5 5";
const DOWN = "M10 4v12M5 11l5 5 5-5";
const REMOVE = "M5 5l10 10M15 5L5 15";

/** Cards have different ids in one shadow root. */
let cards = 0;

/** One reason: its labels, its id and the scores for which it is offered. */
export class ReasonCard {
  #handlers;
  #title = createElement("h4");
  #defaultLabel;
  #label;
  #id;
  #legend = createElement("legend");
  #scoresProblem;
  #scores;
  #up = this.#createButton(UP, () => this.#handlers.move(-1));
  #down = this.#createButton(DOWN, () => this.#handlers.move(1));
  #remove = this.#createButton(REMOVE, () => this.#handlers.remove());
  #defaultLanguage = "";
  #language = "";

  /** @param {ReasonHandlers} handlers */
  constructor(handlers) {
    this.#handlers = handlers;
    cards += 1;
    const prefix = `reason-${cards}`;
    this.#defaultLabel = this.#createField(`${prefix}-default`, (text) =>
      handlers.changeLabel(this.#defaultLanguage, text),
    );
    this.#label = this.#createField(`${prefix}-label`, (text) => handlers.changeLabel(this.#language, text));
    this.#id = this.#createField(`${prefix}-id`, (text) => handlers.change("id", text));
    this.#id.control.setAttribute("spellcheck", "false");
    this.#scoresProblem = createElement("p", { class: "wrong", dir: "auto", id: `${prefix}-scores-problem` });
    this.#scores = SCORES.map((score) => this.#createScore(score, this.#scoresProblem.id));
    this.node = createElement(
      "li",
      { class: "reason", keydown: (event) => this.#onKey(event) },
      createElement(
        "div",
        { class: "reason-head" },
        this.#title,
        createElement("div", { class: "tools" }, this.#up, this.#down, this.#remove),
      ),
      createElement("div", { class: "pair" }, this.#defaultLabel.node, this.#label.node, this.#id.node),
      createElement(
        "fieldset",
        { class: "scores" },
        this.#legend,
        createElement("div", { class: "choices" }, ...this.#scores.map(({ node }) => node)),
        this.#scoresProblem,
      ),
    );
  }

  /**
   * @param {SettingsReason} reason
   * @param {{ index: number, count: number }} place
   * @param {PageState} state
   * @param {SettingsTexts} texts
   */
  render(reason, { index, count }, { document, edited, problems }, texts) {
    this.#defaultLanguage = defaultLanguageOf(document);
    this.#language = edited;
    const name = reasonName(reason, index, this.#defaultLanguage, texts);
    setText(this.#title, name);
    this.#title.dir = "auto";
    this.#renderLabels(reason, `reasons[${index}]`, problems, texts);
    setText(this.#legend, texts.reasons.scores);
    const problem = problems.get(`reasons[${index}].scores`);
    for (const { control, score } of this.#scores) {
      control.checked = Array.isArray(reason.scores) && reason.scores.includes(score);
      control.setAttribute("aria-label", fillTemplate(texts.visitorTexts.face, { score }));
      showProblem(control, this.#scoresProblem, problem);
    }
    for (const [button, template, isPossible] of /** @type {const} */ ([
      [this.#up, texts.reasons.moveUp, index > 0],
      [this.#down, texts.reasons.moveDown, index < count - 1],
      [this.#remove, texts.reasons.remove, true],
    ])) {
      const label = fillTemplate(template, { reason: name });
      button.setAttribute("aria-label", label);
      button.title = label;
      button.setAttribute("aria-disabled", String(!isPossible));
    }
  }

  focus() {
    this.#defaultLabel.control.focus();
  }

  /**
   * Moves the focus back to where it was before the card was moved. Safari does not focus a button that is clicked.
   *
   * @param {Element | null} focused
   * @param {-1 | 1} by
   */
  focusAgain(focused, by) {
    const isInCard = focused instanceof HTMLElement && this.node.contains(focused);
    (isInCard ? focused : by < 0 ? this.#up : this.#down).focus();
  }

  /**
   * The control of a member of the reason.
   *
   * @param {string[]} path
   */
  controlAt([member, language]) {
    if (member === "id") return this.#id.control;
    if (member === "scores") return this.#scores[0]?.control;
    return language === this.#defaultLanguage ? this.#defaultLabel.control : this.#label.control;
  }

  /**
   * @param {SettingsReason} reason
   * @param {string} path
   * @param {Map<string, string>} problems
   * @param {SettingsTexts} texts
   */
  #renderLabels(reason, path, problems, texts) {
    const state = (/** @type {string} */ language) => ({
      label: fillTemplate(texts.reasons.label, { language: nameOfLanguage(language, texts) }),
      value: textAt(reason.labels, [language]),
      problem: problems.get(`${path}.labels.${language}`) ?? problems.get(`${path}.labels`),
      language,
      direction: directionOf(language),
    });
    this.#defaultLabel.render(state(this.#defaultLanguage));
    this.#label.node.hidden = this.#language === this.#defaultLanguage;
    this.#label.render({ ...state(this.#language), placeholder: textAt(reason.labels, [this.#defaultLanguage]) });
    this.#id.render({
      label: texts.reasons.id,
      hint: texts.reasons.idHint,
      value: textAt(reason, ["id"]),
      problem: problems.get(`${path}.id`),
      direction: "ltr",
    });
  }

  /**
   * @param {string} id
   * @param {(text: string) => void} onInput
   */
  #createField(id, onInput) {
    /** @type {HTMLInputElement} */
    const control = createElement("input", {
      autocomplete: "off",
      input: () => onInput(control.value),
      change: () => {
        onInput(control.value);
        this.#handlers.commit();
      },
    });
    return new SettingField(id, control);
  }

  /**
   * @param {number} score
   * @param {string} problemId
   */
  #createScore(score, problemId) {
    const control = createElement("input", {
      type: "checkbox",
      "aria-describedby": problemId,
      change: () => this.#onScores(),
    });
    const emoji = createElement("span", { class: "emoji", "aria-hidden": "true" }, faceOf(score));
    const number = createElement("span", { "aria-hidden": "true" }, String(score));
    return { score, control, node: createElement("label", { class: "check" }, control, emoji, number) };
  }

  #onScores() {
    const checked = this.#scores.filter(({ control }) => control.checked);
    this.#handlers.change(
      "scores",
      checked.map(({ score }) => score),
    );
    this.#handlers.commit();
  }

  /**
   * @param {string} icon
   * @param {() => void} onPress
   */
  #createButton(icon, onPress) {
    const press = () => {
      if (button.getAttribute("aria-disabled") !== "true") onPress();
    };
    const button = createElement("button", { type: "button", class: "button tool", click: press }, createIcon(icon));
    return button;
  }

  /**
   * Alt with an arrow key moves the reason.
   *
   * @param {KeyboardEvent} event
   */
  #onKey(event) {
    const by = event.key === "ArrowUp" ? -1 : event.key === "ArrowDown" ? 1 : null;
    if (!event.altKey || by === null) return;
    event.preventDefault();
    this.#handlers.move(by);
  }
}

/**
 * What this page calls a reason.
 *
 * @param {SettingsReason} reason
 * @param {number} index
 * @param {string} language the default language
 * @param {SettingsTexts} texts
 */
export function reasonName(reason, index, language, texts) {
  const label = textAt(reason.labels, [language]).trim() || textAt(reason, ["id"]);
  return label || fillTemplate(texts.reasons.unnamed, { number: index + 1 });
}

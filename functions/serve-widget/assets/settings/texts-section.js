import { createElement, setText } from "../common/dom.js";
import { faceOf, SCORES } from "../common/faces.js";
import { fillTemplate } from "../common/texts.js";
import { directionOf } from "../rating/languages.js";
import { LANGUAGES } from "../texts/languages.js";
import { defaultLanguageOf, facesOf, isObject, TEXT_MEMBERS, textAt, valueAt } from "./document.js";
import { optionText } from "./language-names.js";
import { MAIL_SUBJECTS } from "./mail-subjects.js";
import { placeholderList, TEXT_RULES } from "./rules.js";
import { SettingField, setOptions, showProblem } from "./setting-field.js";

/** @import { SettingsTexts } from "../../types/afterchat" */
/** @import { Editing, PageState } from "./view.js" */

/** Labels contain soft hyphens for narrow chats. */
const SOFT_HYPHEN = "\u00AD";

/** The default language, and the texts of the language that is edited. */
export class TextsSection {
  #editing;
  /** @type {PageState | null} */
  #state = null;
  #title = createElement("h3");
  #hint = createElement("p", { class: "quiet" });
  #default;
  #edited;
  /** @type {Record<string, SettingField>} */
  #fields = {};
  #legend = createElement("legend");
  #facesProblem = createElement("p", { class: "wrong", dir: "auto", id: "faces-problem" });
  #faces = SCORES.map((score) => this.#createFace(score));

  /** @param {Editing} editing */
  constructor(editing) {
    this.#editing = editing;
    const onDefault = () => {
      editing.change(["default_language"], this.#default.control.value);
      editing.commit(["default_language"]);
    };
    this.#default = new SettingField("default_language", createElement("select", { change: onDefault }));
    const onEdited = () => editing.editLanguage(this.#edited.control.value);
    this.#edited = new SettingField("edited", createElement("select", { change: onEdited }));
    for (const name of TEXT_MEMBERS) this.#fields[name] = this.#createField(name);
    const { question, question_about, thanks, ...others } = this.#fields;
    const faces = createElement(
      "fieldset",
      { class: "faces" },
      this.#legend,
      createElement("div", { class: "five" }, ...this.#faces.map(({ node }) => node)),
      this.#facesProblem,
    );
    const fields = [question, question_about, thanks].map((field) => field?.node ?? "");
    this.node = createElement(
      "section",
      { class: "part texts" },
      this.#title,
      createElement("div", { class: "pair" }, this.#default.node, this.#edited.node),
      this.#hint,
      ...fields,
      faces,
      ...Object.values(others).map(({ node }) => node),
    );
  }

  /**
   * @param {PageState} state
   * @param {SettingsTexts} texts
   */
  render(state, texts) {
    this.#state = state;
    setText(this.#title, texts.visitorTexts.title);
    setText(this.#hint, texts.visitorTexts.hint);
    this.#renderLanguages(state, texts);
    this.#renderTexts(state, texts);
    this.#renderFaces(state, texts);
  }

  /**
   * The control of a setting in the language that is edited.
   *
   * @param {string[]} path
   */
  controlAt([group, language, name = ""]) {
    if (group === "default_language") return this.#default.control;
    if (group !== "texts") return undefined;
    if (language !== this.#state?.edited) return this.#edited.control;
    if (name === "faces") return this.#faces[0]?.control;
    return this.#fields[name]?.control ?? this.#edited.control;
  }

  /**
   * @param {PageState} state
   * @param {SettingsTexts} texts
   */
  #renderLanguages({ document, edited, problems }, texts) {
    const chosen = defaultLanguageOf(document);
    const defaults = LANGUAGES.includes(chosen) ? LANGUAGES : [...LANGUAGES, chosen];
    setOptions(
      control(this.#default),
      defaults.map((code) => [code, optionText(code, texts)]),
    );
    this.#default.render({
      label: texts.languages.defaultLanguage,
      hint: texts.languages.defaultHint,
      value: chosen,
      problem: problems.get("default_language"),
    });
    setOptions(
      control(this.#edited),
      LANGUAGES.map((code) => {
        const language = optionText(code, texts);
        const own = valueAt(document, ["texts", code]);
        const hasOwn = isObject(own) && Object.keys(own).length > 0;
        return [code, hasOwn ? fillTemplate(texts.languages.withTexts, { language }) : language];
      }),
    );
    const problem = problems.get(`texts.${edited}`);
    this.#edited.render({ label: texts.languages.edited, value: edited, problem });
  }

  /**
   * @param {PageState} state
   * @param {SettingsTexts} texts
   */
  #renderTexts({ document, edited, builtIn, problems }, { visitorTexts: texts }) {
    const shown = [
      { name: "question", label: texts.question, placeholder: builtIn.texts.question },
      { name: "question_about", label: texts.questionAbout, placeholder: builtIn.texts.questionAbout },
      { name: "thanks", label: texts.thanks, placeholder: builtIn.texts.thanks },
      { name: "comment", label: texts.comment, placeholder: builtIn.texts.comment },
      { name: "mail_subject", label: texts.mailSubject, placeholder: MAIL_SUBJECTS[edited] },
      { name: "mail_intro", label: texts.mailIntro },
    ];
    for (const { name, label, placeholder } of shown) {
      const names = TEXT_RULES[name]?.placeholders;
      this.#fields[name]?.render({
        label,
        placeholder,
        hint: names && fillTemplate(texts.placeholders, { names: placeholderList(names) }),
        value: textAt(document, ["texts", edited, name]),
        problem: problems.get(`texts.${edited}.${name}`),
        language: edited,
        direction: directionOf(edited),
      });
    }
  }

  /**
   * @param {PageState} state
   * @param {SettingsTexts} texts
   */
  #renderFaces({ document, edited, builtIn, problems }, { visitorTexts: texts }) {
    setText(this.#legend, texts.faces);
    const faces = facesOf(document, edited);
    const problem = problems.get(`texts.${edited}.faces`);
    for (const [index, { control, name }] of this.#faces.entries()) {
      setText(name, fillTemplate(texts.face, { score: index + 1 }));
      const value = faces?.[index] ?? "";
      if (control.value !== value) control.value = value;
      control.placeholder = builtInFace(builtIn, index);
      control.lang = edited;
      control.dir = directionOf(edited);
      showProblem(control, this.#facesProblem, problem);
    }
  }

  /** @param {string} name */
  #createField(name) {
    const isLong = name === "mail_intro";
    const path = () => ["texts", this.#state?.edited ?? "", name];
    const control = isLong ? createElement("textarea", { rows: 2 }) : createElement("input", { autocomplete: "off" });
    const onInput = () => {
      // A text has one line.
      if (/\n/.test(control.value)) control.value = control.value.replace(/\s*\n\s*/g, " ");
      this.#editing.change(path(), control.value || undefined);
    };
    control.addEventListener("input", onInput);
    control.addEventListener("change", () => {
      onInput();
      this.#editing.commit(path());
    });
    return new SettingField(name, control);
  }

  /** @param {number} score */
  #createFace(score) {
    /** @type {HTMLInputElement} */
    const control = createElement("input", {
      id: `face-${score}`,
      class: "field",
      autocomplete: "off",
      "aria-describedby": "faces-problem",
      input: () => this.#onFace(score - 1, control.value),
      change: () => {
        this.#onFace(score - 1, control.value);
        this.#editing.commit(["texts", this.#state?.edited ?? "", "faces"]);
      },
    });
    const emoji = createElement("span", { class: "emoji", "aria-hidden": "true" }, faceOf(score));
    const name = createElement("label", { for: control.id, class: "quiet" });
    return { control, name, node: createElement("div", { class: "face-label" }, emoji, name, control) };
  }

  /**
   * Sets the label of a face. The settings contain all five labels or none, so the others become the built-in ones.
   *
   * @param {number} index
   * @param {string} text
   */
  #onFace(index, text) {
    const state = this.#state;
    if (!state) return;
    const { document, edited, builtIn } = state;
    const before = facesOf(document, edited);
    const faces = SCORES.map((_score, place) => before?.[place] ?? (builtIn.isOwn ? builtInFace(builtIn, place) : ""));
    faces[index] = text;
    this.#editing.change(["texts", edited, "faces"], faces.some(Boolean) ? faces : undefined);
  }
}

/**
 * @param {PageState["builtIn"]} builtIn
 * @param {number} index
 */
function builtInFace(builtIn, index) {
  return (builtIn.texts.faces[index] ?? "").replaceAll(SOFT_HYPHEN, "");
}

/** @param {SettingField} field */
function control(field) {
  return /** @type {HTMLSelectElement} */ (field.control);
}

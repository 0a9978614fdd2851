import { createElement, setText } from "../common/dom.js";
import { formatNumber } from "../common/locale.js";
import { fillTemplate } from "../common/texts.js";
import { isWithin, pathText, valueAt } from "./document.js";
import { ListField } from "./list-field.js";
import { NumberField } from "./number-field.js";
import { AUTHORS, DEFAULT_CHANNELS, DEFAULT_MINUTES, DEFAULT_PERCENT, MINUTES, RESOLVERS } from "./resolve-rule.js";
import { ruleSentence } from "./resolve-rule-sentence.js";
import { SettingCheck } from "./setting-check.js";
import { showProblem } from "./setting-field.js";

/** @import { SettingsTexts } from "../../types/afterchat" */
/** @import { Path } from "./document.js" */
/** @import { LISTS, RuleGroup } from "./resolve-rule.js" */
/** @import { Editing, PageState } from "./view.js" */

/**
 * The lists that are beside each other.
 *
 * @type {(typeof LISTS[number])[][]}
 */
const PAIRS = [
  ["inboxes", "teams"],
  ["labels_any", "labels_none"],
];

/** The form of a rule, below the sentence that says what the rule does. Ratings are asked in the widget only. */
export class ResolveRuleForm {
  #group;
  #editing;
  #path;
  #required;
  /** @type {PageState | null} */
  #state = null;
  #title;
  #sentence = createElement("p", { class: "sentence" });
  #problem = createElement("p", { class: "wrong", dir: "auto" });
  #enabled;
  #minutes;
  #percent;
  #lists;
  #messages;
  #conditions = createElement("legend");
  #conditionsHint = createElement("p", { class: "quiet" });
  #skipped = createElement("legend");
  #skippedProblem;
  #resolvers;
  #details;

  /**
   * @param {RuleGroup} group
   * @param {Editing} editing
   * @param {Path[]} required the settings that are required if the rule is enabled
   */
  constructor(group, editing, required = []) {
    this.#group = group;
    this.#editing = editing;
    this.#path = [group, "on_resolve"];
    this.#required = required;
    const id = pathText(this.#path);
    this.#title = createElement("h4", { id: `${id}-title` });
    this.#enabled = new SettingCheck(`${id}.enabled`, (isChecked) => this.#onEnabled(isChecked));
    this.#minutes = new NumberField(...this.#bind("after_minutes"));
    this.#percent = new NumberField(...this.#bind("conditions", "sample_percent"));
    /** @type {typeof PAIRS} */
    const pairs = group === "asking" ? PAIRS : [["channels"], ...PAIRS];
    const lists = pairs.map((names) =>
      names.map((name) => ({ name, field: new ListField(...this.#bind("conditions", name)) })),
    );
    this.#lists = lists.flat();
    this.#messages = AUTHORS.map((author) => ({
      author,
      field: new NumberField(...this.#bind("conditions", "minimum_messages", author)),
    }));
    this.#skippedProblem = createElement("p", { class: "wrong", dir: "auto", id: `${id}.skipped-problem` });
    this.#resolvers = RESOLVERS.map((name) => this.#createResolver(name));
    this.#details = createElement(
      "div",
      { class: "rule-details" },
      createElement("div", { class: "pair" }, this.#minutes.node, this.#percent.node),
      createElement(
        "fieldset",
        {},
        this.#conditions,
        this.#conditionsHint,
        ...lists.map((pair) => createElement("div", { class: "pair" }, ...pair.map(({ field }) => field.node))),
        createElement("div", { class: "pair" }, ...this.#messages.map(({ field }) => field.node)),
        createElement(
          "fieldset",
          {},
          this.#skipped,
          createElement("div", { class: "choices" }, ...this.#resolvers.map(({ node }) => node)),
          this.#skippedProblem,
        ),
      ),
    );
    this.node = createElement(
      "div",
      { class: "rule", role: "group", "aria-labelledby": this.#title.id },
      this.#title,
      this.#sentence,
      this.#enabled.node,
      this.#problem,
      this.#details,
    );
  }

  /**
   * @param {PageState} state
   * @param {SettingsTexts} allTexts
   * @param {{ label: string, hint: string }} enabled the texts of the check box
   */
  render(state, allTexts, { label, hint }) {
    this.#state = state;
    const texts = allTexts.resolveRule;
    const rule = valueAt(state.document, this.#path);
    const isChecked = valueAt(rule, ["enabled"]) === true;
    setText(this.#title, texts.title);
    setText(this.#sentence, ruleSentence(this.#group, rule, allTexts));
    this.#enabled.render({ label, hint, isChecked });
    setText(this.#problem, this.#problemOfWhole(state));
    this.#details.hidden = !isChecked && !this.#hasProblem(state);
    this.#renderNumbers(state, allTexts);
    setText(this.#conditions, texts.conditions);
    setText(this.#conditionsHint, texts.conditionsHint);
    const lists = {
      channels: { label: texts.channels, hint: texts.channelsHint, placeholder: DEFAULT_CHANNELS.join("\n") },
      inboxes: { label: texts.inboxes, hint: texts.idsHint },
      teams: { label: texts.teams, hint: texts.idsHint },
      labels_any: { label: texts.labelsAny, hint: texts.labelsHint },
      labels_none: { label: texts.labelsNone, hint: texts.labelsHint },
    };
    for (const { name, field } of this.#lists) field.render(state, lists[name]);
    this.#renderResolvers(state, texts);
  }

  /**
   * The control of a member of the rule.
   *
   * @param {string[]} path
   */
  controlAt([member, condition, author]) {
    if (member === "after_minutes") return this.#minutes.control;
    if (member !== "conditions") return this.#enabled.control;
    if (condition === "sample_percent") return this.#percent.control;
    if (condition === "skip_resolved_by") return this.#resolvers[0]?.control;
    if (condition === "minimum_messages") {
      return (this.#messages.find((it) => it.author === author) ?? this.#messages[0])?.field.control;
    }
    return (this.#lists.find(({ name }) => name === condition) ?? this.#lists[0])?.field.control;
  }

  /**
   * @param {PageState} state
   * @param {SettingsTexts} allTexts
   */
  #renderNumbers(state, { language, resolveRule: texts }) {
    const minutes = DEFAULT_MINUTES[this.#group];
    const maximum = formatNumber(MINUTES.maximum, language, {});
    this.#minutes.render(state, {
      label: texts.afterMinutes,
      hint: fillTemplate(texts.afterMinutesHint, { minutes, maximum }),
      placeholder: minutes,
    });
    this.#percent.render(state, { label: texts.percent, hint: texts.percentHint, placeholder: DEFAULT_PERCENT });
    const labels = { visitor: texts.visitorMessages, agent: texts.agentMessages };
    for (const { author, field } of this.#messages) field.render(state, { label: labels[author] });
  }

  /**
   * @param {PageState} state
   * @param {SettingsTexts["resolveRule"]} texts
   */
  #renderResolvers({ document, problems }, texts) {
    setText(this.#skipped, texts.skipResolvedBy);
    const path = [...this.#path, "conditions", "skip_resolved_by"];
    const chosen = valueAt(document, path);
    const wrong = [...problems.keys()].findLast((key) => isWithin(key, pathText(path)));
    for (const { name, control, label } of this.#resolvers) {
      setText(label, texts.resolvers[name]);
      control.checked = Array.isArray(chosen) && chosen.includes(name);
      showProblem(control, this.#skippedProblem, wrong && problems.get(wrong));
    }
  }

  /**
   * The message about the rule or a part of it that has no field.
   *
   * @param {PageState} state
   */
  #problemOfWhole({ problems }) {
    const parts = [[], ["enabled"], ["conditions"], ["conditions", "minimum_messages"]];
    return parts.map((part) => problems.get(pathText([...this.#path, ...part]))).find(Boolean) ?? "";
  }

  /** @param {PageState} state */
  #hasProblem({ problems }) {
    return [...problems.keys()].some((path) => isWithin(path, pathText(this.#path)));
  }

  /**
   * The path of a member, and what happens when somebody changes it.
   *
   * @param {...string} names
   * @returns {ConstructorParameters<typeof NumberField>}
   */
  #bind(...names) {
    const path = [...this.#path, ...names];
    return [path, { change: (value) => this.#editing.change(path, value), commit: () => this.#commit(path) }];
  }

  /** @param {boolean} isChecked */
  #onEnabled(isChecked) {
    const path = [...this.#path, "enabled"];
    this.#editing.change(path, isChecked || undefined, ...this.#required.map(pathText));
    for (const required of this.#required) this.#editing.commit(required);
    this.#commit(path);
  }

  /** @param {string} name */
  #onResolver(name) {
    const path = [...this.#path, "conditions", "skip_resolved_by"];
    const before = valueAt(this.#state?.document, path);
    const chosen = Array.isArray(before) ? before : [];
    const after = chosen.includes(name) ? chosen.filter((other) => other !== name) : [...chosen, name];
    this.#editing.change(path, after.length > 0 ? after : undefined);
    this.#commit(path);
  }

  /**
   * The sentence is not a live region, because a screen reader would read it after each key.
   *
   * @param {Path} path
   */
  #commit(path) {
    this.#editing.commit(path);
    this.#editing.announce(this.#sentence.textContent ?? "");
  }

  /** @param {typeof RESOLVERS[number]} name */
  #createResolver(name) {
    const control = createElement("input", {
      type: "checkbox",
      "aria-describedby": this.#skippedProblem.id,
      change: () => this.#onResolver(name),
    });
    const label = createElement("span");
    return { name, control, label, node: createElement("label", { class: "check" }, control, label) };
  }
}

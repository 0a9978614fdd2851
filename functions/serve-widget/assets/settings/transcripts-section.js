import { createElement, setText } from "../common/dom.js";
import { pathText, textAt, valueAt } from "./document.js";
import { ResolveRuleForm } from "./resolve-rule-form.js";
import { SettingCheck } from "./setting-check.js";
import { SettingField } from "./setting-field.js";

/** @import { SettingsTexts } from "../../types/afterchat" */
/** @import { Editing, PageState } from "./view.js" */

const SENDER = ["transcripts", "from"];

/** The sender of mails that no agent sends, the rule that sends transcripts, and what applies to all transcripts. */
export class TranscriptsSection {
  #editing;
  #title = createElement("h3");
  #from;
  #senderName;
  #visitorMayRequest;
  #redactCardNumbers;
  #rule;

  /** @param {Editing} editing */
  constructor(editing) {
    this.#editing = editing;
    this.#from = this.#createField("from", "email");
    this.#senderName = this.#createField("sender_name", "text");
    this.#visitorMayRequest = new SettingCheck("visitor_may_request", (isChecked) => {
      // Whether the address is required depends on the check box.
      this.#changeFlag("visitor_may_request", isChecked, pathText(SENDER));
      editing.commit(SENDER);
    });
    this.#redactCardNumbers = new SettingCheck("redact_card_numbers", (isChecked) =>
      this.#changeFlag("redact_card_numbers", isChecked),
    );
    this.#rule = new ResolveRuleForm("transcripts", editing, [SENDER]);
    this.node = createElement(
      "section",
      { class: "part" },
      this.#title,
      createElement("div", { class: "pair" }, this.#from.node, this.#senderName.node),
      this.#visitorMayRequest.node,
      this.#redactCardNumbers.node,
      this.#rule.node,
    );
  }

  /**
   * @param {PageState} state
   * @param {SettingsTexts} allTexts
   */
  render(state, allTexts) {
    const { document, problems } = state;
    const { transcripts: texts } = allTexts;
    setText(this.#title, texts.title);
    this.#from.render({
      label: texts.from,
      hint: texts.fromHint,
      value: textAt(document, ["transcripts", "from"]),
      problem: problems.get("transcripts.from"),
    });
    this.#senderName.render({
      label: texts.senderName,
      hint: texts.senderNameHint,
      placeholder: textAt(document, ["brand", "name"]),
      value: textAt(document, ["transcripts", "sender_name"]),
      problem: problems.get("transcripts.sender_name"),
    });
    this.#visitorMayRequest.render({
      label: texts.visitorMayRequest,
      hint: texts.visitorMayRequestHint,
      isChecked: valueAt(document, ["transcripts", "visitor_may_request"]) === true,
    });
    this.#redactCardNumbers.render({
      label: texts.redactCardNumbers,
      hint: texts.redactCardNumbersHint,
      isChecked: valueAt(document, ["transcripts", "redact_card_numbers"]) === true,
    });
    this.#rule.render(state, allTexts, { label: texts.onResolve, hint: texts.onResolveHint });
  }

  /**
   * The control of a setting.
   *
   * @param {string[]} path
   */
  controlAt([group, name, ...rest]) {
    if (group !== "transcripts") return undefined;
    if (name === "on_resolve") return this.#rule.controlAt(rest);
    const parts = [this.#from, this.#senderName, this.#visitorMayRequest, this.#redactCardNumbers];
    return parts.map(({ control }) => control).find(({ id }) => id === name);
  }

  /**
   * @param {string} name
   * @param {string} type
   */
  #createField(name, type) {
    const path = ["transcripts", name];
    const change = () => this.#editing.change(path, control.value || undefined);
    /** @type {HTMLInputElement} */
    const control = createElement("input", {
      type,
      autocomplete: "off",
      spellcheck: type === "text" ? "true" : "false",
      dir: "auto",
      input: change,
      change: () => {
        change();
        this.#editing.commit(path);
      },
    });
    return new SettingField(name, control);
  }

  /**
   * @param {string} name
   * @param {boolean} isChecked
   * @param {...string} affected
   */
  #changeFlag(name, isChecked, ...affected) {
    this.#editing.change(["transcripts", name], isChecked || undefined, ...affected);
  }
}

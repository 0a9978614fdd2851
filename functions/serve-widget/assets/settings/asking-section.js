import { createElement, setText } from "../common/dom.js";
import { pathText } from "./document.js";
import { NumberField } from "./number-field.js";
import { ResolveRuleForm } from "./resolve-rule-form.js";

/** @import { SettingsTexts } from "../../types/afterchat" */
/** @import { Editing, PageState } from "./view.js" */

/** Mails about requests that nobody answers have this sender. */
const SENDER = ["transcripts", "from"];

/** The rule that asks for ratings, and what happens to requests that are not answered. */
export class AskingSection {
  #title = createElement("h3");
  #rule;
  #mail;
  #expiry;

  /** @param {Editing} editing */
  constructor(editing) {
    this.#rule = new ResolveRuleForm("asking", editing);
    const mail = ["asking", "mail_if_unanswered_after_hours"];
    this.#mail = new NumberField(mail, {
      change: (value) => editing.change(mail, value, pathText(SENDER)),
      commit: () => {
        editing.commit(mail);
        editing.commit(SENDER);
      },
    });
    const expiry = ["asking", "expires_after_days"];
    this.#expiry = new NumberField(expiry, {
      change: (value) => editing.change(expiry, value),
      commit: () => editing.commit(expiry),
    });
    this.node = createElement(
      "section",
      { class: "part" },
      this.#title,
      this.#rule.node,
      createElement("div", { class: "pair" }, this.#mail.node, this.#expiry.node),
    );
  }

  /**
   * @param {PageState} state
   * @param {SettingsTexts} allTexts
   */
  render(state, allTexts) {
    const { asking: texts } = allTexts;
    setText(this.#title, texts.title);
    this.#rule.render(state, allTexts, { label: texts.onResolve, hint: texts.onResolveHint });
    this.#mail.render(state, { label: texts.mailIfUnanswered, hint: texts.mailIfUnansweredHint });
    this.#expiry.render(state, { label: texts.expires, hint: texts.expiresHint });
  }

  /**
   * The control of a setting.
   *
   * @param {string[]} path
   */
  controlAt([group, name, ...rest]) {
    if (group !== "asking") return undefined;
    if (name === "on_resolve") return this.#rule.controlAt(rest);
    if (name === "mail_if_unanswered_after_hours") return this.#mail.control;
    return name === "expires_after_days" ? this.#expiry.control : undefined;
  }
}

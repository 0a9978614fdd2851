import { createElement, setText } from "../common/dom.js";
import { Preview } from "./preview.js";

/** @import { SettingsTexts } from "../../types/afterchat" */
/** @import { PageState } from "./view.js" */

/** The preview of the prompt, with the choice of its width and colours. */
export class PreviewSection {
  /** @type {PageState | null} */
  #state = null;
  /** @type {SettingsTexts | null} */
  #texts = null;
  #width = "phone";
  #scheme = "light";
  #title = createElement("h3");
  #hint = createElement("p", { class: "quiet" });
  #widths = this.#createChoices(["phone", "wide"], (width) => {
    this.#width = width;
  });
  #schemes = this.#createChoices(["light", "dark"], (scheme) => {
    this.#scheme = scheme;
  });
  #agent = createElement("input", { type: "checkbox", change: () => this.#renderAgain() });
  #agentLabel = createElement("span");
  #preview = new Preview();

  constructor() {
    this.node = createElement(
      "section",
      { class: "part preview" },
      this.#title,
      createElement(
        "div",
        { class: "looks" },
        this.#widths.node,
        this.#schemes.node,
        createElement("label", { class: "check" }, this.#agent, this.#agentLabel),
      ),
      this.#preview.node,
      this.#hint,
    );
  }

  /**
   * @param {PageState} state
   * @param {SettingsTexts} texts
   */
  render(state, texts) {
    this.#state = state;
    this.#texts = texts;
    const { title, hint, width, phone, wide, scheme, light, dark, withAgent } = texts.preview;
    setText(this.#title, title);
    setText(this.#hint, hint);
    setText(this.#agentLabel, withAgent);
    this.#widths.render(width, { phone, wide }, this.#width);
    this.#schemes.render(scheme, { light, dark }, this.#scheme);
    this.#preview.appearance = { width: this.#width, scheme: this.#scheme };
    this.#preview.render(state, { hasAgent: this.#agent.checked });
  }

  #renderAgain() {
    if (this.#state && this.#texts) this.render(this.#state, this.#texts);
  }

  /**
   * @param {string[]} names
   * @param {(name: string) => void} onChoose
   */
  #createChoices(names, onChoose) {
    const buttons = names.map((name) => {
      const click = () => {
        onChoose(name);
        this.#renderAgain();
      };
      return createElement("button", { type: "button", class: "choice", "data-name": name, click });
    });
    const node = createElement("div", { class: "choices", role: "group" }, ...buttons);
    /**
     * @param {string} label
     * @param {Record<string, string>} texts
     * @param {string} chosen
     */
    const render = (label, texts, chosen) => {
      node.setAttribute("aria-label", label);
      for (const button of buttons) {
        const name = button.dataset.name ?? "";
        setText(button, texts[name] ?? "");
        button.setAttribute("aria-pressed", String(name === chosen));
      }
    };
    return { node, render };
  }
}

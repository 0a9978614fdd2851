import { createElement, setText } from "../common/dom.js";
import { textAt } from "./document.js";
import { isColor, isLogoUrl } from "./rules.js";
import { SettingField } from "./setting-field.js";

/** @import { SettingsTexts } from "../../types/afterchat" */
/** @import { Editing, PageState } from "./view.js" */

/** The accent colour of the components, which the colour picker shows if the settings have none. */
const DEFAULT_ACCENT = "#4338ca";

/** The name, the reply address, the logo and the accent colour. */
export class BrandSection {
  #editing;
  #shownLogo = "";
  #title = createElement("h3");
  #logo = createElement("img", {
    class: "logo",
    hidden: true,
    referrerpolicy: "no-referrer",
    load: () => this.#onLogo(true),
    error: () => this.#onLogo(false),
  });
  #logoFailed = createElement("p", { class: "quiet", role: "status", hidden: true });
  #picker = createElement("input", { type: "color", class: "picker", input: () => this.#onPick() });
  /** @type {Record<string, SettingField>} */
  #fields;

  /** @param {Editing} editing */
  constructor(editing) {
    this.#editing = editing;
    const field = (/** @type {string} */ name, /** @type {string} */ type, /** @type {Node[]} */ ...others) => {
      const path = ["brand", name];
      /** @type {HTMLInputElement} */
      const control = createElement("input", {
        type,
        autocomplete: "off",
        spellcheck: name === "name" ? "true" : "false",
        dir: "auto",
        input: () => editing.change(path, control.value || undefined),
        change: () => {
          editing.change(path, control.value || undefined);
          this.#onCommit(path);
        },
      });
      return new SettingField(name, control, ...others);
    };
    this.#fields = {
      name: field("name", "text"),
      reply_to: field("reply_to", "email"),
      logo_url: field("logo_url", "url"),
      accent_color: field("accent_color", "text", this.#picker),
    };
    const nodes = Object.values(this.#fields).map(({ node }) => node);
    const logo = createElement("div", { class: "logo-box" }, this.#logo, this.#logoFailed);
    const { logo_url: url } = this.#fields;
    url?.node.append(logo);
    this.node = createElement(
      "section",
      { class: "part brand" },
      this.#title,
      createElement("div", { class: "pair" }, ...nodes),
    );
  }

  /**
   * @param {PageState} state
   * @param {SettingsTexts} texts
   */
  render({ document, problems }, { brand: texts }) {
    setText(this.#title, texts.title);
    const shown = [
      { name: "name", label: texts.name },
      { name: "reply_to", label: texts.replyTo, hint: texts.replyToHint },
      { name: "logo_url", label: texts.logoUrl, hint: texts.logoHint },
      { name: "accent_color", label: texts.accentColor, hint: texts.accentHint },
    ];
    for (const { name, label, hint } of shown) {
      const value = textAt(document, ["brand", name]);
      this.#fields[name]?.render({ label, hint, value, problem: problems.get(`brand.${name}`) });
    }
    const color = textAt(document, ["brand", "accent_color"]).trim();
    this.#picker.value = isColor(color) ? color.toLowerCase() : DEFAULT_ACCENT;
    this.#picker.setAttribute("aria-label", texts.pickColor);
    this.#logo.alt = textAt(document, ["brand", "name"]);
    setText(this.#logoFailed, texts.logoFailed);
    const control = this.#fields.logo_url?.control;
    if (!control?.matches(":focus")) this.#showLogo(control?.value ?? "");
  }

  /**
   * The control of a setting.
   *
   * @param {string[]} path
   */
  controlAt([group, name = ""]) {
    return group === "brand" ? this.#fields[name]?.control : undefined;
  }

  /** @param {string[]} path */
  #onCommit(path) {
    const [, name] = path;
    if (name === "logo_url") this.#showLogo(this.#fields.logo_url?.control.value ?? "");
    this.#editing.commit(path);
  }

  #onPick() {
    this.#editing.change(["brand", "accent_color"], this.#picker.value);
    this.#editing.commit(["brand", "accent_color"]);
  }

  /**
   * Loads the image. It is not loaded while somebody types its address.
   *
   * @param {string} text
   */
  #showLogo(text) {
    const url = isLogoUrl(text.trim()) ? text.trim() : "";
    if (url === this.#shownLogo) return;
    this.#shownLogo = url;
    this.#logo.hidden = true;
    this.#logoFailed.hidden = true;
    if (url) this.#logo.src = url;
    else this.#logo.removeAttribute("src");
  }

  /** @param {boolean} isLoaded */
  #onLogo(isLoaded) {
    this.#logo.hidden = !isLoaded;
    this.#logoFailed.hidden = isLoaded || !this.#shownLogo;
  }
}

import { createElement, setText } from "../common/dom.js";

/** @import { Brand } from "../../types/api" */

/** The logo of the organisation, or its name if there is no logo or the logo cannot be loaded. */
export class BrandHeader {
  /** @type {HTMLImageElement | null} */
  #logo = null;
  #name = createElement("p", { class: "brand-name", dir: "auto" });

  constructor() {
    this.node = createElement("header", { class: "brand", hidden: true }, this.#name);
  }

  /** @param {Brand | undefined} brand */
  render(brand) {
    const name = brand?.name ?? "";
    const url = httpsUrl(brand?.logo_url);
    if (url !== (this.#logo?.src ?? null)) this.#setLogo(url);
    if (this.#logo) this.#logo.alt = name;
    setText(this.#name, name);
    this.#show();
  }

  /** @param {string | null} url */
  #setLogo(url) {
    this.#logo?.remove();
    this.#logo = null;
    if (url === null) return;
    // A page whose logo is broken looks as if there were none.
    const error = (/** @type {Event} */ { target }) => {
      if (target instanceof HTMLElement) target.hidden = true;
      this.#show();
    };
    this.#logo = createElement("img", { class: "logo", referrerpolicy: "no-referrer", error, src: url });
    this.node.prepend(this.#logo);
  }

  #show() {
    const hasLogo = this.#logo !== null && !this.#logo.hidden;
    this.#name.hidden = hasLogo || !this.#name.textContent;
    this.node.hidden = !hasLogo && this.#name.hidden;
  }
}

/**
 * @param {string | undefined} text
 * @returns {string | null} the URL if it is one with `https`
 */
function httpsUrl(text) {
  try {
    const url = new URL(text ?? "");
    return url.protocol === "https:" ? url.href : null;
  } catch {
    return null;
  }
}

import { createElement, setText } from "../common/dom.js";

/** @import { Brand } from "../../types/api" */

/** The logo of the organisation, or its name if there is no logo or the logo cannot be loaded. */
export class BrandHeader {
  #logo = createElement("img", {
    class: "logo",
    referrerpolicy: "no-referrer",
    hidden: true,
    error: () => this.#onError(),
  });
  #name = createElement("p", { class: "brand-name", dir: "auto", hidden: true });
  #isBroken = false;

  constructor() {
    this.node = createElement("header", { class: "brand", hidden: true }, this.#logo, this.#name);
  }

  /** @param {Brand | undefined} brand */
  render(brand) {
    const name = brand?.name ?? "";
    const url = httpsUrl(brand?.logo_url);
    if (url !== this.#logo.getAttribute("src")) {
      this.#isBroken = false;
      if (url) this.#logo.src = url;
      else this.#logo.removeAttribute("src");
    }
    this.#logo.alt = name;
    setText(this.#name, name);
    this.#show();
  }

  #onError() {
    this.#isBroken = true;
    this.#show();
  }

  #show() {
    this.#logo.hidden = this.#isBroken || !this.#logo.hasAttribute("src");
    this.#name.hidden = !this.#logo.hidden || !this.#name.textContent;
    this.node.hidden = this.#logo.hidden && this.#name.hidden;
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

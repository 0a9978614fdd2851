import { createElement, setText } from "./dom.js";

/** An error message with a button that retries. */
export class ProblemBox {
  #message = createElement("p");
  #retry;

  /** @param {() => void} onRetry */
  constructor(onRetry) {
    this.#retry = createElement("button", { type: "button", class: "button", click: () => onRetry() });
    this.node = createElement("div", { class: "problem", role: "alert", hidden: true }, this.#message, this.#retry);
  }

  /**
   * @param {string | null} message `null` hides the box
   * @param {string} retryText
   * @param {{ canRetry?: boolean }} options
   */
  render(message, retryText, { canRetry = true } = {}) {
    this.node.hidden = !message;
    setText(this.#message, message ?? "");
    this.#retry.hidden = !canRetry;
    setText(this.#retry, retryText);
  }
}

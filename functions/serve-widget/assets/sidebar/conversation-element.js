import { createElement, setText } from "../common/dom.js";
import { ElementTexts } from "../common/element-texts.js";
import { attachFrame, updateColorScheme } from "../common/frame.js";
import { ProblemBox } from "../common/problem-box.js";
import { textDirection } from "../common/texts.js";
import { Conversation } from "./conversation.js";
import { LANGUAGES } from "./languages.js";
import { codeText } from "./problems.js";

/** @import { SidebarTexts } from "../../types/afterchat" */
/** @import { ConversationView } from "./conversation.js" */

/**
 * The base class of the agent's elements: the attributes `api`, `token`, `conversation` and `lang`, the property `texts`, the
 * method `refresh()` and the event `afterchat-error`.
 */
export class ConversationElement extends HTMLElement {
  static observedAttributes = ["api", "token", "conversation", "lang"];

  #frame;
  /** @type {Conversation | null} */
  #conversation = null;
  #texts = new ElementTexts(LANGUAGES, () => this.#update());
  #problemBox = new ProblemBox(() => this.refresh());
  #loading = createElement("p", { class: "quiet" });

  /** Shows that the conversation is loading, or why it cannot be loaded. */
  status = createElement("div", { class: "status" }, this.#loading, this.#problemBox.node);

  /** @param {...CSSStyleSheet} styles the element's own style sheets */
  constructor(...styles) {
    super();
    this.#frame = attachFrame(this, styles);
  }

  connectedCallback() {
    updateColorScheme(this.#frame);
    this.#subscribe();
    this.#texts.load(this);
  }

  disconnectedCallback() {
    this.#unsubscribe();
  }

  /**
   * @param {string} name
   * @param {string | null} before
   * @param {string | null} after
   */
  attributeChangedCallback(name, before, after) {
    if (!this.isConnected || before === after) return;
    if (name === "lang") this.#texts.load(this);
    else this.#subscribe();
  }

  /** The box in the shadow tree for the element's content. */
  get frame() {
    return this.#frame;
  }

  /** The conversation of the attributes, or `null` if they are incomplete. */
  get conversation() {
    return this.#conversation;
  }

  get texts() {
    return this.#texts.replacements;
  }

  set texts(texts) {
    this.#texts.replacements = texts;
  }

  /** The built-in texts with their replacements. */
  get allTexts() {
    return this.#texts.all;
  }

  async refresh() {
    await this.#conversation?.refresh();
  }

  /**
   * Shows the conversation. Each element overrides this.
   *
   * @param {Conversation | null} _conversation
   * @param {ConversationView | null} _view `null` until the conversation was read
   * @param {SidebarTexts} _texts
   */
  render(_conversation, _view, _texts) {}

  /**
   * @param {string} type
   * @param {object} [detail]
   */
  dispatch(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));
  }

  #subscribe() {
    this.#unsubscribe();
    this.#conversation = Conversation.subscribe(this, this.#onRead);
    this.#update();
  }

  #unsubscribe() {
    this.#conversation?.unsubscribe(this.#onRead);
    this.#conversation = null;
  }

  #onRead = () => {
    const code = this.#conversation?.problem;
    if (code) this.dispatch("afterchat-error", { code });
    this.#update();
  };

  #update() {
    const texts = this.allTexts;
    const view = this.#conversation?.view ?? null;
    const problem = this.#conversation?.problem ?? null;
    this.#frame.dir = textDirection(texts.retry);
    this.#loading.hidden = Boolean(view ?? problem);
    setText(this.#loading, texts.loading);
    this.#problemBox.render(problem && codeText(problem, texts), texts.retry);
    this.status.hidden = this.#loading.hidden && this.#problemBox.node.hidden;
    this.render(this.#conversation, view, texts);
  }
}

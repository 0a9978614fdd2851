import { element, say } from "../common/dom.js";
import { followScheme, framed } from "../common/frame.js";
import { directionOf, replaced } from "../common/texts.js";
import { Conversation } from "./conversation.js";
import { inWords } from "./problems.js";
import { ENGLISH } from "./texts.js";

/**
 * What the agent's elements have in common: the attributes `api`, `token` (an agent's JWT) and
 * `conversation`, the property `texts`, `refresh()`, and the event `afterchat-error` with `{code}`.
 */
export class ConversationElement extends HTMLElement {
  /** The element's own style sheets. */
  static styles = [];

  static observedAttributes = ["api", "token", "conversation"];

  #frame;
  #conversation = null;
  #texts = {};
  #problem = element("p");
  #retry = element("button", { type: "button", class: "button", click: () => this.refresh() });
  #problemBox = element("div", { class: "problem", role: "alert", hidden: true }, this.#problem, this.#retry);
  #loading = element("p", { class: "quiet" });

  /** Says that the conversation is being loaded, or why it is not there. */
  status = element("div", { class: "status" }, this.#loading, this.#problemBox);

  constructor() {
    super();
    this.#frame = framed(this, this.constructor.styles);
  }

  connectedCallback() {
    followScheme(this.#frame);
    this.#join();
  }

  disconnectedCallback() {
    this.#leave();
  }

  attributeChangedCallback(_name, before, after) {
    if (this.isConnected && before !== after) this.#join();
  }

  /** The box in the shadow tree that elements put their content into. */
  get frame() {
    return this.#frame;
  }

  /** The conversation that is shown, or `null`. */
  get conversation() {
    return this.#conversation;
  }

  /** Texts that replace the built-in ones, in the shape of `sidebar/texts.js`. */
  get texts() {
    return this.#texts;
  }

  set texts(texts) {
    this.#texts = texts;
    this.#update();
  }

  /** All texts, replaced or not. */
  get allTexts() {
    return replaced(ENGLISH, this.#texts);
  }

  /** Reads the conversation now, for a page that knows that it has changed. */
  async refresh() {
    await this.#conversation?.refresh();
  }

  /** Shows the conversation as it is now. Elements say how. */
  show() {}

  tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));
  }

  #join() {
    this.#leave();
    this.#conversation = Conversation.shownBy(this, this.#onChange);
    this.#update();
  }

  #leave() {
    this.#conversation?.leave(this.#onChange);
    this.#conversation = null;
  }

  #onChange = () => {
    const code = this.#conversation?.problem;
    if (code) this.tell("afterchat-error", { code });
    this.#update();
  };

  #update() {
    const texts = this.allTexts;
    const problem = this.#conversation?.problem ?? null;
    this.#frame.dir = directionOf(texts.retry);
    this.#loading.hidden = Boolean(this.#conversation?.view ?? problem);
    say(this.#loading, texts.loading);
    this.#problemBox.hidden = !problem;
    say(this.#problem, problem ? inWords({ code: problem }, texts) : "");
    say(this.#retry, texts.retry);
    this.status.hidden = this.#loading.hidden && this.#problemBox.hidden;
    this.show();
  }
}

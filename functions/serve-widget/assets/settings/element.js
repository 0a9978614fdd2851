import { Api, errorCode } from "../common/api.js";
import { ElementTexts } from "../common/element-texts.js";
import { attachFrame, updateColorScheme } from "../common/frame.js";
import { textDirection } from "../common/texts.js";
import { LANGUAGES } from "./languages.js";
import { SettingsPage } from "./page.js";
import { SettingsClient } from "./settings-client.js";
import { styles } from "./styles.js";

/** @import { AfterchatSettings as Public } from "../../types/afterchat" */

/**
 * `<afterchat-settings api token>`: the page that edits the organisation's settings.
 *
 * `types/afterchat.d.ts` describes the attributes, properties and events.
 *
 * @implements {Public}
 */
export class AfterchatSettings extends HTMLElement {
  static observedAttributes = ["api", "token", "lang"];

  #frame;
  #texts = new ElementTexts(LANGUAGES, () => this.#render());
  #isStarting = false;
  #isGuarding = false;
  #page = new SettingsPage({
    onSaved: (version) => this.#dispatch("afterchat-settings-saved", { version }),
    onError: (error) => this.#dispatch("afterchat-error", { code: errorCode(error) }),
    onRender: () => this.#updateGuard(),
  });

  constructor() {
    super();
    this.#frame = attachFrame(this, styles, this.#page.node);
  }

  connectedCallback() {
    updateColorScheme(this.#frame);
    this.#startSoon();
    this.#render();
    this.#texts.load(this);
  }

  disconnectedCallback() {
    this.#updateGuard();
    this.#page.closeDialogs();
  }

  /**
   * @param {string} name
   * @param {string | null} before
   * @param {string | null} after
   */
  attributeChangedCallback(name, before, after) {
    if (!this.isConnected || before === after) return;
    if (name === "lang") this.#texts.load(this);
    else this.#startSoon();
  }

  get texts() {
    return this.#texts.replacements;
  }

  set texts(texts) {
    this.#texts.replacements = texts;
  }

  get hasUnsavedChanges() {
    return this.#page.hasChanges;
  }

  refresh() {
    return this.#page.load();
  }

  /** Attributes often change together. They cause one request. */
  #startSoon() {
    if (this.#isStarting) return;
    this.#isStarting = true;
    queueMicrotask(() => {
      this.#isStarting = false;
      if (!this.isConnected) return;
      const token = this.getAttribute("token");
      this.#page.start(token ? new SettingsClient(new Api(this.getAttribute("api"), token)) : null);
    });
  }

  #render() {
    const texts = this.#texts.all;
    this.#frame.dir = textDirection(texts.retry);
    this.#page.texts = texts;
  }

  /** Asks before the page is left with unsaved changes. Without changes, the browser may keep the page in its cache. */
  #updateGuard() {
    const needsGuard = this.isConnected && this.#page.hasChanges;
    if (needsGuard === this.#isGuarding) return;
    this.#isGuarding = needsGuard;
    if (needsGuard) addEventListener("beforeunload", keepPage);
    else removeEventListener("beforeunload", keepPage);
  }

  /**
   * @param {string} type
   * @param {object} detail
   */
  #dispatch(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));
  }
}

/** @param {BeforeUnloadEvent} event */
function keepPage(event) {
  event.preventDefault();
  // Chrome before version 119 ignores `preventDefault()` here.
  event.returnValue = true;
}

import { createElement, setText } from "../common/dom.js";
import { ConversationElement } from "../sidebar/conversation-element.js";
import { formatDay } from "../sidebar/dates.js";
import { createEntry } from "./entries.js";
import { RatingSummary } from "./rating-summary.js";
import { styles } from "./styles.js";

/** @import { AfterchatThread as Public, SidebarTexts } from "../../types/afterchat" */
/** @import { Conversation, ConversationView } from "../sidebar/conversation.js" */
/** @typedef {{ source: string, node: HTMLElement }} RenderedItem */

/** The log counts as scrolled to its end within this distance, in pixels. */
const END_DISTANCE = 48;

/**
 * `<afterchat-thread api token conversation>`: the conversation with its events and private notes, and its rating. It
 * scrolls within the height that the page gives it.
 *
 * @implements {Public}
 */
export class AfterchatThread extends ConversationElement {
  #rating = new RatingSummary();
  #log = createElement("div", { class: "log", role: "log", tabindex: "0" });
  #empty = createElement("p", { class: "quiet" });
  /**
   * The items in the log by key, with what each was rendered from.
   *
   * @type {Map<string, RenderedItem>}
   */
  #rendered = new Map();
  /** @type {unknown} */
  #renderedTexts = null;
  #isAtEnd = true;

  constructor() {
    super(styles);
    this.frame.append(this.#rating.node, this.status, this.#log);
    this.#log.addEventListener("scroll", () => this.#onScroll(), { passive: true });
    new ResizeObserver(() => this.#keepAtEnd()).observe(this.#log);
  }

  /**
   * @override
   * @param {Conversation | null} _conversation
   * @param {ConversationView | null} view
   * @param {SidebarTexts} texts
   */
  render(_conversation, view, texts) {
    this.#log.hidden = !view;
    this.#log.setAttribute("aria-label", texts.thread.label);
    this.#rating.render(view?.rating ?? null, texts);
    if (!view) {
      this.#rendered.clear();
      this.#log.replaceChildren();
      return;
    }
    this.#renderEntries(view, texts);
    this.#keepAtEnd();
  }

  #onScroll() {
    this.#isAtEnd = this.#log.scrollHeight - this.#log.scrollTop - this.#log.clientHeight < END_DISTANCE;
  }

  /** Scrolls to new entries if the reader was at the end. Otherwise the position stays. */
  #keepAtEnd() {
    if (this.#isAtEnd) this.#log.scrollTop = this.#log.scrollHeight;
  }

  /**
   * Changes only nodes that are new or different. Screen readers announce changes of the log, and the reader may have
   * selected text in it.
   *
   * @param {ConversationView} view
   * @param {SidebarTexts} texts
   */
  #renderEntries({ entries, transcripts }, texts) {
    const before = texts === this.#renderedTexts ? this.#rendered : new Map();
    this.#rendered = new Map();
    this.#renderedTexts = texts;
    /** @type {Element[]} */
    const nodes = [];
    /**
     * @param {string} key
     * @param {string} source
     * @param {() => HTMLElement} create
     */
    const add = (key, source, create) => {
      const earlier = before.get(key);
      const item = earlier?.source === source ? earlier : { source, node: create() };
      this.#rendered.set(key, item);
      nodes.push(item.node);
    };
    let currentDay = null;
    for (const entry of entries) {
      const day = formatDay(entry.at, texts.language);
      if (day !== currentDay) {
        add(`day ${day}`, day, () => createElement("p", { class: "day" }, day));
        currentDay = day;
      }
      add(`entry ${entry.id}`, JSON.stringify(entry), () => createEntry(entry, transcripts, texts));
    }
    setText(this.#empty, texts.thread.empty);
    this.#syncNodes(nodes.length > 0 ? nodes : [this.#empty]);
  }

  /** @param {Element[]} nodes */
  #syncNodes(nodes) {
    const kept = new Set(nodes);
    for (const node of [...this.#log.children]) if (!kept.has(node)) node.remove();
    nodes.forEach((node, index) => {
      if (this.#log.children[index] !== node) this.#log.insertBefore(node, this.#log.children[index] ?? null);
    });
  }
}

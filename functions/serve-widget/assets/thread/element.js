import { element, say } from "../common/dom.js";
import { ConversationElement } from "../sidebar/conversation-element.js";
import { day } from "../sidebar/moments.js";
import { entryNode } from "./entries.js";
import { RatingSummary } from "./rating-summary.js";
import { styles } from "./styles.js";

/** How near to its end, in pixels, the log counts as read to the end. */
const NEAR = 48;

/**
 * `<afterchat-thread api token conversation>`: the conversation with its events and private notes,
 * and its rating at a glance. It scrolls within the height that the page gives it.
 */
export class AfterchatThread extends ConversationElement {
  static styles = [styles];

  #rating = new RatingSummary();
  #log = element("div", { class: "log", role: "log", tabindex: "0" });
  #empty = element("p", { class: "quiet" });
  /** What stands in the log, by its place: what it was made from, and its node. */
  #standing = new Map();
  #standingTexts = null;
  #isAtEnd = true;

  constructor() {
    super();
    this.frame.append(this.#rating.node, this.status, this.#log);
    this.#log.addEventListener("scroll", () => (this.#isAtEnd = this.#measure()), { passive: true });
    new ResizeObserver(() => this.#stayAtEnd()).observe(this.#log);
  }

  show() {
    const texts = this.allTexts;
    const view = this.conversation?.view;
    this.#log.hidden = !view;
    this.#log.setAttribute("aria-label", texts.thread.label);
    this.#rating.show(view?.rating ?? null, texts);
    if (!view) {
      this.#standing.clear();
      this.#log.replaceChildren();
      return;
    }
    this.#write(view, texts);
    this.#stayAtEnd();
  }

  #measure() {
    return this.#log.scrollHeight - this.#log.scrollTop - this.#log.clientHeight < NEAR;
  }

  /** Whoever has read to the end sees what is new; whoever reads further up is left there. */
  #stayAtEnd() {
    if (this.#isAtEnd) this.#log.scrollTop = this.#log.scrollHeight;
  }

  /** Touches only what is new or has changed: the log is read aloud, and may be being read. */
  #write({ entries, transcripts }, texts) {
    const before = this.texts === this.#standingTexts ? this.#standing : new Map();
    this.#standing = new Map();
    this.#standingTexts = this.texts;
    const nodes = [];
    let today = null;
    const place = (key, source, make) => {
      const standing = before.get(key);
      const isSame = standing?.source === source;
      const placed = isSame ? standing : { source, node: make() };
      this.#standing.set(key, placed);
      nodes.push(placed.node);
    };
    for (const entry of entries) {
      const entryDay = day(entry.at, texts.language);
      if (entryDay !== today) {
        place(`day ${entryDay}`, entryDay, () => element("p", { class: "day" }, entryDay));
        today = entryDay;
      }
      place(`entry ${entry.id}`, JSON.stringify(entry), () => entryNode(entry, transcripts, texts));
    }
    say(this.#empty, texts.thread.empty);
    this.#arrange(nodes.length > 0 ? nodes : [this.#empty]);
  }

  #arrange(nodes) {
    const kept = new Set(nodes);
    for (const node of [...this.#log.children]) if (!kept.has(node)) node.remove();
    nodes.forEach((node, index) => {
      if (this.#log.children[index] !== node) this.#log.insertBefore(node, this.#log.children[index] ?? null);
    });
  }
}

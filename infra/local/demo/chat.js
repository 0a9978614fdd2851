/** @import { EventEntry, MessageEntry } from "../../../functions/serve-widget/types/api" */
/** @import { Platform } from "./platform.js" */

import { byId, createElement } from "./dom.js";

/** The shop's chat with the public entries. A real shop has a chat of its own. */
export class Chat {
  #platform;
  #log = byId("chat-log");
  #messages = byId("chat-messages");
  /** @type {Set<string>} */
  #shownIds = new Set();

  /** @param {Platform} platform */
  constructor(platform) {
    this.#platform = platform;
    new ResizeObserver(() => this.scrollToEnd()).observe(byId("rating"));
  }

  async refresh() {
    const entries = await this.#platform.entries();
    const added = entries.filter(({ id, visibility }) => visibility === "public" && !this.#shownIds.has(id));
    for (const entry of added) {
      this.#shownIds.add(entry.id);
      this.#messages.append(entry.kind === "message" ? createMessage(entry) : createNotice(entry));
    }
    if (added.length > 0) this.scrollToEnd();
  }

  scrollToEnd() {
    this.#log.scrollTop = this.#log.scrollHeight;
  }
}

/** @param {MessageEntry} entry */
function createMessage({ author, text, attachments = [] }) {
  const isOwn = author.kind === "visitor";
  const node = createElement("div", isOwn ? "said own" : "said");
  if (!isOwn) node.append(createElement("bdi", "said-by", author.name));
  const paragraph = createElement("p", "said-text", text);
  paragraph.dir = "auto";
  node.append(paragraph);
  for (const { name, url } of attachments) {
    const link = createElement("a", "said-file", name);
    if (url) link.href = url;
    link.dir = "auto";
    node.append(link);
  }
  return node;
}

/** @param {EventEntry} entry */
function createNotice({ event }) {
  const node = createElement("p", "notice", "The transcript was sent to ");
  node.append(createElement("bdi", "", event.to), ".");
  return node;
}

import { Api } from "../common/api.js";
import { Poller } from "../common/poller.js";

const PAGE = 500;

/** The conversations that are shown, by who reads them. */
const shown = new Map();

/**
 * A conversation as the API tells it, read once for all elements of a page that show it.
 *
 * `view` is `null` until the first answer; `problem` is the code of the last failure, or `null`.
 */
export class Conversation {
  view = null;
  problem = null;

  #key;
  #path;
  #listeners = new Set();
  #poller = new Poller(() => this.#read());
  /** The thread's pages: the cursor of each, and its entries. */
  #pages = [{ cursor: null, entries: [] }];

  /** Starts listening to the conversation that an element's attributes name, or `null`. */
  static shownBy(host, listener) {
    const [address, token, id] = ["api", "token", "conversation"].map((name) => host.getAttribute(name));
    if (!token || !id) return null;
    const key = JSON.stringify([address, token, id]);
    if (!shown.has(key)) shown.set(key, new Conversation(key, new Api(address, token), id));
    const conversation = shown.get(key);
    conversation.#listen(listener);
    return conversation;
  }

  constructor(key, api, id) {
    this.#key = key;
    this.api = api;
    this.id = id;
    this.#path = `/v1/conversations/${encodeURIComponent(id)}`;
  }

  /** The path of something that belongs to the conversation. */
  path(part) {
    return `${this.#path}/${part}`;
  }

  refresh() {
    return this.#poller.refresh();
  }

  leave(listener) {
    this.#listeners.delete(listener);
    if (this.#listeners.size > 0) return;
    this.#poller.stop();
    shown.delete(this.#key);
  }

  #listen(listener) {
    this.#listeners.add(listener);
    if (this.#listeners.size === 1) this.#poller.start();
    else listener();
  }

  async #read() {
    try {
      await this.#readToTheEnd();
      this.problem = null;
    } catch (error) {
      this.problem = error.code ?? "other";
    }
    for (const listener of [...this.#listeners]) listener();
  }

  /** Earlier pages stay as they are: what is new stands on the last one, or after it. */
  async #readToTheEnd() {
    for (;;) {
      const page = this.#pages.at(-1);
      const query = new URLSearchParams({ limit: PAGE, ...(page.cursor && { cursor: page.cursor }) });
      const answer = await this.api.get(`${this.#path}?${query}`);
      page.entries = answer.thread.entries;
      this.view = { ...answer, entries: this.#pages.flatMap(({ entries }) => entries) };
      if (!answer.thread.next_cursor) return;
      this.#pages.push({ cursor: answer.thread.next_cursor, entries: [] });
    }
  }
}

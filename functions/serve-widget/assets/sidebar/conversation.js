import { Api, errorCode } from "../common/api.js";
import { Poller } from "../common/poller.js";

/** @import { SidebarTexts } from "../../types/afterchat" */
/** @import { ConversationResponse, Entry } from "../../types/api" */
/**
 * @typedef {ConversationResponse & { entries: Entry[] }} ConversationView
 *   a conversation with the entries of all pages
 */
/** @typedef {{ conversation: Conversation, view: ConversationView, texts: SidebarTexts }} ActionContext */

const PAGE_SIZE = 500;

/**
 * The conversations that elements show, by API URL, token and id.
 *
 * @type {Map<string, Conversation>}
 */
const conversations = new Map();

/** A conversation, which is read once for all elements of a page that show it. */
export class Conversation {
  /**
   * `null` until it was read.
   *
   * @type {ConversationView | null}
   */
  view = null;

  /**
   * The error code of the last read, or `null` if it succeeded.
   *
   * @type {string | null}
   */
  problem = null;

  #key;
  #path;
  /** @type {Set<() => void>} */
  #listeners = new Set();
  #poller = new Poller(() => this.#load());
  /**
   * The pages of the thread that were read.
   *
   * @type {{ cursor: string | null, entries: Entry[] }[]}
   */
  #pages = [];

  /**
   * Subscribes to the conversation that an element's attributes name.
   *
   * @param {HTMLElement} host
   * @param {() => void} listener called after each read
   * @returns {Conversation | null} `null` if the attributes are incomplete
   */
  static subscribe(host, listener) {
    const baseUrl = host.getAttribute("api");
    const token = host.getAttribute("token");
    const id = host.getAttribute("conversation");
    if (!token || !id) return null;
    const key = JSON.stringify([baseUrl, token, id]);
    const conversation = conversations.get(key) ?? new Conversation(key, new Api(baseUrl, token), id);
    conversations.set(key, conversation);
    conversation.#subscribe(listener);
    return conversation;
  }

  /**
   * @param {string} key
   * @param {Api} api
   * @param {string} id
   */
  constructor(key, api, id) {
    this.#key = key;
    this.api = api;
    this.#path = `/v1/conversations/${encodeURIComponent(id)}`;
  }

  /**
   * The path of one of the conversation's resources.
   *
   * @param {string} name
   */
  path(name) {
    return `${this.#path}/${name}`;
  }

  refresh() {
    return this.#poller.refresh();
  }

  /** @param {() => void} listener */
  unsubscribe(listener) {
    this.#listeners.delete(listener);
    if (this.#listeners.size > 0) return;
    this.#poller.stop();
    conversations.delete(this.#key);
  }

  /** @param {() => void} listener */
  #subscribe(listener) {
    this.#listeners.add(listener);
    if (this.#listeners.size === 1) this.#poller.start();
    else listener();
  }

  async #load() {
    try {
      await this.#readNewPages();
      this.problem = null;
    } catch (error) {
      this.problem = errorCode(error);
    }
    for (const listener of [...this.#listeners]) listener();
  }

  /** Reads the last page again and the pages after it. Earlier pages do not change. */
  async #readNewPages() {
    let page = this.#pages.at(-1) ?? this.#addPage(null);
    for (;;) {
      const query = new URLSearchParams({ limit: String(PAGE_SIZE), ...(page.cursor && { cursor: page.cursor }) });
      /** @type {ConversationResponse} */
      const response = await this.api.get(`${this.#path}?${query}`);
      page.entries = response.thread.entries;
      this.view = { ...response, entries: this.#pages.flatMap(({ entries }) => entries) };
      if (!response.thread.next_cursor) return;
      page = this.#addPage(response.thread.next_cursor);
    }
  }

  /** @param {string | null} cursor */
  #addPage(cursor) {
    /** @type {{ cursor: string | null, entries: Entry[] }} */
    const page = { cursor, entries: [] };
    this.#pages.push(page);
    return page;
  }
}

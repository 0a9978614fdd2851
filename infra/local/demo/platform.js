/** @import { Conversation, ConversationResponse, Entry } from "../../../functions/serve-widget/types/api" */
/**
 * @typedef {object} Email
 * @property {number} index in the outbox
 * @property {string} from
 * @property {string[]} to
 * @property {string} subject
 * @property {string | null} text
 * @property {string} sent_at
 */

/**
 * @typedef {object} Schedule
 * @property {string} at in RFC 3339
 * @property {{ due: string, conversation_id: string } | null} input
 */

/** The demo's conversations: the visitor's name and language by id. */
export const CONVERSATIONS = {
  demo: { name: "Mara Lindqvist", language: "en" },
  "demo-ar": { name: "ليلى حداد", language: "ar" },
  "demo-ja": { name: "佐藤 美咲", language: "ja" },
};

/** The id of the conversation that the page's address names, or else of the first one. */
export const CONVERSATION = conversationOf(new URLSearchParams(location.search).get("conversation"));

/** The agent who is signed in to the inbox. */
const AGENT = { sub: "jo", name: "Jo Okafor" };

/** A person who looks after the team. */
export const MANAGER = { ...AGENT, scopes: ["settings:write"] };

/**
 * The server of a chat platform: it signs agents in, records messages, and gives the visitor's page its token. In the
 * demo the page itself does this. Only a local stack issues the tokens for it.
 */
export class Platform {
  #token;

  static async start() {
    const [token, agentToken] = await Promise.all([
      issueToken({ sub: "demo-platform", scopes: ["conversations:write", "conversations:read"] }),
      issueToken({ ...AGENT, scopes: ["ratings:ask", "transcripts:send", "conversations:read"] }),
    ]);
    const recorded = await callApi("PUT", `/v1/conversations/${CONVERSATION}`, {}, token);
    return new Platform(token, agentToken, recorded.visitor_token, recorded.conversation);
  }

  /**
   * @param {string} token
   * @param {string} agentToken
   * @param {string} visitorToken
   * @param {Conversation} conversation
   */
  constructor(token, agentToken, visitorToken, conversation) {
    this.#token = token;
    this.agentToken = agentToken;
    this.visitorToken = visitorToken;
    this.conversation = conversation;
  }

  /** Reads the whole thread. */
  async entries() {
    /** @type {Entry[]} */
    const entries = [];
    /** @type {string | undefined} */
    let cursor;
    do {
      const query = new URLSearchParams({ limit: "500", ...(cursor && { cursor }) });
      /** @type {ConversationResponse} */
      const { thread } = await this.#call("GET", `?${query}`);
      entries.push(...thread.entries);
      cursor = thread.next_cursor;
    } while (cursor);
    return entries;
  }

  /**
   * Records the visitor's language. The prompt and e-mails are in it, if there are texts in it.
   *
   * @param {string} language
   */
  async recordLanguage(language) {
    await this.#call("PUT", "", { visitor: { language } });
  }

  /**
   * Records that the agent resolved the conversation or opened it again.
   *
   * @param {Conversation["status"]} status
   */
  async recordStatus(status) {
    const change = status === "resolved" ? { status, resolved_by: "agent" } : { status };
    this.conversation = (await this.#call("PUT", "", change)).conversation;
  }

  /**
   * The first address from which transcripts can be sent.
   *
   * @returns {Promise<string | undefined>}
   */
  async verifiedSender() {
    const path = `/v1/conversations/${CONVERSATION}?limit=1`;
    /** @type {ConversationResponse} */
    const { actions } = await callApi("GET", path, undefined, this.agentToken);
    return actions.send_transcript.senders[0]?.address;
  }

  /** @param {string} text */
  async recordVisitorMessage(text) {
    await this.#recordMessage({ kind: "visitor", name: this.conversation.visitor.name }, "public", text);
  }

  /**
   * @param {string} text
   * @param {"public" | "private"} visibility
   */
  async recordAgentMessage(text, visibility) {
    await this.#recordMessage({ kind: "agent", id: AGENT.sub, name: AGENT.name }, visibility, text);
  }

  /**
   * @param {{ kind: string, id?: string, name?: string }} author
   * @param {"public" | "private"} visibility
   * @param {string} text
   */
  async #recordMessage(author, visibility, text) {
    const message = { id: crypto.randomUUID(), sent_at: await currentTime(), author, visibility, text };
    await this.#call("POST", "/messages", { messages: [message] });
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {object} [body]
   */
  #call(method, path, body) {
    return callApi(method, `/v1/conversations/${CONVERSATION}${path}`, body, this.#token);
  }
}

/**
 * @param {string | null} id
 * @returns {string}
 */
function conversationOf(id) {
  return id && Object.hasOwn(CONVERSATIONS, id) ? id : "demo";
}

/** The time of the functions' clock, in RFC 3339. */
export function currentTime() {
  return advanceClock(0);
}

/**
 * Advances the functions' clock.
 *
 * @param {number} seconds
 * @returns {Promise<string>} the new time
 */
export async function advanceClock(seconds) {
  const { now } = await callApi("POST", "/dev/clock", { advance_seconds: seconds });
  return now;
}

/** Does in the background everything that is due now, and waits until it is done. */
export async function settle() {
  await callApi("POST", "/dev/background", {});
}

/**
 * The schedules that did not fire yet, the earliest first.
 *
 * @returns {Promise<Schedule[]>}
 */
export async function pendingSchedules() {
  return (await callApi("GET", "/dev/schedules")).schedules;
}

/**
 * The e-mails that were sent, newest first.
 *
 * @returns {Promise<Email[]>}
 */
export async function sentEmails() {
  /** @type {{ emails: Omit<Email, "index">[] }} */
  const { emails } = await callApi("GET", "/dev/outbox");
  return emails.map((email, index) => ({ ...email, index })).reverse();
}

/**
 * @param {{ sub: string, name?: string, scopes: string[] }} claims
 * @returns {Promise<string>}
 */
export async function issueToken(claims) {
  const { token } = await callApi("POST", "/dev/token", claims);
  return token;
}

/**
 * @param {string} method
 * @param {string} path
 * @param {object} [body]
 * @param {string} [token]
 * @param {Record<string, string>} [otherHeaders]
 */
export async function callApi(method, path, body, token, otherHeaders) {
  /** @type {Record<string, string>} */
  const headers = { "Content-Type": "application/json", ...otherHeaders };
  if (token) headers.Authorization = `Bearer ${token}`;
  const response = await fetch(path, { method, headers, body: body && JSON.stringify(body) });
  const content = await response.json();
  if (!response.ok) throw new Error(content.detail ?? content.message ?? response.statusText);
  return content;
}

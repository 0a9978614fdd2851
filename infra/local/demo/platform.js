/** The demo's conversation. */
export const CONVERSATION = "demo";

/** Who is signed in to the inbox. */
const AGENT = { sub: "jo", name: "Jo Okafor" };

/**
 * What a chat platform's own server does: it signs its agents in, records what is said, and gives
 * each visitor's page its token. Here the page plays that server, with tokens that only a local
 * stack gives to anyone.
 */
export class Platform {
  #token;

  static async start() {
    const platform = new Platform();
    const scopes = ["conversations:write", "conversations:read"];
    platform.#token = await issueToken({ sub: "demo-platform", scopes });
    platform.agentToken = await issueToken({
      ...AGENT,
      scopes: ["ratings:ask", "transcripts:send", "conversations:read"],
    });
    const recorded = await platform.#call("PUT", "", {});
    platform.visitorToken = recorded.visitor_token;
    platform.visitor = recorded.conversation.visitor;
    platform.conversation = recorded.conversation;
    return platform;
  }

  /** The thread as the platform knows it. */
  async entries() {
    const entries = [];
    let cursor;
    do {
      const query = new URLSearchParams({ limit: 500, ...(cursor && { cursor }) });
      const { thread } = await this.#call("GET", `?${query}`);
      entries.push(...thread.entries);
      cursor = thread.next_cursor;
    } while (cursor);
    return entries;
  }

  /** Records what the visitor wrote. */
  async visitorSays(text) {
    await this.#record({ kind: "visitor", name: this.visitor.name }, "public", text);
  }

  /** Records what the agent wrote. */
  async agentSays(text, visibility) {
    await this.#record({ kind: "agent", id: AGENT.sub, name: AGENT.name }, visibility, text);
  }

  async #record(author, visibility, text) {
    const sentAt = await now();
    const message = { id: crypto.randomUUID(), sent_at: sentAt, author, visibility, text };
    await this.#call("POST", "/messages", { messages: [message] });
  }

  #call(method, path, body) {
    return call(method, `/v1/conversations/${CONVERSATION}${path}`, body, this.#token);
  }
}

/** What the functions' clock shows. */
export function now() {
  return advance(0);
}

/** Moves the functions' clock on, and tells what it shows then. */
export async function advance(seconds) {
  const { now } = await call("POST", "/dev/clock", { advance_seconds: seconds });
  return now;
}

/** The mails that were sent, the newest first, each with its place in the outbox. */
export async function mails() {
  const { emails } = await call("GET", "/dev/outbox");
  return emails.map((email, place) => ({ ...email, place })).reverse();
}

export async function issueToken(claims) {
  const { token } = await call("POST", "/dev/token", claims);
  return token;
}

export async function call(method, path, body, token) {
  const headers = { "Content-Type": "application/json" };
  if (token) headers.Authorization = `Bearer ${token}`;
  const response = await fetch(path, { method, headers, body: body && JSON.stringify(body) });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.detail ?? answer.message ?? response.statusText);
  return answer;
}

/** The shop's chat: what was said in public. A real shop has a chat of its own here. */
export class Chat {
  #platform;
  #log = document.getElementById("chat-log");
  #messages = document.getElementById("chat-messages");
  #shown = new Set();

  constructor(platform) {
    this.#platform = platform;
    new ResizeObserver(() => this.scrollToEnd()).observe(document.getElementById("rating"));
  }

  async refresh() {
    const entries = await this.#platform.entries();
    const fresh = entries.filter((entry) => entry.visibility === "public" && !this.#shown.has(entry.id));
    for (const entry of fresh) {
      this.#shown.add(entry.id);
      this.#messages.append(entry.kind === "message" ? bubble(entry) : notice(entry));
    }
    if (fresh.length > 0) this.scrollToEnd();
  }

  scrollToEnd() {
    this.#log.scrollTop = this.#log.scrollHeight;
  }
}

function bubble({ author, text, attachments = [] }) {
  const isOwn = author.kind === "visitor";
  const node = made("div", isOwn ? "said own" : "said");
  if (!isOwn) node.append(made("bdi", "said-by", author.name));
  const said = made("p", "said-text", text);
  said.dir = "auto";
  node.append(said);
  for (const { name, url } of attachments) {
    const link = made("a", "said-file", name);
    link.href = url;
    link.dir = "auto";
    node.append(link);
  }
  return node;
}

function notice({ event }) {
  const node = made("p", "notice", "The conversation was mailed to ");
  node.append(made("bdi", "", event.to), ".");
  return node;
}

function made(name, className, text = "") {
  const node = document.createElement(name);
  node.className = className;
  node.textContent = text;
  return node;
}

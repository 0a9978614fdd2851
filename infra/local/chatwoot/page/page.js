import { byId, createElement, typedById } from "../../demo/dom.js";

/**
 * @typedef {object} Message
 * @property {number} id
 * @property {"visitor" | "teammate" | "bot" | "server"} from
 * @property {string | null} name
 * @property {string | null} text
 * @property {boolean} is_private
 * @property {{title: string, value: string}[] | null} choices
 * @property {string | null} chosen
 *
 * @typedef {object} Conversation
 * @property {string} status
 * @property {boolean} is_connected
 * @property {string | null} visitor
 * @property {Message[]} messages
 */

/** The conversation that the server starts with. */
const CONVERSATION = "/dev/accounts/1/conversations/1";

/** How often the page reads the conversation, in milliseconds. */
const INTERVAL = 1000;

/** A link in Markdown: `[text](https://…)`. */
const LINK = /\[([^\]]+)\]\((https?:\/\/[^\s)]+)\)/;

let shown = "";

/**
 * @param {string} path
 * @param {object} [body]
 */
async function call(path, body) {
  const options = body ? { method: "POST", body: JSON.stringify(body) } : {};
  const response = await fetch(`${CONVERSATION}${path}`, options);
  if (!response.ok) throw new Error(`The server responded with ${response.status}.`);
  return response.json();
}

/**
 * Does something and shows the conversation after it, or the error.
 *
 * @param {() => Promise<unknown>} action
 */
async function attempt(action) {
  const failure = byId("failure");
  try {
    await action();
    show(await call(""));
    failure.textContent = "";
  } catch (error) {
    failure.textContent = `The request failed: ${error instanceof Error ? error.message : error}`;
  }
}

/** Shows the conversation as it is now. An error of an action stays visible. */
async function refresh() {
  const offline = byId("offline");
  try {
    show(await call(""));
    offline.hidden = true;
  } catch {
    offline.hidden = false;
  }
}

/** @param {Conversation} conversation */
function show(conversation) {
  // An unchanged conversation is left alone, so that the focus and the position stay.
  const text = JSON.stringify(conversation);
  if (text === shown) return;
  shown = text;
  const { status, is_connected: isConnected, messages } = conversation;
  byId("status").textContent = status;
  byId("resolve").textContent = status === "resolved" ? "Open again" : "Resolve";
  byId("connection").textContent = isConnected
    ? "The account is connected."
    : "The account is not connected. Connect it with the commands in docs/chatwoot.md.";
  const open = messages.filter((message) => !message.is_private);
  fill(byId("widget"), open, "visitor");
  fill(byId("inbox"), messages, "teammate");
}

/**
 * Shows the messages. Those that did not change stay, with their focus, and a reader who scrolled up stays there.
 *
 * @param {HTMLElement} log
 * @param {Message[]} messages
 * @param {"visitor" | "teammate"} side whose log it is
 */
function fill(log, messages, side) {
  const isAtEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 8;
  messages.forEach((message, position) => {
    const content = JSON.stringify(message);
    const present = log.children[position];
    if (present instanceof HTMLElement && present.dataset.content === content) return;
    const active = document.activeElement;
    const focused = active instanceof HTMLElement && present?.contains(active) ? active.dataset.choice : undefined;
    const element = messageElement(message, side);
    element.dataset.content = content;
    if (present) present.replaceWith(element);
    else log.append(element);
    const again = focused ? element.querySelector(`[data-choice="${CSS.escape(focused)}"]`) : null;
    if (again instanceof HTMLElement) again.focus();
  });
  while (log.children.length > messages.length) log.lastElementChild?.remove();
  if (isAtEnd) log.scrollTop = log.scrollHeight;
}

/**
 * @param {Message} message
 * @param {"visitor" | "teammate"} side
 */
function messageElement(message, side) {
  const isOwn = side === "visitor" ? message.from === "visitor" : message.from !== "visitor";
  const item = createElement("li", `message${isOwn ? " own" : ""}${message.is_private ? " private" : ""}`);
  const name = message.name ?? "Chatwoot";
  item.append(createElement("span", "name", message.is_private ? `${name}, private note` : name));
  const text = createElement("div", "text");
  text.append(...markdown(message.text ?? ""));
  item.append(text);
  if (message.choices) {
    const choices = message.choices.map((choice) => choiceElement(message, choice, side));
    const group = createElement("div", "choices");
    group.setAttribute("role", "group");
    group.setAttribute("aria-label", "Choices");
    group.append(...choices);
    item.append(group);
  }
  return item;
}

/**
 * A choice: a button in the widget, and text in the inbox.
 *
 * @param {Message} message
 * @param {{title: string, value: string}} choice
 * @param {"visitor" | "teammate"} side
 */
function choiceElement(message, choice, side) {
  const isChosen = message.chosen === choice.value;
  if (side === "teammate") return createElement("span", "name", isChosen ? `${choice.title} ✓` : choice.title);
  const button = createElement("button", "", choice.title);
  button.dataset.choice = `${message.id}-${choice.value}`;
  button.setAttribute("aria-pressed", String(isChosen));
  button.addEventListener("click", () => attempt(() => call("/answers", { id: message.id, value: choice.value })));
  return button;
}

/**
 * The text with its links.
 *
 * @param {string} text
 */
function markdown(text) {
  /** @type {(string | HTMLElement)[]} */
  const parts = [];
  let rest = text;
  for (let found = LINK.exec(rest); found; found = LINK.exec(rest)) {
    const [whole, label, url] = found;
    parts.push(rest.slice(0, found.index));
    const link = document.createElement("a");
    link.href = url;
    link.target = "_blank";
    link.rel = "noopener noreferrer";
    link.textContent = label;
    parts.push(link);
    rest = rest.slice(found.index + whole.length);
  }
  parts.push(rest);
  return parts;
}

/**
 * Sends the text of a form to the path that `path` returns.
 *
 * @param {string} form
 * @param {string} input
 * @param {() => string} path
 */
function sendFrom(form, input, path) {
  byId(form).addEventListener("submit", (event) => {
    event.preventDefault();
    const field = typedById(input, HTMLInputElement);
    attempt(async () => {
      await call(path(), { text: field.value });
      field.value = "";
    });
  });
}

sendFrom("visitor-form", "visitor-text", () => "/messages");
sendFrom("teammate-form", "teammate-text", () =>
  typedById("is-private", HTMLInputElement).checked ? "/notes" : "/replies",
);

for (const button of document.querySelectorAll("[data-note]")) {
  const { note } = /** @type {HTMLElement} */ (button).dataset;
  button.addEventListener("click", () => attempt(() => call("/notes", { text: note })));
}

byId("resolve").addEventListener("click", () =>
  attempt(async () => {
    const { status } = await call("");
    await call("/status", { status: status === "resolved" ? "open" : "resolved" });
  }),
);

refresh();
setInterval(refresh, INTERVAL);

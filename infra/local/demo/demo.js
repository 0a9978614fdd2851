import { Chat } from "./chat.js";
import { Outbox } from "./outbox.js";
import { CONVERSATION, Platform, advance, now } from "./platform.js";

const byId = (id) => document.getElementById(id);
const rating = byId("rating");
const thread = byId("thread");
const actions = byId("actions");

const CHECK_EVERY_MS = 15_000;

async function start() {
  const platform = await Platform.start();
  const chat = new Chat(platform);
  const outbox = new Outbox();
  introduce(platform);

  rating.setAttribute("api", location.origin);
  rating.setAttribute("token", platform.visitorToken);
  for (const element of [thread, actions]) {
    element.setAttribute("api", location.origin);
    element.setAttribute("token", platform.agentToken);
    element.setAttribute("conversation", CONVERSATION);
  }

  const refreshAll = () => Promise.all([chat.refresh(), outbox.refresh(), rating.refresh(), thread.refresh()]);
  // The platform knows at once what its agents do, and tells the visitor's page.
  document.addEventListener("afterchat-asked", attempt(() => rating.refresh()));
  document.addEventListener("afterchat-rated", attempt(() => thread.refresh()));
  document.addEventListener("afterchat-transcript-sent", attempt(refreshAll));

  onSubmit("visitor-form", "visitor-text", async (text) => {
    await platform.visitorSays(text);
    await refreshAll();
  });
  onSubmit("agent-form", "agent-text", async (text) => {
    await platform.agentSays(text, byId("agent-private").checked ? "private" : "public");
    byId("agent-private").checked = false;
    await refreshAll();
  });
  for (const button of document.querySelectorAll("[data-advance]")) {
    button.addEventListener("click", attempt(async () => {
      showTime(await advance(Number(button.dataset.advance)));
      await refreshAll();
    }));
  }

  await Promise.all([refreshAll(), now().then(showTime)]);
  setInterval(attempt(async () => {
    if (!document.hidden) await Promise.all([chat.refresh(), outbox.refresh(), now().then(showTime)]);
  }), CHECK_EVERY_MS);
}

/** Who the visitor is, beside the conversation. */
function introduce({ visitor, conversation }) {
  byId("visitor-name").textContent = visitor.name;
  const facts = { "E-mail": visitor.email, "Time zone": visitor.time_zone, Channel: conversation.channel };
  for (const [name, value] of Object.entries(facts)) {
    const term = document.createElement("dt");
    term.textContent = name;
    const description = document.createElement("dd");
    description.textContent = value ?? "not known";
    description.dir = "auto";
    byId("facts").append(term, description);
  }
}

function onSubmit(form, field, send) {
  byId(form).addEventListener("submit", (event) => {
    event.preventDefault();
    const text = byId(field).value.trim();
    if (!text) return;
    attempt(async () => {
      await send(text);
      byId(field).value = "";
    })();
  });
}

function showTime(time) {
  const ahead = Date.parse(time) - Date.now();
  actions.clock = () => Date.now() + ahead;
  const format = new Intl.DateTimeFormat("en-GB", { dateStyle: "full", timeStyle: "short", timeZone: "UTC" });
  byId("now").textContent = `${format.format(new Date(time))} UTC`;
  byId("now").dateTime = time;
}

/** A text of any direction within a sentence, which it does not reorder. */
function isolated(text) {
  const node = document.createElement("bdi");
  node.textContent = text;
  return node;
}

/** Does something and says when it fails. */
function attempt(action) {
  return async () => {
    try {
      await action();
      byId("failure").hidden = true;
    } catch (error) {
      byId("failure").textContent = "That did not work: ";
      byId("failure").append(isolated(error.message));
      byId("failure").hidden = false;
    }
  };
}

await attempt(start)();

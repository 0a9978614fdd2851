import { call, issueToken, now } from "./platform.js";

const byId = (id) => document.getElementById(id);
const report = byId("report");
const thread = byId("thread");
const progress = byId("progress");

/** Who is signed in: an agent who may read ratings and the conversations behind them. */
const READER = { sub: "jo", name: "Jo Okafor", scopes: ["ratings:read", "conversations:read"] };

const LOOK_EVERY_MS = 1_000;

async function start() {
  const [token, time] = await Promise.all([issueToken(READER), now()]);
  const ahead = Date.parse(time) - Date.now();
  report.clock = () => Date.now() + ahead;
  for (const element of [report, thread]) {
    element.setAttribute("api", location.origin);
    element.setAttribute("token", token);
  }

  byId("fill").addEventListener("click", attempt(() => fill(token)));
  report.addEventListener("afterchat-conversation-opened", ({ detail }) => open(detail.conversation_id));
  byId("close").addEventListener("click", () => byId("conversation").close());
  byId("conversation").addEventListener("close", () => thread.removeAttribute("conversation"));
}

/** Has a year of ratings made up, and shows how far it is until the report counts them all. */
async function fill(token) {
  byId("fill").disabled = true;
  progress.hidden = false;
  try {
    const { from, to } = await call("POST", "/dev/ratings", {});
    for (;;) {
      const { requests, written, failed } = await call("GET", "/dev/ratings");
      if (failed) throw new Error("the server’s log says why");
      const { total } = await call("GET", `/v1/satisfaction?${new URLSearchParams({ from, to, group_by: "month" })}`, undefined, token);
      const counted = Math.min(total.requests, requests);
      progress.max = 2 * requests;
      progress.value = written + counted;
      const isDone = written === requests && counted === requests;
      byId("told").textContent = isDone
        ? `${total.requests} requests and ${total.ratings} ratings are counted.`
        : `${written} of ${requests} requests are written, ${counted} are counted.`;
      if (isDone) break;
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
    report.setAttribute("from", from);
    report.setAttribute("to", to);
    await report.refresh();
  } finally {
    byId("fill").disabled = false;
    progress.hidden = true;
  }
}

function open(conversation) {
  byId("conversation-name").textContent = "Conversation ";
  byId("conversation-name").append(isolated(conversation));
  thread.setAttribute("conversation", conversation);
  byId("conversation").showModal();
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

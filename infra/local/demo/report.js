import { byId, byName, createElement, showingErrors, typedById } from "./dom.js";
import { callApi, currentTime, issueToken } from "./platform.js";

const report = byName("afterchat-report");
const thread = byName("afterchat-thread");
const dialog = typedById("conversation", HTMLDialogElement);

/** A person who may read ratings and the conversations behind them. */
const READER = { sub: "jo", name: "Jo Okafor", scopes: ["ratings:read", "conversations:read"] };

const POLL_INTERVAL_MS = 1_000;

async function start() {
  const [token, time] = await Promise.all([issueToken(READER), currentTime()]);
  const offset = Date.parse(time) - Date.now();
  report.clock = () => Date.now() + offset;
  for (const element of [report, thread]) {
    element.setAttribute("api", location.origin);
    element.setAttribute("token", token);
  }

  byId("fill").addEventListener(
    "click",
    showingErrors(() => generateRatings(token)),
  );
  report.addEventListener("afterchat-conversation-opened", ({ detail }) => openConversation(detail.conversation_id));
  byId("close").addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => thread.removeAttribute("conversation"));
}

/**
 * Generates a year of ratings, and shows the progress until the report counts all of them.
 *
 * @param {string} token
 */
async function generateRatings(token) {
  const button = typedById("fill", HTMLButtonElement);
  const progress = typedById("progress", HTMLProgressElement);
  button.disabled = true;
  progress.hidden = false;
  try {
    const { from, to } = await callApi("POST", "/dev/ratings", {});
    while (!(await showProgress(progress, from, to, token))) {
      await new Promise((resolve) => setTimeout(resolve, POLL_INTERVAL_MS));
    }
    report.setAttribute("from", from);
    report.setAttribute("to", to);
    await report.refresh();
  } finally {
    button.disabled = false;
    progress.hidden = true;
  }
}

/**
 * @param {HTMLProgressElement} progress
 * @param {string} from
 * @param {string} to
 * @param {string} token
 * @returns {Promise<boolean>} whether all ratings are counted
 */
async function showProgress(progress, from, to, token) {
  const { requests, written, failed } = await callApi("GET", "/dev/ratings");
  if (failed) throw new Error("see the server’s log");
  const query = new URLSearchParams({ from, to, group_by: "month" });
  const { total } = await callApi("GET", `/v1/satisfaction?${query}`, undefined, token);
  const counted = Math.min(total.requests, requests);
  progress.max = 2 * requests;
  progress.value = written + counted;
  const isDone = written === requests && counted === requests;
  byId("status").textContent = isDone
    ? `${total.requests} requests and ${total.ratings} ratings are counted.`
    : `${written} of ${requests} requests are written, ${counted} are counted.`;
  return isDone;
}

/** @param {string} id */
function openConversation(id) {
  byId("conversation-name").replaceChildren("Conversation ", createElement("bdi", "", id));
  thread.setAttribute("conversation", id);
  dialog.showModal();
}

await showingErrors(start)();

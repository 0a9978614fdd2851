import { Chat } from "./chat.js";
import { byId, byName, createElement, showingErrors, typedById } from "./dom.js";
import { showConversations, showLanguages } from "./languages.js";
import { Outbox } from "./outbox.js";
import { advanceClock, CONVERSATION, currentTime, Platform, settle } from "./platform.js";
import { addResolveButton } from "./resolve.js";
import { addRulesSwitch } from "./rules.js";
import { ScheduleList } from "./schedules.js";

const rating = byName("afterchat-rating");
const thread = byName("afterchat-thread");
const actions = byName("afterchat-actions");

const REFRESH_INTERVAL_MS = 15_000;

/** Functions may use a copy of the settings that is 60 seconds old. */
const SETTINGS_COPY_SECONDS = 61;

async function start() {
  const platform = await Platform.start();
  const chat = new Chat(platform);
  const outbox = new Outbox();
  const schedules = new ScheduleList();
  showVisitor(platform);
  showConversations();

  rating.setAttribute("api", location.origin);
  rating.setAttribute("token", platform.visitorToken);
  for (const element of [thread, actions]) {
    element.setAttribute("api", location.origin);
    element.setAttribute("token", platform.agentToken);
    element.setAttribute("conversation", CONVERSATION);
  }

  const refreshPage = () => Promise.all([chat.refresh(), outbox.refresh(), schedules.refresh()]);
  const refreshAll = () => Promise.all([refreshPage(), rating.refresh(), thread.refresh()]);
  const refreshSettled = async () => {
    await settle();
    await refreshAll();
  };
  // A chat platform would push these events to the visitor's page.
  document.addEventListener(
    "afterchat-asked",
    showingErrors(() => rating.refresh()),
  );
  document.addEventListener(
    "afterchat-rated",
    showingErrors(() => thread.refresh()),
  );
  document.addEventListener("afterchat-transcript-sent", showingErrors(refreshAll));

  showLanguages(platform.conversation.visitor.language, async (language) => {
    await platform.recordLanguage(language);
    await refreshAll();
  });
  addComposers(platform, refreshAll);
  addClockButtons(refreshSettled);
  addResolveButton(platform, refreshSettled);
  const addSwitch = addRulesSwitch(platform, async () => {
    showTime(await advanceClock(SETTINGS_COPY_SECONDS));
    await refreshSettled();
  });
  await Promise.all([addSwitch, refreshAll(), currentTime().then(showTime)]);
  setInterval(
    showingErrors(async () => {
      if (!document.hidden) await Promise.all([refreshPage(), currentTime().then(showTime)]);
    }),
    REFRESH_INTERVAL_MS,
  );
}

/**
 * Shows the visitor beside the conversation.
 *
 * @param {Platform} platform
 */
function showVisitor({ conversation }) {
  const { visitor, channel } = conversation;
  byId("visitor-name").textContent = visitor.name ?? "";
  const facts = { "E-mail": visitor.email, "Time zone": visitor.time_zone, Channel: channel };
  for (const [name, value] of Object.entries(facts)) {
    const description = createElement("dd", "", value ?? "unknown");
    description.dir = "auto";
    byId("facts").append(createElement("dt", "", name), description);
  }
}

/**
 * @param {Platform} platform
 * @param {() => Promise<unknown>} refreshAll
 */
function addComposers(platform, refreshAll) {
  const isPrivate = typedById("agent-private", HTMLInputElement);
  onSubmit("visitor-form", "visitor-text", async (text) => {
    await platform.recordVisitorMessage(text);
    await refreshAll();
  });
  onSubmit("agent-form", "agent-text", async (text) => {
    await platform.recordAgentMessage(text, isPrivate.checked ? "private" : "public");
    isPrivate.checked = false;
    await refreshAll();
  });
}

/**
 * @param {string} formId
 * @param {string} fieldId
 * @param {(text: string) => Promise<void>} send
 */
function onSubmit(formId, fieldId, send) {
  const field = typedById(fieldId, HTMLInputElement);
  byId(formId).addEventListener("submit", (event) => {
    event.preventDefault();
    const text = field.value.trim();
    if (!text) return;
    showingErrors(async () => {
      await send(text);
      field.value = "";
    })();
  });
}

/** @param {() => Promise<unknown>} onAdvance */
function addClockButtons(onAdvance) {
  /** @type {NodeListOf<HTMLButtonElement>} */
  const buttons = document.querySelectorAll("button[data-advance]");
  for (const button of buttons) {
    button.addEventListener(
      "click",
      showingErrors(async () => {
        showTime(await advanceClock(Number(button.dataset.advance)));
        await onAdvance();
      }),
    );
  }
}

/** @param {string} time */
function showTime(time) {
  const offset = Date.parse(time) - Date.now();
  actions.clock = () => Date.now() + offset;
  const format = new Intl.DateTimeFormat("en-GB", { dateStyle: "full", timeStyle: "short", timeZone: "UTC" });
  const node = typedById("now", HTMLTimeElement);
  node.textContent = `${format.format(new Date(time))} UTC`;
  node.dateTime = time;
}

await showingErrors(start)();

/** Checks the types of `afterchat.d.ts` against the elements and their use. It is only compiled, never run. */

import type { AfterchatActions as ActionsElement } from "../assets/actions/element.js";
import type { AfterchatRating as RatingElement } from "../assets/rating/element.js";
import type { AfterchatReport as ReportElement } from "../assets/report/element.js";
import type { AfterchatSettings as SettingsElement } from "../assets/settings/element.js";
import type { AfterchatThread as ThreadElement } from "../assets/thread/element.js";
import type {
  AfterchatActions,
  AfterchatConversationAttributes,
  AfterchatRating,
  AfterchatRatingAttributes,
  AfterchatReport,
  AfterchatReportAttributes,
  AfterchatSettings,
  AfterchatSettingsAttributes,
  AfterchatThread,
} from "./afterchat";

type Extends<Class extends Public, Public> = Class;

/** The elements have all members that the types promise. */
export type Implementations = [
  Extends<RatingElement, AfterchatRating>,
  Extends<ActionsElement, AfterchatActions>,
  Extends<ThreadElement, AfterchatThread>,
  Extends<ReportElement, AfterchatReport>,
  Extends<SettingsElement, AfterchatSettings>,
];

const rating = document.createElement("afterchat-rating");
rating.texts = { thanks: "Thanks!", problems: { throttled: "Slow down." } };
rating.texts = { reasons: "Why?", reasonsHint: "Up to {maximum}." };
rating.refresh().then(() => {});
rating.addEventListener("afterchat-rated", ({ detail }) => {
  const score: 1 | 2 | 3 | 4 | 5 = detail.score;
  const comment: string | undefined = detail.comment;
  const reasons: string[] | undefined = detail.reasons;
  // @ts-expect-error: the member is `rating_request_id`
  console.log(score, comment, reasons, detail.rating_request_id, detail.ratingRequestId);
});
rating.texts = { transcript: { button: "Send me a copy" } };
rating.addEventListener("afterchat-transcript-requested", ({ detail }) => {
  const to: string = detail.to;
  // @ts-expect-error: the event carries the masked address only
  console.log(to, detail.transcript);
});
// @ts-expect-error: there is no such text
rating.texts = { thankYou: "Thanks!" };
// @ts-expect-error: five labels are required
rating.texts = { faces: ["Bad", "Good"] };
// @ts-expect-error: the visitor's element has no clock
rating.clock = () => 0;

const actions = document.createElement("afterchat-actions");
actions.clock = () => Date.now();
actions.texts = { ask: { button: "Ask" } };
document.addEventListener("afterchat-asked", ({ detail }) => {
  const none: null = detail;
  console.log(none);
});
document.addEventListener("afterchat-transcript-sent", ({ detail }) => {
  const count: number = detail.transcript.message_count;
  // @ts-expect-error: the members of the response's `transcript` only
  console.log(count, detail.transcript.id, detail.quota);
});
// @ts-expect-error: a time in milliseconds is required
actions.clock = () => new Date();

const thread = document.createElement("afterchat-thread");
thread.texts = { thread: { empty: "Nothing here." } };
thread.refresh().finally(() => {});
thread.addEventListener("afterchat-error", ({ detail }) => {
  const code: string = detail.code;
  console.log(code);
});
// @ts-expect-error: texts are strings
thread.texts = { loading: 1 };
// @ts-expect-error: the conversation is an attribute, not a property
thread.conversation = "chat-1";

const report = document.querySelector("afterchat-report");
report?.addEventListener("afterchat-conversation-opened", (event) => {
  event.preventDefault();
  const id: string = event.detail.conversation_id;
  console.log(id, event.detail.rating_request_id);
});
// @ts-expect-error: the element may be missing
report.refresh();
if (report) {
  report.clock = () => 0;
  report.texts = { ratings: { other: "{count} ratings" } };
  // @ts-expect-error: the elements have no such method
  report.reload();
}

const settings = document.createElement("afterchat-settings");
settings.texts = { states: { saved: "Nothing to save" } };
settings.refresh().then(() => {});
const isUnsaved: boolean = settings.hasUnsavedChanges;
settings.addEventListener("afterchat-settings-saved", ({ detail }) => {
  const version: string = detail.version;
  // @ts-expect-error: the event does not carry the settings
  console.log(isUnsaved, version, detail.settings);
});
// @ts-expect-error: only the element decides whether there are changes
settings.hasUnsavedChanges = false;

export const ratingAttributes: AfterchatRatingAttributes = { api: "https://api", token: "token", polling: "off" };
export const threadAttributes: AfterchatConversationAttributes = { token: "token", conversation: "chat-1", lang: "de" };
export const reportAttributes: AfterchatReportAttributes = { group: "week", "time-zone": "Europe/Berlin", lang: "de" };
export const ruleAttributes: AfterchatReportAttributes = { by: "rule" };
export const settingsAttributes: AfterchatSettingsAttributes = { token: "token", lang: "de" };
// @ts-expect-error: polling can only be turned off
export const wrongPolling: AfterchatRatingAttributes = { polling: "on" };
// @ts-expect-error: there is no such period
export const wrongGroup: AfterchatReportAttributes = { group: "year" };
// @ts-expect-error: there is no such way of asking
export const wrongWay: AfterchatReportAttributes = { by: "visitor" };

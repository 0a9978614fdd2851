import { createElement, createIcon, templateNodes } from "../common/dom.js";
import { faceOf } from "../common/faces.js";
import { formatNumber, isFiniteNumber } from "../common/locale.js";
import { createReasonList } from "../common/reason-list.js";
import { lookUp } from "../common/texts.js";
import { formatTime } from "../sidebar/dates.js";
import { eventTextName } from "./event-text.js";

/** @import { SidebarTexts } from "../../types/afterchat" */
/** @import { Attachment, Entry, EventEntry, MessageEntry, Transcript } from "../../types/api" */

const LOCK = "M5 9h10v8H5zM7 9V6.5a3 3 0 0 1 6 0V9";
const PAPERCLIP = "M14.5 9.5l-5 5a3 3 0 0 1-4.3-4.3l6-6a2 2 0 0 1 2.9 2.9l-6 6a1 1 0 0 1-1.4-1.4l5-5";

/**
 * Creates the node of an entry. Text of people is never parsed as HTML. It has its own direction, so that it does not
 * reorder the text around it.
 *
 * @param {Entry} entry
 * @param {Transcript[]} transcripts
 * @param {SidebarTexts} texts
 */
export function createEntry(entry, transcripts, texts) {
  return entry.kind === "message" ? createMessage(entry, texts) : createEvent(entry, transcripts, texts);
}

/**
 * @param {MessageEntry} entry
 * @param {SidebarTexts} texts
 */
function createMessage(entry, texts) {
  const { author, attachments = [], unlinked_attachments: unlinked = [] } = entry;
  const files = [...attachments, ...unlinked];
  const isPrivate = entry.visibility === "private";
  const name = author.name ?? lookUp(texts.thread.roles, author.kind) ?? author.kind;
  const by = createElement(
    "p",
    { class: "by" },
    createElement("strong", { dir: "auto" }, name),
    " · ",
    createTime(entry, texts),
  );
  if (isPrivate) {
    const { privateNote, privateNoteHint } = texts.thread;
    const note = `${privateNote}: ${privateNoteHint}`;
    by.append(" · ", createElement("span", { class: "marked" }, createIcon(LOCK), note));
  }
  const classes = ["message", author.kind !== "visitor" && "ours", isPrivate && "private"].filter(Boolean);
  const node = createElement("article", { class: classes.join(" ") }, by);
  if (entry.text) node.append(createElement("p", { class: "bubble", dir: "auto" }, entry.text));
  if (files.length > 0) {
    const items = files.map((attachment) => createElement("li", {}, createAttachment(attachment, texts)));
    node.append(createElement("ul", { class: "attachments" }, ...items));
  }
  return node;
}

/**
 * Creates an attachment. It is a link only if its URL is `http` or `https`.
 *
 * @param {Attachment} attachment
 * @param {SidebarTexts} texts
 */
function createAttachment({ name, url, bytes }, texts) {
  const size = formatSize(bytes, texts.language);
  const parts = size ? templateNodes(texts.thread.attachment, { name, size }) : [name];
  const label = createElement("span", { dir: "auto" }, ...parts);
  if (!url || !/^https?:\/\//i.test(url)) {
    return createElement("span", { class: "file" }, createIcon(PAPERCLIP), label);
  }
  const attributes = { class: "file", href: url, target: "_blank", rel: "noopener noreferrer" };
  return createElement("a", attributes, createIcon(PAPERCLIP), label);
}

/**
 * @param {EventEntry} entry
 * @param {Transcript[]} transcripts
 * @param {SidebarTexts} texts
 */
function createEvent(entry, transcripts, texts) {
  const { event } = entry;
  const { faces } = texts.rating;
  const { score, comment, reasons } = event.new ?? event;
  const values = {
    type: event.type,
    agent: event.agent?.name ?? texts.thread.someone,
    to: transcripts.find(({ id }) => id === event.transcript_id)?.to ?? event.to,
    face: faceOf(score),
    label: score && faces[score - 1],
    oldFace: faceOf(event.old?.score),
    oldLabel: event.old && faces[event.old.score - 1],
  };
  const text = lookUp(texts.thread.events, eventTextName(event)) ?? texts.thread.events.other;
  const sentence = createElement("span", { dir: "auto" }, ...templateNodes(text, values));
  const node = createElement("p", {}, sentence, " · ", createTime(entry, texts));
  const quote = comment && createElement("blockquote", { dir: "auto" }, comment);
  const reason = event.reason && createElement("p", { class: "reason", lang: "en" }, event.reason);
  return createElement("div", { class: "event" }, node, quote || "", ...createReasonList(reasons), reason || "");
}

/**
 * @param {Entry} entry
 * @param {SidebarTexts} texts
 */
function createTime(entry, texts) {
  return createElement("time", { datetime: entry.at }, formatTime(entry.at, texts.language));
}

/**
 * @param {number | undefined} bytes
 * @param {string} language
 */
function formatSize(bytes, language) {
  if (!isFiniteNumber(bytes)) return "";
  const isSmall = bytes < 1_000_000;
  const size = bytes / (isSmall ? 1_000 : 1_000_000);
  const unit = isSmall ? "kilobyte" : "megabyte";
  return formatNumber(size, language, { style: "unit", unit, maximumFractionDigits: size < 10 ? 1 : 0 });
}

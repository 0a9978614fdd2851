import { element, icon, sentence } from "../common/dom.js";
import { numberText } from "../common/locale.js";
import { lookUp } from "../common/texts.js";
import { timeOfDay } from "../sidebar/moments.js";
import { faceOf } from "../common/faces.js";

const LOCK = "M5 9h10v8H5zM7 9V6.5a3 3 0 0 1 6 0V9";
const PAPERCLIP = "M14.5 9.5l-5 5a3 3 0 0 1-4.3-4.3l6-6a2 2 0 0 1 2.9 2.9l-6 6a1 1 0 0 1-1.4-1.4l5-5";

/**
 * What an entry of the thread looks like. Whatever people wrote is set as text and never read as HTML, and takes a
 * direction of its own, so that it turns nothing around it.
 */
export function entryNode(entry, transcripts, texts) {
  return entry.kind === "message" ? message(entry, texts) : event(entry, transcripts, texts);
}

function message(entry, texts) {
  const { author, attachments = [], unlinked_attachments: unlinked = [] } = entry;
  const files = [...attachments, ...unlinked];
  const isPrivate = entry.visibility === "private";
  const by = element(
    "p",
    { class: "by" },
    element("strong", { dir: "auto" }, author.name ?? lookUp(texts.thread.roles, author.kind) ?? author.kind),
    " · ",
    time(entry, texts),
  );
  if (isPrivate) {
    const { privateNote, privateNoteHint } = texts.thread;
    by.append(" · ", element("span", { class: "marked" }, icon(LOCK), `${privateNote}: ${privateNoteHint}`));
  }
  const classes = ["message", author.kind !== "visitor" && "ours", isPrivate && "private"].filter(Boolean);
  const node = element("article", { class: classes.join(" ") }, by);
  if (entry.text) node.append(element("p", { class: "bubble", dir: "auto" }, entry.text));
  if (files.length > 0) {
    const items = files.map((attachment) => element("li", {}, link(attachment, texts)));
    node.append(element("ul", { class: "attachments" }, ...items));
  }
  return node;
}

/** An attachment. Only what leads to the web becomes a link. */
function link({ name, url, bytes }, texts) {
  const values = { name, size: size(bytes, texts.language) };
  const label = element("span", { dir: "auto" }, ...(values.size ? sentence(texts.thread.attachment, values) : [name]));
  if (!/^https?:\/\//i.test(url)) return element("span", { class: "file" }, icon(PAPERCLIP), label);
  const attributes = { class: "file", href: url, target: "_blank", rel: "noopener noreferrer" };
  return element("a", attributes, icon(PAPERCLIP), label);
}

function event(entry, transcripts, texts) {
  const { event } = entry;
  const rating = event.new ?? event;
  const values = {
    type: event.type,
    agent: event.agent?.name ?? texts.thread.someone,
    to: transcripts.find(({ id }) => id === event.transcript_id)?.to ?? event.to,
    face: faceOf(rating.score),
    label: texts.rating.faces[rating.score - 1],
    oldFace: faceOf(event.old?.score),
    oldLabel: texts.rating.faces[event.old?.score - 1],
  };
  const text = lookUp(texts.thread.events, kindOf(event)) ?? texts.thread.events.other;
  const node = element("p", {}, element("span", { dir: "auto" }, ...sentence(text, values)), " · ", time(entry, texts));
  const comment = rating.comment && element("blockquote", { dir: "auto" }, rating.comment);
  const reason = event.reason && element("p", { class: "reason", lang: "en" }, event.reason);
  return element("div", { class: "event" }, node, comment || "", reason || "");
}

/** What an event is to a person: a rating that changed in its comment only is told as a comment. */
function kindOf(event) {
  if (event.type !== "rating_changed" || event.old?.score !== event.new?.score) return event.type;
  return event.new?.comment ? "comment_given" : "comment_removed";
}

function time(entry, texts) {
  return element("time", { datetime: entry.at }, timeOfDay(entry.at, texts.language));
}

function size(bytes, language) {
  if (!Number.isFinite(bytes)) return "";
  const [unit, divisor] = bytes < 1_000_000 ? ["kilobyte", 1_000] : ["megabyte", 1_000_000];
  const format = { style: "unit", unit, maximumFractionDigits: bytes < divisor * 10 ? 1 : 0 };
  return numberText(bytes / divisor, language, format);
}

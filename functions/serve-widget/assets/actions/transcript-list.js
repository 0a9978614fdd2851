import { createElement, createIcon, templateNodes } from "../common/dom.js";
import { lookUp } from "../common/texts.js";
import { formatDayAndTime } from "../sidebar/dates.js";

/** @import { SidebarTexts } from "../../types/afterchat" */
/** @import { Transcript } from "../../types/api" */

/** The limit of one hour. */
const MAX_SHOWN = 5;

const CHECK = "M4 10.5l4 4 8-9";
const CLOCK = "M10 3a7 7 0 1 0 .01 0M10 6v4l3 2";
const CROSS = "M5 5l10 10M15 5L5 15";

/**
 * The icons of the states. They distinguish success and failure without colours.
 *
 * @type {Record<string, string>}
 */
const ICONS = { delivered: CHECK, rejected: CROSS, bounced: CROSS, complained: CROSS };

/** The latest transcripts of a conversation with their states, newest first. */
export class TranscriptList {
  #items = createElement("ul");
  #rendered = "";

  node = createElement("section", { class: "transcripts", hidden: true }, this.#items);

  /**
   * @param {Transcript[]} transcripts
   * @param {SidebarTexts} texts
   */
  render(transcripts, texts) {
    const latest = transcripts.slice(-MAX_SHOWN).reverse();
    this.node.hidden = latest.length === 0;
    this.node.setAttribute("aria-label", texts.transcript.list);
    const content = JSON.stringify([latest, texts.transcript, texts.language]);
    if (content === this.#rendered) return;
    this.#rendered = content;
    this.#items.replaceChildren(...latest.map((transcript) => createItem(transcript, texts)));
  }
}

/**
 * @param {Transcript} transcript
 * @param {SidebarTexts} texts
 */
function createItem({ to, state, reason, sent_at: sentAt }, { transcript: texts, language }) {
  const time = formatDayAndTime(sentAt, language);
  const stateText = lookUp(texts.states, state) ?? state;
  return createElement(
    "li",
    { "data-state": state },
    createElement("span", { class: "state" }, createIcon(lookUp(ICONS, state) ?? CLOCK), stateText),
    createElement("span", { class: "quiet" }, ...templateNodes(texts.listed, { to, time })),
    reason ? createElement("span", { lang: "en", dir: "auto" }, reason) : "",
  );
}

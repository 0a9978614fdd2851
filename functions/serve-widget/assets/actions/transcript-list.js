import { element, icon, sentence } from "../common/dom.js";
import { lookUp } from "../common/texts.js";
import { dayAndTime } from "../sidebar/moments.js";

/** How many are shown: as many as an hour allows. */
const MOST = 5;

const CHECK = "M4 10.5l4 4 8-9";
const CLOCK = "M10 3a7 7 0 1 0 .01 0M10 6v4l3 2";
const CROSS = "M5 5l10 10M15 5L5 15";

/** The states' shapes: good and bad news are told apart without their colours. */
const SHAPES = { delivered: CHECK, rejected: CROSS, bounced: CROSS, complained: CROSS };

/** What became of a conversation's transcripts, the latest first. */
export class TranscriptList {
  #items = element("ul");
  #shown = "";

  node = element("section", { class: "transcripts", hidden: true }, this.#items);

  show(transcripts, texts) {
    const latest = transcripts.slice(-MOST).reverse();
    this.node.hidden = latest.length === 0;
    this.node.setAttribute("aria-label", texts.transcript.list);
    const shown = JSON.stringify([latest, texts.transcript, texts.language]);
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#items.replaceChildren(...latest.map((transcript) => item(transcript, texts)));
  }
}

function item({ to, state, reason, sent_at: sentAt }, { transcript: texts, language }) {
  const time = dayAndTime(sentAt, language);
  return element(
    "li",
    { "data-state": state },
    element("span", { class: "state" }, icon(lookUp(SHAPES, state) ?? CLOCK), lookUp(texts.states, state) ?? state),
    element("span", { class: "quiet" }, ...sentence(texts.listed, { to, time })),
    reason ? element("span", { lang: "en", dir: "auto" }, reason) : "",
  );
}

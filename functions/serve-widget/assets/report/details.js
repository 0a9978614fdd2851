import { element, icon, say, sayFilled } from "../common/dom.js";
import { faceOf } from "../common/faces.js";
import { fill } from "../common/texts.js";
import { inWords } from "../sidebar/problems.js";
import { SCORES } from "./bars.js";
import { ratingNode } from "./rating.js";

const CROSS = "M5 5l10 10M15 5L5 15";

/** The ratings behind a number, a page at a time, in a dialog over the report. */
export class Details {
  #host;
  #title = element("h3", { id: "details-title" });
  #about = element("p", { class: "quiet" });
  #close = element("button", { type: "button", class: "button close", click: () => this.node.close() }, icon(CROSS));
  #scores = element("div", { class: "choices", role: "group" });
  #list = element("ol", { class: "ratings" });
  #status = element("p", { class: "quiet", role: "status" });
  #problem = element("p");
  #retry = element("button", { type: "button", class: "button", click: () => this.#read() });
  #problemBox = element("div", { class: "problem", role: "alert", hidden: true }, this.#problem, this.#retry);
  #more = element("button", { type: "button", class: "button", click: () => this.#readMore() });
  #file = element("button", { type: "button", class: "button", click: () => this.#host.download(this.#choice) });

  node = element(
    "dialog",
    { class: "details", "aria-labelledby": "details-title" },
    element("header", {}, element("div", {}, this.#title, this.#about), this.#close),
    this.#scores,
    element("div", { class: "scrolled" }, this.#list, this.#problemBox, this.#status),
    element("footer", {}, this.#more, this.#file),
  );

  #choice = null;
  #name = ["", {}];
  #cursor = null;
  #count = 0;
  /** Counts what makes an answer that is still under way out of date. */
  #turn = 0;

  /** @param {{source: () => Source, words: () => Words, download: Function, openConversation: Function, link: Function, failed: Function}} host */
  constructor(host) {
    this.#host = host;
    this.node.addEventListener("close", () => (this.#turn += 1));
    this.node.addEventListener("click", ({ target }) => {
      // Outside of all that stands in it is the dialog's own backdrop.
      if (target === this.node) this.node.close();
    });
  }

  /** Opens the ratings of a choice (`from`, `to`, and what else narrows it), which is called `name`: a text with places, and their values. */
  open(name, choice) {
    this.#name = name;
    this.#choice = choice;
    if (!this.node.open) this.node.showModal();
    this.#read();
  }

  #read() {
    this.#turn += 1;
    this.#cursor = null;
    this.#count = 0;
    this.#list.replaceChildren();
    return this.#readMore();
  }

  async #readMore() {
    const turn = this.#turn;
    const words = this.#host.words();
    this.#show(words.texts.loading);
    try {
      const page = await this.#host.source().ratings(this.#choice, this.#cursor);
      if (turn !== this.#turn) return;
      this.#take(page, words);
    } catch (error) {
      if (turn === this.#turn) this.#fail(error, words);
    }
  }

  #take({ ratings, next_cursor: next }, words) {
    const hadFocus = this.#more.matches(":focus");
    const nodes = ratings.map((rating) => ratingNode(rating, words, this.#host));
    this.#list.append(...nodes);
    this.#count += ratings.length;
    this.#cursor = next ?? null;
    const { none, shown } = words.texts.details;
    this.#show(this.#count === 0 ? none : fill(shown, { shown: words.counted(words.texts.ratings, this.#count) }));
    // The button may be gone: reading goes on where the new ratings begin.
    if (hadFocus && this.#more.hidden) nodes[0]?.focus();
  }

  #fail(error, words) {
    this.#show("");
    this.#problemBox.hidden = false;
    say(this.#problem, inWords({ code: error.code ?? "other" }, words.texts));
    this.#host.failed(error);
  }

  #show(status) {
    const words = this.#host.words();
    const texts = words.texts.details;
    say(this.#title, texts.title);
    sayFilled(this.#about, ...this.#name);
    this.#close.setAttribute("aria-label", texts.close);
    this.#scores.setAttribute("aria-label", texts.scores);
    this.#showScores(texts.all, words);
    this.#problemBox.hidden = true;
    say(this.#retry, words.texts.retry);
    say(this.#status, status);
    this.#more.hidden = this.#cursor === null;
    say(this.#more, texts.more);
    this.#file.hidden = this.#count === 0;
    say(this.#file, words.texts.download.ratings);
  }

  #showScores(all, words) {
    if (this.#scores.childElementCount === 0) {
      const choices = ["", ...SCORES.toReversed()];
      const buttons = choices.map((score) =>
        element("button", { type: "button", class: "choice", "data-score": score, click: () => this.#chooseScore(score) }),
      );
      this.#scores.append(...buttons);
    }
    for (const button of this.#scores.children) {
      const { score } = button.dataset;
      button.setAttribute("aria-pressed", score === String(this.#choice.score ?? ""));
      say(button, score ? faceOf(score) : all);
      if (score) button.setAttribute("aria-label", words.texts.faces[score - 1]);
    }
  }

  #chooseScore(score) {
    this.#choice = { ...this.#choice, score };
    this.#read();
  }
}

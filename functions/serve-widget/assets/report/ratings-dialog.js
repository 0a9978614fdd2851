import { errorCode } from "../common/api.js";
import { createElement, createIcon, setTemplate, setText } from "../common/dom.js";
import { faceOf, SCORES } from "../common/faces.js";
import { ProblemBox } from "../common/problem-box.js";
import { fillTemplate } from "../common/texts.js";
import { codeText } from "../sidebar/problems.js";
import { createField, withSelected } from "./filters.js";
import { createRatingItem } from "./rating-item.js";

/** @import { ReportTexts } from "../../types/afterchat" */
/** @import { RatingsResponse } from "../../types/api" */
/** @import { TemplateValues } from "../common/texts.js" */
/** @import { Options } from "./filters.js" */
/** @import { Formatter } from "./formatter.js" */
/** @import { ConversationLinks } from "./rating-item.js" */
/** @import { RatingQuery, ReportClient } from "./report-client.js" */
/**
 * @typedef {object} DialogHost
 * @property {() => ReportClient} client
 * @property {() => Formatter} formatter
 * @property {() => Options} reasons the reasons with their labels
 * @property {(query: RatingQuery) => void} onDownload
 * @property {(code: string) => void} onError
 * @property {ConversationLinks} links
 */

/** The scores of the sentiment `negative`, the only one that a query of this dialog has. */
const DISSATISFIED = ["1", "2"];

const CROSS = "M5 5l10 10M15 5L5 15";

/** A dialog with the ratings behind a number, one page at a time. */
export class RatingsDialog {
  #host;
  #title = createElement("h3", { id: "details-title" });
  #subject = createElement("p", { class: "quiet" });
  #close = createElement(
    "button",
    { type: "button", class: "button close", click: () => this.#onCloseButton() },
    createIcon(CROSS),
  );
  #scores = createElement("div", { class: "choices", role: "group" });
  #reason = createField("select", { change: ({ target }) => this.#change({ reason: target.value }) });
  #list = createElement("ol", { class: "ratings" });
  #status = createElement("p", { class: "quiet", role: "status" });
  #problemBox = new ProblemBox(() => this.#restart());
  #more = createElement("button", { type: "button", class: "button", click: () => this.#readPage() });
  #download = createElement("button", { type: "button", class: "button", click: () => this.#onDownload() });

  node = createElement(
    "dialog",
    { class: "details", "aria-labelledby": "details-title" },
    createElement("header", {}, createElement("div", {}, this.#title, this.#subject), this.#close),
    createElement("div", { class: "chosen" }, this.#scores, this.#reason.node),
    createElement("div", { class: "scrolled" }, this.#list, this.#problemBox.node, this.#status),
    createElement("footer", {}, this.#more, this.#download),
  );

  /** @type {RatingQuery | null} */
  #query = null;
  /** @type {[string, TemplateValues]} */
  #subjectText = ["", {}];
  /** @type {string | null} */
  #cursor = null;
  #count = 0;
  /** Incremented by each change that makes the response of a running request obsolete. */
  #generation = 0;

  /** @param {DialogHost} host */
  constructor(host) {
    this.#host = host;
    this.node.addEventListener("close", () => this.#onClose());
    this.node.addEventListener("click", ({ target }) => {
      // The target is the dialog itself only for a click on its backdrop.
      if (target === this.node) this.node.close();
    });
  }

  /**
   * Shows ratings.
   *
   * @param {[string, TemplateValues]} subject what the ratings have in common, as arguments of `setTemplate`
   * @param {RatingQuery} query
   */
  open(subject, query) {
    this.#subjectText = subject;
    this.#query = query;
    if (!this.node.open) this.node.showModal();
    this.#restart();
  }

  #onCloseButton() {
    this.node.close();
  }

  #onClose() {
    this.#generation += 1;
  }

  #onDownload() {
    if (this.#query) this.#host.onDownload(this.#query);
  }

  #restart() {
    this.#generation += 1;
    this.#cursor = null;
    this.#count = 0;
    this.#list.replaceChildren();
    this.#readPage();
  }

  async #readPage() {
    if (!this.#query) return;
    const generation = this.#generation;
    const formatter = this.#host.formatter();
    this.#render(formatter.texts.loading);
    try {
      const page = await this.#host.client().ratings(this.#query, this.#cursor);
      if (generation === this.#generation) this.#append(page, formatter);
    } catch (error) {
      if (generation === this.#generation) this.#onError(errorCode(error), formatter);
    }
  }

  /**
   * @param {RatingsResponse} page
   * @param {Formatter} formatter
   */
  #append({ ratings, next_cursor: nextCursor }, formatter) {
    const hadFocus = this.#more.matches(":focus");
    const items = ratings.map((rating) => createRatingItem(rating, formatter, this.#host));
    this.#list.append(...items);
    this.#count += ratings.length;
    this.#cursor = nextCursor ?? null;
    const { details, ratings: forms } = formatter.texts;
    const shown = fillTemplate(details.shown, { shown: formatter.plural(forms, this.#count) });
    // A page that is filtered after it was read may be empty although later pages are not.
    if (this.#count === 0 && this.#cursor !== null) {
      this.#readPage();
      return;
    }
    this.#render(this.#count === 0 ? details.none : shown);
    // The button disappears after the last page. The focus moves to the first new rating.
    if (hadFocus && this.#more.hidden) items[0]?.focus();
  }

  /**
   * @param {string} code
   * @param {Formatter} formatter
   */
  #onError(code, formatter) {
    this.#render("");
    this.#problemBox.render(codeText(code, formatter.texts), formatter.texts.retry);
    this.#host.onError(code);
  }

  /** @param {string} status */
  #render(status) {
    const { texts } = this.#host.formatter();
    setText(this.#title, texts.details.title);
    setTemplate(this.#subject, ...this.#subjectText);
    this.#close.setAttribute("aria-label", texts.details.close);
    this.#scores.setAttribute("aria-label", texts.details.scores);
    this.#renderScores(texts.details.all, texts.faces);
    this.#renderReasons(texts.reasons);
    this.#problemBox.render(null, texts.retry);
    setText(this.#status, status);
    this.#more.hidden = this.#cursor === null;
    setText(this.#more, texts.details.more);
    this.#download.hidden = this.#count === 0;
    setText(this.#download, texts.download.ratings);
  }

  /**
   * @param {string} all
   * @param {string[]} labels
   */
  #renderScores(all, labels) {
    if (this.#scores.childElementCount === 0) {
      const buttons = ["", ...SCORES.toReversed()].map((score) =>
        createElement("button", {
          type: "button",
          class: "choice",
          "data-score": score,
          click: () => this.#change({ score, sentiment: "" }),
        }),
      );
      this.#scores.append(...buttons);
    }
    const selected = this.#query?.sentiment ? DISSATISFIED : [String(this.#query?.score ?? "")];
    for (const button of this.#scores.querySelectorAll("button")) {
      const score = button.dataset.score ?? "";
      button.setAttribute("aria-pressed", String(selected.includes(score)));
      setText(button, score ? faceOf(Number(score)) : all);
      if (score) button.setAttribute("aria-label", labels[Number(score) - 1] ?? "");
    }
  }

  /** @param {ReportTexts["reasons"]} texts */
  #renderReasons({ reason, all }) {
    const reasons = this.#host.reasons();
    const selected = this.#query?.reason ?? "";
    this.#reason.node.hidden = reasons.length === 0;
    this.#reason.render(reason, selected, withSelected(all, reasons, selected));
  }

  /** @param {Partial<RatingQuery>} change */
  #change(change) {
    if (this.#query) this.#query = { ...this.#query, ...change };
    this.#restart();
  }
}

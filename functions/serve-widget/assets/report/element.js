import { Api, errorCode } from "../common/api.js";
import { ElementTexts } from "../common/element-texts.js";
import { attachFrame, updateColorScheme } from "../common/frame.js";
import { firstLanguage } from "../common/locale.js";
import { fillTemplate, fillUrl, textDirection } from "../common/texts.js";
import { codeText } from "../sidebar/problems.js";
import { daysOf, intersection, today } from "./days.js";
import { Formatter } from "./formatter.js";
import { LANGUAGES } from "./languages.js";
import { RatingsDialog } from "./ratings-dialog.js";
import { reasonOptions } from "./reasons.js";
import { ReportClient } from "./report-client.js";
import { saveFile } from "./save-file.js";
import { changeSelection, initialSelection, updateSelection } from "./selection.js";
import { styles } from "./styles.js";
import { ReportView } from "./view.js";

/** @import { AfterchatReport as Public } from "../../types/afterchat" */
/** @import { RatingQuery } from "./report-client.js" */
/** @import { Selection } from "./selection.js" */
/** @import { Report } from "./view.js" */

/**
 * `<afterchat-report api token>`: how satisfied visitors are, over time, by agent and by channel, with the ratings
 * behind each number.
 *
 * `types/afterchat.d.ts` describes the attributes, properties and events.
 *
 * @implements {Public}
 */
export class AfterchatReport extends HTMLElement {
  static observedAttributes = ["api", "token", "from", "to", "group", "agent", "channel", "by", "time-zone", "lang"];

  clock = () => Date.now();

  #frame;
  #texts = new ElementTexts(LANGUAGES, () => this.#render());
  #formatter = new Formatter(this.#texts.all, "en");
  #client = new ReportClient(new Api());
  /** @type {Selection | null} */
  #selection = null;
  #timeZone = "UTC";
  /** @type {Report | null} */
  #report = null;
  /** @type {string | null} */
  #problem = null;
  #isStarting = false;
  #isLoading = false;
  /** The state of the last download. */
  #downloadStatus = "";
  /** Incremented by each change that makes the response of a running request obsolete. */
  #generation = 0;

  #dialog = new RatingsDialog({
    client: () => this.#client,
    formatter: () => this.#formatter,
    reasons: () => reasonOptions(this.#report?.reasons.groups ?? [], this.#formatter),
    onDownload: (query) => this.#downloadRatings(query),
    onError: (code) => this.#dispatch("afterchat-error", { code }),
    links: {
      urlOf: (conversationId) => this.#conversationUrl(conversationId),
      onOpen: (event, conversationId, ratingRequestId) =>
        this.#openConversation(event, conversationId, ratingRequestId),
    },
  });
  #view = new ReportView(
    {
      onChange: (change) => this.#changeSelection(change),
      onRetry: () => this.refresh(),
      onPeriod: (index, score) => this.#openPeriod(index, score),
      onPart: (name, part) => this.#openPart(name, part),
      onDownloadReport: () => this.#downloadReport(),
      onDownloadRatings: () => this.#report && this.#downloadRatings(ratingQuery(this.#report.selection)),
    },
    this.#dialog.node,
  );

  constructor() {
    super();
    this.#frame = attachFrame(this, styles, this.#view.node);
  }

  connectedCallback() {
    updateColorScheme(this.#frame);
    this.#startSoon();
    this.#texts.load(this);
  }

  disconnectedCallback() {
    this.#generation += 1;
  }

  /**
   * @param {string} name
   * @param {string | null} before
   * @param {string | null} after
   */
  attributeChangedCallback(name, before, after) {
    if (!this.isConnected || before === after) return;
    if (name === "lang") this.#updateLanguage();
    else this.#startSoon();
  }

  get texts() {
    return this.#texts.replacements;
  }

  set texts(texts) {
    this.#texts.replacements = texts;
  }

  async refresh() {
    const day = this.#today();
    await this.#read(updateSelection(this.#selection ?? initialSelection(this, day), day));
  }

  /** Attributes often change together. They cause one request. */
  #startSoon() {
    if (this.#isStarting) return;
    this.#isStarting = true;
    queueMicrotask(() => {
      this.#isStarting = false;
      if (this.isConnected) this.#start();
    });
  }

  #start() {
    this.#timeZone = this.getAttribute("time-zone") ?? this.#timeZone;
    this.#client = new ReportClient(new Api(this.getAttribute("api"), this.getAttribute("token")));
    const selection = initialSelection(this, this.#today());
    this.#selection = selection;
    this.#report = null;
    this.#problem = null;
    if (this.getAttribute("token")) this.#read(selection);
    else this.#render();
  }

  #updateLanguage() {
    this.#texts.load(this);
    // The format of numbers and dates depends on the region, too.
    this.#render();
  }

  #today() {
    return today(this.clock(), this.#timeZone);
  }

  /** @param {Partial<Selection>} change */
  #changeSelection(change) {
    if (this.#selection) this.#read(changeSelection(this.#selection, change, this.#today()));
  }

  /** @param {Selection} selection */
  async #read(selection) {
    this.#selection = selection;
    this.#generation += 1;
    const generation = this.#generation;
    this.#isLoading = true;
    this.#problem = null;
    this.#render();
    try {
      const responses = await this.#client.read(selection);
      if (generation !== this.#generation) return;
      this.#report = { ...responses, selection };
    } catch (error) {
      if (generation !== this.#generation) return;
      this.#problem = errorCode(error);
      this.#dispatch("afterchat-error", { code: this.#problem });
    }
    this.#isLoading = false;
    this.#render();
    this.#updateTimeZone();
  }

  /** Uses the time zone that the API returned. If its current day differs, a span that ends today is read again. */
  #updateTimeZone() {
    const timeZone = this.#report?.periods.time_zone;
    if (!timeZone || timeZone === this.#timeZone || !this.#selection) return;
    this.#timeZone = timeZone;
    const updated = updateSelection(this.#selection, this.#today());
    if (updated.to === this.#selection.to) this.#render();
    else this.#read(updated);
  }

  #render() {
    if (!this.#selection) return;
    const texts = this.#texts.all;
    /** @type {HTMLElement | null} */
    const ancestor = this.closest("[lang]");
    this.#formatter = new Formatter(texts, firstLanguage(ancestor?.lang, texts.language));
    this.#frame.dir = textDirection(texts.retry);
    const state = {
      selection: this.#selection,
      report: this.#report,
      problem: this.#problem,
      isLoading: this.#isLoading,
      status: this.#downloadStatus,
      timeZone: this.#timeZone,
    };
    this.#view.render(state, this.#formatter);
  }

  /**
   * Opens the ratings of a score, a reason, an agent, a channel or a way of asking.
   *
   * @param {string} name
   * @param {Partial<RatingQuery>} part
   */
  #openPart(name, part) {
    if (!this.#report) return;
    const { selection } = this.#report;
    const span = this.#formatter.span(selection);
    this.#dialog.open(["{name} · {span}", { name, span }], { ...ratingQuery(selection), ...part });
  }

  /**
   * Opens the ratings of a period.
   *
   * @param {number} index
   * @param {string} [score]
   */
  #openPeriod(index, score = "") {
    if (!this.#report) return;
    const { periods, selection } = this.#report;
    const { key } = periods.groups[index];
    const period = this.#formatter.period(key, selection.group, selection);
    const days = intersection(daysOf(key), selection);
    this.#dialog.open(["{period}", { period }], { ...ratingQuery(selection), ...days, score });
  }

  /** @param {string} conversationId */
  #conversationUrl(conversationId) {
    const template = this.getAttribute("conversation-link");
    return template && fillUrl(template, { conversation_id: encodeURIComponent(conversationId) });
  }

  /**
   * @param {Event} event
   * @param {string} conversationId
   * @param {string} ratingRequestId
   */
  #openConversation(event, conversationId, ratingRequestId) {
    const detail = { conversation_id: conversationId, rating_request_id: ratingRequestId };
    if (!this.#dispatch("afterchat-conversation-opened", detail)) event.preventDefault();
  }

  #downloadReport() {
    if (!this.#report) return;
    const { selection } = this.#report;
    const name = `satisfaction-${selection.from}-${selection.to}-by-${selection.group}.csv`;
    this.#download(name, this.#client.reportFile(selection));
  }

  /** @param {RatingQuery} query */
  #downloadRatings(query) {
    this.#download(`ratings-${query.from}-${query.to}.csv`, this.#client.ratingsFile(query));
  }

  /**
   * @param {string} name
   * @param {Promise<Blob>} file
   */
  async #download(name, file) {
    const { running, done } = this.#formatter.texts.download;
    this.#setDownloadStatus(running);
    try {
      saveFile(name, await file);
      this.#setDownloadStatus(fillTemplate(done, { name }));
    } catch (error) {
      const code = errorCode(error);
      this.#setDownloadStatus(codeText(code, this.#formatter.texts));
      this.#dispatch("afterchat-error", { code });
    }
  }

  /** @param {string} text */
  #setDownloadStatus(text) {
    this.#downloadStatus = text;
    this.#view.status = text;
  }

  /**
   * @param {string} type
   * @param {object} detail
   * @returns {boolean} `false` if a listener called `preventDefault()`
   */
  #dispatch(type, detail) {
    return this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true, cancelable: true }));
  }
}

/**
 * The ratings that a report is about.
 *
 * @param {Selection} selection
 * @returns {RatingQuery}
 */
function ratingQuery({ from, to, agent, channel, by }) {
  return { from, to, agent, channel, by };
}

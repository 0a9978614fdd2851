import { Api } from "../common/api.js";
import { element, say, sayFilled, sentence } from "../common/dom.js";
import { followScheme, framed } from "../common/frame.js";
import { firstLanguage } from "../common/locale.js";
import { directionOf, fill, fillAddress, lookUp, replaced } from "../common/texts.js";
import { inWords } from "../sidebar/problems.js";
import { Breakdown } from "./breakdown.js";
import { Chart } from "./chart.js";
import { csatChart, responseRateChart, scoresChart } from "./charts.js";
import { dayOrNull, daysOf, lengthOf, plusDays, today, within } from "./days.js";
import { Details } from "./details.js";
import { Distribution } from "./distribution.js";
import { saveFile } from "./files.js";
import { Filters, UNITS, coverage } from "./filters.js";
import { Headlines } from "./headlines.js";
import { Source } from "./source.js";
import { styles } from "./styles.js";
import { ENGLISH } from "./texts.js";
import { Words } from "./words.js";

const FIRST_SPAN_DAYS = 30;
const LONGEST_BY_DAY = 45;
const LONGEST_BY_WEEK = 190;

/**
 * `<afterchat-report api token>`: how satisfied visitors are, over time, by agent and by channel, with
 * the ratings behind each number.
 *
 * Attributes: `api` and `token` (an agent's JWT); what is shown at first, `from` and `to` (days), `group` (`day`,
 * `week`, `month`), `agent`, `channel`, of which a value that cannot be counts as absent; `time-zone`, the stack's, for what day it is before the API has said;
 * `conversation-link`, an address with `{conversation_id}` in it. Properties: `texts`, and `clock`, a function that
 * tells the time where it is not the browser's. Method: `refresh()`. Events: `afterchat-conversation-opened` with
 * `{conversation_id, rating_request_id}`, which can be prevented where there is a link; `afterchat-error` with `{code}`.
 */
export class AfterchatReport extends HTMLElement {
  static observedAttributes = ["api", "token", "from", "to", "group", "agent", "channel", "time-zone"];

  /** What it takes the day from, in milliseconds since 1970. */
  clock = () => Date.now();

  #frame;
  #texts = {};
  #words;
  #source = new Source(new Api());
  #chosen = null;
  #timeZone = "UTC";
  #report = null;
  #problem = null;
  #isStarting = false;
  #isLoading = false;
  /** What the report that stands there was made from. */
  #standing = null;
  /** What is being downloaded, or was. */
  #download = "";
  /** Counts what makes an answer that is still under way out of date. */
  #turn = 0;

  #title = element("h2");
  #coverage = element("p", { class: "quiet" });
  #filters = new Filters((change) => this.#choose(change));
  #status = element("p", { class: "quiet", role: "status" });
  #problemText = element("p");
  #retry = element("button", { type: "button", class: "button", click: () => this.refresh() });
  #problemBox = element("div", { class: "problem", role: "alert", hidden: true }, this.#problemText, this.#retry);
  #headlines = new Headlines();
  #empty = element("div", { class: "empty" });
  #csat = new Chart((index) => this.#openPeriod(index));
  #scores = new Chart((index, score) => this.#openPeriod(index, score));
  #responseRate = new Chart((index) => this.#openPeriod(index));
  #distribution = new Distribution((score) => this.#openPart(this.#words.texts.faces[score - 1], { score }));
  #agents = new Breakdown(({ key, name }) => this.#openPart(name, { agent: key }));
  #channels = new Breakdown(({ key, name }) => this.#openPart(name, { channel: key }));
  #drawings = element(
    "div",
    { class: "drawings" },
    this.#csat.node,
    element("div", { class: "beside" }, this.#distribution.node, this.#scores.node),
    this.#responseRate.node,
  );
  #reportFile = element("button", { type: "button", class: "button", click: () => this.#downloadReport() });
  #ratingsFile = element("button", { type: "button", class: "button", click: () => this.#downloadRatings(this.#narrowed()) });
  #downloads = element("div", { class: "downloads", role: "group" }, this.#reportFile, this.#ratingsFile);
  #notes = element("footer", { class: "notes" });
  #shown = element(
    "div",
    { class: "shown" },
    this.#headlines.node,
    this.#empty,
    this.#drawings,
    element("div", { class: "beside tables" }, this.#agents.node, this.#channels.node),
    this.#notes,
  );
  #details = new Details({
    source: () => this.#source,
    words: () => this.#words,
    download: (choice) => this.#downloadRatings(choice),
    openConversation: (event, conversation, request) => this.#openConversation(event, conversation, request),
    link: (conversation) => this.#linkTo(conversation),
    failed: (error) => this.#tell("afterchat-error", { code: error.code ?? "other" }),
  });
  #root = element(
    "div",
    { class: "report" },
    element("header", { class: "top" }, element("div", {}, this.#title, this.#coverage), this.#downloads),
    this.#filters.node,
    this.#status,
    this.#problemBox,
    this.#shown,
    this.#details.node,
  );

  constructor() {
    super();
    this.#frame = framed(this, [styles], this.#root);
  }

  connectedCallback() {
    followScheme(this.#frame);
    this.#startSoon();
  }

  disconnectedCallback() {
    this.#turn += 1;
  }

  attributeChangedCallback(_name, before, after) {
    if (this.isConnected && before !== after) this.#startSoon();
  }

  /** Texts that replace the built-in ones, in the shape of `report/texts.js`. */
  get texts() {
    return this.#texts;
  }

  set texts(texts) {
    this.#texts = texts;
    if (this.#chosen) this.#show();
  }

  /** Reads the report anew, for a page that knows that it has changed. */
  async refresh() {
    this.#chosen = this.#upToDate(this.#chosen ?? this.#first());
    await this.#read();
  }

  /** Attributes often change together: what they come to is read once. */
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
    this.#source = new Source(new Api(this.getAttribute("api"), this.getAttribute("token")));
    this.#chosen = this.#first();
    this.#report = null;
    this.#problem = null;
    if (this.getAttribute("token")) this.#read();
    else this.#show();
  }

  /** What is shown at first. */
  #first() {
    const [from, to] = ["from", "to"].map((name) => dayOrNull(this.getAttribute(name)));
    const group = this.getAttribute("group");
    const span = from || to ? this.#spanFrom(from, to) : this.#lastDays(FIRST_SPAN_DAYS);
    return {
      ...span,
      group: UNITS.includes(group) ? group : unitFor(span),
      agent: this.getAttribute("agent") ?? "",
      channel: this.getAttribute("channel") ?? "",
      compares: true,
    };
  }

  #spanFrom(from, to) {
    const last = to ?? this.#today();
    return { days: null, from: from ?? plusDays(last, 1 - FIRST_SPAN_DAYS), to: last };
  }

  #lastDays(days) {
    const to = this.#today();
    return { days, from: plusDays(to, 1 - days), to };
  }

  #today() {
    return today(this.clock(), this.#timeZone);
  }

  /** The last days are those until today, whenever that is. */
  #upToDate(chosen) {
    return chosen.days === null ? chosen : { ...chosen, ...this.#lastDays(chosen.days) };
  }

  #choose(change) {
    const span = change.days ? this.#lastDays(change.days) : {};
    const isOtherSpan = Boolean(change.days || change.from);
    const chosen = { ...this.#chosen, ...change, ...span };
    this.#chosen = isOtherSpan ? { ...chosen, group: unitFor(chosen) } : chosen;
    this.#read();
  }

  async #read() {
    this.#turn += 1;
    const turn = this.#turn;
    const chosen = this.#chosen;
    this.#isLoading = true;
    this.#problem = null;
    this.#show();
    try {
      const report = await this.#source.read(chosen);
      if (turn !== this.#turn) return;
      this.#report = { ...report, chosen };
    } catch (error) {
      if (turn !== this.#turn) return;
      this.#problem = error.code ?? "other";
      this.#tell("afterchat-error", { code: this.#problem });
    }
    this.#isLoading = false;
    this.#show();
    this.#learnTimeZone();
  }

  /** Where the stack's day is another than was thought, the last days are others, too. */
  #learnTimeZone() {
    const timeZone = this.#report?.periods.time_zone;
    if (!timeZone || timeZone === this.#timeZone) return;
    this.#timeZone = timeZone;
    const chosen = this.#upToDate(this.#chosen);
    if (chosen.to === this.#chosen.to) return this.#show();
    this.#chosen = chosen;
    this.#read();
  }

  #show() {
    const texts = replaced(ENGLISH, this.#texts);
    this.#words = new Words(texts, this.#language(texts));
    this.#root.lang = firstLanguage(texts.language);
    this.#frame.dir = directionOf(texts.retry);
    this.#root.setAttribute("aria-busy", this.#isLoading);
    say(this.#title, texts.title);
    say(this.#status, this.#isLoading ? texts.loading : this.#download);
    say(this.#retry, texts.retry);
    this.#problemBox.hidden = !this.#problem;
    say(this.#problemText, this.#problem ? inWords({ code: this.#problem }, texts) : "");
    this.#downloads.setAttribute("aria-label", texts.download.label);
    say(this.#reportFile, texts.download.report);
    say(this.#ratingsFile, texts.download.ratings);
    this.#filters.show(this.#chosen, this.#choices(), this.#words);
    this.#shown.hidden = !this.#report || Boolean(this.#problem);
    this.#downloads.hidden = this.#shown.hidden;
    this.#coverage.hidden = this.#shown.hidden;
    if (!this.#shown.hidden) this.#showReport(this.#report);
  }

  /** Touches nothing where nothing has changed: somebody may be reading it, or about to press it. */
  #showReport(report) {
    const standing = JSON.stringify([report, this.#words.texts, this.#language(this.#words.texts), this.#timeZone]);
    if (standing === this.#standing) return;
    this.#standing = standing;
    this.#write(report);
  }

  #write({ periods, agents, channels, chosen }) {
    const words = this.#words;
    const { texts } = words;
    const { total, groups, previous } = periods;
    sayFilled(this.#coverage, ...coverage(chosen, previous, this.#timeZone, words));
    this.#headlines.show(total, previous?.total ?? null, words);

    const isEmpty = total.ratings === 0;
    this.#empty.hidden = !isEmpty;
    const missing = total.requests === 0 ? texts.empty.requests : texts.empty.ratings;
    this.#empty.replaceChildren(element("p", {}, missing), element("p", { class: "quiet" }, texts.empty.hint));
    this.#drawings.hidden = isEmpty;
    if (!isEmpty) {
      const shown = { groups, before: previous?.groups ?? null, unit: chosen.group, span: chosen };
      this.#csat.show(csatChart(shown, words));
      this.#scores.show(scoresChart(shown, words));
      this.#responseRate.show(responseRateChart(shown, words));
      this.#distribution.show(total, words);
    }

    const inChannels = named(channels, (group) => lookUp(texts.channels, group.key) ?? group.key, chosen.channel);
    const byAgents = named(agents, (group) => group.name ?? group.key, chosen.agent);
    const none = texts.empty.agents;
    this.#agents.show({ ...byAgents, title: texts.tables.perAgent, heading: texts.tables.agent, none }, words);
    this.#channels.show({ ...inChannels, title: texts.tables.perChannel, heading: texts.tables.channel, none: "" }, words);
    this.#channels.node.hidden = inChannels.groups.length === 0;

    const { title, cohort, csat, small } = texts.notes;
    const notes = [sentence(cohort, { timeZone: this.#timeZone }), [csat], [small]].map((parts) => element("p", {}, ...parts));
    this.#notes.replaceChildren(element("h3", {}, title), ...notes);
  }

  /** What the filters offer. */
  #choices() {
    const { agents = { groups: [] }, channels = { groups: [] } } = this.#report ?? {};
    const { texts } = this.#words;
    const choices = ({ groups }, name) =>
      groups.map((group) => [group.key, name(group)]).toSorted(([, one], [, other]) => this.#words.compare(one, other));
    return {
      agents: choices(agents, ({ key, name }) => name ?? key),
      channels: choices(channels, ({ key }) => lookUp(texts.channels, key) ?? key),
    };
  }

  /** Numbers are written as the page's language does. */
  #language(texts) {
    return firstLanguage(this.closest("[lang]")?.lang, texts.language);
  }

  /** The ratings that the report is about. */
  #narrowed() {
    const { from, to, agent, channel } = this.#report.chosen;
    return { from, to, agent, channel };
  }

  /** Opens what a part of the span's ratings has in common, called by its name. */
  #openPart(name, part) {
    const { chosen } = this.#report;
    this.#details.open(["{name} · {span}", { name, span: this.#words.span(chosen) }], { ...this.#narrowed(), ...part });
  }

  #openPeriod(index, score = "") {
    const { periods, chosen } = this.#report;
    const { key } = periods.groups[index];
    const days = within(daysOf(key), chosen);
    this.#details.open(["{period}", { period: this.#words.period(key, chosen.group, chosen) }], { ...this.#narrowed(), ...days, score });
  }

  #linkTo(conversation) {
    const template = this.getAttribute("conversation-link");
    return template && fillAddress(template, { conversation_id: encodeURIComponent(conversation) });
  }

  #openConversation(event, conversation, request) {
    const detail = { conversation_id: conversation, rating_request_id: request };
    if (!this.#tell("afterchat-conversation-opened", detail)) event.preventDefault();
  }

  #downloadReport() {
    const { chosen } = this.#report;
    return this.#save(`satisfaction-${chosen.from}-${chosen.to}-by-${chosen.group}.csv`, this.#source.reportFile(chosen));
  }

  #downloadRatings(choice) {
    return this.#save(`ratings-${choice.from}-${choice.to}.csv`, this.#source.ratingsFile(choice));
  }

  async #save(name, file) {
    const { running, done } = this.#words.texts.download;
    this.#download = running;
    say(this.#status, running);
    try {
      saveFile(name, await file);
      this.#download = fill(done, { name });
    } catch (error) {
      const code = error.code ?? "other";
      this.#download = inWords({ code }, this.#words.texts);
      this.#tell("afterchat-error", { code });
    }
    say(this.#status, this.#download);
  }

  /** Whether nobody has prevented what comes of it. */
  #tell(type, detail) {
    return this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true, cancelable: true }));
  }
}

/** The periods in which a span is read at a glance. */
function unitFor(span) {
  const days = lengthOf(span);
  if (days <= LONGEST_BY_DAY) return "day";
  return days <= LONGEST_BY_WEEK ? "week" : "month";
}

/** The groups with their names, those of the period before by their keys; one of them where one is chosen. */
function named({ groups, previous }, name, chosen) {
  const isShown = ({ key }) => !chosen || key === chosen;
  const before = previous && new Map(previous.groups.map((group) => [group.key, group]));
  return { groups: groups.filter(isShown).map((group) => ({ ...group, name: name(group) })), before };
}

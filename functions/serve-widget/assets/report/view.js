import { createElement, setTemplate, setText, templateNodes } from "../common/dom.js";
import { firstLanguage } from "../common/locale.js";
import { ProblemBox } from "../common/problem-box.js";
import { codeText } from "../sidebar/problems.js";
import { Breakdown } from "./breakdown.js";
import { Chart } from "./chart.js";
import { csatChart } from "./csat-chart.js";
import { Distribution } from "./distribution.js";
import { coverage, Filters } from "./filters.js";
import { channelName } from "./formatter.js";
import { Headlines } from "./headlines.js";
import { Reasons } from "./reasons.js";
import { responseRateChart } from "./response-rate-chart.js";
import { scoresChart } from "./scores-chart.js";
import { WaysOfAsking } from "./ways-of-asking.js";

/** @import { ReportTexts } from "../../types/afterchat" */
/** @import { Group, SatisfactionResponse, Statistics } from "../../types/api" */
/** @import { Formatter } from "./formatter.js" */
/** @import { RatingQuery, Responses } from "./report-client.js" */
/** @import { Selection } from "./selection.js" */
/** @typedef {Responses & { selection: Selection }} Report the responses for a selection */
/**
 * @typedef {object} ReportState
 * @property {Selection} selection
 * @property {Report | null} report
 * @property {string | null} problem an error code
 * @property {boolean} isLoading
 * @property {string} status the state of the last download
 * @property {string} timeZone
 */
/**
 * @typedef {object} ReportHandlers
 * @property {(change: Partial<Selection>) => void} onChange the reader changed the filters
 * @property {() => void} onRetry
 * @property {(index: number, score?: string) => void} onPeriod the reader pressed a period, or a score in it
 * @property {(name: string, part: Partial<RatingQuery>) => void} onPart the reader pressed a score, reason, agent, channel or way of asking
 * @property {() => void} onDownloadReport
 * @property {() => void} onDownloadRatings
 */

/** The content of the report. */
export class ReportView {
  #handlers;
  /** What the shown report was rendered from. */
  #rendered = "";
  /** @type {ReportTexts["faces"] | null} */
  #faces = null;

  #title = createElement("h2");
  #coverage = createElement("p", { class: "quiet" });
  #filters = new Filters((change) => this.#handlers.onChange(change));
  #status = createElement("p", { class: "quiet", role: "status" });
  #problemBox = new ProblemBox(() => this.#handlers.onRetry());
  #headlines = new Headlines();
  #empty = createElement("div", { class: "empty" });
  #csat = new Chart((index) => this.#handlers.onPeriod(index));
  #scores = new Chart((index, score) => this.#handlers.onPeriod(index, score));
  #responseRate = new Chart((index) => this.#handlers.onPeriod(index));
  #distribution = new Distribution((score) => this.#handlers.onPart(this.#faces?.[score - 1] ?? "", { score }));
  #reasons = new Reasons(({ key, label }) => this.#handlers.onPart(label, { reason: key, sentiment: "negative" }));
  #agents = new Breakdown(({ key, name }) => this.#handlers.onPart(name, { agent: key }));
  #channels = new Breakdown(({ key, name }) => this.#handlers.onPart(name, { channel: key }));
  #ways = new WaysOfAsking((name, by) => this.#handlers.onPart(name, { by }));
  #charts = createElement(
    "div",
    { class: "drawings" },
    this.#csat.node,
    createElement("div", { class: "beside" }, this.#distribution.node, this.#scores.node),
    this.#reasons.node,
    this.#responseRate.node,
  );
  #downloadReport = createElement("button", {
    type: "button",
    class: "button",
    click: () => this.#handlers.onDownloadReport(),
  });
  #downloadRatings = createElement("button", {
    type: "button",
    class: "button",
    click: () => this.#handlers.onDownloadRatings(),
  });
  #downloads = createElement("div", { class: "downloads", role: "group" }, this.#downloadReport, this.#downloadRatings);
  #notes = createElement("footer", { class: "notes" });
  #content = createElement(
    "div",
    { class: "shown" },
    this.#headlines.node,
    this.#empty,
    this.#charts,
    this.#ways.node,
    createElement("div", { class: "beside tables" }, this.#agents.node, this.#channels.node),
    this.#notes,
  );

  /**
   * @param {ReportHandlers} handlers
   * @param {Node} dialog
   */
  constructor(handlers, dialog) {
    this.#handlers = handlers;
    const heading = createElement("div", {}, this.#title, this.#coverage);
    this.node = createElement(
      "div",
      { class: "report" },
      createElement("header", { class: "top" }, heading, this.#downloads),
      this.#filters.node,
      this.#status,
      this.#problemBox.node,
      this.#content,
      dialog,
    );
  }

  /** @param {string} text */
  set status(text) {
    setText(this.#status, text);
  }

  /**
   * @param {ReportState} state
   * @param {Formatter} formatter
   */
  render(state, formatter) {
    const { texts } = formatter;
    const { report, problem } = state;
    this.node.lang = firstLanguage(texts.language);
    this.node.setAttribute("aria-busy", String(state.isLoading));
    setText(this.#title, texts.title);
    this.status = state.isLoading ? texts.loading : state.status;
    this.#problemBox.render(problem && codeText(problem, texts), texts.retry);
    this.#downloads.setAttribute("aria-label", texts.download.label);
    setText(this.#downloadReport, texts.download.report);
    setText(this.#downloadRatings, texts.download.ratings);
    this.#filters.render(state.selection, filterOptions(report, formatter), formatter);
    const isShown = report !== null && !problem;
    this.#content.hidden = !isShown;
    this.#downloads.hidden = !isShown;
    this.#coverage.hidden = !isShown;
    if (isShown) this.#renderReportOnce(report, state.timeZone, formatter);
  }

  /**
   * Renders the report if it differs from the one that is shown. The reader may be about to press something in it.
   *
   * @param {Report} report
   * @param {string} timeZone
   * @param {Formatter} formatter
   */
  #renderReportOnce(report, timeZone, formatter) {
    const source = JSON.stringify([report, formatter.texts, formatter.language, timeZone]);
    if (source === this.#rendered) return;
    this.#rendered = source;
    this.#renderReport(report, timeZone, formatter);
  }

  /**
   * @param {Report} report
   * @param {string} timeZone
   * @param {Formatter} formatter
   */
  #renderReport(report, timeZone, formatter) {
    const { periods, selection } = report;
    const { texts } = formatter;
    this.#faces = texts.faces;
    setTemplate(this.#coverage, ...coverage(selection, periods.previous, timeZone, formatter));
    this.#headlines.render(periods.total, periods.previous?.total ?? null, formatter);
    this.#renderEmpty(periods.total, texts);
    this.#charts.hidden = periods.total.ratings === 0;
    if (!this.#charts.hidden) this.#renderCharts(report, formatter);
    this.#ways.render(report.ways, formatter);
    this.#renderBreakdowns(report, formatter);
    this.#renderNotes(texts, timeZone);
  }

  /**
   * @param {Statistics} total
   * @param {ReportTexts} texts
   */
  #renderEmpty(total, { empty: texts }) {
    this.#empty.hidden = total.ratings > 0;
    const message = total.requests === 0 ? texts.requests : texts.ratings;
    this.#empty.replaceChildren(createElement("p", {}, message), createElement("p", { class: "quiet" }, texts.hint));
  }

  /**
   * @param {Report} report
   * @param {Formatter} formatter
   */
  #renderCharts({ periods, reasons, selection }, formatter) {
    const before = periods.previous?.groups ?? null;
    const data = { groups: periods.groups, before, unit: selection.group, span: selection };
    this.#csat.render(csatChart(data, formatter));
    this.#scores.render(scoresChart(data, formatter));
    this.#responseRate.render(responseRateChart(data, formatter));
    this.#distribution.render(periods.total, formatter);
    this.#reasons.render(reasons.groups, periods.total, formatter);
  }

  /**
   * @param {Report} report
   * @param {Formatter} formatter
   */
  #renderBreakdowns({ agents, channels, selection }, formatter) {
    const { texts } = formatter;
    const byAgent = {
      ...namedGroups(agents, agentName, selection.agent),
      title: texts.tables.perAgent,
      heading: texts.tables.agent,
      none: texts.empty.agents,
    };
    const byChannel = {
      ...namedGroups(channels, ({ key }) => channelName(texts, key), selection.channel),
      title: texts.tables.perChannel,
      heading: texts.tables.channel,
      none: "",
    };
    this.#agents.render(byAgent, formatter);
    this.#channels.render(byChannel, formatter);
    this.#channels.node.hidden = byChannel.groups.length === 0;
  }

  /**
   * @param {ReportTexts} texts
   * @param {string} timeZone
   */
  #renderNotes({ notes: texts }, timeZone) {
    const notes = [templateNodes(texts.cohort, { timeZone }), [texts.csat], [texts.small]];
    this.#notes.replaceChildren(
      createElement("h3", {}, texts.title),
      ...notes.map((parts) => createElement("p", {}, ...parts)),
    );
  }
}

/**
 * The agents and channels that the filters offer.
 *
 * @param {Report | null} report
 * @param {Formatter} formatter
 */
function filterOptions(report, formatter) {
  /**
   * @param {Group[]} groups
   * @param {(group: Group) => string} nameOf
   */
  const options = (groups, nameOf) =>
    groups
      .map((group) => /** @type {[string, string]} */ ([group.key, nameOf(group)]))
      .toSorted(([, one], [, other]) => formatter.compare(one, other));
  return {
    agents: options(report?.agents.groups ?? [], agentName),
    channels: options(report?.channels.groups ?? [], ({ key }) => channelName(formatter.texts, key)),
  };
}

/** @param {Group} group */
function agentName({ key, name }) {
  return name ?? key;
}

/**
 * The groups with their names, and those of the previous span by key.
 *
 * @param {SatisfactionResponse} response
 * @param {(group: Group) => string} nameOf
 * @param {string} selected limits the groups to one; empty for all
 */
function namedGroups({ groups, previous }, nameOf, selected) {
  const before = previous ? new Map(previous.groups.map((group) => [group.key, group])) : null;
  const selectedGroups = groups.filter(({ key }) => !selected || key === selected);
  return { groups: selectedGroups.map((group) => ({ ...group, name: nameOf(group) })), before };
}

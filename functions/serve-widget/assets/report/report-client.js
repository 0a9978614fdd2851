import { WAYS } from "./ways-of-asking.js";

/** @import { AskedBy, RatingsResponse, ReasonsResponse, SatisfactionResponse, Statistics } from "../../types/api" */
/** @import { Api } from "../common/api.js" */
/** @import { Selection } from "./selection.js" */
/**
 * @typedef {object} RatingQuery selects ratings
 * @property {string} from
 * @property {string} to
 * @property {string} agent
 * @property {string} channel
 * @property {string} [by]
 * @property {string | number} [score]
 * @property {string} [sentiment]
 * @property {string} [reason]
 */
/**
 * @typedef {object} Responses
 * @property {SatisfactionResponse} periods
 * @property {SatisfactionResponse} agents
 * @property {SatisfactionResponse} channels
 * @property {ReasonsResponse} reasons
 * @property {Record<AskedBy, Statistics> | null} ways the totals by the way of asking; `null` if they are not known
 */

const RATINGS_PER_PAGE = 25;

/** Reads the report and the ratings. */
export class ReportClient {
  #api;

  /** @param {Api} api */
  constructor(api) {
    this.#api = api;
  }

  /**
   * Reads the report by period, by agent, by channel, by reason and by the way of asking. The agents are not filtered by
   * agent, the channels by channel, and the ways by way, so that all of them can be chosen or compared.
   *
   * @param {Selection} selection
   * @returns {Promise<Responses>}
   */
  async read({ from, to, group, agent, channel, by, compares }) {
    const compare = compares ? "previous" : "";
    const [periods, agents, channels, reasons, ways] = await Promise.all([
      this.#api.get(satisfactionPath({ from, to, group_by: group, agent, channel, by, compare })),
      this.#api.get(satisfactionPath({ from, to, group_by: "agent", channel, by, compare })),
      this.#api.get(satisfactionPath({ from, to, group_by: "channel", agent, by, compare })),
      // Without reasons or ways of asking, the rest of the report is shown.
      this.#api
        .get(satisfactionPath({ from, to, group_by: "reason", agent, channel, by }))
        .catch(() => ({ groups: [] })),
      this.#ways({ from, to, agent, channel }).catch(() => null),
    ]);
    return { periods, agents, channels, reasons, ways };
  }

  /**
   * Reads the totals of the requests by agents and of those by a rule.
   *
   * @param {Record<string, string>} query
   * @returns {Promise<Record<AskedBy, Statistics>>}
   */
  async #ways(query) {
    // The report by channel has the fewest groups.
    const totals = WAYS.map((by) => this.#api.get(satisfactionPath({ ...query, group_by: "channel", by })));
    const [{ total: agent }, { total: rule }] = await Promise.all(totals);
    return { agent, rule };
  }

  /**
   * Reads a page of ratings.
   *
   * @param {RatingQuery} query
   * @param {string | null} cursor
   * @returns {Promise<RatingsResponse>}
   */
  ratings(query, cursor) {
    return this.#api.get(ratingsPath(query, { limit: RATINGS_PER_PAGE, cursor }));
  }

  /**
   * Reads the report by period as CSV.
   *
   * @param {Selection} selection
   */
  reportFile({ from, to, group, agent, channel, by }) {
    return this.#readCsv(satisfactionPath({ from, to, group_by: group, agent, channel, by }));
  }

  /**
   * Reads all ratings as CSV.
   *
   * @param {RatingQuery} query
   */
  ratingsFile(query) {
    return this.#readCsv(ratingsPath(query));
  }

  /**
   * Reads all pages and joins them. Each page begins with the same header, which the file contains once.
   *
   * @param {string} path
   */
  async #readCsv(path) {
    /** @type {string[]} */
    const parts = [];
    let header = "";
    /** @type {string | null} */
    let next = path;
    while (next) {
      const { text, link } = await this.#api.getText("text/csv", next);
      const headerEnd = text.indexOf("\n") + 1;
      if (parts.length === 0) header = text.slice(0, headerEnd);
      const hasHeader = parts.length > 0 && text.startsWith(header);
      parts.push(hasHeader ? text.slice(headerEnd) : text);
      next = nextPath(path, link);
    }
    return new Blob(parts, { type: "text/csv;charset=utf-8" });
  }
}

/**
 * The path of the next page. Only the query comes from the `Link` header, so that the token is never sent elsewhere.
 *
 * @param {string} path
 * @param {string | null} link
 */
function nextPath(path, link) {
  const [, target] = link?.match(/<([^>]*)>\s*;[^,]*\brel="?next"?/) ?? [];
  if (!target) return null;
  const [resource] = path.split("?");
  return resource + new URL(target, "https://api.invalid/").search;
}

/** @param {Record<string, string>} query */
function satisfactionPath(query) {
  return `/v1/satisfaction?${encodeQuery(query)}`;
}

/**
 * @param {RatingQuery} query
 * @param {{ limit?: number, cursor?: string | null }} [page]
 */
function ratingsPath({ from, to, score, sentiment, reason, agent, channel, by }, { limit, cursor } = {}) {
  return `/v1/ratings?${encodeQuery({ from, to, score, sentiment, reason, agent, channel, by, limit, cursor })}`;
}

/**
 * Encodes a query without its empty parameters.
 *
 * @param {Record<string, string | number | null | undefined>} query
 */
function encodeQuery(query) {
  const parameters = Object.entries(query).filter(([, value]) => value);
  return new URLSearchParams(parameters.map(([name, value]) => [name, String(value)]));
}

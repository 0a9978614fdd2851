/** @import { RatingsResponse, ReasonsResponse, SatisfactionResponse } from "../../types/api" */
/** @import { Api } from "../common/api.js" */
/** @import { Selection } from "./selection.js" */
/**
 * @typedef {object} RatingQuery selects ratings
 * @property {string} from
 * @property {string} to
 * @property {string} agent
 * @property {string} channel
 * @property {string | number} [score]
 * @property {string} [sentiment]
 * @property {string} [reason]
 */
/** @typedef {Record<"periods" | "agents" | "channels", SatisfactionResponse> & { reasons: ReasonsResponse }} Responses */

const RATINGS_PER_PAGE = 25;

/** Reads the report and the ratings. */
export class ReportClient {
  #api;

  /** @param {Api} api */
  constructor(api) {
    this.#api = api;
  }

  /**
   * Reads the report by period, by agent, by channel and by reason. The agents are not filtered by agent, nor the channels by
   * channel, because the filters offer all of them.
   *
   * @param {Selection} selection
   * @returns {Promise<Responses>}
   */
  async read({ from, to, group, agent, channel, compares }) {
    const compare = compares ? "previous" : "";
    const [periods, agents, channels, reasons] = await Promise.all([
      this.#api.get(satisfactionPath({ from, to, group_by: group, agent, channel, compare })),
      this.#api.get(satisfactionPath({ from, to, group_by: "agent", channel, compare })),
      this.#api.get(satisfactionPath({ from, to, group_by: "channel", agent, compare })),
      // Without reasons, the rest of the report is shown.
      this.#api.get(satisfactionPath({ from, to, group_by: "reason", agent, channel })).catch(() => ({ groups: [] })),
    ]);
    return { periods, agents, channels, reasons };
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
  reportFile({ from, to, group, agent, channel }) {
    return this.#readCsv(satisfactionPath({ from, to, group_by: group, agent, channel }));
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
function ratingsPath({ from, to, score, sentiment, reason, agent, channel }, { limit, cursor } = {}) {
  return `/v1/ratings?${encodeQuery({ from, to, score, sentiment, reason, agent, channel, limit, cursor })}`;
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

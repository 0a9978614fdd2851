const RATINGS_AT_ONCE = 25;

/** The API's two reports, read for a choice of filters. */
export class Source {
  #api;

  constructor(api) {
    this.#api = api;
  }

  /**
   * All that the report shows: by period, by agent and by channel. The agents are those of all
   * agents, and the channels those of all channels, so that there is something to choose from.
   */
  async read({ from, to, group, agent, channel, compares }) {
    const compare = compares ? "previous" : "";
    const [periods, agents, channels] = await Promise.all([
      this.#api.get(satisfaction({ from, to, group_by: group, agent, channel, compare })),
      this.#api.get(satisfaction({ from, to, group_by: "agent", channel, compare })),
      this.#api.get(satisfaction({ from, to, group_by: "channel", agent, compare })),
    ]);
    return { periods, agents, channels };
  }

  /** A page of the ratings behind a number, with the cursor of the next one. */
  ratings(choice, cursor) {
    return this.#api.get(ratings({ ...choice, limit: RATINGS_AT_ONCE, cursor }));
  }

  /** The report by period, as a file. */
  reportFile({ from, to, group, agent, channel }) {
    return this.#file(satisfaction({ from, to, group_by: group, agent, channel }));
  }

  /** All ratings behind a number, as a file. */
  ratingsFile(choice) {
    return this.#file(ratings(choice));
  }

  /** Pages come one after the other, each with the names of its columns in the first line. */
  async #file(path) {
    const parts = [];
    let header = "";
    for (let next = path; next; ) {
      const { text, link } = await this.#api.getAs("text/csv", next);
      const lineEnd = text.indexOf("\n") + 1;
      if (parts.length === 0) header = text.slice(0, lineEnd);
      const isHeaded = parts.length > 0 && text.startsWith(header);
      parts.push(isHeaded ? text.slice(lineEnd) : text);
      next = following(path, link);
    }
    return new Blob(parts, { type: "text/csv;charset=utf-8" });
  }
}

/** The path of the page that a `Link` names as the next. The token is sent to no other place. */
function following(path, link) {
  const [, target] = link?.match(/<([^>]*)>\s*;[^,]*\brel="?next"?/) ?? [];
  if (!target) return null;
  const [resource] = path.split("?");
  return resource + new URL(target, "https://api.invalid/").search;
}

function satisfaction(query) {
  return `/v1/satisfaction?${written(query)}`;
}

function ratings({ from, to, score, agent, channel, limit, cursor }) {
  return `/v1/ratings?${written({ from, to, score, agent, channel, limit, cursor })}`;
}

function written(query) {
  const given = Object.entries(query).filter(([, value]) => value);
  return new URLSearchParams(given);
}

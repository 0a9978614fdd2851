/** @import { Schedule } from "./platform.js" */

import { byId, createElement } from "./dom.js";
import { CONVERSATION, pendingSchedules } from "./platform.js";

/**
 * What the schedules do, by kind.
 *
 * @type {Record<string, string>}
 */
const SENTENCES = {
  ask: "The visitor is asked for a rating on",
  send_transcript: "The transcript is e-mailed on",
  expire: "If it is not answered, the rating request expires on",
};

const FORMAT = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "long",
  hour: "2-digit",
  minute: "2-digit",
  timeZone: "UTC",
});

/** What is scheduled for the conversation. */
export class ScheduleList {
  #list = byId("schedules");
  #shown = "";

  async refresh() {
    const schedules = await pendingSchedules();
    const own = schedules.filter(({ input }) => input?.conversation_id === CONVERSATION);
    const content = JSON.stringify(own);
    // Screen readers announce each change of the list.
    if (content === this.#shown) return;
    this.#shown = content;
    const items = own.length > 0 ? own.map(createItem) : [createElement("li", "quiet", "Nothing is scheduled.")];
    this.#list.replaceChildren(...items);
  }
}

/** @param {Schedule} schedule */
function createItem({ at, input }) {
  const item = createElement("li", "", `${SENTENCES[input?.due ?? ""] ?? "Something is due on"} `);
  const time = createElement("time", "", `${FORMAT.format(new Date(at))} UTC`);
  time.dateTime = at;
  item.append(time, ".");
  return item;
}

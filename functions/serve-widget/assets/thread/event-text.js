import { lookUp } from "../common/texts.js";

/** @import { ThreadEvent } from "../../types/api" */

/**
 * The texts of sent transcripts by the reserved id of the agent. Visitors and rules have no id of their own.
 *
 * @type {Record<string, string>}
 */
const SENT_TEXTS = { visitor: "transcript_requested", automatic: "transcript_sent_automatically" };

/**
 * The texts by the mail that was given up.
 *
 * @type {Record<string, string>}
 */
const GIVEN_UP_TEXTS = { transcript: "transcript_given_up", rating_request: "rating_mail_given_up" };

/**
 * The name of an event's text in `thread.events`: its type, or a more exact name.
 *
 * @param {ThreadEvent} event
 */
export function eventTextName(event) {
  switch (event.type) {
    case "rating_requested":
      return requestTextName(event);
    case "rating_changed":
      return changeTextName(event);
    case "transcript_sent":
      return lookUp(SENT_TEXTS, event.agent?.id) ?? event.type;
    case "mail_given_up":
      return lookUp(GIVEN_UP_TEXTS, event.mail) ?? event.type;
    default:
      return event.type;
  }
}

/**
 * A rule asks on behalf of an agent or of the brand, whose name can be unknown.
 *
 * @param {ThreadEvent} event
 */
function requestTextName({ type, by, agent }) {
  if (by !== "rule") return type;
  return agent?.name ? "rating_requested_on_behalf" : "rating_requested_automatically";
}

/**
 * A rating whose score did not change has a text for what changed.
 *
 * @param {ThreadEvent} event
 */
function changeTextName({ type, old, new: changed }) {
  if (old?.score !== changed?.score) return type;
  if (old?.comment === changed?.comment) return "reasons_changed";
  return changed?.comment ? "comment_given" : "comment_removed";
}

import { createElement, templateNodes } from "../common/dom.js";
import { faceOf } from "../common/faces.js";
import { createReasonList } from "../common/reason-list.js";
import { fillTemplate } from "../common/texts.js";
import { channelName } from "./formatter.js";

/** @import { ReportTexts } from "../../types/afterchat" */
/** @import { ListedRating } from "../../types/api" */
/** @import { Formatter } from "./formatter.js" */
/** @import { Options } from "./filters.js" */
/**
 * @typedef {object} ConversationLinks
 * @property {(conversationId: string) => string | null} urlOf the URL of a conversation, if the page has one
 * @property {(event: Event, conversationId: string, ratingRequestId: string) => void} onOpen
 */

/**
 * Creates the list item of a rating. Text of people is never parsed as HTML, and has its own direction.
 *
 * @param {ListedRating} rating
 * @param {Formatter} formatter
 * @param {{ reasons: () => Options, links: ConversationLinks }} host
 */
export function createRatingItem(rating, formatter, { reasons, links }) {
  const labels = new Map(reasons());
  const { score, comment, agent, rated_at: ratedAt, changes = [] } = rating;
  const { texts } = formatter;
  const by = templateNodes(rating.by === "rule" ? texts.details.byRule : texts.details.by, {
    agent: agent.name ?? agent.id,
    channel: channelName(texts, rating.channel),
  });
  const label = createElement("strong", {}, texts.faces[score - 1] ?? "");
  return createElement(
    "li",
    { tabindex: "-1" },
    createElement("span", { class: "emoji", "aria-hidden": "true" }, faceOf(score)),
    createElement(
      "div",
      { class: "said" },
      createElement("p", {}, label, " ", createTime(ratedAt, formatter)),
      ...(comment ? [createElement("blockquote", { dir: "auto" }, comment)] : []),
      ...createLabels(rating.reasons, labels),
      createElement("p", { class: "quiet" }, ...by),
      ...(changes.length > 0 ? [createHistory(changes, labels, formatter)] : []),
      createConversationLink(rating, texts, links),
    ),
  );
}

/**
 * Creates the list of reasons. A reason without a label is shown with its id.
 *
 * @param {string[] | undefined} reasons
 * @param {Map<string, string>} labels
 */
function createLabels(reasons, labels) {
  return createReasonList(reasons?.map((id) => labels.get(id) ?? id));
}

/**
 * Creates the list of a rating's changes.
 *
 * @param {ListedRating["changes"]} changes
 * @param {Map<string, string>} labels of the reasons
 * @param {Formatter} formatter
 */
function createHistory(changes, labels, formatter) {
  const { details: texts, faces } = formatter.texts;
  const items = changes.map((change) => {
    const { at, score, previous_score: oldScore, previous_comment: oldComment } = change;
    const values = {
      time: formatter.time(at),
      oldFace: faceOf(oldScore),
      oldLabel: faces[oldScore - 1],
      face: faceOf(score),
      label: faces[score - 1],
    };
    const quote = oldComment ? [createElement("blockquote", { dir: "auto" }, oldComment)] : [];
    return createElement(
      "li",
      {},
      ...templateNodes(texts.change, values),
      ...quote,
      ...createLabels(change.previous_reasons, labels),
    );
  });
  const summary = createElement("summary", {}, formatter.plural(texts.changed, changes.length));
  return createElement("details", { class: "history" }, summary, createElement("ol", {}, ...items));
}

/**
 * @param {ListedRating} rating
 * @param {ReportTexts} texts
 * @param {ConversationLinks} links
 */
function createConversationLink({ conversation_id: id, rating_request_id: ratingRequestId }, texts, links) {
  const { erased, open, openOf } = texts.details;
  if (!id) return createElement("p", { class: "quiet" }, erased);
  const click = (/** @type {Event} */ event) => links.onOpen(event, id, ratingRequestId);
  const attributes = { class: "button open", "aria-label": fillTemplate(openOf, { id }), click };
  const href = links.urlOf(id);
  if (href) return createElement("a", { ...attributes, href }, open);
  return createElement("button", { ...attributes, type: "button" }, open);
}

/**
 * @param {string} time
 * @param {Formatter} formatter
 */
function createTime(time, formatter) {
  return createElement("time", { class: "quiet", datetime: time }, formatter.time(time));
}

import { element, sentence } from "../common/dom.js";
import { faceOf } from "../common/faces.js";
import { fill, lookUp } from "../common/texts.js";

/** A rating with all that is known of it. What people wrote is text, and takes a direction of its own. */
export function ratingNode(rating, words, { openConversation, link }) {
  const { score, comment, agent, rated_at: ratedAt, changes = [] } = rating;
  const texts = words.texts.details;
  const label = words.texts.faces[score - 1];
  const by = sentence(texts.by, {
    agent: agent.name ?? agent.id,
    channel: lookUp(words.texts.channels, rating.channel) ?? rating.channel,
  });
  return element(
    "li",
    { tabindex: "-1" },
    element("span", { class: "emoji", "aria-hidden": "true" }, faceOf(score)),
    element(
      "div",
      { class: "said" },
      element("p", {}, element("strong", {}, label), " ", time(ratedAt, words)),
      ...(comment ? [element("blockquote", { dir: "auto" }, comment)] : []),
      element("p", { class: "quiet" }, ...by),
      ...(changes.length > 0 ? [history(changes, words)] : []),
      conversation(rating, texts, { openConversation, link }),
    ),
  );
}

/** What it was before each change. */
function history(changes, words) {
  const texts = words.texts.details;
  const items = changes.map(({ at, score, previous_score: oldScore, previous_comment: oldComment }) =>
    element(
      "li",
      {},
      ...sentence(texts.change, {
        time: words.moment(at),
        oldFace: faceOf(oldScore),
        oldLabel: words.texts.faces[oldScore - 1],
        face: faceOf(score),
        label: words.texts.faces[score - 1],
      }),
      ...(oldComment ? [element("blockquote", { dir: "auto" }, oldComment)] : []),
    ),
  );
  const summary = element("summary", {}, words.counted(texts.changed, changes.length));
  return element("details", { class: "history" }, summary, element("ol", {}, ...items));
}

function conversation({ conversation_id: id, rating_request_id: request }, texts, { openConversation, link }) {
  if (!id) return element("p", { class: "quiet" }, texts.erased);
  const click = (event) => openConversation(event, id, request);
  const attributes = { class: "button open", "aria-label": fill(texts.openOf, { id }), click };
  const href = link(id);
  return href ? element("a", { ...attributes, href }, texts.open) : element("button", { ...attributes, type: "button" }, texts.open);
}

function time(at, words) {
  return element("time", { class: "quiet", datetime: at }, words.moment(at));
}

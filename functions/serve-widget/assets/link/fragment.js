/** @import { Rating } from "../../types/api" */
/** @typedef {{ token: string, requestId: string, score: number | null }} Link */
/** @typedef {Link & { rating: Rating | null, isNew: boolean }} OpenLink */

/**
 * A token of four parts in base64url. A slash and the score of the face that was pressed follow, except in a link for a
 * comment.
 */
const LINK = /^([\w-]+\.[\w-]+\.([\w-]+)\.[\w-]{43})(?:\/([1-5]))?$/;

/** The member of the history entry's state that contains the link and the rating. */
const MEMBER = "afterchatRatingLink";

/**
 * Reads the link of the current history entry.
 *
 * The fragment is removed from the address, because other people could see it there and the browser's history would
 * keep it. It is moved to the state of the history entry, which survives a reload and is not sent to any server.
 *
 * @returns {OpenLink | null} `null` if there is no complete link. `rating` is the rating that `saveLink` saved last.
 *   `isNew` means that the link was in the address.
 */
export function readLink() {
  const isNew = location.hash !== "";
  const { link, rating } = isNew ? { link: location.hash.slice(1), rating: null } : (history.state?.[MEMBER] ?? {});
  const parsed = parseLink(link);
  if (isNew) history.replaceState(parsed && { [MEMBER]: { link } }, "", location.pathname);
  return parsed && { ...parsed, rating: rating ?? null, isNew };
}

/**
 * Saves the chosen face, and the recorded rating if there is one, in the current history entry.
 *
 * @param {Link} link
 * @param {number} score
 * @param {Rating} [rating]
 */
export function saveLink({ token }, score, rating) {
  history.replaceState({ [MEMBER]: { link: `${token}/${score}`, rating } }, "");
}

/**
 * @param {string | undefined} text
 * @returns {Link | null}
 */
function parseLink(text) {
  const [, token, encodedId, score] = LINK.exec(text ?? "") ?? [];
  if (!token || !encodedId) return null;
  try {
    return { token, requestId: decodeId(encodedId), score: score ? Number(score) : null };
  } catch {
    return null;
  }
}

/**
 * Decodes an id, which is ASCII.
 *
 * @param {string} base64url
 */
function decodeId(base64url) {
  return atob(base64url.replaceAll("-", "+").replaceAll("_", "/"));
}

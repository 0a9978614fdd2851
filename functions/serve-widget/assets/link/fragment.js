/** A token of four parts in base64url, a slash, and the score of the face that was pressed. */
const LINK = /^([\w-]+\.[\w-]+\.([\w-]+)\.[\w-]{43})\/([1-5])$/;

/** The member of the history entry's state that holds the link and what came of it. */
const MEMBER = "afterchatRatingLink";

/**
 * The link that this history entry is about.
 *
 * The fragment is taken out of the address bar, where it would be seen and kept in the browser's
 * history. It moves into the state of the history entry, which a reload keeps and no server gets.
 *
 * @returns {{token: string, requestId: string, score: number, rating: object | null, isNew: boolean} | null}
 *   `rating` is what `remember` was last called with; `isNew` is whether the link was in the address;
 *   `null` if there is no complete link
 */
export function openedLink() {
  const isNew = location.hash !== "";
  const { link, rating } = isNew ? { link: location.hash.slice(1) } : (history.state?.[MEMBER] ?? {});
  const opened = parsed(link);
  if (isNew) history.replaceState(opened && { [MEMBER]: { link } }, "", location.pathname);
  return opened && { ...opened, rating: rating ?? null, isNew };
}

/** Has this history entry remember which face was chosen, and the rating once it is recorded. */
export function remember({ token }, score, rating) {
  history.replaceState({ [MEMBER]: { link: `${token}/${score}`, rating } }, "");
}

function parsed(link) {
  const parts = LINK.exec(link ?? "");
  if (!parts) return null;
  const [, token, encodedId, score] = parts;
  try {
    return { token, requestId: decoded(encodedId), score: Number(score) };
  } catch {
    return null;
  }
}

/** An id is ASCII, so its base64 holds its characters as they are. */
function decoded(base64url) {
  return atob(base64url.replaceAll("-", "+").replaceAll("_", "/"));
}

/** A token of four parts in base64url, a slash, and the score of the face that was pressed. */
const LINK = /^#([\w-]+\.[\w-]+\.([\w-]+)\.[\w-]{43})\/([1-5])$/;

/**
 * Takes the link's secret out of the address bar, where it would be seen and kept in the history.
 *
 * @returns {{token: string, requestId: string, score: number} | null} null where it is no whole link
 */
export function takeLink() {
  const link = LINK.exec(location.hash);
  if (location.hash) history.replaceState(null, "", location.pathname);
  if (!link) return null;
  const [, token, encodedId, score] = link;
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

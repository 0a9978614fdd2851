import { createElement } from "../common/dom.js";

/** After this time the browser has begun to save the file, so that its URL is no longer needed. */
const URL_LIFETIME_MS = 60_000;

/**
 * Makes the browser save a file.
 *
 * @param {string} name
 * @param {Blob} content
 */
export function saveFile(name, content) {
  const url = URL.createObjectURL(content);
  createElement("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), URL_LIFETIME_MS);
}

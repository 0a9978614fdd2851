import { element } from "../common/dom.js";

/** Long enough for a browser to have begun to save. */
const KEPT_MS = 60_000;

/** Has the browser save a file. */
export function saveFile(name, content) {
  const url = URL.createObjectURL(content);
  element("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), KEPT_MS);
}

import { createElement } from "./dom.js";
import { isolateKeys } from "./keys.js";
import { theme } from "./theme.js";

/**
 * Attaches a shadow root to a component, with one box around its content. The box is the containing block for
 * positioned content and the container for container queries, whatever styles the page sets on the component itself.
 *
 * @param {HTMLElement} host
 * @param {CSSStyleSheet[]} sheets the component's own styles
 * @param {...(Node | string)} nodes
 * @returns {HTMLElement} the box
 */
export function attachFrame(host, sheets, ...nodes) {
  const frame = createElement("div", { class: "frame" }, ...nodes);
  const root = host.attachShadow({ mode: "open" });
  root.adoptedStyleSheets = [theme, ...sheets];
  root.append(frame);
  isolateKeys(host);
  return frame;
}

/**
 * Copies the page's `color-scheme` to a data attribute, for browsers without `light-dark()`. Call it each time that
 * the component is connected.
 *
 * @param {HTMLElement} frame
 */
export function updateColorScheme(frame) {
  const schemes = getComputedStyle(frame).colorScheme;
  const isDark = schemes.includes("dark");
  const isEither = isDark && schemes.includes("light");
  if (isEither) frame.dataset.scheme = "either";
  else frame.dataset.scheme = isDark ? "dark" : "light";
}

/**
 * The element that has the focus in a node's shadow tree.
 *
 * @param {Node} node
 * @returns {Element | null}
 */
export function focusedElement(node) {
  const root = node.getRootNode();
  return root instanceof ShadowRoot || root instanceof Document ? root.activeElement : null;
}

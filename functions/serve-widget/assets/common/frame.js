import { element } from "./dom.js";
import { keepKeys } from "./keys.js";
import { theme } from "./theme.js";

/**
 * Gives a component its shadow tree, in which one box holds everything. Whatever the page says of the
 * element itself, the box is what positioned parts are placed in and what sizes are measured against.
 *
 * @param {HTMLElement} host
 * @param {CSSStyleSheet[]} sheets the component's own styles
 * @param {...(Node | string)} nodes
 * @returns {HTMLElement} the box
 */
export function framed(host, sheets, ...nodes) {
  const frame = element("div", { class: "frame" }, ...nodes);
  const root = host.attachShadow({ mode: "open" });
  root.adoptedStyleSheets = [theme, ...sheets];
  root.append(frame);
  keepKeys(host);
  return frame;
}

/**
 * Tells the style sheets which colour schemes the page has. Browsers with `light-dark()` need not be
 * told. To be called each time that the component is connected.
 */
export function followScheme(frame) {
  const schemes = getComputedStyle(frame).colorScheme;
  const isDark = schemes.includes("dark");
  frame.dataset.scheme = isDark && schemes.includes("light") ? "either" : isDark ? "dark" : "light";
}

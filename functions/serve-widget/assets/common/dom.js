import { partsOf } from "./texts.js";

const SVG = "http://www.w3.org/2000/svg";

/**
 * Makes an element. A function among the attributes listens to the event of its name, a boolean
 * sets or leaves out the attribute. Text only ever becomes text.
 */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(attribute, value);
    else if (typeof value === "boolean") made.toggleAttribute(attribute, value);
    else if (value !== undefined) made.setAttribute(attribute, value);
  }
  made.append(...children);
  return made;
}

/** Makes an element of a drawing. */
export function drawn(name, attributes = {}, ...children) {
  const made = document.createElementNS(SVG, name);
  for (const [attribute, value] of Object.entries(attributes)) {
    if (value !== undefined) made.setAttribute(attribute, value);
  }
  made.append(...children);
  return made;
}

/** Makes an icon of one path in a square of 20; what it shows is said beside it. */
export function icon(path) {
  return drawn("svg", { viewBox: "0 0 20 20", class: "icon", "aria-hidden": "true" }, drawn("path", { d: path }));
}

/** Sets a text, and touches the document only where it changes: live regions speak on each touch. */
export function say(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/**
 * Sets a text with places (see `fill`), each value in a `<bdi>`: a name that is written from right to
 * left then reorders nothing around it. Touches the document only if the text changes.
 */
export function sayFilled(node, text, values) {
  const parts = sentence(text, values);
  const said = parts.map((part) => part.textContent ?? part).join("");
  if (node.textContent !== said) node.replaceChildren(...parts);
}

/** The nodes of a text with places, each value in a `<bdi>`. */
export function sentence(text, values) {
  return partsOf(text, values).map((part) => (typeof part === "string" ? part : element("bdi", {}, part.value)));
}

/** A style sheet for shadow roots. Being no inline style, it passes a strict content policy. */
export function stylesheet(css) {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  return sheet;
}

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

/** A style sheet for shadow roots. Being no inline style, it passes a strict content policy. */
export function stylesheet(css) {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  return sheet;
}

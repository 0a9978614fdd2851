import { splitTemplate } from "./texts.js";

/** @import { TemplateValues } from "./texts.js" */
/** @typedef {Record<string, string | number | boolean | undefined | ((event: any) => unknown)>} Attributes */

const SVG = "http://www.w3.org/2000/svg";

/**
 * Creates an element. A function among the attributes is added as a listener for the event of that name. A boolean
 * adds or omits the attribute. Strings become text nodes and are never parsed as HTML.
 *
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name
 * @param {Attributes} [attributes]
 * @param {...(Node | string)} children
 */
export function createElement(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) {
    if (typeof value === "function") node.addEventListener(attribute, value);
    else if (typeof value === "boolean") node.toggleAttribute(attribute, value);
    else if (value !== undefined) node.setAttribute(attribute, String(value));
  }
  node.append(...children);
  return node;
}

/**
 * Creates an SVG element.
 *
 * @template {keyof SVGElementTagNameMap} Name
 * @param {Name} name
 * @param {Record<string, string | number | undefined>} [attributes]
 * @param {...(Node | string)} children
 */
export function createSvgElement(name, attributes = {}, ...children) {
  const node = document.createElementNS(SVG, name);
  for (const [attribute, value] of Object.entries(attributes)) {
    if (value !== undefined) node.setAttribute(attribute, String(value));
  }
  node.append(...children);
  return node;
}

/**
 * Creates an icon. Screen readers ignore it, so the text beside it must carry the meaning.
 *
 * @param {string} path path data in a square of 20 units
 */
export function createIcon(path) {
  const attributes = { viewBox: "0 0 20 20", class: "icon", "aria-hidden": "true" };
  return createSvgElement("svg", attributes, createSvgElement("path", { d: path }));
}

/**
 * Sets a node's text if it differs. Screen readers announce a live region on each write, even if the text is the same.
 *
 * @param {Node} node
 * @param {string} text
 */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/**
 * Sets a node's content to a filled template if the text differs.
 *
 * @param {Element} node
 * @param {string} template
 * @param {TemplateValues} values
 */
export function setTemplate(node, template, values) {
  const parts = templateNodes(template, values);
  const text = parts.map((part) => (typeof part === "string" ? part : part.textContent)).join("");
  if (node.textContent !== text) node.replaceChildren(...parts);
}

/**
 * The nodes of a filled template. Each value is in a `<bdi>`, so that a value in a right-to-left script does not
 * reorder the text around it.
 *
 * @param {string} template
 * @param {TemplateValues} values
 */
export function templateNodes(template, values) {
  return splitTemplate(template, values).map((part) =>
    typeof part === "string" ? part : createElement("bdi", {}, part.value),
  );
}

/**
 * Creates a style sheet for shadow roots. A content security policy without inline styles allows it.
 *
 * @param {string} css
 */
export function createStyleSheet(css) {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  return sheet;
}

// Finds what a person sees on a page, also in shadow trees. The tests call these functions in scripts of their own.
// biome-ignore-all lint/correctness/noUnusedVariables: the scripts of the tests use them

const CONTROLS = "a[href], button, input, select, summary, textarea";

/**
 * All elements below a root, also those in shadow trees.
 *
 * @param {ParentNode} root
 * @returns {Generator<HTMLElement, void>}
 */
function* everything(root = document) {
  /** @type {NodeListOf<HTMLElement>} */
  const elements = root.querySelectorAll("*");
  for (const element of elements) {
    yield element;
    if (element.shadowRoot) yield* everything(element.shadowRoot);
  }
}

/**
 * The accessible name of a control.
 *
 * @param {Element} element
 */
function nameOf(element) {
  const labels = "labels" in element ? /** @type {HTMLInputElement} */ (element).labels : null;
  const label = [...(labels ?? [])].map(({ textContent }) => textContent).join(" ");
  return (element.getAttribute("aria-label") ?? (label || element.textContent)).trim();
}

/**
 * The visible control with this name. A modal dialog hides all controls outside of it.
 *
 * @param {string} name
 */
function control(name) {
  const dialog = [...everything()].findLast((element) => element.matches("dialog:modal"));
  for (const element of everything(dialog)) {
    if (element.matches(CONTROLS) && element.checkVisibility() && nameOf(element) === name) return element;
  }
  return null;
}

/** The name of the control that has the focus. */
function focused() {
  let active = document.activeElement;
  while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
  return active ? nameOf(active) : "";
}

/** The visible text of the page. */
function text() {
  const lines = [];
  for (const element of everything()) {
    if (element.matches("script, style") || !element.checkVisibility()) continue;
    const hasOwnText = [...element.childNodes].some((node) => node instanceof Text && node.data.trim());
    if (hasOwnText) lines.push(element.textContent.trim());
  }
  return lines.join("\n");
}

/**
 * Whether a box around the element clips it or scrolls horizontally.
 *
 * @param {Element} element
 */
function isCut(element) {
  const parentOf = (/** @type {Element} */ inner) => {
    const root = inner.getRootNode();
    return inner.parentElement ?? (root instanceof ShadowRoot ? root.host : null);
  };
  for (let box = parentOf(element); box && box !== document.body; box = parentOf(box)) {
    if (getComputedStyle(box).overflowX !== "visible") return true;
  }
  return false;
}

/**
 * The visible elements that extend beyond these sides.
 *
 * @param {ParentNode} root
 * @param {number} left
 * @param {number} right
 */
function beyond(root, left, right) {
  const found = [];
  for (const element of everything(root)) {
    const area = element.getBoundingClientRect();
    if (area.width === 0 || area.height === 0 || !element.checkVisibility()) continue;
    const isBeyond = area.left < left - 1 || area.right > right + 1;
    if (isBeyond && !isCut(element)) found.push(element.outerHTML.slice(0, 120));
  }
  return found;
}

/** The visible elements that extend beyond the sides of the page. */
function beyondThePage() {
  return beyond(document.body, 0, document.documentElement.clientWidth);
}

/**
 * The elements in a component's shadow tree that extend beyond its sides.
 *
 * @param {HTMLElement & { shadowRoot: ShadowRoot }} host
 */
function beyondItsBox(host) {
  const { left, right } = host.getBoundingClientRect();
  return beyond(host.shadowRoot, left, right);
}

/** How far the page scrolls below the end of its content, in pixels. */
function emptyBelow() {
  const end = document.body.getBoundingClientRect().bottom + scrollY;
  return document.documentElement.scrollHeight - Math.max(innerHeight, end);
}

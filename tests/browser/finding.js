const CONTROLS = "a[href], button, input, select, summary, textarea";

function* everything(root = document) {
  for (const element of root.querySelectorAll("*")) {
    yield element;
    if (element.shadowRoot) yield* everything(element.shadowRoot);
  }
}

function nameOf(element) {
  const labels = [...(element.labels ?? [])].map((label) => label.textContent);
  return (element.getAttribute("aria-label") ?? (labels.join(" ") || element.textContent)).trim();
}

function control(name) {
  // What lies beneath an open dialog is out of reach.
  const dialog = [...everything()].findLast((element) => element.matches("dialog:modal"));
  for (const element of everything(dialog)) {
    if (element.matches(CONTROLS) && element.checkVisibility() && nameOf(element) === name) return element;
  }
  return null;
}

function focused() {
  let active = document.activeElement;
  while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
  return active ? nameOf(active) : "";
}

function text() {
  const own = (element) => [...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE);
  const lines = [];
  for (const element of everything()) {
    if (element.matches("script, style") || !element.checkVisibility()) continue;
    if (own(element).some((node) => node.data.trim())) lines.push(element.textContent.trim());
  }
  return lines.join("\n");
}

/** Whether something is cut off, or scrolls, at the sides of a box around it. */
function isCut(element) {
  const parent = (inner) => inner.parentElement ?? inner.getRootNode().host;
  for (let box = parent(element); box && box !== document.body; box = parent(box)) {
    if (getComputedStyle(box).overflowX !== "visible") return true;
  }
  return false;
}

/** What reaches beyond these sides. What is cut off does not count. */
function beyond(root, left, right) {
  const found = [];
  for (const element of everything(root)) {
    const area = element.getBoundingClientRect();
    if (area.width === 0 || area.height === 0 || !element.checkVisibility()) continue;
    if ((area.left < left - 1 || area.right > right + 1) && !isCut(element)) found.push(element.outerHTML.slice(0, 120));
  }
  return found;
}

function beyondThePage() {
  return beyond(document.body, 0, document.documentElement.clientWidth);
}

function beyondItsBox(host) {
  const { left, right } = host.getBoundingClientRect();
  return beyond(host.shadowRoot, left, right);
}

/** How far the page scrolls below the end of its content, in pixels. */
function emptyBelow() {
  const end = document.body.getBoundingClientRect().bottom + scrollY;
  return document.documentElement.scrollHeight - Math.max(innerHeight, end);
}

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

/** What reaches beyond the sides of the page. What scrolls in a box of its own does not count. */
function beyondTheSides() {
  const { clientWidth } = document.documentElement;
  const parent = (element) => element.parentElement ?? element.getRootNode().host;
  const isCut = (element) => {
    for (let box = parent(element); box && box !== document.body; box = parent(box)) {
      if (getComputedStyle(box).overflowX !== "visible") return true;
    }
    return false;
  };
  const found = [];
  for (const element of everything(document.body)) {
    const { left, right, width, height } = element.getBoundingClientRect();
    if (width === 0 || height === 0 || !element.checkVisibility()) continue;
    if ((left < -1 || right > clientWidth + 1) && !isCut(element)) found.push(element.outerHTML.slice(0, 120));
  }
  return found;
}

/** How far the page scrolls below the end of its content, in pixels. */
function emptyBelow() {
  const end = document.body.getBoundingClientRect().bottom + scrollY;
  return document.documentElement.scrollHeight - Math.max(innerHeight, end);
}

/** What stands beyond the sides of the box that it belongs to. */
function beyond(box) {
  const { left, right } = box.getBoundingClientRect();
  const isBeyond = (element) => {
    const area = element.getBoundingClientRect();
    return area.width > 0 && element.checkVisibility() && (area.left < left - 1 || area.right > right + 1);
  };
  return [...everything(box.shadowRoot)].filter(isBeyond).map((element) => element.outerHTML.slice(0, 120));
}

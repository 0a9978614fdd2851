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

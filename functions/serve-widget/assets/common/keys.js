/** Events that typing into a field and editing its text cause. */
const TYPING = ["keydown", "keypress", "keyup", "compositionstart", "compositionupdate", "compositionend", "cut", "copy", "paste"];

const FIELD = "input:not([type='checkbox']), select, textarea";
const CONTROL = "a[href], button, input, summary, [role='button']";

/** With these a page closes its panels and moves the focus, whatever the field is. */
const PAGES_KEYS = ["Escape", "Tab"];

/**
 * Keeps from the page what is typed into a component's fields, and the keys that its controls use
 * themselves. A page sees the component as the target of these events and not the field in it, so it
 * could not tell typing from a shortcut.
 *
 * The events still reach the component's own listeners, listeners on the element itself, and listeners
 * in the capture phase.
 */
export function keepKeys(host) {
  /** The keys that are down and whose `keydown` was kept. */
  const down = new Set();
  const keep = (event) => {
    const [target] = event.composedPath();
    const isKept = target.matches?.(FIELD) ? isTyping(event) : isUsed(event, target);
    if (event.type === "keydown" && isKept) down.add(event.code);
    const wasKept = event.type === "keyup" && down.delete(event.code);
    if (isKept || wasKept) event.stopPropagation();
  };
  for (const type of TYPING) host.addEventListener(type, keep);
}

/** While text is being composed, Escape and Tab belong to the input method. */
function isTyping(event) {
  return event.isComposing || !PAGES_KEYS.includes(event.key);
}

/** Whether a control presses itself with this key, or the component has already acted on it. */
function isUsed(event, target) {
  if (!event.type.startsWith("key")) return false;
  if (event.defaultPrevented) return true;
  if (event.key === "Escape") return event.composedPath().some((node) => node.localName === "dialog" && node.open);
  return ["Enter", " "].includes(event.key) && Boolean(target.matches?.(CONTROL));
}

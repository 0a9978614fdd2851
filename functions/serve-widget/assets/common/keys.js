/** The events of typing into a field and of editing its text. */
const EDITING_EVENTS = [
  "keydown",
  "keypress",
  "keyup",
  "compositionstart",
  "compositionupdate",
  "compositionend",
  "cut",
  "copy",
  "paste",
];

const FIELD = "input:not([type='checkbox']), select, textarea";
const CONTROL = "a[href], button, input, summary, [role='button']";

/** Pages close panels and move the focus with these keys, also from within a field. */
const PAGE_KEYS = ["Escape", "Tab"];

/**
 * Stops key and clipboard events that the component uses itself: text typed into its fields, and the keys that press
 * its controls. Outside of the shadow tree the target of these events is the component, so that a page could mistake
 * typing for a keyboard shortcut.
 *
 * The events still reach listeners within the component, on the component itself, and in the capture phase.
 *
 * @param {HTMLElement} host
 */
export function isolateKeys(host) {
  /**
   * Keys that are down and whose `keydown` was stopped.
   *
   * @type {Set<string>}
   */
  const stoppedKeys = new Set();
  const onEvent = (/** @type {Event} */ event) => {
    const isUsed = isUsedByComponent(event);
    let isKeyUpOfStopped = false;
    if (event instanceof KeyboardEvent) {
      if (event.type === "keydown" && isUsed) stoppedKeys.add(event.code);
      isKeyUpOfStopped = event.type === "keyup" && stoppedKeys.delete(event.code);
    }
    if (isUsed || isKeyUpOfStopped) event.stopPropagation();
  };
  for (const type of EDITING_EVENTS) host.addEventListener(type, onEvent);
}

/** @param {Event} event */
function isUsedByComponent(event) {
  const [target] = event.composedPath();
  const element = target instanceof Element ? target : null;
  if (element?.matches(FIELD)) return isEditing(event);
  return event instanceof KeyboardEvent && isUsedByControl(event, element);
}

/**
 * Whether the event edits a field. While the user composes text, Escape and Tab belong to the input method.
 *
 * @param {Event} event
 */
function isEditing(event) {
  if (!(event instanceof KeyboardEvent)) return true;
  return event.isComposing || !PAGE_KEYS.includes(event.key);
}

/**
 * Whether the key presses a control, or the component has already handled it.
 *
 * @param {KeyboardEvent} event
 * @param {Element | null} target
 */
function isUsedByControl(event, target) {
  if (event.defaultPrevented) return true;
  if (event.key === "Escape") {
    return event.composedPath().some((node) => node instanceof HTMLDialogElement && node.open);
  }
  return ["Enter", " "].includes(event.key) && Boolean(target?.matches(CONTROL));
}

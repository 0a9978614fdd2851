/** @import { Platform } from "./platform.js" */

import { showingErrors, typedById } from "./dom.js";

/**
 * The button with which the agent resolves the conversation or opens it again.
 *
 * @param {Platform} platform
 * @param {() => Promise<unknown>} onChange
 */
export function addResolveButton(platform, onChange) {
  const button = typedById("resolve", HTMLButtonElement);
  const isResolved = () => platform.conversation.status === "resolved";
  const show = () => {
    button.textContent = isResolved() ? "Open again" : "Resolve";
  };
  show();
  button.addEventListener(
    "click",
    showingErrors(async () => {
      await platform.recordStatus(isResolved() ? "open" : "resolved");
      show();
      await onChange();
    }),
  );
}

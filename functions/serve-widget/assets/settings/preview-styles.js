import { createStyleSheet } from "../common/dom.js";

/** What the preview adds to the styles of the prompt. */
export const previewStyles = createStyleSheet(`
  .reason-chips { display: flex; flex-wrap: wrap; gap: 8px; margin-block-start: 12px; }

  .chip {
    min-block-size: 44px;
    padding: 6px 14px;
    border: 1px solid var(--edge);
    border-radius: 22px;
    background: var(--surface);
    text-align: start;
    overflow-wrap: anywhere;
    cursor: pointer;
  }

  .chip[aria-pressed="true"] { border-color: var(--accent); background: var(--accent-soft); font-weight: 600; }
`);

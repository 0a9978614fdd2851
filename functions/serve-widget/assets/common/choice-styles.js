import { createStyleSheet } from "./dom.js";

/** Buttons of which one or several are pressed. */
export const choiceStyles = createStyleSheet(`
  .choice {
    min-inline-size: 44px;
    min-block-size: 44px;
    padding: 6px 12px;
    border: 1px solid var(--edge);
    border-radius: calc(var(--radius) * 0.6);
    background: var(--surface);
    font-weight: 600;
    cursor: pointer;
  }

  .choice:hover { background: var(--accent-soft); }

  .choice[aria-pressed="true"] { border-color: var(--accent); background: var(--accent); color: var(--on-accent); }

  @media (forced-colors: active) {
    .choice[aria-pressed="true"] { border-color: Highlight; background: Highlight; color: HighlightText; forced-color-adjust: none; }
  }
`);

import { createStyleSheet } from "../common/dom.js";

export const transcriptStyles = createStyleSheet(`
  .card:not([hidden]) ~ .transcript { margin-block-start: 8px; }

  .transcript > .button { inline-size: 100%; padding-inline: 8px; text-wrap: balance; }

  .transcript > .button[aria-disabled="true"] { cursor: default; color: var(--muted); background: var(--raised); }

  .transcript > .quiet { margin-block-start: 6px; text-align: center; }

  /* Not hidden if it is empty: screen readers announce the text of a live region that exists before. */
  .transcript-status:not(:empty) { margin-block-start: 8px; font-weight: 600; text-align: center; overflow-wrap: anywhere; }

  @media (forced-colors: active) {
    .transcript > .button[aria-disabled="true"] { border-color: GrayText; color: GrayText; }
  }
`);

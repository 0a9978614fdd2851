import { createStyleSheet } from "./dom.js";

/** The dialog with the e-mail as it would be sent. */
export const previewStyles = createStyleSheet(`
  .mail-preview {
    inline-size: min(48em, 100%);
    max-inline-size: 100%;
    block-size: min(60em, 100% - 32px);
    max-block-size: 100%;
    margin: auto;
    padding: 0;
    border: 0;
    border-radius: var(--radius);
    background: var(--surface);
    color: var(--text);
    box-shadow: 0 0 40px #0b0d1a40;
  }

  .mail-preview[open] { display: grid; grid-template: auto auto minmax(12em, 1fr) auto / minmax(0, 1fr); }

  .mail-preview::backdrop { background: #0b0d1a73; }

  .mail-preview h3 { padding: 16px 16px 8px; font-size: calc(18em / 15); }

  /* The focus begins here, but there is nothing to do. */
  .mail-preview h3:focus { outline: none; }

  .facts { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: 4px 16px; padding: 0 16px 12px; overflow-wrap: anywhere; }

  .facts > div { display: contents; }

  .facts dt { color: var(--muted); }

  /* The mail chooses light or dark itself, and is transparent if it chooses the scheme of the page. */
  .mail { inline-size: 100%; block-size: 100%; border: 0; border-block-start: 1px solid var(--line); background: Canvas; }

  .mail:focus-visible { outline-offset: -2px; }

  .mail-preview footer { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 8px; padding: 12px 16px; border-block-start: 1px solid var(--line); background: var(--raised); }

  @media (max-width: 40em) {
    .mail-preview { inline-size: 100%; block-size: 100%; border-radius: 0; }
  }
`);

import { createStyleSheet } from "../common/dom.js";

/** The two versions of the settings side by side. */
export const conflictStyles = createStyleSheet(`
  .conflict { margin-block-end: 16px; border-color: var(--note-line); }

  .conflict-title:focus { outline: none; }

  .differences { display: grid; grid-template-columns: minmax(0, 1fr); gap: 20px; }

  .sides { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 8px; }

  .side {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr);
    gap: 4px 8px;
    align-content: start;
    padding: 10px 12px;
    border: 1px solid var(--edge);
    border-radius: calc(var(--radius) * 0.6);
    cursor: pointer;
  }

  .side:has(:checked) { border-color: var(--accent); background: var(--accent-soft); }

  .side input { inline-size: 20px; block-size: 20px; margin: 0; accent-color: var(--accent); }

  .side-title { font-weight: 600; }

  .side > .value, .side > .quiet { grid-column: 1 / -1; }

  .value { display: grid; gap: 2px; overflow-wrap: anywhere; white-space: pre-wrap; }

  @container (max-width: 32em) {
    .conflict > .choices .button { flex: 1 1 100%; }
  }
`);

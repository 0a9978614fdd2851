import { createStyleSheet } from "../common/dom.js";

/** The tables and the notes. */
export const tableStyles = createStyleSheet(`
  .scrolling { position: relative; overflow: auto; max-block-size: 768px; border-radius: calc(var(--radius) * 0.5); }

  details .scrolling { max-block-size: 416px; }

  table { inline-size: 100%; border-collapse: collapse; font-size: calc(14em / 15); }

  th, td { padding: 8px 12px; border-block-end: 1px solid var(--line); text-align: start; white-space: nowrap; }

  thead th { position: sticky; z-index: 1; inset-block-start: 0; background: var(--surface); color: var(--muted); font-size: calc(13em / 14); vertical-align: bottom; }

  tbody th { font-weight: 600; }

  th.number, td.number { text-align: end; }

  .tables tbody tr { cursor: pointer; }

  .tables tbody tr:hover > * { background: var(--raised); }

  .sort { min-block-size: 44px; padding: 0; border: 0; background: none; font-weight: 600; cursor: pointer; }

  .sort::after { content: "↕"; content: "↕" / ""; margin-inline-start: 4px; opacity: 0.45; }

  [aria-sort="ascending"] .sort::after { content: "↑"; content: "↑" / ""; opacity: 1; }

  [aria-sort="descending"] .sort::after { content: "↓"; content: "↓" / ""; opacity: 1; }

  [aria-sort] .sort { color: var(--text); }

  .link { min-block-size: 32px; padding: 0; border: 0; background: none; color: var(--accent); font-weight: 600; text-align: start; text-decoration: underline; text-underline-offset: 2px; cursor: pointer; }

  .reached { display: inline-flex; align-items: center; gap: 8px; }

  .reached .gauge { inline-size: 120px; block-size: 16px; }

  .reach { stroke: var(--accent); stroke-width: 3; opacity: 0.55; }

  .reach.few { stroke-width: 2; stroke-dasharray: 3 2; }

  summary { display: inline-flex; align-items: center; min-block-size: 44px; color: var(--accent); font-size: calc(13em / 15); font-weight: 600; cursor: pointer; }

  summary::before { content: "▸"; content: "▸" / ""; margin-inline-end: 6px; }

  details[open] > summary::before { content: "▾"; content: "▾" / ""; }

  summary::-webkit-details-marker { display: none; }

  .notes { display: grid; gap: 4px; max-inline-size: 74em; color: var(--muted); font-size: calc(13em / 15); }

  .notes h3 { color: var(--text); }
`);

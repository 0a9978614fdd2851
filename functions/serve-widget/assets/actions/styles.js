import { createStyleSheet } from "../common/dom.js";

export const styles = createStyleSheet(`
  details { border: 1px solid var(--line); border-radius: var(--radius); background: var(--surface); }

  summary {
    display: flex;
    align-items: center;
    justify-content: space-between;
    min-block-size: 44px;
    padding: 10px 16px;
    border-radius: var(--radius);
    font-weight: 650;
    list-style: none;
    cursor: pointer;
  }

  summary::-webkit-details-marker { display: none; }

  summary:hover { background: var(--raised); }

  details[open] > summary { border-end-start-radius: 0; border-end-end-radius: 0; }

  details[open] > summary .icon { rotate: 180deg; }

  .actions { border-block-start: 1px solid var(--line); }

  .actions > * { margin: 16px; }

  .action + .action { margin-block-start: 16px; padding-block-start: 16px; border-block-start: 1px solid var(--line); }

  .action > .button { inline-size: 100%; justify-content: flex-start; }

  .action > .quiet { margin-block-start: 8px; }

  .action > .problem { margin-block-start: 8px; }

  .quiet { font-variant-numeric: tabular-nums; }

  form { display: grid; grid-template-columns: minmax(0, 1fr); gap: 12px; margin-block-start: 12px; }

  .labelled { display: grid; grid-template-columns: minmax(0, 1fr); gap: 4px; }

  .labelled label { font-size: calc(13em / 15); font-weight: 600; }

  .wrong { color: var(--danger); font-size: calc(13em / 15); }

  .wrong:empty, .hint:empty, .confirmation:empty { display: none; }

  textarea { resize: vertical; }

  .choices { display: flex; flex-wrap: wrap; gap: 8px; }

  .choices > .main { flex: 1 1 auto; }

  .confirmation {
    margin-block-start: 8px;
    padding: 8px 12px;
    border-radius: calc(var(--radius) * 0.6);
    background: color-mix(in oklab, var(--positive) 12%, var(--surface));
    color: var(--positive);
    font-weight: 600;
    overflow-wrap: anywhere;
  }

  .confirmation::before { content: "✓ "; content: "✓ " / ""; }

  .transcripts { margin-block-start: 12px; }

  .transcripts ul { display: grid; gap: 8px; padding: 0; margin: 0; list-style: none; }

  .transcripts li { display: grid; font-size: calc(13em / 15); overflow-wrap: anywhere; }

  .transcripts .quiet { font-size: inherit; }

  .state { display: inline-flex; align-items: center; gap: 4px; font-weight: 600; }

  .state .icon { inline-size: calc(16em / 13); block-size: calc(16em / 13); stroke-width: 2; }

  [data-state="delivered"] > .state { color: var(--positive); }

  [data-state="rejected"] > .state, [data-state="bounced"] > .state, [data-state="complained"] > .state { color: var(--danger); }

  @media (prefers-reduced-motion: no-preference) {
    summary .icon { transition: rotate 160ms; }
  }
`);

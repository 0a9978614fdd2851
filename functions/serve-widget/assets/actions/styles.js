import { stylesheet } from "../common/dom.js";

export const styles = stylesheet(`
  details { border: 1px solid var(--line); border-radius: var(--radius); background: var(--surface); }

  summary {
    display: flex;
    align-items: center;
    justify-content: space-between;
    min-block-size: 44px;
    padding: 0.625rem 1rem;
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

  .actions > * { margin: 1rem; }

  .action + .action { margin-block-start: 1rem; padding-block-start: 1rem; border-block-start: 1px solid var(--line); }

  .action > .button { inline-size: 100%; justify-content: flex-start; }

  .action > .quiet { margin-block-start: 0.5rem; }

  .action > .problem { margin-block-start: 0.5rem; }

  .quiet { font-variant-numeric: tabular-nums; }

  form { display: grid; gap: 0.75rem; margin-block-start: 0.75rem; }

  .labelled { display: grid; gap: 0.25rem; }

  .labelled label { font-size: 0.8125rem; font-weight: 600; }

  .wrong { color: var(--danger); font-size: 0.8125rem; }

  .wrong:empty, .sent:empty { display: none; }

  .choices { display: grid; grid-template-columns: auto 1fr; gap: 0.5rem; }

  .sent {
    margin-block-start: 0.5rem;
    padding: 0.5rem 0.75rem;
    border-radius: calc(var(--radius) * 0.6);
    background: color-mix(in oklab, var(--positive) 12%, var(--surface));
    color: var(--positive);
    font-weight: 600;
    overflow-wrap: anywhere;
  }

  .sent::before { content: "✓ " / ""; }

  .transcripts { margin-block-start: 0.75rem; }

  .transcripts ul { display: grid; gap: 0.5rem; padding: 0; margin: 0; list-style: none; }

  .transcripts li { display: grid; font-size: 0.8125rem; overflow-wrap: anywhere; }

  .state { display: inline-flex; align-items: center; gap: 0.25rem; font-weight: 600; }

  .state .icon { inline-size: 1rem; block-size: 1rem; stroke-width: 2; }

  .delivered .state { color: var(--positive); }

  .rejected .state, .bounced .state, .complained .state { color: var(--danger); }

  @media (prefers-reduced-motion: no-preference) {
    summary .icon { transition: rotate 160ms; }
  }
`);

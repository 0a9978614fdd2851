import { stylesheet } from "../common/dom.js";

export const styles = stylesheet(`
  :host {
    --score-1: light-dark(#b4431a, #f08a5b);
    --score-2: light-dark(#eab08f, #a4583a);
    --score-3: light-dark(#c6cad8, #5d6378);
    --score-4: light-dark(#9cc3e6, #3d6d9c);
    --score-5: light-dark(#1f5f9e, #7fbcf2);
    --hatch-1: light-dark(#ffffff, #3b1204);
    --hatch-2: light-dark(#8c3412, #ffd9c4);
    --hatch-3: light-dark(#585d70, #c8ccdc);
    --hatch-4: light-dark(#1f5f9e, #d3e9fc);

    container-type: inline-size;
    background: var(--surface);
  }

  .report, .shown, .drawings, .beside, .chart { display: grid; grid-template-columns: minmax(0, 1fr); gap: 1rem; }

  .report { padding: 1rem; }

  h2 { font-size: 1.25rem; line-height: 1.2; letter-spacing: -0.01em; }

  h3 { font-size: 0.9375rem; font-weight: 650; }

  .top { display: flex; flex-wrap: wrap; align-items: flex-start; justify-content: space-between; gap: 0.75rem; }

  .downloads { display: flex; flex-wrap: wrap; gap: 0.5rem; }

  .downloads .button, .details footer .button { font-size: 0.8125rem; }

  [role="status"]:empty { display: none; }

  [aria-busy="true"] .shown { opacity: 0.55; }

  /* The filters */

  .filters {
    display: flex;
    flex-wrap: wrap;
    align-items: end;
    gap: 0.75rem;
    padding: 0.75rem;
    border: 1px solid var(--line);
    border-radius: var(--radius);
    background: var(--raised);
  }

  .choices { display: flex; flex-wrap: wrap; gap: 0.25rem; }

  .choice {
    min-inline-size: 44px;
    min-block-size: 44px;
    padding: 0.375rem 0.75rem;
    border: 1px solid var(--edge);
    border-radius: calc(var(--radius) * 0.6);
    background: var(--surface);
    font-weight: 600;
    cursor: pointer;
  }

  .choice:hover { background: var(--accent-soft); }

  .choice[aria-pressed="true"] { border-color: var(--accent); background: var(--accent); color: var(--on-accent); }

  .labelled { display: grid; grid-template-columns: minmax(0, 1fr); gap: 0.25rem; flex: 1 1 8.5rem; max-inline-size: 16rem; font-size: 0.8125rem; font-weight: 600; }

  .labelled .field { font-size: 0.9375rem; font-weight: 400; }

  .check { display: flex; align-items: center; gap: 0.5rem; min-block-size: 44px; font-size: 0.875rem; }

  .check input { inline-size: 1.125rem; block-size: 1.125rem; margin: 0; accent-color: var(--accent); }

  /* The headlines */

  .headlines { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 10rem), 1fr)); gap: 1rem; }

  .headline, .chart { margin: 0; padding: 1rem; border: 1px solid var(--line); border-radius: var(--radius); background: var(--surface); }

  .headline dt { font-size: 0.8125rem; font-weight: 600; color: var(--muted); }

  .headline dd { display: grid; gap: 0.125rem; font-size: 0.8125rem; color: var(--muted); }

  .figure { color: var(--text); font-size: 2rem; font-weight: 700; line-height: 1.2; letter-spacing: -0.02em; font-variant-numeric: tabular-nums; }

  .headline .gauge { inline-size: 10rem; block-size: 1.375rem; margin-block: 0.125rem; }

  .small { color: var(--note-text); font-style: normal; font-weight: 600; }

  td .small { display: inline-block; padding: 0 0.375rem; border: 1px dashed currentColor; border-radius: 99px; font-size: 0.75rem; white-space: nowrap; }

  .empty { display: grid; gap: 0.25rem; padding: 3rem 1rem; border: 1px dashed var(--edge); border-radius: var(--radius); text-align: center; }

  /* The charts */

  .chart { gap: 0.5rem; align-content: start; }

  figcaption { display: flex; flex-wrap: wrap; gap: 0 1rem; align-items: baseline; justify-content: space-between; }

  .readout { min-block-size: 1.25rem; color: var(--muted); font-size: 0.8125rem; font-variant-numeric: tabular-nums; }

  .canvas { min-inline-size: 0; overflow: hidden; direction: ltr; }

  .drawing { display: block; inline-size: 100%; touch-action: pan-y; }

  .axes text { fill: var(--muted); font-size: 0.75rem; font-variant-numeric: tabular-nums; }

  .grid { stroke: var(--line); }

  .base { stroke: var(--edge); }

  .column { outline: none; cursor: pointer; }

  .column rect { fill: transparent; }

  .column.current rect { fill: var(--accent-soft); }

  .column:focus-visible rect { stroke: var(--accent); stroke-width: 2; }

  .marks { pointer-events: none; }

  .marks .piece { pointer-events: auto; cursor: pointer; }

  .line, .before, .whisker { fill: none; stroke: var(--accent); stroke-width: 2; stroke-linejoin: round; }

  .line.few, .whisker.few { stroke-dasharray: 4 3; stroke-width: 1.5; }

  .before { stroke: var(--muted); stroke-width: 1.5; stroke-dasharray: 1 4; stroke-linecap: round; }

  .band { fill: color-mix(in oklab, var(--accent) 22%, transparent); }

  .band.few { fill: color-mix(in oklab, var(--accent) 10%, transparent); }

  .dot { fill: var(--accent); stroke: var(--accent); stroke-width: 1.5; }

  .dot.few { fill: var(--surface); }

  .score-1 { fill: var(--score-1); }
  .score-2 { fill: var(--score-2); }
  .score-3 { fill: var(--score-3); }
  .score-4 { fill: var(--score-4); }
  .score-5 { fill: var(--score-5); }

  .hatch-1, .hatch-2, .hatch-3, .hatch-4, .hatch-5 { fill: none; stroke-width: 1; }
  .hatch-1 { stroke: var(--hatch-1); }
  .hatch-2 { stroke: var(--hatch-2); }
  .hatch-3 { stroke: var(--hatch-3); }
  .hatch-4 { stroke: var(--hatch-4); }

  .piece { stroke: var(--surface); stroke-width: 1; }

  .outline { fill: none; stroke: var(--text); stroke-dasharray: 3 2; }

  .legend { display: flex; flex-wrap: wrap; gap: 0.25rem 1rem; padding: 0; margin: 0; list-style: none; color: var(--muted); font-size: 0.8125rem; }

  .legend li { display: inline-flex; align-items: center; gap: 0.375rem; }

  .sample { flex: none; }

  /* The distribution */

  .scores { display: grid; gap: 0.25rem; list-style: none; }

  .score {
    display: grid;
    grid-template-columns: 1.75rem 8.5rem minmax(2rem, 1fr) 3rem 3rem;
    align-items: center;
    gap: 0.5rem;
    inline-size: 100%;
    min-block-size: 44px;
    padding: 0.25rem 0.5rem;
    border: 1px solid transparent;
    border-radius: calc(var(--radius) * 0.6);
    background: none;
    text-align: start;
    cursor: pointer;
  }

  .score:hover:not(:disabled) { border-color: var(--edge); background: var(--raised); }

  .score:disabled { cursor: default; }

  .score .emoji { font-size: 1.25rem; }

  .score .bar { inline-size: 100%; block-size: 1.125rem; border-radius: 4px; }

  .track { fill: var(--raised); }

  .number { text-align: end; font-variant-numeric: tabular-nums; }

  /* The tables */

  .scrolling { overflow: auto; max-block-size: 48rem; border-radius: calc(var(--radius) * 0.5); }

  details .scrolling { max-block-size: 26rem; }

  table { inline-size: 100%; border-collapse: collapse; font-size: 0.875rem; }

  th, td { padding: 0.5rem 0.75rem; border-block-end: 1px solid var(--line); text-align: start; white-space: nowrap; }

  thead th { position: sticky; inset-block-start: 0; background: var(--surface); color: var(--muted); font-size: 0.8125rem; vertical-align: bottom; }

  tbody th { font-weight: 600; }

  th.number, td.number { text-align: end; }

  .tables tbody tr { cursor: pointer; }

  .tables tbody tr:hover > * { background: var(--raised); }

  .sort { min-block-size: 44px; padding: 0; border: 0; background: none; font-weight: 600; cursor: pointer; }

  .sort::after { content: "↕" / ""; margin-inline-start: 0.25rem; opacity: 0.45; }

  [aria-sort="ascending"] .sort::after { content: "↑" / ""; opacity: 1; }

  [aria-sort="descending"] .sort::after { content: "↓" / ""; opacity: 1; }

  [aria-sort] .sort { color: var(--text); }

  .link { min-block-size: 32px; padding: 0; border: 0; background: none; color: var(--accent); font-weight: 600; text-align: start; text-decoration: underline; text-underline-offset: 2px; cursor: pointer; }

  .reached { display: inline-flex; align-items: center; gap: 0.5rem; }

  .reached .gauge { inline-size: 7.5rem; block-size: 1rem; }

  .reach { stroke: var(--accent); stroke-width: 3; opacity: 0.55; }

  .reach.few { stroke-width: 2; stroke-dasharray: 3 2; }

  summary { display: inline-flex; align-items: center; min-block-size: 44px; color: var(--accent); font-size: 0.8125rem; font-weight: 600; cursor: pointer; }

  summary::before { content: "▸" / ""; margin-inline-end: 0.375rem; }

  details[open] > summary::before { content: "▾" / ""; }

  summary::-webkit-details-marker { display: none; }

  .notes { display: grid; gap: 0.25rem; max-inline-size: 60rem; color: var(--muted); font-size: 0.8125rem; }

  .notes h3 { color: var(--text); font-size: 0.8125rem; }

  /* The ratings behind a number */

  .details {
    inline-size: min(34rem, 100%);
    max-inline-size: 100%;
    block-size: 100%;
    max-block-size: 100%;
    margin: 0 0 0 auto;
    padding: 0;
    border: 0;
    border-inline-start: 1px solid var(--line);
    background: var(--surface);
    color: var(--text);
    box-shadow: 0 0 40px #0b0d1a40;
  }

  .details:dir(rtl) { margin: 0 auto 0 0; }

  .details[open] { display: grid; grid-template-rows: auto auto minmax(0, 1fr) auto; }

  .details::backdrop { background: #0b0d1a73; }

  .details header { display: flex; justify-content: space-between; gap: 1rem; padding: 1rem 1rem 0.5rem; }

  .details h3 { font-size: 1.125rem; }

  .details > .choices { padding: 0 1rem 0.75rem; border-block-end: 1px solid var(--line); }

  .details .choice { padding-inline: 0.5rem; }

  .close { flex: none; padding: 0.5rem; min-inline-size: 44px; }

  .scrolled { overflow-y: auto; padding: 0 1rem 1rem; overscroll-behavior: contain; }

  .scrolled > .problem, .scrolled > [role="status"] { margin-block-start: 1rem; }

  .ratings { list-style: none; }

  .ratings > li { display: flex; gap: 0.75rem; padding-block: 1rem; border-block-end: 1px solid var(--line); }

  .ratings .emoji { font-size: 1.5rem; }

  .said { display: grid; gap: 0.375rem; justify-items: start; flex: 1; min-inline-size: 0; }

  blockquote { white-space: pre-wrap; overflow-wrap: anywhere; }

  blockquote::before { content: open-quote; }

  blockquote::after { content: close-quote; }

  .history ol { display: grid; gap: 0.25rem; margin: 0; padding-inline-start: 1rem; font-size: 0.8125rem; }

  .open { font-size: 0.8125rem; text-decoration: none; color: var(--text); }

  .details footer { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0.5rem; padding: 0.75rem 1rem; border-block-start: 1px solid var(--line); background: var(--raised); }

  @container (min-width: 40rem) {
    .headlines { grid-template-columns: 2fr 1fr 1fr 1fr; }
  }

  @container (min-width: 56rem) {
    .drawings > .beside { grid-template-columns: minmax(24rem, 2fr) minmax(0, 3fr); }
  }

  @container (max-width: 30rem) {
    .report { padding: 0.75rem; }
    .headline, .chart { padding: 0.75rem; }
    .score { grid-template-columns: 1.5rem minmax(0, 1fr) 2.5rem 3rem; }
    .score .bar { grid-column: 2 / -1; grid-row: 2; }
    .labelled { flex-basis: 7.5rem; }
    tbody th { position: sticky; inset-inline-start: 0; background: var(--surface); white-space: normal; }
  }

  @media (prefers-reduced-motion: no-preference) {
    .shown { transition: opacity 160ms; }
    .details[open] { animation: arrive 200ms cubic-bezier(0.2, 0.8, 0.3, 1); }
    @keyframes arrive { from { opacity: 0; translate: 2rem 0; } }
  }

  @media (forced-colors: active) {
    .choice[aria-pressed="true"] { border-color: Highlight; background: Highlight; color: HighlightText; forced-color-adjust: none; }
    .axes text { fill: CanvasText; }
    .grid { stroke: GrayText; }
    .base, .line, .whisker, .reach, .outline { stroke: CanvasText; }
    .before { stroke: GrayText; }
    .band { fill: CanvasText; fill-opacity: 0.25; }
    .band.few { fill-opacity: 0.12; }
    .dot { fill: CanvasText; stroke: CanvasText; }
    .dot.few { fill: Canvas; }
    .column.current rect { fill: Highlight; fill-opacity: 0.2; }
    .column:focus-visible rect { stroke: Highlight; }
    .piece { stroke: CanvasText; }
    .track { fill: Canvas; }
    .score-1, .score-2, .score-3, .score-4 { fill: Canvas; }
    .score-5 { fill: CanvasText; }
    .hatch-1, .hatch-2, .hatch-3, .hatch-4 { stroke: CanvasText; }
  }
`);

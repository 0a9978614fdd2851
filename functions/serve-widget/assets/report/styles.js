import { stylesheet } from "../common/dom.js";
import { IN_FRAME, palette } from "../common/palette.js";

const COLOURS = {
  "score-1": ["#b4431a", "#f08a5b"],
  "score-2": ["#eab08f", "#a4583a"],
  "score-3": ["#c6cad8", "#5d6378"],
  "score-4": ["#9cc3e6", "#3d6d9c"],
  "score-5": ["#1f5f9e", "#7fbcf2"],
  "hatch-1": ["#ffffff", "#3b1204"],
  "hatch-2": ["#8c3412", "#ffd9c4"],
  "hatch-3": ["#585d70", "#c8ccdc"],
  "hatch-4": ["#1f5f9e", "#d3e9fc"],
};

export const styles = stylesheet(`
  ${palette(COLOURS, IN_FRAME)}

  .frame { container-type: inline-size; contain-intrinsic-inline-size: 60em; background: var(--surface); }

  .report, .shown, .drawings, .beside, .chart { display: grid; grid-template-columns: minmax(0, 1fr); gap: 16px; }

  .report { padding: 16px; }

  h2 { font-size: calc(20em / 15); line-height: 1.2; letter-spacing: -0.01em; }

  h3 { font-size: 1em; font-weight: 650; }

  .top { display: flex; flex-wrap: wrap; align-items: flex-start; justify-content: space-between; gap: 12px; }

  .downloads { display: flex; flex-wrap: wrap; gap: 8px; }

  .downloads .button, .details footer .button { font-size: calc(13em / 15); }

  [role="status"]:empty { display: none; }

  [aria-busy="true"] .shown { opacity: 0.55; }

  /* The filters */

  .filters {
    display: flex;
    flex-wrap: wrap;
    align-items: end;
    gap: 12px;
    padding: 12px;
    border: 1px solid var(--line);
    border-radius: var(--radius);
    background: var(--raised);
  }

  .choices { display: flex; flex-wrap: wrap; gap: 4px; }

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

  .labelled { display: grid; grid-template-columns: minmax(0, 1fr); gap: 4px; flex: 1 1 10em; max-inline-size: 20em; font-size: calc(13em / 15); font-weight: 600; }

  .labelled.wide { flex-basis: 12em; }

  .labelled .field { font-size: max(16px, calc(15em / 13)); font-weight: 400; }

  .check { display: flex; align-items: center; gap: 8px; min-block-size: 44px; font-size: calc(14em / 15); }

  .check input { inline-size: 18px; block-size: 18px; margin: 0; accent-color: var(--accent); }

  /* The headlines */

  .headlines { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 11em), 1fr)); gap: 16px; }

  .headline, .chart { margin: 0; padding: 16px; border: 1px solid var(--line); border-radius: var(--radius); background: var(--surface); }

  .headline dt { font-size: calc(13em / 15); font-weight: 600; color: var(--muted); }

  .headline dd { display: grid; gap: 2px; font-size: calc(13em / 15); color: var(--muted); }

  .figure { color: var(--text); font-size: calc(32em / 13); font-weight: 700; line-height: 1.2; letter-spacing: -0.02em; font-variant-numeric: tabular-nums; }

  .headline .gauge { inline-size: 160px; max-inline-size: 100%; block-size: 22px; margin-block: 2px; }

  .small { color: var(--note-text); font-style: normal; font-weight: 600; }

  td .small { display: inline-block; padding: 0 6px; border: 1px dashed currentColor; border-radius: 99px; font-size: calc(12em / 14); white-space: nowrap; }

  .empty { display: grid; gap: 4px; padding: 48px 16px; border: 1px dashed var(--edge); border-radius: var(--radius); text-align: center; }

  /* The charts */

  .chart { gap: 8px; align-content: start; }

  figcaption { display: flex; flex-wrap: wrap; gap: 0 16px; align-items: baseline; justify-content: space-between; }

  .readout { min-block-size: 20px; color: var(--muted); font-size: calc(13em / 15); font-variant-numeric: tabular-nums; }

  .canvas { min-inline-size: 0; overflow: hidden; direction: ltr; }

  .drawing { display: block; inline-size: 100%; touch-action: pan-y; }

  .axes text { fill: var(--muted); font-size: calc(12em / 15); font-variant-numeric: tabular-nums; }

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

  .legend { display: flex; flex-wrap: wrap; gap: 4px 16px; padding: 0; margin: 0; list-style: none; color: var(--muted); font-size: calc(13em / 15); }

  .legend li { display: inline-flex; min-inline-size: 0; align-items: center; gap: 6px; }

  .sample { flex: none; }

  /* The distribution */

  .scores { display: grid; gap: 4px; list-style: none; }

  .score {
    display: grid;
    grid-template-columns: 2em 9em minmax(32px, 1fr) 3.2em 3.2em;
    align-items: center;
    gap: 8px;
    inline-size: 100%;
    min-block-size: 44px;
    padding: 4px 8px;
    border: 1px solid transparent;
    border-radius: calc(var(--radius) * 0.6);
    background: none;
    text-align: start;
    cursor: pointer;
  }

  .score:hover:not(:disabled) { border-color: var(--edge); background: var(--raised); }

  .score:disabled { cursor: default; }

  .score .emoji { font-size: calc(20em / 15); }

  .score .bar { inline-size: 100%; block-size: 18px; border-radius: 4px; }

  .score .name { min-inline-size: 0; overflow-wrap: anywhere; }

  .track { fill: var(--raised); }

  .number { text-align: end; font-variant-numeric: tabular-nums; }

  /* The tables */

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

  /* The ratings behind a number */

  .details {
    inline-size: min(36em, 100%);
    max-inline-size: 100%;
    block-size: 100%;
    max-block-size: 100%;
    margin-block: 0;
    margin-inline: auto 0;
    padding: 0;
    border: 0;
    border-inline-start: 1px solid var(--line);
    background: var(--surface);
    color: var(--text);
    box-shadow: 0 0 40px #0b0d1a40;
  }

  .details[open] { display: grid; grid-template-rows: auto auto minmax(0, 1fr) auto; }

  .details::backdrop { background: #0b0d1a73; }

  .details header { display: flex; justify-content: space-between; gap: 16px; padding: 16px 16px 8px; }

  .details h3 { font-size: calc(18em / 15); }

  .details > .choices { padding: 0 16px 12px; border-block-end: 1px solid var(--line); }

  .details .choice { padding-inline: 8px; }

  .close { flex: none; padding: 8px; min-inline-size: 44px; }

  .scrolled { overflow-y: auto; padding: 0 16px 16px; overscroll-behavior: contain; }

  .scrolled > .problem, .scrolled > [role="status"] { margin-block-start: 16px; }

  .ratings { list-style: none; }

  .ratings > li { display: flex; gap: 12px; padding-block: 16px; border-block-end: 1px solid var(--line); }

  .ratings .emoji { font-size: calc(24em / 15); }

  .said { display: grid; gap: 6px; justify-items: start; flex: 1; min-inline-size: 0; }

  blockquote { white-space: pre-wrap; overflow-wrap: anywhere; }

  blockquote::before { content: open-quote; }

  blockquote::after { content: close-quote; }

  .history ol { display: grid; gap: 4px; margin: 0; padding-inline-start: 16px; font-size: calc(13em / 15); }

  .open { font-size: calc(13em / 15); text-decoration: none; color: var(--text); }

  .details footer { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 8px; padding: 12px 16px; border-block-start: 1px solid var(--line); background: var(--raised); }

  @container (min-width: 42em) {
    .headlines { grid-template-columns: 2fr 1fr 1fr 1fr; }
  }

  @container (min-width: 60em) {
    .drawings > .beside { grid-template-columns: minmax(25em, 2fr) minmax(0, 3fr); }
  }

  @container (max-width: 32em) {
    .report { padding: 12px; }
    .headline, .chart { padding: 12px; }
    .score { grid-template-columns: 1.6em minmax(0, 1fr) 2.8em 3.2em; }
    .score .bar { grid-column: 2 / -1; grid-row: 2; }
    .labelled { flex-basis: 9em; }
    .labelled.wide { flex-basis: 12em; }
    tbody th { position: sticky; inset-inline-start: 0; background: var(--surface); white-space: normal; }
  }

  @container (max-width: 19em) {
    .score { grid-template-columns: 1.6em auto minmax(0, 1fr); }
    .score .name { grid-column: 2 / -1; }
    .score .number { grid-column: 2; grid-row: 2; text-align: start; }
    .score .number.quiet { grid-column: 3; }
    .score .bar { grid-column: 1 / -1; grid-row: 3; }
  }

  @media (prefers-reduced-motion: no-preference) {
    .shown { transition: opacity 160ms; }
    .details[open] { animation: arrive 200ms cubic-bezier(0.2, 0.8, 0.3, 1); }
    @keyframes arrive { from { opacity: 0; translate: 32px 0; } }
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
    .score .name { min-inline-size: 0; overflow-wrap: anywhere; }

  .track { fill: Canvas; }
    .score-1, .score-2, .score-3, .score-4 { fill: Canvas; }
    .score-5 { fill: CanvasText; }
    .hatch-1, .hatch-2, .hatch-3, .hatch-4 { stroke: CanvasText; }
  }
`);

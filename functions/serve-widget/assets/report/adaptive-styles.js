import { createStyleSheet } from "../common/dom.js";

/** Changes for the width of the report, for motion and for forced colours. They override all other style sheets. */
export const adaptiveStyles = createStyleSheet(`
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
    .score.cause { grid-template-columns: minmax(0, 1fr) 2.8em 3.2em; }
    .score.cause .bar { grid-column: 1 / -1; }
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
    .score.cause { grid-template-columns: auto minmax(0, 1fr); }
    .score.cause .name { grid-column: 1 / -1; }
    .score.cause .number { grid-column: 1; }
    .score.cause .number.quiet { grid-column: 2; }
  }

  @media (prefers-reduced-motion: no-preference) {
    .shown { transition: opacity 160ms; }
    .details[open] { animation: arrive 200ms cubic-bezier(0.2, 0.8, 0.3, 1); }
    @keyframes arrive { from { opacity: 0; translate: 32px 0; } }
  }

  @media (forced-colors: active) {
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

import { createStyleSheet } from "../common/dom.js";
import { IN_FRAME, paletteRules } from "../common/palette.js";

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

/** The charts and the distribution. */
export const chartStyles = createStyleSheet(`
  ${paletteRules(COLOURS, IN_FRAME)}

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

  .score.cause { grid-template-columns: minmax(0, 14em) minmax(32px, 1fr) 3.2em 3.2em; }

  .track { fill: var(--raised); }

  .number { text-align: end; font-variant-numeric: tabular-nums; }
`);

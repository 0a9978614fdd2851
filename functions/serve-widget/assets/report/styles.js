import { choiceStyles } from "../common/choice-styles.js";
import { createStyleSheet } from "../common/dom.js";
import { adaptiveStyles } from "./adaptive-styles.js";
import { chartStyles } from "./chart-styles.js";
import { dialogStyles } from "./dialog-styles.js";
import { tableStyles } from "./table-styles.js";

/** The layout, the filters and the headlines. */
const layoutStyles = createStyleSheet(`
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
`);

/** In the order of the cascade. */
export const styles = [choiceStyles, layoutStyles, chartStyles, tableStyles, dialogStyles, adaptiveStyles];

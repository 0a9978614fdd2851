import { choiceStyles } from "../common/choice-styles.js";
import { createStyleSheet } from "../common/dom.js";
import { previewStyles } from "../common/preview-styles.js";
import { conflictStyles } from "./conflict-styles.js";
import { ruleStyles } from "./rule-styles.js";

/** The height of the bar at the end of the page, so that it covers no field that has the focus. */
const BAR = "9em";

/** The layout and the fields. */
const layoutStyles = createStyleSheet(`
  .frame { container-type: inline-size; contain-intrinsic-inline-size: 60em; background: var(--surface); }

  .settings, .form, .columns, .part, .labelled, fieldset, .reasons, .reason { display: grid; grid-template-columns: minmax(0, 1fr); }

  .settings { gap: 16px; padding: 16px 16px 0; }

  .form { gap: 16px; }

  .columns { gap: 16px; align-items: start; }

  .part { gap: 16px; padding: 16px; border: 1px solid var(--line); border-radius: var(--radius); background: var(--surface); }

  h2 { font-size: calc(20em / 15); line-height: 1.2; letter-spacing: -0.01em; }

  h3 { font-size: calc(17em / 15); line-height: 1.3; font-weight: 650; }

  h4 { margin: 0; font-size: 1em; font-weight: 650; overflow-wrap: anywhere; }

  [role="status"]:empty, .wrong:empty, .hint:empty { display: none; }

  .pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 17em), 1fr)); gap: 16px; align-items: start; }

  .labelled { gap: 4px; }

  .labelled > label, legend { padding: 0; font-size: calc(13em / 15); font-weight: 600; }

  .field, .check input, .tool, .choice, .picker { scroll-margin-block: 2em ${BAR}; }

  .field::placeholder { color: var(--muted); opacity: 1; }

  .wrong { color: var(--danger); font-size: calc(13em / 15); overflow-wrap: anywhere; }

  textarea { resize: vertical; }

  fieldset { gap: 8px; min-inline-size: 0; margin: 0; padding: 0; border: 0; }

  legend { margin-block-end: 4px; }

  .beside { display: flex; gap: 8px; }

  .beside > .field { flex: 1; min-inline-size: 0; }

  .picker { flex: none; inline-size: 52px; block-size: 44px; padding: 4px; border: 1px solid var(--edge); border-radius: calc(var(--radius) * 0.6); background: var(--surface); cursor: pointer; }

  .logo { max-inline-size: 100%; max-block-size: 80px; padding: 8px; border: 1px solid var(--line); border-radius: calc(var(--radius) * 0.6); background: #fff; color: #181a26; }

  .five { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 9em), 1fr)); gap: 12px; }

  .face-label { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: 4px 8px; align-items: center; }

  .face-label .emoji { font-size: calc(20em / 15); }

  .face-label .field { grid-column: 1 / -1; }

  .choices, .looks, .tools { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; }

  .check { display: inline-flex; align-items: center; gap: 8px; min-block-size: 44px; padding-inline-end: 8px; }

  .check input { flex: none; inline-size: 20px; block-size: 20px; margin: 0; accent-color: var(--accent); }

  .check .emoji { font-size: calc(20em / 15); }

  /* The reasons */

  .reasons { gap: 12px; margin: 0; padding: 0; list-style: none; }

  .reasons:empty { display: none; }

  .reason { gap: 12px; padding: 12px; border: 1px solid var(--line); border-radius: calc(var(--radius) * 0.8); background: var(--raised); }

  .reason-head { display: flex; flex-wrap: wrap; justify-content: space-between; align-items: center; gap: 8px; }

  .reason-head h4 { flex: 1 1 8em; min-inline-size: 0; }

  .tool { min-inline-size: 44px; padding: 8px; }

  .button[aria-disabled="true"] { color: var(--muted); background: var(--raised); border-color: var(--line); cursor: not-allowed; }

  /* The preview */

  .stage { padding: 16px; border-radius: calc(var(--radius) * 0.8); background: #eef0f6; color-scheme: light; overflow-x: auto; }

  .stage[data-scheme="dark"] { background: #0f1118; color-scheme: dark; }

  .prompt { max-inline-size: 100%; margin-inline: auto; }

  .stage[data-width="phone"] .prompt { inline-size: 300px; }

  /* The bar with the state and the buttons */

  .bar {
    position: sticky;
    inset-block-end: 0;
    z-index: 1;
    display: flex;
    flex-wrap: wrap;
    justify-content: space-between;
    align-items: center;
    gap: 8px 16px;
    margin-inline: -16px;
    padding: 12px 16px;
    border-block-start: 1px solid var(--line);
    background: var(--surface);
  }

  .bar > .problem { flex: 1 1 100%; }

  .state { flex: 1 1 12em; min-inline-size: 0; color: var(--muted); }

  .is-unsaved .state { color: var(--note-text); font-weight: 600; }

  .is-unsaved .state::before { content: "● "; content: "● " / ""; }

  .note {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px 12px;
    padding: 10px 12px;
    border: 1px solid var(--note-line);
    border-radius: calc(var(--radius) * 0.6);
    background: var(--note);
    color: var(--note-text);
    overflow-wrap: anywhere;
  }

  .note > p { flex: 1 1 16em; }

  .note .button { color: var(--text); }

  @container (max-width: 32em) {
    .settings { padding: 12px 12px 0; }
    .part { padding: 12px; }
    .stage { padding: 8px; }
    .bar { margin-inline: -12px; padding-inline: 12px; }
    .bar { gap: 8px; }
    .bar .choices { flex: 1 1 100%; flex-wrap: nowrap; }
    .bar .button { flex: 1 1 auto; }
  }

  @container (min-width: 60em) {
    .columns { grid-template-columns: minmax(0, 1fr) minmax(22em, 26em); }
    .columns > * { grid-column: 1; }
    .columns > .preview { position: sticky; inset-block-start: 16px; grid-column: 2; grid-row: 1 / span 6; }
  }
`);

/** In the order of the cascade. */
export const styles = [choiceStyles, layoutStyles, ruleStyles, conflictStyles, previewStyles];

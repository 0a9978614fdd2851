import { createStyleSheet } from "../common/dom.js";

/** The forms of the rules. */
export const ruleStyles = createStyleSheet(`
  .rule, .rule-details { display: grid; grid-template-columns: minmax(0, 1fr); gap: 16px; }

  .rule { gap: 12px; padding: 12px; border: 1px solid var(--line); border-radius: calc(var(--radius) * 0.8); background: var(--raised); }

  .rule fieldset { gap: 16px; }

  .rule fieldset fieldset { gap: 4px; }

  .rule-details > fieldset > legend { margin: 0; font-size: 1em; }

  .sentence {
    padding: 10px 12px;
    border-inline-start: 4px solid var(--accent);
    border-radius: 4px;
    background: var(--accent-soft);
    overflow-wrap: anywhere;
  }

  .lines { field-sizing: content; min-block-size: 4.5em; max-block-size: 14em; }
`);

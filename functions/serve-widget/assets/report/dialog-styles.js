import { createStyleSheet } from "../common/dom.js";
import { REASON_RULES } from "../common/reason-list.js";

/** The dialog with the ratings behind a number. */
export const dialogStyles = createStyleSheet(`
  ${REASON_RULES}

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

  .chosen { display: flex; flex-wrap: wrap; align-items: end; gap: 12px; padding: 0 16px 12px; border-block-end: 1px solid var(--line); }

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
`);

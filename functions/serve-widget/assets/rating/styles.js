import { createStyleSheet } from "../common/dom.js";

// The faces are in a row if five labels fit side by side. In a narrow box, or with large text, they are in a column.
export const styles = createStyleSheet(`
  /* The width of a box that is sized by its content, such as a floating one. */
  .frame { container-type: inline-size; contain-intrinsic-inline-size: 22em; }

  .card {
    padding: 12px;
    border: 1px solid var(--line);
    border-radius: var(--radius);
    background: var(--surface);
    box-shadow: var(--afterchat-shadow, 0 1px 2px #0b0d1a14, 0 6px 20px #0b0d1a12);
  }

  .question { font-size: calc(17em / 15); font-weight: 650; line-height: 1.3; text-wrap: balance; text-align: center; overflow-wrap: anywhere; }

  .faces { display: grid; grid-template-columns: minmax(0, 1fr); gap: 4px; margin-block-start: 12px; }

  .face {
    display: flex;
    align-items: center;
    gap: 12px;
    min-inline-size: 0;
    min-block-size: 44px;
    padding: 4px 8px;
    border: 2px solid transparent;
    border-radius: calc(var(--radius) * 0.8);
    background: none;
    cursor: pointer;
    -webkit-tap-highlight-color: transparent;
  }

  .face .emoji { flex: none; font-size: calc(24em / 15); }

  .face .label {
    min-inline-size: 0;
    max-inline-size: 100%;
    color: var(--muted);
    line-height: 1.2;
    text-align: start;
    overflow-wrap: anywhere;
    hyphens: manual;
  }

  .face .label::before { content: attr(data-label); }

  .face:hover { background: var(--raised); }

  .face[aria-pressed="true"] { border-color: var(--accent); background: var(--accent-soft); }

  .face[aria-pressed="true"] .label { color: var(--text); }

  .is-rated .face[aria-pressed="false"] .emoji { opacity: 0.7; }

  .is-rated .face:hover .emoji { opacity: 1; }

  .card.is-final .face { cursor: default; background: none; }

  .problem { margin-block-start: 12px; }

  .after { margin-block-start: 12px; padding-block-start: 12px; border-block-start: 1px solid var(--line); }

  .thanks { font-weight: 650; }

  .reasons { display: grid; grid-template-columns: minmax(0, 1fr); gap: 6px; margin-block-start: 12px; }

  .reasons-heading { font-weight: 600; font-size: calc(14em / 15); overflow-wrap: anywhere; }

  .chips { display: flex; flex-wrap: wrap; gap: 8px; border-radius: calc(var(--radius) * 0.6); }

  .chip {
    min-inline-size: 44px;
    max-inline-size: 100%;
    min-block-size: 44px;
    padding: 6px 14px;
    border: 1px solid var(--edge);
    border-radius: 22px;
    background: var(--surface);
    font-size: calc(14em / 15);
    line-height: 1.3;
    text-align: center;
    overflow-wrap: anywhere;
    cursor: pointer;
    -webkit-tap-highlight-color: transparent;
  }

  .chip:hover { background: var(--raised); }

  .chip[aria-pressed="true"] { border-color: var(--accent); background: var(--accent-soft); box-shadow: inset 0 0 0 1px var(--accent); }

  .chip[aria-disabled="true"] { cursor: default; }

  .chip[aria-disabled="true"][aria-pressed="false"] { border-color: var(--line); background: var(--raised); color: var(--muted); }

  form { display: grid; grid-template-columns: minmax(0, 1fr); gap: 6px; margin-block-start: 12px; }

  form label { font-weight: 600; font-size: calc(14em / 15); }

  textarea { resize: vertical; field-sizing: content; min-block-size: 4.5em; max-block-size: 14em; }

  form .button { justify-self: end; margin-block-start: 4px; }

  .comment { margin-block-start: 12px; }

  .comment blockquote {
    margin-block: 6px 8px;
    padding: 8px 12px;
    border-inline-start: 3px solid var(--accent);
    border-radius: 4px;
    background: var(--raised);
    white-space: pre-wrap;
    overflow-wrap: anywhere;
  }

  @container (min-width: 290px) and (min-width: 19em) {
    .faces { grid-template-columns: repeat(5, minmax(0, 1fr)); }
    .face { flex-direction: column; gap: 6px; padding: 8px 0; }
    .face .emoji { font-size: calc(32em / 15); }
    .face .label { font-size: calc(11em / 15); text-align: center; text-wrap: balance; overflow-wrap: break-word; }
  }

  @container (min-width: 320px) and (min-width: 21em) {
    .card { padding: 16px; }
  }

  @container (min-width: 400px) and (min-width: 26em) {
    .card { padding: 20px; }
    .faces { gap: 8px; }
    .face { padding: 10px 4px; }
    .face .emoji { font-size: calc(38em / 15); }
    .face .label { font-size: calc(12em / 15); }
  }

  @media (prefers-reduced-motion: no-preference) {
    .card { animation: arrive 240ms cubic-bezier(0.2, 0.8, 0.3, 1); }
    .face, .face .emoji { transition: transform 140ms, background-color 140ms, opacity 140ms; }
    .chip { transition: background-color 120ms, border-color 120ms; }
    .face:hover .emoji { transform: translateY(-2px) scale(1.1); }
    .face:active .emoji { transform: scale(0.94); }
    .face[aria-pressed="true"] .emoji { animation: chosen 320ms cubic-bezier(0.3, 1.6, 0.5, 1); }
    @keyframes arrive { from { opacity: 0; transform: translateY(-8px); } }
    @keyframes chosen { 40% { transform: scale(1.28); } }
  }

  @media (forced-colors: active) {
    .face[aria-pressed="true"], .chip[aria-pressed="true"] { border-color: Highlight; forced-color-adjust: none; background: Highlight; }
    .face[aria-pressed="true"] .label, .chip[aria-pressed="true"] { color: HighlightText; }
    .chip[aria-disabled="true"][aria-pressed="false"] { border-color: GrayText; color: GrayText; }
    .is-rated .face[aria-pressed="false"] .emoji { opacity: 1; }
  }
`);

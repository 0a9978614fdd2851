import { stylesheet } from "../common/dom.js";

export const styles = stylesheet(`
  :host { container-type: inline-size; }

  .card {
    padding: 1rem;
    border: 1px solid var(--line);
    border-radius: var(--radius);
    background: var(--surface);
    box-shadow: var(--afterchat-shadow, 0 1px 2px #0b0d1a14, 0 6px 20px #0b0d1a12);
  }

  .question { font-size: 1.0625rem; font-weight: 650; line-height: 1.3; text-wrap: balance; text-align: center; }

  .faces { display: grid; grid-template-columns: repeat(5, minmax(44px, 1fr)); gap: 0.25rem; margin-block-start: 0.75rem; }

  .face {
    display: flex;
    flex-direction: column;
    align-items: center;
    gap: 0.375rem;
    min-block-size: 44px;
    padding: 0.5rem 0;
    border: 2px solid transparent;
    border-radius: calc(var(--radius) * 0.8);
    background: none;
    cursor: pointer;
    -webkit-tap-highlight-color: transparent;
  }

  .face .emoji { font-size: 2rem; }

  .face .label {
    max-inline-size: 100%;
    color: var(--muted);
    font-size: 0.6875rem;
    line-height: 1.2;
    text-align: center;
    overflow-wrap: break-word;
    hyphens: manual;
  }

  .face .label::before { content: attr(data-label); }

  .face:hover { background: var(--raised); }

  .face[aria-pressed="true"] { border-color: var(--accent); background: var(--accent-soft); }

  .face[aria-pressed="true"] .label { color: var(--text); }

  .is-rated .face[aria-pressed="false"] .emoji { opacity: 0.7; }

  .is-rated .face:hover .emoji { opacity: 1; }

  .card.is-final .face { cursor: default; background: none; }

  .problem { margin-block-start: 0.75rem; }

  .after { margin-block-start: 0.75rem; padding-block-start: 0.75rem; border-block-start: 1px solid var(--line); }

  .thanks { font-weight: 650; }

  form { display: grid; gap: 0.375rem; margin-block-start: 0.75rem; }

  form label { font-weight: 600; font-size: 0.875rem; }

  textarea { resize: vertical; field-sizing: content; min-block-size: 4.5rem; max-block-size: 14rem; }

  form .button { justify-self: end; margin-block-start: 0.25rem; }

  .comment { margin-block-start: 0.75rem; }

  .comment blockquote {
    margin-block: 0.375rem 0.5rem;
    padding: 0.5rem 0.75rem;
    border-inline-start: 3px solid var(--accent);
    border-radius: 4px;
    background: var(--raised);
    white-space: pre-wrap;
    overflow-wrap: anywhere;
  }

  @container (min-inline-size: 400px) {
    .card { padding: 1.25rem; }
    .faces { gap: 0.5rem; }
    .face { padding: 0.625rem 0.25rem; }
    .face .emoji { font-size: 2.375rem; }
    .face .label { font-size: 0.75rem; }
  }

  @media (prefers-reduced-motion: no-preference) {
    .card { animation: arrive 240ms cubic-bezier(0.2, 0.8, 0.3, 1); }
    .face, .face .emoji { transition: transform 140ms, background-color 140ms, opacity 140ms; }
    .face:hover .emoji { transform: translateY(-2px) scale(1.1); }
    .face:active .emoji { transform: scale(0.94); }
    .face[aria-pressed="true"] .emoji { animation: chosen 320ms cubic-bezier(0.3, 1.6, 0.5, 1); }
    @keyframes arrive { from { opacity: 0; transform: translateY(8px); } }
    @keyframes chosen { 40% { transform: scale(1.28); } }
  }

  @media (forced-colors: active) {
    .face[aria-pressed="true"] { border-color: Highlight; forced-color-adjust: none; background: Highlight; }
    .face[aria-pressed="true"] .label { color: HighlightText; }
    .is-rated .face[aria-pressed="false"] .emoji { opacity: 1; }
  }
`);

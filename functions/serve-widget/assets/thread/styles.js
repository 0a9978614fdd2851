import { createStyleSheet } from "../common/dom.js";
import { REASON_RULES } from "../common/reason-list.js";

export const styles = createStyleSheet(`
  ${REASON_RULES}

  :host { display: flex; flex-direction: column; min-block-size: 0; }

  .frame { display: flex; flex: 1 1 auto; flex-direction: column; min-block-size: 0; max-block-size: 100%; background: var(--surface); }

  .status { padding: 16px; }

  .rating {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px 12px;
    padding: 12px 16px;
    border-block-end: 1px solid var(--line);
  }

  .rating .emoji { font-size: calc(28em / 15); }

  .rating .words { font-weight: 650; }

  .rating blockquote { flex-basis: 100%; color: var(--text); white-space: pre-wrap; overflow-wrap: anywhere; }

  .rating blockquote::before { content: open-quote; }

  .rating blockquote::after { content: close-quote; }

  .sentiment {
    display: inline-flex;
    align-items: center;
    gap: 4px;
    padding: 2px 10px 2px 6px;
    border: 1px solid currentColor;
    border-radius: 99px;
    font-size: calc(13em / 15);
    font-weight: 600;
  }

  .sentiment .icon { inline-size: calc(16em / 13); block-size: calc(16em / 13); stroke-width: 2; }

  .sentiment[data-sentiment="positive"] { color: var(--positive); }

  .sentiment[data-sentiment="negative"] { color: var(--negative); }

  .sentiment[data-sentiment="neutral"] { color: var(--muted); }

  .log { flex: 1 1 auto; min-block-size: 0; overflow-y: auto; padding: 16px; overscroll-behavior: contain; }

  .log > * + * { margin-block-start: 12px; }

  .day { color: var(--muted); font-size: calc(12em / 15); font-weight: 600; text-align: center; }

  .message { display: grid; justify-items: start; gap: 4px; max-inline-size: min(36em, 86%); }

  .message.ours { justify-items: end; margin-inline-start: auto; }

  .by { color: var(--muted); font-size: calc(12em / 15); }

  .by strong { color: var(--text); font-weight: 600; }

  .bubble {
    padding: 8px 12px;
    border-radius: var(--radius);
    border-start-start-radius: 4px;
    background: var(--raised);
    white-space: pre-wrap;
    overflow-wrap: anywhere;
  }

  .ours .bubble {
    border-start-start-radius: var(--radius);
    border-start-end-radius: 4px;
    background: var(--accent-soft);
  }

  .private .bubble { border: 1px dashed var(--note-line); background: var(--note); color: var(--text); }

  .marked { display: inline-flex; align-items: center; gap: 4px; color: var(--note-text); font-weight: 600; }

  .marked .icon { inline-size: calc(14em / 12); block-size: calc(14em / 12); stroke-width: 2; }

  .attachments { display: flex; flex-wrap: wrap; gap: 6px; padding: 0; margin: 0; list-style: none; }

  .file {
    display: inline-flex;
    align-items: center;
    gap: 6px;
    min-block-size: 44px;
    padding: 4px 12px;
    border: 1px solid var(--line);
    border-radius: calc(var(--radius) * 0.6);
    color: inherit;
    font-size: calc(13em / 15);
    overflow-wrap: anywhere;
  }

  a.file:hover { background: var(--raised); }

  .event {
    display: flex;
    flex-wrap: wrap;
    justify-content: center;
    gap: 0 6px;
    color: var(--muted);
    font-size: calc(13em / 15);
    text-align: center;
    overflow-wrap: anywhere;
  }

  .event blockquote { flex-basis: 100%; color: var(--text); white-space: pre-wrap; }

  .reason-list { flex-basis: 100%; }

  .event .reasons { flex-basis: 100%; justify-content: center; }

  .event .reason { flex-basis: 100%; color: var(--text); }

  .event blockquote::before { content: open-quote; }

  .event blockquote::after { content: close-quote; }

  @media (forced-colors: active) {
    .bubble { border: 1px solid CanvasText; }
  }
`);

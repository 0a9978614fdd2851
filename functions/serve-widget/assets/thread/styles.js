import { stylesheet } from "../common/dom.js";

export const styles = stylesheet(`
  :host { display: flex; flex-direction: column; min-block-size: 0; background: var(--surface); }

  .status { padding: 1rem; }

  .rating {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.25rem 0.75rem;
    padding: 0.75rem 1rem;
    border-block-end: 1px solid var(--line);
  }

  .rating .emoji { font-size: 1.75rem; }

  .rating .words { font-weight: 650; }

  .rating blockquote { flex-basis: 100%; color: var(--text); white-space: pre-wrap; overflow-wrap: anywhere; }

  .rating blockquote::before { content: open-quote; }

  .rating blockquote::after { content: close-quote; }

  .sentiment {
    display: inline-flex;
    align-items: center;
    gap: 0.25rem;
    padding: 0.125rem 0.625rem 0.125rem 0.375rem;
    border: 1px solid currentColor;
    border-radius: 99px;
    font-size: 0.8125rem;
    font-weight: 600;
  }

  .sentiment .icon { inline-size: 1rem; block-size: 1rem; stroke-width: 2; }

  .sentiment.positive { color: var(--positive); }

  .sentiment.negative { color: var(--negative); }

  .sentiment.neutral { color: var(--muted); }

  .log { flex: 1 1 auto; min-block-size: 0; overflow-y: auto; padding: 1rem; overscroll-behavior: contain; }

  .log > * + * { margin-block-start: 0.75rem; }

  .day { color: var(--muted); font-size: 0.75rem; font-weight: 600; text-align: center; }

  .message { display: grid; justify-items: start; gap: 0.25rem; max-inline-size: min(34rem, 86%); }

  .message.ours { justify-items: end; margin-inline-start: auto; }

  .by { color: var(--muted); font-size: 0.75rem; }

  .by strong { color: var(--text); font-weight: 600; }

  .bubble {
    padding: 0.5rem 0.75rem;
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

  .marked { display: inline-flex; align-items: center; gap: 0.25rem; color: var(--note-text); font-weight: 600; }

  .marked .icon { inline-size: 0.875rem; block-size: 0.875rem; stroke-width: 2; }

  .attachments { display: flex; flex-wrap: wrap; gap: 0.375rem; padding: 0; margin: 0; list-style: none; }

  .attachments a, .attachments span {
    display: inline-flex;
    align-items: center;
    gap: 0.375rem;
    min-block-size: 44px;
    padding: 0.25rem 0.75rem;
    border: 1px solid var(--line);
    border-radius: calc(var(--radius) * 0.6);
    color: inherit;
    font-size: 0.8125rem;
    overflow-wrap: anywhere;
  }

  .attachments a:hover { background: var(--raised); }

  .event {
    display: flex;
    flex-wrap: wrap;
    justify-content: center;
    gap: 0 0.375rem;
    color: var(--muted);
    font-size: 0.8125rem;
    text-align: center;
    overflow-wrap: anywhere;
  }

  .event blockquote { flex-basis: 100%; color: var(--text); white-space: pre-wrap; }

  .event .reason { flex-basis: 100%; color: var(--text); }

  .event blockquote::before { content: open-quote; }

  .event blockquote::after { content: close-quote; }

  @media (forced-colors: active) {
    .bubble { border: 1px solid CanvasText; }
  }
`);

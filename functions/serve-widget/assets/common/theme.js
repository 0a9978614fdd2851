import { stylesheet } from "./dom.js";

/**
 * The look that all elements share. Each value can be replaced through a custom property of the
 * page. Light or dark follows the page's own `color-scheme`: a light page has no dark island.
 */
export const theme = stylesheet(`
  :host {
    --accent: var(--afterchat-accent, light-dark(#4338ca, #a5b4fc));
    --on-accent: var(--afterchat-on-accent, light-dark(#ffffff, #14123a));
    --accent-soft: color-mix(in oklab, var(--accent) 12%, var(--surface));
    --surface: var(--afterchat-surface, light-dark(#ffffff, #1b1d27));
    --raised: var(--afterchat-raised, light-dark(#f4f5f9, #262938));
    --text: var(--afterchat-text, light-dark(#181a26, #eceef6));
    --muted: var(--afterchat-muted, light-dark(#585d70, #a9aec2));
    --line: var(--afterchat-line, light-dark(#dfe2ec, #363a4c));
    --edge: light-dark(#868ba0, #757b93);
    --danger: var(--afterchat-danger, light-dark(#b3201f, #ff9d97));
    --positive: light-dark(#12653a, #7fdba4);
    --negative: light-dark(#a3231c, #ff9d97);
    --note: light-dark(#fff6dc, #352d16);
    --note-line: light-dark(#e5c767, #80682a);
    --note-text: light-dark(#6a4d00, #f2d27c);
    --radius: var(--afterchat-radius, 14px);

    display: block;
    color: var(--text);
    font: 400 0.9375rem/1.45 var(--afterchat-font, system-ui, -apple-system, "Segoe UI", Roboto, sans-serif);
    text-align: start;
  }

  :host([hidden]), [hidden] { display: none !important; }

  *, *::before, *::after { box-sizing: border-box; }

  p, h2, h3, ol, dl, dd, blockquote { margin: 0; padding: 0; }

  button, input, select, textarea { font: inherit; color: inherit; letter-spacing: inherit; }

  :focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }

  .icon {
    flex: none;
    inline-size: 1.25rem;
    block-size: 1.25rem;
    fill: none;
    stroke: currentColor;
    stroke-width: 1.6;
    stroke-linecap: round;
    stroke-linejoin: round;
  }

  .emoji { font-family: "Apple Color Emoji", "Segoe UI Emoji", "Noto Color Emoji", sans-serif; line-height: 1; }

  .quiet { color: var(--muted); font-size: 0.8125rem; }

  .unseen {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }

  .button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 0.5rem;
    min-block-size: 44px;
    padding: 0.5rem 1rem;
    border: 1px solid var(--line);
    border-radius: calc(var(--radius) * 0.7);
    background: var(--surface);
    font-weight: 600;
    cursor: pointer;
  }

  .button:hover:not(:disabled) { background: var(--raised); border-color: var(--edge); }

  .button:disabled { cursor: not-allowed; color: var(--muted); background: var(--raised); }

  .button.main { border-color: transparent; background: var(--accent); color: var(--on-accent); }

  .button.main:hover:not(:disabled) { background: color-mix(in oklab, var(--accent) 88%, var(--text)); }

  .button.main:disabled { background: var(--raised); color: var(--muted); border-color: var(--line); }

  .field {
    inline-size: 100%;
    min-block-size: 44px;
    padding: 0.5rem 0.75rem;
    border: 1px solid var(--edge);
    border-radius: calc(var(--radius) * 0.6);
    background: var(--surface);
  }

  .field[aria-invalid="true"] { border-color: var(--danger); border-inline-start-width: 4px; }

  .problem {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.5rem 0.75rem;
    padding: 0.625rem 0.75rem;
    border: 1px solid color-mix(in oklab, var(--danger) 45%, transparent);
    border-radius: calc(var(--radius) * 0.6);
    background: color-mix(in oklab, var(--danger) 8%, var(--surface));
    color: var(--text);
  }

  .problem > p { flex: 1 1 12rem; }

  @media (prefers-reduced-motion: no-preference) {
    .button, .field { transition: background-color 120ms, border-color 120ms; }
  }
`);

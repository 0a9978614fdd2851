import { createStyleSheet } from "./dom.js";
import { IN_FRAME, paletteRules } from "./palette.js";

/** The background of elements on light and on dark pages. */
export const SURFACES = ["#ffffff", "#1b1d27"];

const COLOURS = {
  "default-accent": ["#4338ca", "#a5b4fc"],
  "default-on-accent": ["#ffffff", "#14123a"],
  "default-surface": SURFACES,
  "default-raised": ["#f4f5f9", "#262938"],
  "default-text": ["#181a26", "#eceef6"],
  "default-muted": ["#585d70", "#a9aec2"],
  "default-line": ["#dfe2ec", "#363a4c"],
  "default-danger": ["#b3201f", "#ff9d97"],
  edge: ["#868ba0", "#757b93"],
  positive: ["#12653a", "#7fdba4"],
  negative: ["#a3231c", "#ff9d97"],
  note: ["#fff6dc", "#352d16"],
  "note-line": ["#e5c767", "#80682a"],
  "note-text": ["#6a4d00", "#f2d27c"],
};

/**
 * The styles that all elements share. Pages replace values with custom properties (`--afterchat-…`). The colours
 * follow the page's `color-scheme`, so that a light page never contains a dark element.
 *
 * Sizes: `medium` is the text size that the browser's user has chosen, whatever the page sets on its root. Normal text
 * is 15/16 of it. Other sizes are relative to that: `calc(13em / 15)` is 13 px by default. Spaces and borders are in
 * pixels.
 */
export const theme = createStyleSheet(`
  ${paletteRules(COLOURS, IN_FRAME)}

  :host { display: block; position: relative; min-inline-size: 0; font-size: medium; }

  .frame {
    --accent: var(--afterchat-accent, var(--default-accent));
    --on-accent: var(--afterchat-on-accent, var(--default-on-accent));
    --accent-soft: color-mix(in oklab, var(--accent) 12%, var(--surface));
    --surface: var(--afterchat-surface, var(--default-surface));
    --raised: var(--afterchat-raised, var(--default-raised));
    --text: var(--afterchat-text, var(--default-text));
    --muted: var(--afterchat-muted, var(--default-muted));
    --line: var(--afterchat-line, var(--default-line));
    --danger: var(--afterchat-danger, var(--default-danger));
    --radius: var(--afterchat-radius, 14px);

    position: relative;
    isolation: isolate;
    color: var(--text);
    font: 400 max(13px, 0.9375em)/1.45 var(--afterchat-font, system-ui, -apple-system, "Segoe UI", Roboto, sans-serif);
    letter-spacing: normal;
    word-spacing: normal;
    text-align: start;
    text-indent: 0;
    text-shadow: none;
    text-transform: none;
    white-space: normal;
    overflow-wrap: break-word;
  }

  :host([hidden]), [hidden] { display: none !important; }

  *, *::before, *::after { box-sizing: border-box; }

  p, h1, h2, h3, ol, dl, dd, blockquote { margin: 0; padding: 0; }

  h1, h2, h3, .button, summary { min-inline-size: 0; overflow-wrap: anywhere; }

  button, input, select, textarea { font: inherit; color: inherit; letter-spacing: inherit; }

  /* Safari on an iPhone zooms the page if a field with smaller text gets the focus. */
  input, select, textarea { font-size: max(16px, 1em); }

  :focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }

  .icon {
    flex: none;
    inline-size: calc(20em / 15);
    block-size: calc(20em / 15);
    fill: none;
    stroke: currentColor;
    stroke-width: 1.6;
    stroke-linecap: round;
    stroke-linejoin: round;
  }

  .emoji { font-family: "Apple Color Emoji", "Segoe UI Emoji", "Noto Color Emoji", sans-serif; line-height: 1; }

  .quiet { color: var(--muted); font-size: calc(13em / 15); overflow-wrap: anywhere; }

  .unseen {
    position: absolute;
    inset-block-end: 0;
    inset-inline-start: 0;
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
    gap: 8px;
    min-block-size: 44px;
    padding: 8px 16px;
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
    padding: 8px 12px;
    border: 1px solid var(--edge);
    border-radius: calc(var(--radius) * 0.6);
    background: var(--surface);
  }

  .field[aria-invalid="true"] { border-color: var(--danger); border-inline-start-width: 4px; }

  .problem {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px 12px;
    padding: 10px 12px;
    border: 1px solid color-mix(in oklab, var(--danger) 45%, transparent);
    border-radius: calc(var(--radius) * 0.6);
    background: color-mix(in oklab, var(--danger) 8%, var(--surface));
    color: var(--text);
    overflow-wrap: anywhere;
  }

  .problem > p { flex: 1 1 12em; }

  @media (prefers-reduced-motion: no-preference) {
    .button, .field { transition: background-color 120ms, border-color 120ms; }
  }
`);

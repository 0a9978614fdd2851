import { createStyleSheet } from "../common/dom.js";
import { paletteRules } from "../common/palette.js";

const COLOURS = { page: ["#f4f5f9", "#10121a"], "page-text": ["#181a26", "#eceef6"] };

/** The styles of the page around the element. */
export const pageStyles = createStyleSheet(`
  ${paletteRules(COLOURS, { scope: ":root", either: ":root" })}
  :root { color-scheme: light dark; background: var(--page); color: var(--page-text); }
  body { margin: 0; font-family: system-ui, sans-serif; }
  main, noscript { display: block; max-inline-size: 26em; margin: 0 auto; padding: min(12vh, 6em) 16px 32px; }
`);

export const styles = createStyleSheet(`
  .confirm { display: flex; inline-size: 100%; margin-block-start: 12px; }

  .brand { margin-block-end: 16px; text-align: center; }

  /* Whatever the size of the image is, the page does not move when it is loaded. */
  .logo { inline-size: 100%; block-size: 56px; object-fit: contain; }

  .brand-name { font-weight: 650; overflow-wrap: anywhere; }

  .broken { padding: 16px; border: 1px solid var(--line); border-radius: var(--radius); background: var(--surface); }
`);

import { stylesheet } from "../common/dom.js";

/** The page around the element. */
export const page = stylesheet(`
  :root { color-scheme: light dark; background: light-dark(#f4f5f9, #10121a); color: light-dark(#181a26, #eceef6); }
  body { margin: 0; font-family: system-ui, sans-serif; }
  main, noscript { display: block; max-inline-size: 26rem; margin: 0 auto; padding: min(12vh, 6rem) 1rem 2rem; }
`);

export const styles = stylesheet(`
  .confirm { display: block; inline-size: 100%; margin-block-start: 0.75rem; }

  .broken { padding: 1rem; border: 1px solid var(--line); border-radius: var(--radius); background: var(--surface); }
`);

/**
 * Custom properties for colours that follow the page's `color-scheme`.
 *
 * Without `light-dark()` (before Chrome 123, Firefox 120 and Safari 17.5) the first two rules hold: the
 * light colours, or the dark ones if the selectors for dark surroundings match.
 *
 * @param {Record<string, [string, string]>} colours by name, for light and for dark surroundings
 * @param {{scope: string, dark?: string, either: string}} selectors where the properties are set; where
 *   the surroundings are dark; and where they are as the user prefers
 */
export function palette(colours, { scope, dark, either }) {
  const set = (write) => Object.entries(colours).map(([name, pair]) => `--${name}: ${write(pair)};`).join(" ");
  const darkColours = set(([, colour]) => colour);
  return `
    ${scope} { ${set(([colour]) => colour)} }
    ${dark ? `${dark} { ${darkColours} }` : ""}
    @media (prefers-color-scheme: dark) { ${either} { ${darkColours} } }
    @supports (color: light-dark(#000, #fff)) {
      ${[scope, dark, either].filter(Boolean).join(", ")} { ${set(([light, dark]) => `light-dark(${light}, ${dark})`)} }
    }
  `;
}

/** The selectors inside a component: see `followScheme`. */
export const IN_FRAME = {
  scope: ".frame",
  dark: ".frame[data-scheme='dark']",
  either: ".frame[data-scheme='either']",
};

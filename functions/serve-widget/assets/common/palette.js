/**
 * The rules that set custom properties for colours, following the page's `color-scheme`.
 *
 * Browsers without `light-dark()` (before Chrome 123, Firefox 120 and Safari 17.5) use the first two rules: the light
 * colours, or the dark ones if the selectors for dark surroundings match.
 *
 * @param {Record<string, string[]>} colours by name, the light one and the dark one
 * @param {{ scope: string, dark?: string, either: string }} selectors `scope`: where the properties are set; `dark`:
 *   dark surroundings; `either`: surroundings that follow the user's preference
 */
export function paletteRules(colours, { scope, dark, either }) {
  /** @param {(light: string, dark: string) => string} write */
  const declarations = (write) =>
    Object.entries(colours)
      .map(([name, [light = "", dark = ""]]) => `--${name}: ${write(light, dark)};`)
      .join(" ");
  const darkColours = declarations((_light, dark) => dark);
  return `
    ${scope} { ${declarations((light) => light)} }
    ${dark ? `${dark} { ${darkColours} }` : ""}
    @media (prefers-color-scheme: dark) { ${either} { ${darkColours} } }
    @supports (color: light-dark(#000, #fff)) {
      ${[scope, dark, either].filter(Boolean).join(", ")} { ${declarations((light, dark) => `light-dark(${light}, ${dark})`)} }
    }
  `;
}

/** The selectors within a component. See `updateColorScheme`. */
export const IN_FRAME = {
  scope: ".frame",
  dark: ".frame[data-scheme='dark']",
  either: ".frame[data-scheme='either']",
};

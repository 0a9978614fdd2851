import { IN_FRAME, paletteRules } from "./palette.js";
import { SURFACES } from "./theme.js";

/** @typedef {readonly number[]} Color the channels red, green and blue, from 0 to 255 */

/** The ratio between text and background that WCAG 2.2 requires at level AA. Other parts need 3. */
const CONTRAST = 4.5;

/** How finely a colour is mixed until it is readable. */
const STEPS = 64;

/** @type {Color} */
const BLACK = [0, 0, 0];
/** @type {Color} */
const WHITE = [255, 255, 255];

/**
 * Sets the accent colour of a component, unless the page sets one.
 *
 * @param {CSSStyleSheet} sheet a sheet of the component that only this function fills
 * @param {HTMLElement} frame the component's box
 * @param {unknown} color `#` and six hexadecimal digits. Anything else means the default.
 */
export function setAccent(sheet, frame, color) {
  const isOfPage = getComputedStyle(frame).getPropertyValue("--afterchat-accent").trim() !== "";
  const colours = isOfPage ? null : accentColours(color);
  sheet.replaceSync(colours ? paletteRules(colours, IN_FRAME) : "");
}

/**
 * The accent colour on light and on dark surfaces, and the colour of text on it. `AccentColor` in `shared/settings`
 * follows the same rules.
 *
 * @param {unknown} color
 * @returns {Record<string, string[]> | null} custom properties as in `paletteRules`
 */
export function accentColours(color) {
  const accent = parse(color);
  if (!accent) return null;
  const accents = SURFACES.map((surface) => readableOn(accent, parse(surface) ?? WHITE));
  return {
    "default-accent": accents.map(write),
    "default-on-accent": accents.map((background) => write(textColor(background))),
  };
}

/**
 * @param {unknown} text
 * @returns {Color | null}
 */
function parse(text) {
  if (typeof text !== "string" || !/^#[0-9a-f]{6}$/i.test(text)) return null;
  return [1, 3, 5].map((start) => Number.parseInt(text.slice(start, start + 2), 16));
}

/** @param {Color} color */
function write(color) {
  return `#${color.map((channel) => channel.toString(16).padStart(2, "0")).join("")}`;
}

/**
 * Black or white, whichever contrasts more with the background. Their contrast is always at least 4.5.
 *
 * @param {Color} background
 */
function textColor(background) {
  return contrast(background, WHITE) >= contrast(background, BLACK) ? WHITE : BLACK;
}

/**
 * The colour itself if text in it is readable. Otherwise the nearest mixture with black or white that is.
 *
 * @param {Color} color
 * @param {Color} background
 */
function readableOn(color, background) {
  const target = textColor(background);
  for (let step = 0; step <= STEPS; step += 1) {
    const mixed = color.map((channel, index) =>
      Math.floor((channel * (STEPS - step) + (target[index] ?? 0) * step) / STEPS),
    );
    if (contrast(mixed, background) >= CONTRAST) return mixed;
  }
  return target;
}

/**
 * The contrast of WCAG 2.2: 1 for equal colours, 21 for black and white.
 *
 * @param {Color} one
 * @param {Color} other
 */
function contrast(one, other) {
  const [first, second] = [luminance(one), luminance(other)];
  return (Math.max(first, second) + 0.05) / (Math.min(first, second) + 0.05);
}

/**
 * The relative luminance of WCAG 2.2.
 *
 * @param {Color} color
 */
function luminance(color) {
  const [red = 0, green = 0, blue = 0] = color.map((channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

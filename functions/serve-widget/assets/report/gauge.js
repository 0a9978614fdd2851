import { createSvgElement } from "../common/dom.js";

/** @import { Statistics } from "../../types/api" */

const WIDTH = 120;
const HEIGHT = 16;
const MARGIN = 6;

/**
 * Draws the satisfaction between 0 and 100 % with its interval. It is small enough for a table row.
 *
 * @param {Statistics} statistics
 */
export function createGauge({ csat, csat_low: low, csat_high: high, small_sample: isSmall }) {
  /** @param {number | null} share */
  const x = (share) => Math.round((MARGIN + (share ?? 0) * (WIDTH - 2 * MARGIN)) * 10) / 10;
  const y = HEIGHT / 2;
  const few = isSmall ? " few" : "";
  const marks =
    csat === null
      ? []
      : [
          createSvgElement("line", { class: `reach${few}`, x1: x(low), x2: x(high), y1: y, y2: y }),
          createSvgElement("circle", { class: `dot${few}`, cx: x(csat), cy: y, r: 4 }),
        ];
  const ticks = [0, 0.5, 1].map((share) =>
    createSvgElement("line", { class: "base", x1: x(share), x2: x(share), y1: y - 3, y2: y + 3 }),
  );
  return createSvgElement(
    "svg",
    { class: "gauge", preserveAspectRatio: "xMinYMid", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, "aria-hidden": "true" },
    createSvgElement("line", { class: "base", x1: x(0), x2: x(1), y1: y, y2: y }),
    ...ticks,
    ...marks,
  );
}

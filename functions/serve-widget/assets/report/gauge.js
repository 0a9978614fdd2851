import { drawn } from "../common/dom.js";

const WIDTH = 120;
const HEIGHT = 16;
const ROOM = 6;

/** A share between 0 and 100 % with its interval, small enough for a line of a table. */
export function gauge({ csat, csat_low: low, csat_high: high, small_sample: isSmall }) {
  const x = (share) => Math.round((ROOM + share * (WIDTH - 2 * ROOM)) * 10) / 10;
  const y = HEIGHT / 2;
  const few = isSmall ? " few" : "";
  const marks =
    csat === null
      ? []
      : [
          drawn("line", { class: `reach${few}`, x1: x(low), x2: x(high), y1: y, y2: y }),
          drawn("circle", { class: `dot${few}`, cx: x(csat), cy: y, r: 4 }),
        ];
  return drawn(
    "svg",
    { class: "gauge", preserveAspectRatio: "xMinYMid", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, "aria-hidden": "true" },
    drawn("line", { class: "base", x1: x(0), x2: x(1), y1: y, y2: y }),
    ...[0, 0.5, 1].map((share) => drawn("line", { class: "base", x1: x(share), x2: x(share), y1: y - 3, y2: y + 3 })),
    ...marks,
  );
}

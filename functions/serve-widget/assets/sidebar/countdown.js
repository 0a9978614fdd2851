import { formatList, formatNumber } from "../common/locale.js";

/** Units with their lengths in seconds. */
const UNITS = /** @type {const} */ ([
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
]);

/**
 * Formats a duration in its largest unit and the next smaller one: `6 days, 23 hr`.
 *
 * @param {number} milliseconds
 * @param {string} language
 */
export function formatDuration(milliseconds, language) {
  let seconds = Math.max(0, Math.ceil(milliseconds / 1_000));
  const first = UNITS.findIndex(([, size]) => seconds >= size);
  const units = UNITS.slice(first === -1 ? 3 : first).slice(0, 2);
  const parts = units.map(([unit, size]) => {
    const count = Math.floor(seconds / size);
    seconds %= size;
    return formatNumber(count, language, { style: "unit", unit, unitDisplay: unit === "day" ? "long" : "short" });
  });
  return formatList(parts, language);
}

/** Calls a function each second until it is stopped. */
export class Ticker {
  #onTick;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #timer;

  /** @param {() => void} onTick */
  constructor(onTick) {
    this.#onTick = onTick;
  }

  start() {
    this.stop();
    this.#timer = setInterval(this.#onTick, 1_000);
  }

  stop() {
    clearInterval(this.#timer);
  }
}

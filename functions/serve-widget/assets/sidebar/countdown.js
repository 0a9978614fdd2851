import { numberText } from "../common/locale.js";

const UNITS = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
];

/** How long it is, in the two largest units that say something: `6 days, 23 hr`. */
export function duration(milliseconds, language) {
  let seconds = Math.max(0, Math.ceil(milliseconds / 1_000));
  const first = UNITS.findIndex(([, size]) => seconds >= size);
  const parts = UNITS.slice(first === -1 ? 3 : first).slice(0, 2);
  const words = parts.map(([unit, size]) => {
    const count = Math.floor(seconds / size);
    seconds %= size;
    const format = { style: "unit", unit, unitDisplay: unit === "day" ? "long" : "short" };
    return numberText(count, language, format);
  });
  return words.join(", ");
}

/** Calls back each second until it is stopped. */
export class Ticker {
  #tick;
  #timer;

  constructor(tick) {
    this.#tick = tick;
  }

  start() {
    this.stop();
    this.#timer = setInterval(this.#tick, 1_000);
  }

  stop() {
    clearInterval(this.#timer);
  }
}

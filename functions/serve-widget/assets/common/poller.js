const FIRST_PAUSE_MS = 4_000;
const LONGEST_PAUSE_MS = 120_000;
const GROWTH = 1.5;

/**
 * Asks again and again: at once, whenever the tab is shown again, and between with growing pauses.
 * A hidden tab asks nothing.
 */
export class Poller {
  #ask;
  #repeats = true;
  #isRunning = false;
  #timer;
  #pause = FIRST_PAUSE_MS;
  #asking = null;
  #askAgain = false;

  /** @param {() => Promise<void>} ask deals with its own failures */
  constructor(ask) {
    this.#ask = ask;
  }

  /** @param {boolean} repeats whether to ask unasked, or only at once and when told to */
  start(repeats = true) {
    this.stop();
    this.#repeats = repeats;
    this.#isRunning = true;
    document.addEventListener("visibilitychange", this.#onVisibility);
    this.refresh();
  }

  stop() {
    this.#isRunning = false;
    clearTimeout(this.#timer);
    document.removeEventListener("visibilitychange", this.#onVisibility);
  }

  /** Asks now, and starts over with short pauses. Settles when what is true now has been told. */
  refresh() {
    this.#pause = FIRST_PAUSE_MS;
    // What is under way may have been answered before what the caller knows of.
    if (this.#asking) this.#askAgain = true;
    return this.#run();
  }

  #run() {
    clearTimeout(this.#timer);
    this.#asking ??= this.#askInTurn().finally(() => {
      this.#asking = null;
      this.#schedule();
    });
    return this.#asking;
  }

  async #askInTurn() {
    do {
      this.#askAgain = false;
      await this.#ask();
    } while (this.#askAgain);
  }

  #schedule() {
    if (!this.#isRunning || !this.#repeats || document.hidden) return;
    this.#timer = setTimeout(() => this.#run(), this.#pause);
    this.#pause = Math.min(this.#pause * GROWTH, LONGEST_PAUSE_MS);
  }

  #onVisibility = () => {
    clearTimeout(this.#timer);
    if (!document.hidden) this.refresh();
  };
}

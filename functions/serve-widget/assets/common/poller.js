const FIRST_DELAY_MS = 4_000;
const MAX_DELAY_MS = 120_000;
const BACKOFF_FACTOR = 1.5;

/**
 * Polls at once, each time that the tab becomes visible, and with growing delays in between. A hidden tab does not
 * poll.
 */
export class Poller {
  #poll;
  #isRepeating = true;
  #isStarted = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #delay = FIRST_DELAY_MS;
  /** @type {Promise<void> | null} */
  #running = null;
  #mustPollAgain = false;

  /** @param {() => Promise<void>} poll must handle its own errors */
  constructor(poll) {
    this.#poll = poll;
  }

  /** @param {boolean} isRepeating whether to poll with delays, or only now and on each `refresh()` */
  start(isRepeating = true) {
    this.stop();
    this.#isRepeating = isRepeating;
    this.#isStarted = true;
    document.addEventListener("visibilitychange", this.#onVisibilityChange);
    this.refresh();
  }

  stop() {
    this.#isStarted = false;
    clearTimeout(this.#timer);
    document.removeEventListener("visibilitychange", this.#onVisibilityChange);
  }

  /** Polls now and resets the delay. Resolves after a poll that began after this call. */
  refresh() {
    this.#delay = FIRST_DELAY_MS;
    // The response of a running poll may be older than the change that the caller knows of.
    if (this.#running) this.#mustPollAgain = true;
    return this.#run();
  }

  #run() {
    clearTimeout(this.#timer);
    this.#running ??= this.#pollUntilCurrent().finally(() => {
      this.#running = null;
      this.#schedule();
    });
    return this.#running;
  }

  async #pollUntilCurrent() {
    do {
      this.#mustPollAgain = false;
      await this.#poll();
    } while (this.#mustPollAgain);
  }

  #schedule() {
    if (!this.#isStarted || !this.#isRepeating || document.hidden) return;
    this.#timer = setTimeout(() => this.#run(), this.#delay);
    this.#delay = Math.min(this.#delay * BACKOFF_FACTOR, MAX_DELAY_MS);
  }

  #onVisibilityChange = () => {
    clearTimeout(this.#timer);
    if (!document.hidden) this.refresh();
  };
}

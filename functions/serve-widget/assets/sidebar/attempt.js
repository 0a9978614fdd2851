/** What the API says while it cannot yet say what became of a request. */
const UNDECIDED = ["idempotency_key_in_use", "storage_unavailable", "timed_out", "internal_error"];

/**
 * One thing to be done once, however often it is tried: the idempotency key stays the same until
 * the API has said what became of it.
 */
export class Attempt {
  #key = null;
  #payload = null;

  /** The key to send with this payload. */
  key(payload) {
    const text = JSON.stringify(payload);
    if (this.#key === null || this.#payload !== text) {
      this.#key = randomKey();
      this.#payload = text;
    }
    return this.#key;
  }

  /** It was done. */
  done() {
    this.#key = null;
  }

  /** It failed: whether another try is a new request depends on how. */
  failed(error) {
    if (error.isAnswer && !UNDECIDED.includes(error.code)) this.#key = null;
  }
}

/** `crypto.randomUUID` is missing on pages without TLS. */
function randomKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

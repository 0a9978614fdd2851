import { ApiError } from "./api.js";

/** Errors after which the request may still take effect. */
const UNDECIDED_ERRORS = ["idempotency_key_in_use", "storage_unavailable", "timed_out", "internal_error"];

/**
 * The idempotency key of one request. Retries of the same payload use the same key until the API has decided the
 * request.
 */
export class IdempotencyKey {
  /** @type {string | null} */
  #key = null;
  /** @type {string | null} */
  #payload = null;

  /**
   * The key to send with this payload.
   *
   * @param {unknown} payload
   */
  forPayload(payload) {
    const text = JSON.stringify(payload);
    if (this.#key === null || this.#payload !== text) {
      this.#key = randomKey();
      this.#payload = text;
    }
    return this.#key;
  }

  /** Call this after a success. The next request gets a new key. */
  onSuccess() {
    this.#key = null;
  }

  /**
   * Call this after an error. The next request gets a new key only if this one cannot take effect any more.
   *
   * @param {unknown} error
   */
  onError(error) {
    if (error instanceof ApiError && error.isFromFunction && !UNDECIDED_ERRORS.includes(error.code)) this.#key = null;
  }
}

/** Pages without TLS have no `crypto.randomUUID`. */
function randomKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * Waits for a promise, but not longer than some time.
 *
 * @param {Promise<void>} promise must handle its own errors
 * @param {number} milliseconds
 */
export function atMost(promise, milliseconds) {
  return Promise.race([promise, new Promise((resolve) => setTimeout(resolve, milliseconds))]);
}

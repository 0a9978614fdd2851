/** From the worst to the best. */
export const SCORES = /** @type {const} */ ([1, 2, 3, 4, 5]);

/** The emoji of the scores. */
const EMOJI = ["😑", "😟", "😐", "😊", "😍"];

/** The faces as the API sends them with a rating request. */
export const FACES = SCORES.map((score) => ({ score, emoji: faceOf(score) }));

/**
 * The emoji of a score.
 *
 * @param {number | undefined} score
 * @returns {string} empty if there is no such score
 */
export function faceOf(score) {
  return EMOJI[(score ?? 0) - 1] ?? "";
}

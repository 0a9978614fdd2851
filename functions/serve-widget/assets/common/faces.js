/** The emoji of the scores, from 1 to 5. */
const FACES = ["😑", "😟", "😐", "😊", "😍"];

/**
 * The emoji of a score.
 *
 * @param {number | undefined} score
 * @returns {string} empty if there is no such score
 */
export function faceOf(score) {
  return FACES[(score ?? 0) - 1] ?? "";
}

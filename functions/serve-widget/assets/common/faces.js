/** The five faces, in the order of their scores. */
const FACES = ["😑", "😟", "😐", "😊", "😍"];

/** The face that stands for a score of 1 to 5. */
export function faceOf(score) {
  return FACES[score - 1] ?? "";
}

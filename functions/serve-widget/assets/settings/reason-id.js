const MAXIMUM_LENGTH = 32;

/** Room for a number after the id. */
const STEM_LENGTH = 28;

/**
 * Makes the id of a reason from its label. Labels without Latin letters and digits get a number.
 *
 * @param {string} label
 * @param {string[]} others the ids of the other reasons
 */
export function makeReasonId(label, others) {
  if (!label.trim()) return "";
  const words = label
    .normalize("NFKD")
    .toLowerCase()
    .replace(/\p{M}/gu, "")
    .replaceAll("ł", "l")
    .replaceAll("ß", "ss")
    .replace(/[^a-z0-9]+/g, "-");
  const stem = words.slice(0, STEM_LENGTH).replace(/^-+|-+$/g, "") || "reason";
  let id = stem;
  for (let number = 2; others.includes(id); number += 1) id = `${stem}-${number}`;
  return id.slice(0, MAXIMUM_LENGTH);
}

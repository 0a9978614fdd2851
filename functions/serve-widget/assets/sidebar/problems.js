import { fill, lookUp } from "../common/texts.js";

/** What went wrong, in words for a person: `moment` writes a time that a problem names. */
export function inWords(error, texts, moment) {
  const { code, problem = {} } = error;
  const opensAt = problem.resets_at ?? problem.available_at;
  return fill(lookUp(texts.problems, code) ?? texts.problems.other, { time: opensAt ? moment(opensAt) : "" });
}

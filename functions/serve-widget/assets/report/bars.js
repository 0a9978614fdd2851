import { drawn } from "../common/dom.js";

/** From the worst to the best. */
export const SCORES = [1, 2, 3, 4, 5];

const WIDEST_BAR = 44;

/** How each score is hatched: they are told apart without their colours. */
const HATCHES = {
  1: "M0 0L6 6M-1.5 4.5L1.5 7.5M4.5 -1.5L7.5 1.5M0 6L6 0M-1.5 1.5L1.5 -1.5M4.5 7.5L7.5 4.5",
  2: "M0 6L6 0M-1.5 1.5L1.5 -1.5M4.5 7.5L7.5 4.5",
  3: "M3 2V4M2 3H4",
  4: "M0 3H6",
  5: "",
};

/** The fills of the scores. A drawing has its own, for a name means something in its own tree alone. */
export function scoreFills(prefix) {
  const fills = SCORES.map((score) =>
    drawn(
      "pattern",
      { id: `${prefix}-${score}`, width: 6, height: 6, patternUnits: "userSpaceOnUse" },
      drawn("rect", { class: `score-${score}`, width: 6, height: 6 }),
      drawn("path", { class: `hatch-${score}`, d: HATCHES[score] }),
    ),
  );
  return drawn("defs", {}, ...fills);
}

/** A piece in the look of a score. */
export function scoreRect(prefix, score, area) {
  return drawn("rect", { class: "piece", fill: `url(#${prefix}-${score})`, "data-part": score, ...area });
}

/** Draws how many there are of each score, one bar for each group, the worst at its foot. */
export function paintBars(plot, prefix, groups) {
  const width = Math.max(Math.min(plot.step * 0.72, WIDEST_BAR), 1);
  const bars = groups.flatMap((group, index) => {
    const x = plot.x(index) - width / 2;
    let below = 0;
    const pieces = SCORES.filter((score) => group.scores[score] > 0).map((score) => {
      const top = plot.y(below + group.scores[score]);
      const height = plot.y(below) - top;
      below += group.scores[score];
      return scoreRect(prefix, score, { x, y: top, width, height, "data-index": index });
    });
    if (group.small_sample && below > 0) pieces.push(outline(plot, x, width, below));
    return pieces;
  });
  return [scoreFills(prefix), ...bars];
}

/** Marks a bar of few answers. */
function outline(plot, x, width, height) {
  const top = plot.y(height);
  return drawn("rect", { class: "outline", x: x - 2, y: top - 2, width: width + 4, height: plot.bottom - top + 2 });
}

import { createSvgElement } from "../common/dom.js";
import { SCORES } from "../common/faces.js";

/** @import { Group } from "../../types/api" */
/** @import { Plot } from "./chart.js" */

const MAX_BAR_WIDTH = 44;

/** The hatching of each score. It distinguishes the scores without colours. */
const HATCHES = {
  1: "M0 0L6 6M-1.5 4.5L1.5 7.5M4.5 -1.5L7.5 1.5M0 6L6 0M-1.5 1.5L1.5 -1.5M4.5 7.5L7.5 4.5",
  2: "M0 6L6 0M-1.5 1.5L1.5 -1.5M4.5 7.5L7.5 4.5",
  3: "M3 2V4M2 3H4",
  4: "M0 3H6",
  5: "",
};

/**
 * The fill patterns of the scores. Each drawing needs its own, because ids are local to a drawing.
 *
 * @param {string} prefix of the patterns' ids
 */
export function createScoreFills(prefix) {
  const fills = SCORES.map((score) =>
    createSvgElement(
      "pattern",
      { id: `${prefix}-${score}`, width: 6, height: 6, patternUnits: "userSpaceOnUse" },
      createSvgElement("rect", { class: `score-${score}`, width: 6, height: 6 }),
      createSvgElement("path", { class: `hatch-${score}`, d: HATCHES[score] }),
    ),
  );
  return createSvgElement("defs", {}, ...fills);
}

/**
 * A rectangle with the fill of a score.
 *
 * @param {string} prefix
 * @param {number} score
 * @param {Record<string, string | number>} attributes
 */
export function createScoreRect(prefix, score, attributes) {
  const fill = `url(#${prefix}-${score})`;
  return createSvgElement("rect", { class: "piece", fill, "data-part": score, ...attributes });
}

/**
 * Draws one bar for each group, with the count of each score. The worst score is at the bottom.
 *
 * @param {Plot} plot
 * @param {string} prefix
 * @param {Group[]} groups
 */
export function drawBars(plot, prefix, groups) {
  const width = Math.max(Math.min(plot.step * 0.72, MAX_BAR_WIDTH), 1);
  const bars = groups.flatMap((group, index) => {
    const x = plot.x(index) - width / 2;
    let below = 0;
    const pieces = SCORES.filter((score) => group.scores[score] > 0).map((score) => {
      const top = plot.y(below + group.scores[score]);
      const height = plot.y(below) - top;
      below += group.scores[score];
      return createScoreRect(prefix, score, { x, y: top, width, height, "data-index": index });
    });
    if (group.small_sample && below > 0) pieces.push(drawOutline(plot, x, width, below));
    return pieces;
  });
  return [createScoreFills(prefix), ...bars];
}

/**
 * Marks a bar of few ratings.
 *
 * @param {Plot} plot
 * @param {number} x
 * @param {number} width
 * @param {number} count
 */
function drawOutline(plot, x, width, count) {
  const top = plot.y(count);
  const area = { x: x - 2, y: top - 2, width: width + 4, height: plot.bottom - top + 2 };
  return createSvgElement("rect", { class: "outline", ...area });
}

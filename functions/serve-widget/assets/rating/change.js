import { ApiError, errorCode } from "../common/api.js";

/** @import { Rating, RatingChange, Reason, VisitorRatingRequest } from "../../types/api" */

/** The maximum number of reasons of a rating. */
export const MAX_REASONS = 5;

/**
 * The reasons that are offered for a score.
 *
 * @param {VisitorRatingRequest | null} request
 * @param {number | undefined} score
 * @returns {Reason[]}
 */
export function offeredReasons(request, score) {
  return (request?.reasons ?? []).filter(({ scores }) => score !== undefined && scores.includes(score));
}

/**
 * The chosen reasons that are offered for the chosen score, whether they are saved or not.
 *
 * @param {VisitorRatingRequest | null} request
 * @param {Rating | null} rating
 * @param {RatingChange | null} unsaved
 * @returns {string[]} their ids
 */
export function chosenReasons(request, rating, unsaved) {
  const offered = offeredReasons(request, unsaved?.score ?? rating?.score).map(({ id }) => id);
  return (unsaved?.reasons ?? rating?.reasons ?? []).filter((id) => offered.includes(id));
}

/**
 * Adds what the visitor entered to what is not saved yet. Reasons that are not offered for the new score are removed,
 * because the API refuses them.
 *
 * @param {VisitorRatingRequest | null} request
 * @param {Rating | null} rating
 * @param {RatingChange | null} unsaved
 * @param {RatingChange} change
 * @returns {RatingChange}
 */
export function mergeChange(request, rating, unsaved, change) {
  const merged = { score: rating?.score, ...unsaved, ...change };
  if (merged.reasons) merged.reasons = chosenReasons(request, null, merged);
  return merged;
}

/**
 * What remains of a change whose reasons the API refused.
 *
 * @param {Rating | null} rating
 * @param {RatingChange} change
 * @returns {RatingChange | null} `null` if nothing else has changed
 */
export function withoutReasons(rating, { reasons: _, ...rest }) {
  const hasMore = rest.comment !== undefined || rest.score !== rating?.score;
  return hasMore ? rest : null;
}

/**
 * The code of a failed save. Functions before version 1.3.0 refuse all reasons.
 *
 * @param {unknown} error
 */
export function saveErrorCode(error) {
  const areReasonsUnknown = error instanceof ApiError && error.problem.field === "reasons";
  return areReasonsUnknown ? "invalid_reason" : errorCode(error);
}

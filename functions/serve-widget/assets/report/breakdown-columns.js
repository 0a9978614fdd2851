import { createElement } from "../common/dom.js";
import { createGauge } from "./gauge.js";

/** @import { Group, Statistics } from "../../types/api" */
/** @import { Formatter } from "./formatter.js" */
/** @import { Cell } from "./table.js" */
/** @typedef {Group & { name: string }} NamedGroup */
/**
 * @typedef {object} BreakdownColumn
 * @property {string} id
 * @property {string} name
 * @property {boolean} [isNumber]
 * @property {(group: NamedGroup) => string | number | null} value the value to sort by
 * @property {(group: NamedGroup, onOpen: () => void) => Cell} createCell
 */

/**
 * The columns of a breakdown.
 *
 * @param {string} heading of the groups' names
 * @param {Map<string, Group> | null} before the groups of the previous span by key
 * @param {Formatter} formatter
 * @returns {BreakdownColumn[]}
 */
export function breakdownColumns(heading, before, formatter) {
  const texts = formatter.texts.tables;
  const count = (/** @type {number | null} */ value) => formatter.count(value ?? 0);
  return [
    { id: "name", name: heading, value: ({ name }) => name, createCell: createNameCell },
    numberColumn("ratings", texts.ratings, ({ ratings }) => ratings, count),
    {
      id: "csat",
      name: texts.csat,
      isNumber: true,
      value: ({ csat }) => csat,
      createCell: (group) => createSatisfactionCell(group, formatter),
    },
    {
      id: "interval",
      name: texts.interval,
      value: ({ csat_low: low }) => low,
      createCell: (group) => createElement("span", { class: "reached" }, createGauge(group), formatter.interval(group)),
    },
    ...(before ? [differenceColumn(before, formatter)] : []),
    numberColumn(
      "mean",
      texts.mean,
      ({ mean }) => mean,
      (mean) => formatter.mean(mean),
    ),
    numberColumn("requests", texts.requests, ({ requests }) => requests, count),
    numberColumn(
      "rate",
      texts.responseRate,
      ({ response_rate: rate }) => rate,
      (rate) => formatter.share(rate),
    ),
  ];
}

/**
 * Sorts groups. Groups without a value are last in both directions.
 *
 * @param {NamedGroup[]} groups
 * @param {BreakdownColumn} column
 * @param {boolean} isDescending
 * @param {Formatter} formatter
 */
export function sortGroups(groups, { value }, isDescending, formatter) {
  return groups.toSorted((one, other) => {
    const [first, second] = [value(one), value(other)];
    if (first === null || second === null) return Number(first === null) - Number(second === null);
    const order =
      typeof first === "number" && typeof second === "number"
        ? first - second
        : formatter.compare(String(first), String(second));
    return (isDescending ? -order : order) || formatter.compare(one.name, other.name);
  });
}

/**
 * @param {string} id
 * @param {string} name
 * @param {(group: NamedGroup) => number | null} value
 * @param {(value: number | null) => string} format
 * @returns {BreakdownColumn}
 */
function numberColumn(id, name, value, format) {
  return { id, name, isNumber: true, value, createCell: (group) => format(value(group)) };
}

/**
 * @param {Map<string, Group>} before
 * @param {Formatter} formatter
 */
function differenceColumn(before, formatter) {
  const difference = (/** @type {NamedGroup} */ group) => {
    const previous = before.get(group.key)?.csat ?? null;
    return group.csat === null || previous === null ? null : group.csat - previous;
  };
  return numberColumn("difference", formatter.texts.tables.difference, difference, (value) =>
    formatter.difference(value, 0, { isShare: true }),
  );
}

/**
 * @param {NamedGroup} group
 * @param {() => void} onOpen
 */
function createNameCell(group, onOpen) {
  return createElement("button", { type: "button", class: "link", dir: "auto", click: onOpen }, group.name);
}

/**
 * The share of satisfied visitors, with a mark if there are few ratings.
 *
 * @param {Statistics} statistics
 * @param {Formatter} formatter
 * @returns {Cell}
 */
export function createSatisfactionCell({ csat, ratings, small_sample: isSmall }, formatter) {
  const share = formatter.share(csat);
  if (!isSmall || ratings === 0) return share;
  return createElement("span", {}, share, " ", createElement("em", { class: "small" }, formatter.texts.small));
}

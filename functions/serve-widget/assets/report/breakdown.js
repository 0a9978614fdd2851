import { element, say } from "../common/dom.js";
import { gauge } from "./gauge.js";
import { table } from "./table.js";

/** The groups of a report, one a row, sorted by any column; pressing a row opens it. */
export class Breakdown {
  #open;
  #title = element("h3");
  #body = element("div");
  #none = element("p", { class: "quiet" });
  #shown = null;
  #sorting = { column: "ratings", isDescending: true };
  node = element("section", { class: "chart" }, this.#title, this.#none, this.#body);

  /** @param {(group: object) => void} open is told which group was pressed */
  constructor(open) {
    this.#open = open;
    this.#body.addEventListener("click", ({ target }) => {
      // A row's name is a button of its own.
      if (!target.closest("button")) this.#openRow(target.closest("tbody tr"));
    });
  }

  /** Shows groups, each with its `name`; `before` holds those of the period before by key, where there is one. */
  show({ title, heading, groups, before, none }, words) {
    this.#shown = { title, heading, groups, before, words };
    say(this.#title, title);
    say(this.#none, none);
    this.#none.hidden = groups.length > 0;
    this.#draw();
  }

  #draw() {
    const { title, heading, before, words } = this.#shown;
    const columns = columnsOf(heading, before, words);
    this.#shown.sorted = sorted(this.#shown.groups, columns, this.#sorting, words);
    const heads = columns.map(({ id, name, isNumber }) => {
      const isSorted = id === this.#sorting.column;
      const direction = this.#sorting.isDescending ? "descending" : "ascending";
      const button = element("button", { type: "button", class: "sort", click: () => this.#sort(id) }, name);
      return { name, isNumber, sorted: isSorted ? direction : undefined, head: button };
    });
    const rows = this.#shown.sorted.map((group) => columns.map(({ cell }) => cell(group, () => this.#open(group))));
    const made = rows.length > 0 ? [table(title, heads, rows, words.texts.tables)] : [];
    this.#body.replaceChildren(...made);
  }

  #sort(column) {
    const isSame = column === this.#sorting.column;
    // Names begin with the first, numbers with the highest.
    this.#sorting = { column, isDescending: isSame ? !this.#sorting.isDescending : column !== "name" };
    this.#draw();
    this.#body.querySelector("[aria-sort] button")?.focus();
  }

  #openRow(row) {
    if (row) this.#open(this.#shown.sorted[row.sectionRowIndex]);
  }
}

/** The columns: what each sorts by, and what stands in it. */
function columnsOf(heading, before, words) {
  const texts = words.texts.tables;
  const open = (group, onClick) => element("button", { type: "button", class: "link", dir: "auto", click: onClick }, group.name);
  const difference = (group) => {
    const earlier = before?.get(group.key)?.csat ?? null;
    return group.csat === null || earlier === null ? null : group.csat - earlier;
  };
  return [
    { id: "name", name: heading, value: ({ name }) => name, cell: open },
    number("ratings", texts.ratings, ({ ratings }) => ratings, (count) => words.count(count)),
    {
      ...number("csat", texts.csat, ({ csat }) => csat),
      cell: (group) => satisfaction(group, words),
    },
    { id: "interval", name: texts.interval, value: ({ csat_low: low }) => low, cell: (group) => reach(group, words) },
    ...(before ? [number("difference", texts.difference, difference, (value) => words.difference(value, value === null ? null : 0, { isShare: true }))] : []),
    number("mean", texts.mean, ({ mean }) => mean, (mean) => words.mean(mean)),
    number("requests", texts.requests, ({ requests }) => requests, (count) => words.count(count)),
    number("rate", texts.responseRate, ({ response_rate: rate }) => rate, (rate) => words.share(rate)),
  ];
}

function number(id, name, value, written) {
  return { id, name, isNumber: true, value, cell: (group) => written(value(group)) };
}

function satisfaction(group, words) {
  const share = words.share(group.csat);
  if (!group.small_sample || group.ratings === 0) return share;
  return element("span", {}, share, " ", element("em", { class: "small" }, words.texts.small));
}

function reach(group, words) {
  return element("span", { class: "reached" }, gauge(group), words.interval(group));
}

/** What has no value stands last, whichever way it is sorted. */
function sorted(groups, columns, { column, isDescending }, words) {
  const { value } = columns.find(({ id }) => id === column) ?? columns[1];
  const order = (one, other) => (typeof one === "string" ? words.compare(one, other) : one - other);
  return groups.toSorted((one, other) => {
    const [first, second] = [value(one), value(other)];
    if (first === null || second === null) return (first === null) - (second === null);
    return (isDescending ? -1 : 1) * order(first, second) || words.compare(one.name, other.name);
  });
}

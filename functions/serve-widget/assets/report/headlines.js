import { element, say } from "../common/dom.js";
import { fill } from "../common/texts.js";
import { gauge } from "./gauge.js";

/** The span's totals in large, each with what it rests on and what it was before. */
export class Headlines {
  #list = element("dl", { class: "headlines" });
  node = element("section", {}, this.#list);

  show(total, before, words) {
    const texts = words.texts.headlines;
    this.node.setAttribute("aria-label", texts.label);
    this.#list.replaceChildren(
      headline(texts.csat, words.share(total.csat), [
        ...(total.csat === null ? [] : [gauge(total), fill(texts.interval, { interval: words.interval(total) })]),
        words.counted(texts.ofRatings, total.ratings),
        ...(total.small_sample && total.ratings > 0 ? [element("strong", { class: "small" }, texts.fewRatings)] : []),
        ...(before ? [comparison(total, before, words)] : []),
      ]),
      headline(texts.responseRate, words.share(total.response_rate), [
        words.counted(texts.answered, total.requests, { answered: words.count(total.ratings) }),
        ...(before ? [change(total.response_rate, before.response_rate, shares(words), words)] : []),
      ]),
      headline(texts.mean, words.mean(total.mean), [
        texts.ofFive,
        ...(before ? [change(total.mean, before.mean, means(words), words)] : []),
      ]),
      headline(texts.requests, words.count(total.requests), [
        words.counted(words.texts.ratings, total.ratings),
        ...(before ? [change(total.requests, before.requests, counts(words), words)] : []),
      ]),
    );
  }
}

function headline(name, value, notes) {
  const [number, ...rest] = [element("span", { class: "figure" }), ...notes.map((note) => element("span", {}, note))];
  say(number, value);
  return element("div", { class: "headline" }, element("dt", {}, name), element("dd", {}, number, ...rest));
}

/** Whether satisfaction differs by more than chance is for the intervals to say. */
function comparison(total, before, words) {
  const said = change(total.csat, before.csat, shares(words), words);
  if (total.csat === null || before.csat === null) return said;
  const isApart = total.csat_low > before.csat_high || total.csat_high < before.csat_low;
  const { apart, overlap } = words.texts.headlines;
  return `${said}. ${isApart ? apart : overlap}`;
}

function change(now, before, { written, difference }, words) {
  const texts = words.texts.headlines;
  if (now === null || before === null) return texts.beforeNone;
  return fill(texts.before, { before: written(before), difference: difference(now, before) });
}

function shares(words) {
  const difference = (now, before) => words.difference(now, before, { isShare: true });
  return { written: (share) => words.share(share), difference };
}

function means(words) {
  const difference = (now, before) => words.difference(now, before, { decimals: 2 });
  return { written: (mean) => words.mean(mean), difference };
}

function counts(words) {
  return { written: (count) => words.count(count), difference: (now, before) => words.difference(now, before) };
}

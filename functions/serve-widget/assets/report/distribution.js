import { drawn, element, say } from "../common/dom.js";
import { faceOf } from "../common/faces.js";
import { SCORES, scoreFills, scoreRect } from "./bars.js";

/** How the ratings of the whole span are spread over the five faces: the best first. */
export class Distribution {
  #open;
  #title = element("h3");
  #list = element("ol", { class: "scores" });
  node = element("section", { class: "chart" }, this.#title, this.#list);

  /** @param {(score: number) => void} open is told which score was pressed */
  constructor(open) {
    this.#open = open;
  }

  show({ scores, ratings }, words) {
    const texts = words.texts;
    say(this.#title, texts.distribution.title);
    const rows = SCORES.toReversed().map((score) => {
      const count = scores[score];
      const share = ratings > 0 ? count / ratings : null;
      return element(
        "li",
        {},
        element(
          "button",
          { type: "button", class: "score", disabled: count === 0, click: () => this.#open(score) },
          element("span", { class: "emoji", "aria-hidden": "true" }, faceOf(score)),
          element("span", { class: "name" }, texts.faces[score - 1]),
          bar(score, share ?? 0),
          element("span", { class: "number" }, words.count(count)),
          element("span", { class: "number quiet" }, words.share(share)),
        ),
      );
    });
    this.#list.replaceChildren(...rows);
  }
}

function bar(score, share) {
  const prefix = `spread-${score}`;
  return drawn(
    "svg",
    { class: "bar", "aria-hidden": "true" },
    scoreFills(prefix),
    drawn("rect", { class: "track", width: "100%", height: "100%" }),
    scoreRect(prefix, score, { width: `${share * 100}%`, height: "100%" }),
  );
}

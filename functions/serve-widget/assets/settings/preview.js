import { createElement, setText } from "../common/dom.js";
import { faceOf } from "../common/faces.js";
import { attachFrame, updateColorScheme } from "../common/frame.js";
import { styles as ratingStyles } from "../rating/styles.js";
import { RatingView } from "../rating/view.js";
import { defaultLanguageOf, FALLBACK_LANGUAGE, facesOf, reasonsOf, textAt } from "./document.js";
import { previewStyles } from "./preview-styles.js";
import { languageDirection } from "./visitor-languages.js";

/** @import { FaceLabels, RatingTexts, Score } from "../../types/afterchat" */
/** @import { SettingsDocument } from "../../types/api" */
/** @import { PageState } from "./view.js" */

const SCORES = /** @type {Score[]} */ ([1, 2, 3, 4, 5]);

const FACES = SCORES.map((score) => ({ score, emoji: faceOf(score) }));

/** The agent in the preview. */
const AGENT = "Kim Novak";

const DAY_MS = 24 * 60 * 60 * 1_000;

/** The prompt as visitors see it, with the texts of the language that is edited. A press of a face records nothing. */
export class Preview {
  /** @type {Score | null} */
  #score = null;
  /** @type {string | undefined} */
  #comment;
  #time = new Date(Date.now() + DAY_MS).toISOString();
  /** @type {{ state: PageState, hasAgent: boolean, reasonsTitle: string } | null} */
  #shown = null;
  #view = new RatingView({
    choose: (score) => this.#choose(/** @type {Score} */ (score)),
    comment: (comment) => this.#onComment(comment),
    retry: () => {},
  });
  #reasons = createElement("div", { class: "reason-chips", role: "group", hidden: true });
  #host = createElement("div", { class: "prompt" });
  #frame;

  constructor() {
    this.#frame = attachFrame(this.#host, [ratingStyles, previewStyles], ...this.#view.nodes, this.#reasons);
    this.node = createElement("div", { class: "stage" }, this.#host);
  }

  /** @param {{ width: string, scheme: string }} options */
  set appearance({ width, scheme }) {
    this.node.dataset.width = width;
    this.node.dataset.scheme = scheme;
    if (this.node.isConnected) updateColorScheme(this.#frame);
  }

  /**
   * @param {PageState} state
   * @param {{ hasAgent: boolean, reasonsTitle: string }} options
   */
  render(state, { hasAgent, reasonsTitle }) {
    this.#shown = { state, hasAgent, reasonsTitle };
    const { document, edited, builtIn } = state;
    const comment = this.#comment ? { comment: this.#comment } : {};
    const rating = this.#score && { score: this.#score, rated_at: "", changeable_until: this.#time, ...comment };
    const agent = hasAgent ? { agent_name: AGENT } : {};
    this.#view.render(
      {
        request: { id: "preview", language: edited, faces: FACES, ...agent },
        rating,
        unsaved: null,
        isSaving: false,
        isFinal: false,
        problem: null,
        canRetry: false,
      },
      {
        tag: edited,
        direction: languageDirection(edited) === "rtl" ? "rtl" : "ltr",
        texts: visitorTexts(document, edited, builtIn.texts),
      },
    );
    this.#renderReasons(document, edited, reasonsTitle);
  }

  /**
   * Shows the reasons that are offered for the chosen score.
   *
   * @param {SettingsDocument} document
   * @param {string} language
   * @param {string} title
   */
  #renderReasons(document, language, title) {
    const score = this.#score;
    const offered = reasonsOf(document).filter(
      ({ scores }) => score && Array.isArray(scores) && scores.includes(score),
    );
    const languages = [language, defaultLanguageOf(document), FALLBACK_LANGUAGE];
    const labels = offered
      .map(({ labels }) => languages.map((code) => textAt(labels, [code])).find(Boolean) ?? "")
      .filter(Boolean);
    this.#reasons.hidden = labels.length === 0;
    this.#reasons.lang = language;
    this.#reasons.dir = languageDirection(language);
    this.#reasons.setAttribute("aria-label", title);
    const current = [...this.#reasons.children].map((node) => node.textContent);
    if (JSON.stringify(current) === JSON.stringify(labels)) return;
    this.#reasons.replaceChildren(...labels.map((label) => createChip(label)));
  }

  /** @param {Score} score */
  #choose(score) {
    this.#score = score;
    this.#renderAgain();
  }

  /** @param {string} comment */
  #onComment(comment) {
    this.#comment = comment || undefined;
    this.#renderAgain();
    this.#view.onCommentSaved(this.#comment);
  }

  #renderAgain() {
    if (this.#shown) this.render(this.#shown.state, this.#shown);
  }
}

/** @param {string} label */
function createChip(label) {
  const press = () => chip.setAttribute("aria-pressed", String(chip.getAttribute("aria-pressed") !== "true"));
  /** @type {HTMLButtonElement} */
  const chip = createElement("button", { type: "button", class: "chip", "aria-pressed": "false", click: press });
  setText(chip, label);
  return chip;
}

/**
 * The built-in texts of a language with the settings' own ones. Without a question about an agent, the settings' own
 * question is asked about agents too.
 *
 * @param {SettingsDocument} document
 * @param {string} language
 * @param {RatingTexts} builtIn
 * @returns {RatingTexts}
 */
function visitorTexts(document, language, builtIn) {
  const own = (/** @type {string} */ name) => textAt(document, ["texts", language, name]).trim();
  const faces = facesOf(document, language);
  return {
    ...builtIn,
    question: own("question") || builtIn.question,
    questionAbout: own("question_about") || own("question") || builtIn.questionAbout,
    thanks: own("thanks") || builtIn.thanks,
    comment: own("comment") || builtIn.comment,
    faces: /** @type {FaceLabels} */ (builtIn.faces.map((label, index) => faces?.[index]?.trim() || label)),
  };
}

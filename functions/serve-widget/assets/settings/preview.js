import { setAccent } from "../common/accent.js";
import { createElement, createStyleSheet } from "../common/dom.js";
import { FACES } from "../common/faces.js";
import { attachFrame, updateColorScheme } from "../common/frame.js";
import { directionOf } from "../rating/languages.js";
import { styles as ratingStyles } from "../rating/styles.js";
import { RatingView } from "../rating/view.js";
import { defaultLanguageOf, FALLBACK_LANGUAGE, facesOf, isObject, reasonsOf, textAt } from "./document.js";

/** @import { FaceLabels, RatingTexts, Score } from "../../types/afterchat" */
/** @import { Reason, SettingsDocument } from "../../types/api" */
/** @import { PageState } from "./view.js" */

/** The agent in the preview. */
const AGENT = "Kim Novak";

const DAY_MS = 24 * 60 * 60 * 1_000;

/** The prompt as visitors see it, with the texts of the language that is edited. A press of a face records nothing. */
export class Preview {
  /** @type {Score | null} */
  #score = null;
  /** @type {string | undefined} */
  #comment;
  /** @type {string[]} */
  #chosen = [];
  #time = new Date(Date.now() + DAY_MS).toISOString();
  /** @type {{ state: PageState, hasAgent: boolean } | null} */
  #shown = null;
  #view = new RatingView({
    choose: (score) => this.#choose(/** @type {Score} */ (score)),
    reasons: (ids) => this.#onReasons(ids),
    comment: (comment) => this.#onComment(comment),
    retry: () => {},
  });
  #accent = createStyleSheet("");
  #host = createElement("div", { class: "prompt" });
  #frame;

  constructor() {
    this.#frame = attachFrame(this.#host, [ratingStyles, this.#accent], ...this.#view.nodes);
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
   * @param {{ hasAgent: boolean }} options
   */
  render(state, { hasAgent }) {
    this.#shown = { state, hasAgent };
    const { document, edited, builtIn } = state;
    const comment = this.#comment ? { comment: this.#comment } : {};
    const rating = this.#score && {
      score: this.#score,
      rated_at: "",
      changeable_until: this.#time,
      reasons: this.#chosen,
      ...comment,
    };
    const agent = hasAgent ? { agent_name: AGENT } : {};
    this.#view.render(
      {
        request: { id: "preview", language: edited, faces: FACES, reasons: offeredReasons(document, edited), ...agent },
        rating,
        unsaved: null,
        isSaving: false,
        isFinal: false,
        problem: null,
        canRetry: false,
      },
      {
        code: edited,
        dateTag: edited,
        direction: directionOf(edited),
        texts: visitorTexts(document, edited, builtIn.texts),
      },
    );
    if (this.node.isConnected) setAccent(this.#accent, this.#frame, textAt(document, ["brand", "accent_color"]).trim());
  }

  /** @param {Score} score */
  #choose(score) {
    this.#score = score;
    this.#renderAgain();
  }

  /** @param {string[]} ids */
  #onReasons(ids) {
    this.#chosen = ids;
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

/**
 * The reasons with their labels in a language. A reason without a label is not offered.
 *
 * @param {SettingsDocument} document
 * @param {string} language
 * @returns {Reason[]}
 */
function offeredReasons(document, language) {
  const languages = [language, defaultLanguageOf(document), FALLBACK_LANGUAGE];
  return reasonsOf(document)
    .filter(({ scores, labels }) => Array.isArray(scores) && isObject(labels))
    .map(({ id, scores, labels }) => ({
      id,
      scores: /** @type {Score[]} */ (scores),
      label: languages.map((code) => textAt(labels, [code]).trim()).find(Boolean) ?? "",
    }))
    .filter(({ label }) => label);
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

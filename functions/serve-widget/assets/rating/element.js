import { setAccent } from "../common/accent.js";
import { Api, errorCode } from "../common/api.js";
import { waitAtMost } from "../common/delay.js";
import { createStyleSheet } from "../common/dom.js";
import { attachFrame, updateColorScheme } from "../common/frame.js";
import { acceptLanguage, browserLanguages, languageTag } from "../common/locale.js";
import { Poller } from "../common/poller.js";
import { mergeChange, saveErrorCode, withoutReasons } from "./change.js";
import { ENGLISH, loadBuiltIn } from "./languages.js";
import { languageOf, requestLanguage } from "./request-language.js";
import { styles } from "./styles.js";
import { OwnTranscript } from "./transcript.js";
import { transcriptStyles } from "./transcript-styles.js";
import { RatingView } from "./view.js";

/** @import { AfterchatRating as Public, RatingTexts, Replacements } from "../../types/afterchat" */
/** @import { Rating, RatingChange, VisitorRatingRequest, VisitorView } from "../../types/api" */

/** Errors after which a retry cannot succeed: the rating request or the visitor's session no longer exists. */
const FINAL_ERRORS = [
  "rating_closed",
  "rating_request_superseded",
  "rating_request_withdrawn",
  "rating_request_expired",
  "rating_request_not_found",
  "invalid_visitor_token",
];

/** How long the question waits for the texts of its language. Then the texts that the API did not send are English. */
const MAX_LANGUAGE_DELAY_MS = 1_000;

/**
 * `<afterchat-rating api token>`: asks the visitor for a rating after an agent has requested one, and offers visitors
 * their own transcript.
 *
 * `types/afterchat.d.ts` describes the attributes, properties and events.
 *
 * @implements {Public}
 */
export class AfterchatRating extends HTMLElement {
  static observedAttributes = ["api", "token", "lang", "polling"];

  #frame;
  #accent = createStyleSheet("");
  #api = new Api();
  #poller = new Poller(() => this.#load());
  #view = new RatingView({
    choose: (score) => this.#change({ score }),
    reasons: (reasons) => this.#change({ reasons }),
    comment: (comment) => this.#change({ comment }),
    retry: () => this.#save(),
  });
  #transcript = new OwnTranscript({
    onSent: (to) => this.#dispatch("afterchat-transcript-requested", { to }),
    onError: (code, canRetry) => this.#onTranscriptError(code, canRetry),
  });
  #builtIn = ENGLISH;
  /** The code of the language that was wanted last. */
  #wantedCode = ENGLISH.code;
  /** @type {Replacements<RatingTexts>} */
  #texts = {};

  /** @type {VisitorRatingRequest | null} */
  #request = null;
  /** @type {Rating | null} */
  #rating = null;
  /**
   * What the visitor has entered and is not saved yet.
   *
   * @type {RatingChange | null}
   */
  #unsaved = null;
  /**
   * The language that the API has chosen.
   *
   * @type {string | undefined}
   */
  #apiLanguage;
  #isSaving = false;
  #isClosed = false;
  /** @type {string | null} */
  #problem = null;
  /** Incremented by each change that makes the response of a running request obsolete. */
  #generation = 0;

  constructor() {
    super();
    const nodes = [...this.#view.nodes, this.#transcript.node];
    this.#frame = attachFrame(this, [styles, transcriptStyles, this.#accent], ...nodes);
  }

  connectedCallback() {
    updateColorScheme(this.#frame);
    this.#start();
  }

  disconnectedCallback() {
    this.#generation += 1;
    this.#poller.stop();
  }

  /**
   * @param {string} name
   * @param {string | null} before
   * @param {string | null} after
   */
  attributeChangedCallback(name, before, after) {
    if (!this.isConnected || before === after) return;
    if (name === "lang") this.#poller.refresh();
    else this.#start(name !== "polling");
  }

  get texts() {
    return this.#texts;
  }

  set texts(texts) {
    this.#texts = texts;
    this.#render();
  }

  refresh() {
    return this.#poller.refresh();
  }

  /** @param {boolean} [isOtherVisitor] whether the current rating request must not stay visible */
  #start(isOtherVisitor = true) {
    this.#generation += 1;
    const [api, token] = [this.getAttribute("api"), this.getAttribute("token")];
    this.#api = new Api(api, token);
    this.#transcript.start(this.#api, `${api} ${token}`);
    if (isOtherVisitor) this.#apiLanguage = undefined;
    if (isOtherVisitor) this.#apply({ rating_request: null, rating: null });
    if (this.hasAttribute("token")) this.#poller.start(this.getAttribute("polling") !== "off");
    else this.#poller.stop();
  }

  async #load() {
    if (this.#isSaving) return;
    const generation = this.#generation;
    let response;
    try {
      response = await this.#get();
    } catch (error) {
      // The visitor sees no error, because the visitor has done nothing yet. The page is informed.
      if (generation === this.#generation) this.#dispatch("afterchat-error", { code: errorCode(error) });
      return;
    }
    if (generation === this.#generation) await this.#apply(response);
  }

  #get() {
    const language = languageTag(this.lang);
    const query = language ? `?language=${encodeURIComponent(language)}` : "";
    const accepted = acceptLanguage([this.#pageLanguage(), ...browserLanguages()]);
    return this.#api.get(`/v1/visitor/rating-request${query}`, language ? {} : accepted);
  }

  #pageLanguage() {
    /** @type {HTMLElement | null | undefined} */
    const ancestor = this.parentElement?.closest("[lang]");
    return ancestor?.lang;
  }

  /** @param {VisitorView} view */
  async #apply({ language, rating_request: request, rating, transcript }) {
    this.#apiLanguage = language ?? this.#apiLanguage;
    this.#transcript.update(transcript);
    // After the time for changes the API returns no rating request. A page that has shown the rating keeps showing it.
    this.#isClosed = !request && Boolean(rating && this.#rating);
    if (!this.#isClosed) {
      if (request?.id !== this.#request?.id) this.#reset();
      this.#request = request;
      this.#rating = request && rating;
      setAccent(this.#accent, this.#frame, request?.brand?.accent_color);
    }
    await this.#updateLanguage();
  }

  #reset() {
    this.#unsaved = null;
    if (this.#problem !== "rating_request_superseded") this.#problem = null;
    this.#view.reset();
  }

  async #updateLanguage() {
    const request = this.#request;
    if (request || this.#transcript.isShown) {
      const wanted = [this.#apiLanguage, this.lang, request?.language, this.#pageLanguage(), ...browserLanguages()];
      await waitAtMost(this.#loadLanguage(requestLanguage(request, wanted)), MAX_LANGUAGE_DELAY_MS);
    }
    this.#render();
  }

  /** @param {string} code */
  async #loadLanguage(code) {
    this.#wantedCode = code;
    const builtIn = await loadBuiltIn(code);
    if (code !== this.#wantedCode) return;
    this.#builtIn = builtIn;
    this.#render();
  }

  /** @param {RatingChange} change */
  #change(change) {
    if (this.#isFinal()) return;
    this.#unsaved = mergeChange(this.#request, this.#rating, this.#unsaved, change);
    this.#render();
    this.#save();
  }

  async #save() {
    if (this.#isSaving || !this.#unsaved) return;
    this.#generation += 1;
    const generation = this.#generation;
    this.#isSaving = true;
    this.#problem = null;
    this.#render();
    while (this.#unsaved && generation === this.#generation) {
      try {
        await this.#put(this.#unsaved, generation);
      } catch (error) {
        if (generation !== this.#generation || !this.#onError(error)) break;
      }
    }
    this.#isSaving = false;
    this.#render();
    if (this.#problem && [...FINAL_ERRORS, "invalid_reason"].includes(this.#problem)) this.#poller.refresh();
  }

  /**
   * @param {RatingChange} change
   * @param {number} generation
   */
  async #put(change, generation) {
    const id = this.#request?.id ?? "";
    const path = `/v1/visitor/rating-requests/${encodeURIComponent(id)}/rating`;
    const { rating } = await this.#api.put(path, change);
    if (generation !== this.#generation) return;
    this.#rating = rating;
    // The visitor may have changed something in the meantime. That is saved next.
    if (this.#unsaved === change) this.#unsaved = null;
    if (change.comment !== undefined && this.#unsaved?.comment === undefined) this.#view.onCommentSaved(rating.comment);
    const { score, comment, reasons } = rating;
    this.#dispatch("afterchat-rated", { score, comment, reasons, rating_request_id: id });
  }

  /**
   * @param {unknown} error
   * @returns {boolean} whether the rest of the change can be saved
   */
  #onError(error) {
    const code = saveErrorCode(error);
    this.#problem = code;
    this.#dispatch("afterchat-error", { code });
    if (FINAL_ERRORS.includes(code)) this.#unsaved = null;
    if (code !== "invalid_reason") return false;
    this.#unsaved = this.#unsaved && withoutReasons(this.#rating, this.#unsaved);
    return true;
  }

  /**
   * @param {string} code
   * @param {boolean} canRetry
   */
  #onTranscriptError(code, canRetry) {
    this.#dispatch("afterchat-error", { code });
    // The API may no longer offer the transcript.
    if (!canRetry) this.#poller.refresh();
  }

  #isFinal() {
    return this.#isClosed || this.#problem === "rating_closed" || this.#problem === "invalid_visitor_token";
  }

  #render() {
    const state = {
      request: this.#request,
      rating: this.#rating,
      unsaved: this.#unsaved,
      isSaving: this.#isSaving,
      isFinal: this.#isFinal(),
      problem: this.#problem,
      canRetry: this.#unsaved !== null && !this.#isSaving,
    };
    const language = languageOf(this.#request, this.#builtIn, this.#texts);
    this.#view.render(state, language);
    this.#transcript.render(language);
  }

  /**
   * @param {string} type
   * @param {object} detail
   */
  #dispatch(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));
  }
}

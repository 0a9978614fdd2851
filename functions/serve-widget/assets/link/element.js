import { Api, errorCode } from "../common/api.js";
import { createElement, setText } from "../common/dom.js";
import { faceOf } from "../common/faces.js";
import { attachFrame, updateColorScheme } from "../common/frame.js";
import { browserLanguages } from "../common/locale.js";
import { replaceTexts } from "../common/texts.js";
import { ENGLISH, loadLanguage } from "../rating/languages.js";
import { styles as ratingStyles } from "../rating/styles.js";
import { RatingView } from "../rating/view.js";
import { readLink, saveLink } from "./fragment.js";
import { styles } from "./styles.js";
import { linkTexts } from "./texts.js";

/** @import { Rating, RatingChange } from "../../types/api" */
/** @import { OpenLink } from "./fragment.js" */

/** Errors after which this link cannot record a rating. */
const FINAL_ERRORS = [
  "rating_closed",
  "rating_request_superseded",
  "rating_request_withdrawn",
  "rating_link_expired",
  "invalid_visitor_token",
];

const FACES = [1, 2, 3, 4, 5].map((score) => ({ score, emoji: faceOf(score) }));

/**
 * `<afterchat-rating-link>`: shows the face that was pressed in an e-mail. The rating is recorded only after the
 * visitor presses the button on this page, because mail scanners follow links.
 *
 * After a reload or the browser's back button the page shows the same choice, or the recorded rating. If one rating
 * request is open in several tabs, each of them shows the rating that any of them recorded.
 */
export class AfterchatRatingLink extends HTMLElement {
  #view = new RatingView(
    {
      choose: (score) => this.#choose(score),
      comment: (comment) => this.#save({ score: this.#score(), comment }),
      retry: () => this.#save(this.#unsaved),
    },
    { heading: "h1" },
  );
  #confirm = createElement("button", {
    type: "button",
    class: "button main confirm",
    hidden: true,
    click: () => this.#save(this.#unsaved),
  });
  #broken = createElement("p", { class: "broken", role: "alert", hidden: true });
  #language = ENGLISH;
  #frame;
  /** @type {BroadcastChannel | null} */
  #otherTabs = null;

  /** @type {OpenLink | null} */
  #link = null;
  #api = new Api();
  /** @type {Rating | null} */
  #rating = null;
  /** @type {RatingChange | null} */
  #unsaved = null;
  #isSaving = false;
  /** @type {string | null} */
  #problem = null;

  constructor() {
    super();
    this.#frame = attachFrame(this, [ratingStyles, styles], ...this.#view.nodes, this.#confirm, this.#broken);
  }

  connectedCallback() {
    updateColorScheme(this.#frame);
    addEventListener("hashchange", this.#openLink);
    addEventListener("popstate", this.#openLink);
    this.#otherTabs = new BroadcastChannel("afterchat-rating-link");
    this.#otherTabs.addEventListener("message", this.#onMessage);
    this.#openLink();
  }

  disconnectedCallback() {
    removeEventListener("hashchange", this.#openLink);
    removeEventListener("popstate", this.#openLink);
    this.#otherTabs?.close();
  }

  /** Also handles another link of the same e-mail that is opened in this tab, and the way back to the first one. */
  #openLink = async () => {
    const before = this.#link;
    const link = readLink();
    // Browsers report a new fragment with two events. At the second one the fragment is removed already.
    if (link && before && !link.isNew && link.token === before.token && link.score === before.score) return;
    const isSameRequest = Boolean(link && before && link.requestId === before.requestId);
    if (!isSameRequest) this.#view.reset();
    this.#link = link;
    if (!link || link.isNew) this.#rating = null;
    else this.#rating = link.rating && ((isSameRequest && this.#rating) || link.rating);
    this.#unsaved = link && !this.#rating ? { score: link.score } : null;
    this.#isSaving = false;
    this.#problem = null;
    this.#api = new Api("", link?.token);
    this.#language = await loadLanguage(browserLanguages());
    this.#render();
  };

  /**
   * Shows a rating that another tab has recorded.
   *
   * @param {MessageEvent<{ requestId: string, rating: Rating }>} event
   */
  #onMessage = ({ data }) => {
    if (!this.#link || data?.requestId !== this.#link.requestId) return;
    this.#unsaved = null;
    this.#problem = null;
    this.#applyRating(this.#link, data.rating);
    this.#render();
  };

  /**
   * @param {OpenLink} link
   * @param {Rating} rating
   */
  #applyRating(link, rating) {
    this.#rating = rating;
    saveLink(link, rating.score, rating);
  }

  /** @param {number} score */
  #choose(score) {
    if (this.#isFinal() || !this.#link) return;
    this.#unsaved = { ...this.#unsaved, score };
    if (this.#rating) {
      this.#save(this.#unsaved);
      return;
    }
    saveLink(this.#link, score);
    this.#render();
  }

  #score() {
    return this.#unsaved?.score ?? this.#rating?.score;
  }

  /** @param {RatingChange | null} change */
  async #save(change) {
    const link = this.#link;
    if (this.#isSaving || !link || !change || this.#isFinal()) return;
    this.#unsaved = change;
    this.#isSaving = true;
    this.#problem = null;
    this.#render();
    let rating = null;
    let problem = null;
    try {
      rating = await this.#put(link, change);
    } catch (error) {
      problem = errorCode(error);
    }
    // The visitor may have opened another link in the meantime.
    if (link !== this.#link) return;
    this.#isSaving = false;
    this.#problem = problem;
    const hasNewerChange = this.#unsaved !== change;
    if (rating) {
      this.#applyRating(link, rating);
      if (change.comment !== undefined) this.#view.onCommentSaved(rating.comment);
      if (!hasNewerChange) this.#unsaved = null;
    }
    this.#render();
    if (rating && hasNewerChange) this.#save(this.#unsaved);
  }

  /**
   * @param {OpenLink} link
   * @param {RatingChange} change
   * @returns {Promise<Rating>}
   */
  async #put(link, change) {
    const path = `/v1/visitor/rating-requests/${encodeURIComponent(link.requestId)}/rating`;
    const { rating } = await this.#api.put(path, change);
    this.#otherTabs?.postMessage({ requestId: link.requestId, rating });
    return rating;
  }

  #isFinal() {
    return this.#problem !== null && FINAL_ERRORS.includes(this.#problem);
  }

  #render() {
    const own = linkTexts(this.#language.tag);
    const texts = replaceTexts(this.#language.texts, {
      problems: {
        invalid_visitor_token: own.broken,
        rating_link_expired: own.expired,
        rating_request_superseded: own.superseded,
      },
    });
    const link = this.#link;
    this.#view.render(
      {
        request: link && { id: link.requestId, faces: FACES },
        rating: this.#rating,
        unsaved: this.#unsaved,
        isSaving: this.#isSaving,
        isFinal: this.#isFinal(),
        problem: this.#problem,
        canRetry: this.#unsaved !== null && this.#rating !== null && !this.#isSaving && !this.#isFinal(),
      },
      { ...this.#language, texts },
    );
    this.#confirm.hidden = !link || this.#rating !== null || this.#isFinal();
    this.#confirm.disabled = this.#isSaving;
    setText(this.#confirm, own.confirm);
    this.#broken.hidden = link !== null;
    setText(this.#broken, link ? "" : own.broken);
    for (const node of [this.#confirm, this.#broken]) {
      node.lang = this.#language.tag;
      node.dir = this.#language.direction;
    }
    document.documentElement.lang = this.#language.tag;
    document.title = texts.question;
  }
}

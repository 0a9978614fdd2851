import { setAccent } from "../common/accent.js";
import { Api } from "../common/api.js";
import { waitAtMost } from "../common/delay.js";
import { createElement, createStyleSheet, setText } from "../common/dom.js";
import { FACES } from "../common/faces.js";
import { attachFrame, updateColorScheme } from "../common/frame.js";
import { browserLanguages } from "../common/locale.js";
import { mergeChange, saveErrorCode, withoutReasons } from "../rating/change.js";
import { ENGLISH, loadBuiltIn } from "../rating/languages.js";
import { languageOf, requestLanguage } from "../rating/request-language.js";
import { styles as ratingStyles } from "../rating/styles.js";
import { RatingView } from "../rating/view.js";
import { BrandHeader } from "./brand.js";
import { readLink, saveLink } from "./fragment.js";
import { styles } from "./styles.js";
import { ENGLISH_LINK_TEXTS, loadLinkTexts } from "./texts.js";

/** @import { Brand, Rating, RatingChange, VisitorRatingRequest, VisitorView } from "../../types/api" */
/** @import { OpenLink } from "./fragment.js" */

/** Errors after which this link cannot record a rating. */
const FINAL_ERRORS = [
  "rating_closed",
  "rating_request_superseded",
  "rating_request_withdrawn",
  "rating_request_expired",
  "rating_link_expired",
  "invalid_visitor_token",
];

/** How long the page waits for the texts of the organisation. Then it shows the built-in ones until they arrive. */
const MAX_REQUEST_DELAY_MS = 2_000;

/** How long it waits for the built-in texts of a language. */
const MAX_LANGUAGE_DELAY_MS = 1_000;

/**
 * `<afterchat-rating-link>`: shows the face that was pressed in an e-mail. The rating is recorded only after the
 * visitor presses the button on this page, because mail scanners follow links. A link for a comment contains no face.
 * It shows the recorded rating.
 *
 * After a reload or the browser's back button the page shows the same choice, or the recorded rating. If one rating
 * request is open in several tabs, each of them shows the rating that any of them recorded.
 */
export class AfterchatRatingLink extends HTMLElement {
  #brandHeader = new BrandHeader();
  #view = new RatingView(
    {
      choose: (score) => this.#choose(score),
      reasons: (reasons) => this.#change({ reasons }),
      comment: (comment) => this.#change({ comment }),
      retry: () => this.#save(),
    },
    { heading: "h1" },
  );
  #confirm = createElement("button", {
    type: "button",
    class: "button main confirm",
    hidden: true,
    click: () => this.#save(),
  });
  #broken = createElement("p", { class: "broken", role: "alert", hidden: true });
  #accent = createStyleSheet("");
  #builtIn = ENGLISH;
  #linkTexts = ENGLISH_LINK_TEXTS;
  #frame;
  /** @type {BroadcastChannel | null} */
  #otherTabs = null;

  /** @type {OpenLink | null} */
  #link = null;
  #api = new Api();
  /**
   * The rating request of the link, if the API has sent it.
   *
   * @type {VisitorRatingRequest | null}
   */
  #request = null;
  /** @type {Brand | undefined} */
  #brand;
  /** @type {Rating | null} */
  #rating = null;
  /** @type {RatingChange | null} */
  #unsaved = null;
  #isOpening = false;
  #isSaving = false;
  /** @type {string | null} */
  #problem = null;

  constructor() {
    super();
    const nodes = [this.#brandHeader.node, ...this.#view.nodes, this.#confirm, this.#broken];
    this.#frame = attachFrame(this, [ratingStyles, styles, this.#accent], ...nodes);
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
    if (!isSameRequest) {
      this.#view.reset();
      this.#request = null;
      this.#brand = undefined;
    }
    this.#link = link;
    if (!link || link.isNew) this.#rating = null;
    else this.#rating = link.rating && ((isSameRequest && this.#rating) || link.rating);
    this.#unsaved = link?.score && !this.#rating ? { score: link.score } : null;
    this.#isSaving = false;
    this.#problem = null;
    this.#api = new Api("", link?.token);
    this.#isOpening = true;
    if (link) await waitAtMost(this.#loadRequest(link), isSameRequest ? 0 : MAX_REQUEST_DELAY_MS);
    if (link !== this.#link) return;
    await waitAtMost(this.#loadLanguage(), MAX_LANGUAGE_DELAY_MS);
    if (link !== this.#link) return;
    this.#isOpening = false;
    this.#render();
  };

  /**
   * Loads the texts, the reasons and the brand. Without them the page shows built-in texts.
   *
   * @param {OpenLink} link
   */
  async #loadRequest(link) {
    /** @type {VisitorView} */
    let response;
    try {
      response = await this.#api.get(`/v1/visitor/rating-requests/${encodeURIComponent(link.requestId)}`);
    } catch {
      return;
    }
    if (link !== this.#link) return;
    this.#request = response.rating_request;
    this.#brand = this.#request?.brand ?? this.#brand;
    if (!link.score) this.#rating ??= response.rating;
    await this.#loadLanguage();
  }

  async #loadLanguage() {
    const code = requestLanguage(this.#request, browserLanguages());
    const [builtIn, linkTexts] = await Promise.all([loadBuiltIn(code), loadLinkTexts(code)]);
    // Another language may be wanted since.
    if (code !== requestLanguage(this.#request, browserLanguages())) return;
    this.#builtIn = builtIn;
    this.#linkTexts = linkTexts;
    if (!this.#isOpening) this.#render();
  }

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
    if (this.#rating) {
      this.#change({ score });
      return;
    }
    this.#unsaved = { ...this.#unsaved, score };
    saveLink(this.#link, score);
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
    const link = this.#link;
    if (this.#isSaving || !link || !this.#unsaved || this.#isFinal()) return;
    this.#isSaving = true;
    this.#problem = null;
    this.#render();
    // The visitor may open another link, or change something, in the meantime.
    while (this.#unsaved && link === this.#link) {
      try {
        await this.#put(link, this.#unsaved);
      } catch (error) {
        if (link !== this.#link || !this.#onError(error)) break;
      }
    }
    if (link !== this.#link) return;
    this.#isSaving = false;
    this.#render();
    if (this.#problem === "invalid_reason") await this.#loadRequest(link);
  }

  /**
   * @param {OpenLink} link
   * @param {RatingChange} change
   */
  async #put(link, change) {
    const path = `/v1/visitor/rating-requests/${encodeURIComponent(link.requestId)}/rating`;
    const { rating } = await this.#api.put(path, change);
    this.#otherTabs?.postMessage({ requestId: link.requestId, rating });
    if (link !== this.#link) return;
    this.#applyRating(link, rating);
    if (this.#unsaved === change) this.#unsaved = null;
    if (change.comment !== undefined && this.#unsaved?.comment === undefined) this.#view.onCommentSaved(rating.comment);
    this.#render();
  }

  /**
   * @param {unknown} error
   * @returns {boolean} whether the rest of the change can be saved
   */
  #onError(error) {
    this.#problem = saveErrorCode(error);
    if (this.#problem !== "invalid_reason") return false;
    this.#unsaved = this.#unsaved && withoutReasons(this.#rating, this.#unsaved);
    return true;
  }

  #isFinal() {
    return this.#problem !== null && FINAL_ERRORS.includes(this.#problem);
  }

  #render() {
    const link = this.#link;
    const own = this.#linkTexts;
    const language = languageOf(this.#request, this.#builtIn, {
      problems: {
        invalid_visitor_token: own.broken,
        rating_link_expired: own.expired,
        rating_request_superseded: own.superseded,
      },
    });
    this.#view.render(
      {
        request: link && (this.#request ?? { id: link.requestId, faces: FACES }),
        rating: this.#rating,
        unsaved: this.#unsaved,
        isSaving: this.#isSaving,
        isFinal: this.#isFinal(),
        problem: this.#problem,
        canRetry: this.#unsaved !== null && this.#rating !== null && !this.#isSaving && !this.#isFinal(),
      },
      language,
    );
    setAccent(this.#accent, this.#frame, this.#brand?.accent_color);
    this.#brandHeader.render(this.#brand);
    this.#confirm.hidden = !this.#unsaved || this.#rating !== null || this.#isFinal();
    this.#confirm.disabled = this.#isSaving;
    setText(this.#confirm, own.confirm);
    this.#broken.hidden = link !== null;
    setText(this.#broken, link ? "" : own.broken);
    for (const node of [this.#brandHeader.node, this.#confirm, this.#broken]) {
      node.lang = language.code;
      node.dir = language.direction;
    }
    document.documentElement.lang = language.code;
    document.title = language.texts.question;
  }
}

import { Api, ApiError } from "../common/api.js";
import { followScheme, framed } from "../common/frame.js";
import { browserLanguages } from "../common/locale.js";
import { Poller } from "../common/poller.js";
import { replaced } from "../common/texts.js";
import { ENGLISH, spoken } from "./languages.js";
import { styles } from "./styles.js";
import { RatingView } from "./view.js";

/** After these nothing is left to try: the question is gone, or the visitor's session. */
const GONE = [
  "rating_closed",
  "rating_request_superseded",
  "rating_request_withdrawn",
  "rating_request_not_found",
  "invalid_visitor_token",
];

/**
 * `<afterchat-rating api token>`: asks the visitor for a rating once an agent wants one.
 *
 * Attributes: `api`, the API's address; `token`, the visitor's; `lang`, to choose the language in
 * place of the conversation's; `polling="off"`, for a page that calls `refresh()` when it is told.
 * Property: `texts`, replacing any of the texts. Events: `afterchat-rated` with `{score, comment,
 * rating_request_id}`, `afterchat-error` with `{code}`.
 */
export class AfterchatRating extends HTMLElement {
  static observedAttributes = ["api", "token", "lang", "polling"];

  #frame;
  #api;
  #poller = new Poller(() => this.#ask());
  #view = new RatingView({
    choose: (score) => this.#want({ score }),
    comment: (comment) => this.#want({ comment }),
    retry: () => this.#save(),
  });
  #language = ENGLISH;
  #texts = {};

  #request = null;
  #rating = null;
  /** What the visitor wants to be saved and is not yet. */
  #wanted = null;
  #isSaving = false;
  #isOver = false;
  #problem = null;
  /** Counts what makes an answer that is still under way out of date. */
  #turn = 0;

  constructor() {
    super();
    this.#frame = framed(this, [styles], ...this.#view.nodes);
  }

  connectedCallback() {
    followScheme(this.#frame);
    this.#start();
  }

  disconnectedCallback() {
    this.#turn += 1;
    this.#poller.stop();
  }

  attributeChangedCallback(name, before, after) {
    if (!this.isConnected || before === after) return;
    if (name === "lang") this.#speak();
    else this.#start(name !== "polling");
  }

  /** Texts that replace the built-in ones, in the shape of `texts/en.js`. */
  get texts() {
    return this.#texts;
  }

  set texts(texts) {
    this.#texts = texts;
    this.#show();
  }

  /** Asks now whether there is a question, for a page that has just been told so. */
  refresh() {
    return this.#poller.refresh();
  }

  #start(isSomeoneElse = true) {
    this.#turn += 1;
    this.#api = new Api(this.getAttribute("api"), this.getAttribute("token"));
    if (isSomeoneElse) this.#take({ rating_request: null, rating: null });
    if (this.hasAttribute("token")) this.#poller.start(this.getAttribute("polling") !== "off");
    else this.#poller.stop();
  }

  async #ask() {
    if (this.#isSaving) return;
    const turn = this.#turn;
    let answer;
    try {
      answer = await this.#api.get("/v1/visitor/rating-request");
    } catch (error) {
      // A question that nobody has seen yet is no one's problem but the page's.
      if (turn === this.#turn) this.#tell("afterchat-error", { code: error.code });
      return;
    }
    if (turn === this.#turn) await this.#take(answer);
  }

  async #take({ rating_request: request, rating }) {
    // An answer whose time for changes is over stays on the page that saw it given.
    this.#isOver = !request && Boolean(rating && this.#rating);
    if (!this.#isOver) {
      if (request?.id !== this.#request?.id) this.#startOver();
      this.#request = request;
      this.#rating = request && rating;
    }
    await this.#speak();
  }

  #startOver() {
    this.#wanted = null;
    if (this.#problem !== "rating_request_superseded") this.#problem = null;
    this.#view.startOver();
  }

  async #speak() {
    const nearest = this.parentElement?.closest("[lang]")?.lang;
    const wanted = [this.lang, this.#request?.language, nearest, ...browserLanguages()];
    this.#language = this.#request ? await spoken(wanted) : this.#language;
    this.#show();
  }

  #want(change) {
    if (this.#isFinal()) return;
    const score = this.#wanted?.score ?? this.#rating?.score;
    this.#wanted = { score, ...this.#wanted, ...change };
    this.#save();
  }

  async #save() {
    if (this.#isSaving || !this.#wanted) return;
    this.#turn += 1;
    const turn = this.#turn;
    this.#isSaving = true;
    this.#problem = null;
    this.#show();
    try {
      while (this.#wanted && turn === this.#turn) await this.#put(turn);
    } catch (error) {
      if (turn === this.#turn) this.#fail(error);
    }
    this.#isSaving = false;
    this.#show();
    if (GONE.includes(this.#problem)) this.#poller.refresh();
  }

  async #put(turn) {
    const wanted = this.#wanted;
    const id = this.#request.id;
    const path = `/v1/visitor/rating-requests/${encodeURIComponent(id)}/rating`;
    const { rating } = await this.#api.put(path, wanted);
    if (turn !== this.#turn) return;
    this.#rating = rating;
    // The visitor may have gone on meanwhile: then the newer wish is saved next.
    if (this.#wanted === wanted) this.#wanted = null;
    if (wanted.comment !== undefined && this.#wanted?.comment === undefined) this.#view.commentSaved(rating.comment);
    this.#tell("afterchat-rated", { score: rating.score, comment: rating.comment, rating_request_id: id });
  }

  #fail(error) {
    const code = error instanceof ApiError ? error.code : "other";
    this.#problem = code;
    this.#tell("afterchat-error", { code });
    if (GONE.includes(code)) this.#wanted = null;
  }

  #isFinal() {
    return this.#isOver || this.#problem === "rating_closed" || this.#problem === "invalid_visitor_token";
  }

  #show() {
    const state = {
      request: this.#request,
      rating: this.#rating,
      wanted: this.#wanted,
      isSaving: this.#isSaving,
      isFinal: this.#isFinal(),
      problem: this.#problem,
      canRetry: this.#wanted !== null && !this.#isSaving,
    };
    this.#view.show(state, { ...this.#language, texts: replaced(this.#language.texts, this.#texts) });
  }

  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));
  }
}

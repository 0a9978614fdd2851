import { Api, ApiError } from "../common/api.js";
import { element, say } from "../common/dom.js";
import { faceOf } from "../common/faces.js";
import { followScheme, framed } from "../common/frame.js";
import { browserLanguages } from "../common/locale.js";
import { replaced } from "../common/texts.js";
import { ENGLISH, spoken } from "../rating/languages.js";
import { styles as ratingStyles } from "../rating/styles.js";
import { RatingView } from "../rating/view.js";
import { openedLink, remember } from "./fragment.js";
import { styles } from "./styles.js";
import { linkTexts } from "./texts.js";

/** After these nothing is left to try with this link. */
const GONE = [
  "rating_closed",
  "rating_request_superseded",
  "rating_request_withdrawn",
  "rating_link_expired",
  "invalid_visitor_token",
];

/**
 * `<afterchat-rating-link>`: shows the face that was pressed in a mail, and records it only when the
 * visitor presses the button here. Mail scanners follow links, too.
 *
 * A reload and the browser's back button show the same choice again, or the recorded rating. If the
 * same request is open in several tabs, each shows the rating that any of them recorded.
 */
export class AfterchatRatingLink extends HTMLElement {
  #view = new RatingView(
    {
      choose: (score) => this.#choose(score),
      comment: (comment) => this.#save({ ...this.#chosen(), comment }),
      retry: () => this.#save(this.#wanted),
    },
    { heading: "h1" },
  );
  #confirm = element("button", {
    type: "button",
    class: "button main confirm",
    hidden: true,
    click: () => this.#save(this.#wanted),
  });
  #broken = element("p", { class: "broken", role: "alert", hidden: true });
  #language = ENGLISH;
  #frame;
  #otherTabs = null;

  #link = null;
  #api;
  #rating = null;
  #wanted = null;
  #isSaving = false;
  #problem = null;

  constructor() {
    super();
    this.#frame = framed(this, [ratingStyles, styles], ...this.#view.nodes, this.#confirm, this.#broken);
  }

  connectedCallback() {
    followScheme(this.#frame);
    addEventListener("hashchange", this.#open);
    addEventListener("popstate", this.#open);
    this.#otherTabs = new BroadcastChannel("afterchat-rating-link");
    this.#otherTabs.addEventListener("message", this.#hear);
    this.#open();
  }

  disconnectedCallback() {
    removeEventListener("hashchange", this.#open);
    removeEventListener("popstate", this.#open);
    this.#otherTabs.close();
  }

  /** Another link of the same mail may be opened in the same tab, which then also can go back to this one. */
  #open = async () => {
    const before = this.#link;
    const link = openedLink();
    // Browsers report a new fragment twice, and the second time it is already taken out of the address.
    if (link && before && !link.isNew && link.token === before.token && link.score === before.score) return;
    const isSameRequest = Boolean(link && before && link.requestId === before.requestId);
    if (!isSameRequest) this.#view.startOver();
    this.#link = link;
    if (!link || link.isNew) this.#rating = null;
    else this.#rating = link.rating && ((isSameRequest && this.#rating) || link.rating);
    this.#wanted = link && !this.#rating ? { score: link.score } : null;
    this.#isSaving = false;
    this.#problem = null;
    this.#api = new Api("", link?.token);
    this.#language = await spoken(browserLanguages());
    this.#show();
  };

  /** Another tab has recorded a rating. */
  #hear = ({ data }) => {
    if (!this.#link || data?.requestId !== this.#link.requestId) return;
    this.#wanted = null;
    this.#problem = null;
    this.#take(data.rating);
    this.#show();
  };

  #take(rating) {
    this.#rating = rating;
    remember(this.#link, rating.score, rating);
  }

  #choose(score) {
    if (this.#isFinal()) return;
    this.#wanted = { ...this.#wanted, score };
    if (this.#rating) {
      this.#save(this.#wanted);
      return;
    }
    remember(this.#link, score);
    this.#show();
  }

  #chosen() {
    return { score: this.#wanted?.score ?? this.#rating.score };
  }

  async #save(wanted) {
    if (this.#isSaving || !wanted || this.#isFinal()) return;
    const link = this.#link;
    this.#wanted = wanted;
    this.#isSaving = true;
    this.#problem = null;
    this.#show();
    let rating = null;
    let problem = null;
    try {
      const path = `/v1/visitor/rating-requests/${encodeURIComponent(link.requestId)}/rating`;
      ({ rating } = await this.#api.put(path, wanted));
      this.#otherTabs.postMessage({ requestId: link.requestId, rating });
    } catch (error) {
      problem = error instanceof ApiError ? error.code : "other";
    }
    // The visitor may have opened another link meanwhile.
    if (link !== this.#link) return;
    this.#isSaving = false;
    this.#problem = problem;
    const isNewer = this.#wanted !== wanted;
    if (!problem) {
      this.#take(rating);
      if (wanted.comment !== undefined) this.#view.commentSaved(rating.comment);
      if (!isNewer) this.#wanted = null;
    }
    this.#show();
    if (!problem && isNewer) this.#save(this.#wanted);
  }

  #isFinal() {
    return GONE.includes(this.#problem);
  }

  #show() {
    const own = linkTexts(this.#language.tag);
    const texts = replaced(this.#language.texts, {
      problems: {
        invalid_visitor_token: own.broken,
        rating_link_expired: own.expired,
        rating_request_superseded: own.superseded,
      },
    });
    const isAsking = this.#link !== null;
    this.#view.show(
      {
        request: isAsking ? { id: this.#link.requestId, faces: FACES } : null,
        rating: this.#rating,
        wanted: this.#wanted,
        isSaving: this.#isSaving,
        isFinal: this.#isFinal(),
        problem: this.#problem,
        canRetry: this.#wanted !== null && this.#rating !== null && !this.#isSaving && !this.#isFinal(),
      },
      { ...this.#language, texts },
    );
    this.#confirm.hidden = !isAsking || this.#rating !== null || this.#isFinal();
    this.#confirm.disabled = this.#isSaving;
    say(this.#confirm, own.confirm);
    this.#broken.hidden = isAsking;
    say(this.#broken, isAsking ? "" : own.broken);
    for (const node of [this.#confirm, this.#broken]) {
      node.lang = this.#language.tag;
      node.dir = this.#language.direction;
    }
    document.documentElement.lang = this.#language.tag;
    document.title = texts.question;
  }
}

const FACES = [1, 2, 3, 4, 5].map((score) => ({ score, emoji: faceOf(score) }));

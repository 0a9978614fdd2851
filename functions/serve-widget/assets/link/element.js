import { Api, ApiError } from "../common/api.js";
import { element, say } from "../common/dom.js";
import { faceOf } from "../common/faces.js";
import { replaced } from "../common/texts.js";
import { theme } from "../common/theme.js";
import { ENGLISH, spoken } from "../rating/languages.js";
import { styles as ratingStyles } from "../rating/styles.js";
import { RatingView } from "../rating/view.js";
import { takeLink } from "./fragment.js";
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
 */
export class AfterchatRatingLink extends HTMLElement {
  #view = new RatingView({
    choose: (score) => this.#choose(score),
    comment: (comment) => this.#save({ ...this.#chosen(), comment }),
    retry: () => this.#save(this.#wanted),
  });
  #confirm = element("button", {
    type: "button",
    class: "button main confirm",
    hidden: true,
    click: () => this.#save(this.#wanted),
  });
  #broken = element("p", { class: "broken", role: "alert", hidden: true });
  #language = ENGLISH;

  #link = null;
  #api;
  #rating = null;
  #wanted = null;
  #isSaving = false;
  #problem = null;

  constructor() {
    super();
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [theme, ratingStyles, styles];
    root.append(...this.#view.nodes, this.#confirm, this.#broken);
  }

  connectedCallback() {
    addEventListener("hashchange", this.#open);
    this.#open();
  }

  disconnectedCallback() {
    removeEventListener("hashchange", this.#open);
  }

  /** Another link of the same mail may be opened in the same tab. */
  #open = async () => {
    const link = takeLink();
    // Taking the link out of the address changes the address, and so comes back here.
    if (!link && this.#link) return;
    this.#link = link;
    this.#rating = null;
    this.#problem = null;
    this.#wanted = link && { score: link.score };
    this.#api = new Api("", link?.token);
    this.#language = await spoken(navigator.languages);
    this.#show();
  };

  #choose(score) {
    if (this.#isFinal()) return;
    this.#wanted = { ...this.#wanted, score };
    if (this.#rating) this.#save(this.#wanted);
    else this.#show();
  }

  #chosen() {
    return { score: this.#wanted?.score ?? this.#rating.score };
  }

  async #save(wanted) {
    if (this.#isSaving || !wanted || this.#isFinal()) return;
    this.#wanted = wanted;
    this.#isSaving = true;
    this.#problem = null;
    this.#show();
    try {
      const path = `/v1/visitor/rating-requests/${encodeURIComponent(this.#link.requestId)}/rating`;
      const { rating } = await this.#api.put(path, wanted);
      this.#rating = rating;
      if (wanted.comment !== undefined) this.#view.commentSaved(rating.comment);
    } catch (error) {
      this.#problem = error instanceof ApiError ? error.code : "other";
    }
    this.#isSaving = false;
    const isNewer = this.#wanted !== wanted;
    if (!this.#problem && !isNewer) this.#wanted = null;
    this.#show();
    if (!this.#problem && isNewer) this.#save(this.#wanted);
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

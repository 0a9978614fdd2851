import { createElement, createIcon, setText } from "../common/dom.js";
import { toMilliseconds } from "../common/locale.js";
import { previewStyles } from "../common/preview-styles.js";
import { ConversationElement } from "../sidebar/conversation-element.js";
import { Ticker } from "../sidebar/countdown.js";
import { AskRating } from "./ask-rating.js";
import { SendTranscript } from "./send-transcript.js";
import { styles } from "./styles.js";

/** @import { AfterchatActions as Public, SidebarTexts } from "../../types/afterchat" */
/** @import { Conversation, ConversationView } from "../sidebar/conversation.js" */

const CHEVRON = "M5 7.5l5 5 5-5";

/**
 * `<afterchat-actions api token conversation>`: what an agent can do after a chat.
 *
 * `types/afterchat.d.ts` describes the properties and events.
 *
 * @implements {Public}
 */
export class AfterchatActions extends ConversationElement {
  clock = () => Date.now();

  #askRating = new AskRating({
    now: () => this.clock(),
    onSuccess: () => this.dispatch("afterchat-asked"),
  });
  #sendTranscript = new SendTranscript({
    now: () => this.clock(),
    onSuccess: (transcript) => this.dispatch("afterchat-transcript-sent", { transcript }),
  });
  #title = createElement("span");
  #actions = createElement("div", { hidden: true }, this.#askRating.node, this.#sendTranscript.node);
  #ticker = new Ticker(() => this.#tick());
  /**
   * The time for which the conversation was read again. It is read once for each time, because the clock may be wrong.
   *
   * @type {number | null}
   */
  #refreshedFor = null;

  constructor() {
    super(styles, previewStyles);
    this.frame.append(
      createElement(
        "details",
        { open: true },
        createElement("summary", {}, this.#title, createIcon(CHEVRON)),
        createElement("div", { class: "actions" }, this.status, this.#actions),
      ),
    );
    setText(this.#title, this.allTexts.actions);
  }

  /** @override */
  connectedCallback() {
    super.connectedCallback();
    this.#ticker.start();
  }

  /** @override */
  disconnectedCallback() {
    super.disconnectedCallback();
    this.#ticker.stop();
    this.#sendTranscript.closePreview();
  }

  /**
   * @override
   * @param {Conversation | null} conversation
   * @param {ConversationView | null} view
   * @param {SidebarTexts} texts
   */
  render(conversation, view, texts) {
    setText(this.#title, texts.actions);
    this.#actions.hidden = !view;
    if (!conversation || !view) return;
    this.#askRating.render({ conversation, view, texts });
    this.#sendTranscript.render({ conversation, view, texts });
  }

  /** Updates the remaining times, and reads the conversation again when one of them has passed. */
  #tick() {
    const view = this.conversation?.view;
    if (!view || document.hidden) return;
    this.#askRating.tick();
    this.#sendTranscript.tick();
    const { ask_rating: ask, send_transcript: transcript } = view.actions;
    const times = [ask.available_at, transcript.resets_at].map(toMilliseconds).filter((time) => time !== null);
    const next = Math.min(...times);
    if (next === this.#refreshedFor || next > this.clock()) return;
    this.#refreshedFor = next;
    this.refresh();
  }
}

import { element, icon, say } from "../common/dom.js";
import { milliseconds } from "../common/locale.js";
import { Ticker } from "../sidebar/countdown.js";
import { ConversationElement } from "../sidebar/conversation-element.js";
import { AskRating } from "./ask-rating.js";
import { SendTranscript } from "./send-transcript.js";
import { styles } from "./styles.js";

const CHEVRON = "M5 7.5l5 5 5-5";

/**
 * `<afterchat-actions api token conversation>`: what an agent can do when a chat is over.
 *
 * Property: `clock`, a function that tells the time where it is not the browser's. Events: `afterchat-asked`, and `afterchat-transcript-sent` with the `transcript`.
 */
export class AfterchatActions extends ConversationElement {
  static styles = [styles];

  /** What it counts down by, in milliseconds since 1970. */
  clock = () => Date.now();

  #ask = new AskRating({
    now: () => this.clock(),
    onDone: () => this.tell("afterchat-asked"),
  });
  #transcript = new SendTranscript({
    now: () => this.clock(),
    onDone: (transcript) => this.tell("afterchat-transcript-sent", { transcript }),
  });
  #title = element("span");
  #actions = element("div", {}, this.#ask.node, this.#transcript.node);
  #ticker = new Ticker(() => this.#tick());
  /** The moment for which the conversation was read again: a clock that is wrong is no reason to go on reading. */
  #awaited = null;

  constructor() {
    super();
    this.#actions.hidden = true;
    this.frame.append(
      element(
        "details",
        { open: true },
        element("summary", {}, this.#title, icon(CHEVRON)),
        element("div", { class: "actions" }, this.status, this.#actions),
      ),
    );
    say(this.#title, this.allTexts.actions);
  }

  connectedCallback() {
    super.connectedCallback();
    this.#ticker.start();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#ticker.stop();
  }

  show() {
    const texts = this.allTexts;
    const view = this.conversation?.view;
    say(this.#title, texts.actions);
    this.#actions.hidden = !view;
    if (!view) return;
    this.#ask.show(this.conversation, texts);
    this.#transcript.show(this.conversation, texts);
  }

  #tick() {
    const conversation = this.conversation;
    if (!conversation?.view || document.hidden) return;
    this.#ask.tick();
    this.#transcript.tick();
    const { ask_rating: ask, send_transcript: transcript } = conversation.view.actions;
    const times = [ask.available_at, transcript.resets_at].map(milliseconds).filter((time) => time !== null);
    const next = Math.min(...times);
    if (next === this.#awaited || next > this.clock()) return;
    this.#awaited = next;
    conversation.refresh();
  }
}

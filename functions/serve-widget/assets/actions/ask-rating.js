import { element, icon, say, sayFilled } from "../common/dom.js";
import { milliseconds } from "../common/locale.js";
import { lookUp } from "../common/texts.js";
import { Attempt } from "../sidebar/attempt.js";
import { duration } from "../sidebar/countdown.js";
import { dayAndTime } from "../sidebar/moments.js";
import { inWords } from "../sidebar/problems.js";

const STAR = "M10 2.8l2.2 4.5 5 .7-3.6 3.5.9 4.9L10 14l-4.5 2.4.9-4.9L2.8 8l5-.7z";

/** "Ask for rating": the button, and why it can't be pressed. */
export class AskRating {
  #texts;
  #conversation = null;
  #now;
  #onDone;
  #attempt = new Attempt();
  #isAsking = false;
  #problem = "";

  #label = element("span");
  #button = element(
    "button",
    { type: "button", class: "button", "aria-describedby": "ask-note", click: () => this.#ask() },
    icon(STAR),
    this.#label,
  );
  #note = element("p", { class: "quiet", id: "ask-note", tabindex: "-1" });
  #problemBox = element("p", { class: "problem", role: "alert", hidden: true });

  /** @param {{now(): number, onDone(): void}} options the clock, and who is told when the visitor is asked */
  constructor({ now, onDone }) {
    this.#now = now;
    this.#onDone = onDone;
    this.node = element("div", { class: "action" }, this.#button, this.#note, this.#problemBox);
  }

  /** Shows what the conversation allows. */
  show(conversation, texts) {
    if (conversation !== this.#conversation) {
      this.#attempt = new Attempt();
      this.#problem = "";
    }
    this.#conversation = conversation;
    this.#texts = texts;
    const offer = conversation.view.actions.ask_rating;
    const isHere = this.node.getRootNode().activeElement === this.#button;
    this.node.hidden = offer.state === "hidden";
    this.#button.disabled = offer.state !== "enabled" || this.#isAsking;
    say(this.#label, texts.ask.button);
    this.tick();
    this.#problemBox.hidden = !this.#problem;
    say(this.#problemBox, this.#problem);
    // A disabled button lets go of the focus: whoever had pressed it goes on from the reason.
    if (isHere && this.#button.disabled) this.#note.focus();
  }

  /** Writes the reason anew, with the time that is left. */
  tick() {
    sayFilled(this.#note, ...(this.#isAsking ? [this.#texts.ask.asking, {}] : this.#reason()));
  }

  /** The reason as a text with places, and their values. */
  #reason() {
    const { actions, conversation } = this.#conversation.view;
    const { reason, available_at: availableAt } = actions.ask_rating;
    const { ask, channels, language } = this.#texts;
    const opensAt = milliseconds(availableAt);
    if (opensAt !== null) {
      const isVisitors = reason === "visitor_asked_recently";
      const values = { duration: duration(opensAt - this.#now(), language), time: dayAndTime(availableAt, language) };
      return [isVisitors ? ask.visitorAvailableAt : ask.availableAt, values];
    }
    if (!reason) return [ask.hint, {}];
    const channel = lookUp(channels, conversation.channel) ?? conversation.channel;
    return [ask.unsupportedChannel, { channel }];
  }

  async #ask() {
    if (this.#isAsking) return;
    const conversation = this.#conversation;
    const attempt = this.#attempt;
    this.#isAsking = true;
    this.#problem = "";
    this.show(conversation, this.#texts);
    try {
      await conversation.api.post(conversation.path("rating-requests"), {}, attempt.key({}));
      attempt.done();
      if (conversation === this.#conversation) this.#onDone();
    } catch (error) {
      attempt.failed(error);
      const { language } = this.#texts;
      if (conversation === this.#conversation) {
        this.#problem = inWords(error, this.#texts, (time) => dayAndTime(time, language));
      }
    }
    await conversation.refresh();
    this.#isAsking = false;
    this.show(this.#conversation, this.#texts);
  }
}

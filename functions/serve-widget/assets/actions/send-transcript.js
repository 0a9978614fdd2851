import { element, icon, say, sayFilled } from "../common/dom.js";
import { milliseconds } from "../common/locale.js";
import { lookUp } from "../common/texts.js";
import { Attempt } from "../sidebar/attempt.js";
import { duration } from "../sidebar/countdown.js";
import { timeOfDay } from "../sidebar/moments.js";
import { inWords } from "../sidebar/problems.js";
import { Field } from "./field.js";
import { TranscriptList } from "./transcript-list.js";

const ENVELOPE = "M3 5.5h14v9.5H3zM3.3 6l6.7 5 6.7-5";

/** The limit of transcripts per conversation and clock hour. */
const LIMIT = 5;

/** Which field a refusal is about, where it names none itself. */
const FIELDS = {
  recipient_required: "to",
  invalid_recipient: "to",
  sender_not_verified: "from",
  invalid_sender_name: "sender_name",
};

/** "Send transcript": the button, the form that it opens, what is left of the hour's five, and what became of each. */
export class SendTranscript {
  #texts;
  #conversation = null;
  #now;
  #onDone;
  #attempt = new Attempt();
  #isOpen = false;
  #isSending = false;
  #hasNameBeenTyped = false;

  #label = element("span");
  #button = element(
    "button",
    {
      type: "button",
      class: "button",
      "aria-expanded": "false",
      "aria-controls": "transcript-form",
      "aria-describedby": "transcript-note",
      click: () => this.#toggle(),
    },
    icon(ENVELOPE),
    this.#label,
  );
  #fields = {
    to: new Field("to", element("input", { type: "email", autocomplete: "off", spellcheck: "false" })),
    from: new Field("from", element("select", { change: () => this.#suggestName() })),
    sender_name: new Field(
      "sender_name",
      element("input", { autocomplete: "off", maxlength: "128", input: () => (this.#hasNameBeenTyped = true) }),
    ),
  };
  #problemBox = element("p", { class: "problem", role: "alert", hidden: true });
  #send = element("button", { class: "button main" });
  #cancel = element("button", { type: "button", class: "button", click: () => this.#close() });
  #form = element(
    "form",
    { id: "transcript-form", novalidate: true, hidden: true, submit: (event) => this.#submit(event) },
    ...Object.values(this.#fields).map((field) => field.node),
    this.#problemBox,
    element("div", { class: "choices" }, this.#cancel, this.#send),
  );
  #note = element("p", { class: "quiet", id: "transcript-note" });
  #sent = element("p", { class: "confirmation", role: "status" });
  #list = new TranscriptList();

  /** @param {{now(): number, onDone(transcript: object): void}} options the clock, and who is told of each that was sent */
  constructor({ now, onDone }) {
    this.#now = now;
    this.#onDone = onDone;
    this.node = element("div", { class: "action" }, this.#button, this.#form, this.#sent, this.#note, this.#list.node);
  }

  /** Shows what the conversation allows. */
  show(conversation, texts) {
    const isAnother = conversation !== this.#conversation;
    this.#conversation = conversation;
    this.#texts = texts;
    const { transcript } = texts;
    const offer = conversation.view.actions.send_transcript;
    this.#button.disabled = offer.state !== "enabled" && !this.#isOpen;
    this.#send.disabled = offer.state !== "enabled";
    this.#send.setAttribute("aria-disabled", String(this.#isSending));
    say(this.#label, transcript.button);
    say(this.#send, this.#isSending ? transcript.sending : transcript.send);
    say(this.#cancel, transcript.cancel);
    this.#fields.to.name = transcript.to;
    this.#fields.from.name = transcript.from;
    this.#fields.sender_name.name = transcript.senderName;
    if (isAnother) this.#startOver();
    if (!this.#isSending) this.#offerSenders(offer.senders);
    this.#list.show(conversation.view.transcripts, texts);
    this.tick();
  }

  /** Writes anew what is left, with the time until the hour ends. */
  tick() {
    const { transcript, language } = this.#texts;
    const { reason, remaining, resets_at: resetsAt } = this.#conversation.view.actions.send_transcript;
    if (reason === "no_verified_sender") {
      say(this.#note, transcript.noVerifiedSender);
      return;
    }
    const left = (milliseconds(resetsAt) ?? this.#now()) - this.#now();
    const text = remaining > 0 ? transcript.remaining : transcript.remainingNone;
    const values = {
      remaining,
      limit: LIMIT,
      time: timeOfDay(resetsAt, language),
      duration: duration(left, language),
    };
    sayFilled(this.#note, text, values);
  }

  #startOver() {
    this.#attempt = new Attempt();
    this.#hasNameBeenTyped = false;
    this.#fields.to.value = this.#conversation.view.actions.send_transcript.default_to ?? "";
    this.#fields.sender_name.value = "";
    say(this.#sent, "");
    this.#showProblem(null);
    this.#setOpen(false);
  }

  #offerSenders(senders) {
    const { from } = this.#fields;
    const offered = senders.map(({ address }) => address);
    const standing = [...from.control.options].map(({ value }) => value);
    if (offered.join() !== standing.join()) {
      const chosen = from.value;
      from.control.replaceChildren(...offered.map((address) => new Option(address, address)));
      from.value = offered.includes(chosen) ? chosen : (offered[0] ?? "");
    }
    this.#suggestName();
  }

  #suggestName() {
    if (this.#hasNameBeenTyped) return;
    const { senders } = this.#conversation.view.actions.send_transcript;
    const sender = senders.find(({ address }) => address === this.#fields.from.value);
    this.#fields.sender_name.value = sender?.name ?? "";
  }

  #toggle() {
    this.#setOpen(!this.#isOpen);
    if (this.#isOpen) this.#fields.to.control.focus();
  }

  #close() {
    this.#setOpen(false);
    this.#button.focus();
  }

  #setOpen(isOpen) {
    this.#isOpen = isOpen;
    this.#form.hidden = !isOpen;
    this.#button.setAttribute("aria-expanded", String(isOpen));
    if (isOpen) say(this.#sent, "");
  }

  async #submit(event) {
    event.preventDefault();
    if (this.#isSending || !this.#isComplete()) return;
    const conversation = this.#conversation;
    const attempt = this.#attempt;
    const { to, from, sender_name } = this.#fields;
    const payload = { to: to.value, from: from.value, sender_name: sender_name.value };
    this.#isSending = true;
    this.#showProblem(null);
    this.show(conversation, this.#texts);
    let answer = null;
    let failure = null;
    try {
      answer = await conversation.api.post(conversation.path("transcripts"), payload, attempt.key(payload));
      attempt.done();
    } catch (error) {
      attempt.failed(error);
      failure = error;
    }
    await conversation.refresh();
    this.#isSending = false;
    if (conversation !== this.#conversation) return;
    if (answer) this.#done(answer.transcript);
    else this.#showProblem(failure);
    this.show(conversation, this.#texts);
  }

  #done(transcript) {
    const isHere = this.#form.contains(this.node.getRootNode().activeElement);
    this.#setOpen(false);
    sayFilled(this.#sent, this.#texts.transcript.sent, { to: transcript.to });
    if (isHere) {
      this.#sent.tabIndex = -1;
      this.#sent.focus();
    }
    this.#onDone(transcript);
  }

  /** What is missing is said before the API is asked; whether the rest is right, only it knows. */
  #isComplete() {
    const { transcript } = this.#texts;
    const { to, sender_name } = this.#fields;
    const missing = [
      [to, transcript.toMissing],
      [sender_name, transcript.nameMissing],
    ].filter(([field]) => field.value === "");
    this.#showProblem(null);
    for (const [field, text] of missing) field.problem = text;
    missing[0]?.[0].control.focus();
    return missing.length === 0;
  }

  #showProblem(error) {
    for (const field of Object.values(this.#fields)) field.problem = "";
    const language = this.#texts.language;
    const text = error ? inWords(error, this.#texts, (time) => timeOfDay(time, language)) : "";
    const field = error && lookUp(this.#fields, lookUp(FIELDS, error.code) ?? error.problem?.field);
    this.#problemBox.hidden = !text || Boolean(field);
    say(this.#problemBox, field ? "" : text);
    if (field) {
      field.problem = text;
      field.control.focus();
    }
  }
}

/** @import { Email } from "./platform.js" */

import { byId, createElement } from "./dom.js";
import { sentEmails } from "./platform.js";

/** The e-mails that were sent, each as a mail reader shows it and as plain text. */
export class Outbox {
  #list = byId("outbox");
  #count = -1;

  async refresh() {
    const emails = await sentEmails();
    if (emails.length === this.#count) return;
    const added = emails.length - Math.max(this.#count, 0);
    this.#count = emails.length;
    this.#list.querySelector(".none")?.remove();
    if (emails.length === 0) {
      this.#list.append(createElement("p", "none", "No e-mails yet. Send a transcript, and it appears here."));
    }
    // `<details>` elements of one name close each other: an open one would close the new one.
    for (const open of this.#list.querySelectorAll("details")) open.open = false;
    this.#list.prepend(...emails.slice(0, added).map((email, index) => createEmail(email, index === 0)));
  }
}

/**
 * @param {Email} email
 * @param {boolean} isOpen
 */
function createEmail(email, isOpen) {
  const node = createElement("details", "mail");
  // At most one of the elements with this name is open.
  node.name = "mail";
  node.open = isOpen;
  node.append(createSummary(email), createBody(email));
  return node;
}

/** @param {Email} email */
function createSummary(email) {
  const format = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "short", timeZone: "UTC" });
  const addresses = email.to.flatMap((address, index) => [
    index > 0 ? ", " : " to ",
    createElement("bdi", "", address),
  ]);
  const about = createElement("span", "quiet", "from ");
  const sentAt = format.format(new Date(email.sent_at));
  about.append(createElement("bdi", "", email.from), ...addresses, ` · ${sentAt} UTC`);
  const summary = createElement("summary");
  summary.append(createElement("bdi", "subject", email.subject), about);
  return summary;
}

/** @param {Email} email */
function createBody(email) {
  const preview = createElement("iframe");
  preview.title = "Preview of the e-mail";
  // Scripts are disabled, as in a mail reader.
  preview.setAttribute("sandbox", "");
  preview.src = `/dev/outbox/${email.index}/html`;
  const text = createElement("pre", "", email.text ?? "");
  text.tabIndex = 0;
  text.setAttribute("role", "region");
  text.setAttribute("aria-label", "Plain text of the e-mail");
  const sides = createElement("div", "sides");
  sides.append(createSide("Preview", preview), createSide("Plain text", text));
  return sides;
}

/**
 * @param {string} title
 * @param {Node} content
 */
function createSide(title, content) {
  const node = createElement("div", "side");
  node.append(createElement("h3", "", title), content);
  return node;
}

import { mails } from "./platform.js";

/** The mails that were sent, each as it looks and as its text. */
export class Outbox {
  #list = document.getElementById("outbox");
  #count = -1;

  async refresh() {
    const sent = await mails();
    if (sent.length === this.#count) return;
    const fresh = sent.length - Math.max(this.#count, 0);
    this.#count = sent.length;
    this.#list.querySelector(".none")?.remove();
    if (sent.length === 0) this.#list.append(made("p", "none", "No mail yet. Send a transcript, and it stands here."));
    // Otherwise the one that is open would close the new one, because they have the same name.
    for (const open of this.#list.querySelectorAll("details[open]")) open.open = false;
    this.#list.prepend(...sent.slice(0, fresh).map((mail, index) => mailNode(mail, index === 0)));
  }
}

function mailNode(mail, isOpen) {
  const node = made("details", "mail");
  // Of one name, one is open at a time.
  node.name = "mail";
  node.open = isOpen;
  const summary = made("summary", "");
  const sentAt = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "short", timeZone: "UTC" });
  const about = made("span", "quiet", "from ");
  const to = mail.to.flatMap((address, index) => [index > 0 ? ", " : " to ", made("bdi", "", address)]);
  about.append(made("bdi", "", mail.from), ...to, ` · ${sentAt.format(new Date(mail.sent_at))} UTC`);
  summary.append(made("bdi", "subject", mail.subject), about);

  const looks = made("iframe", "");
  looks.title = "The mail as it looks";
  // No script runs in a mail, here as in a mail reader.
  looks.setAttribute("sandbox", "");
  looks.src = `/dev/outbox/${mail.place}/html`;
  const text = made("pre", "", mail.text ?? "");
  text.tabIndex = 0;
  text.setAttribute("role", "region");
  text.setAttribute("aria-label", "The mail’s text");
  const sides = made("div", "sides");
  sides.append(side("As it looks", looks), side("Its text", text));
  node.append(summary, sides);
  return node;
}

function side(title, content) {
  const node = made("div", "side");
  node.append(made("h3", "", title), content);
  return node;
}

function made(name, className, text = "") {
  const node = document.createElement(name);
  if (className) node.className = className;
  node.textContent = text;
  return node;
}

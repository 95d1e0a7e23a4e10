// The ladder: one message, and every way in which it can leave the page, the one that can carry it best on top.

import { compose, eml, fill } from "./inquiry.js";
import { all, announce, download, find, mailto } from "./lectern.js";

/**
 * Characters of a whole mailto address. Every mail program was seen to take the first; some cut what is longer than
 * the second or are not opened at all. Web servers refuse a request of more than the third or so.
 */
const SAFE = 1800;
const LONGEST = 2000;
const LONGEST_ON_THE_WEB = 8000;
const NEAR = 1600;

/** The ways out below the card. Each of them first asks `check` whether the card is whole. */
export class Ladder {
  constructor(form, check) {
    this.form = form;
    this.words = form.dataset;
    this.panel = find(".copy", form);
    this.copyButton = find("[data-copy-message]", form);
    this.message = find("textarea[readonly]", form);
    this.status = find(".said", form);
    this.pressed = false; // whether a mail program was asked for, which may not have opened
    const checked = (act) => (event) => (check() ? act() : event.preventDefault());
    const on = (selector, act) => find(selector, form).addEventListener("click", checked(act));
    on("[data-copy-message]", () => this.copy());
    on("[data-draft]", () => this.save());
    on("[data-print-message]", () => this.print());
    for (const link of all("[data-compose]", form)) link.addEventListener("click", checked(() => {}));
    this.message.addEventListener("focus", () => this.message.select());
  }

  /** Holds the message as it now is, and offers the ways that can carry it. */
  offer(mail) {
    this.mail = mail;
    this.address = mailto(mail.to, mail.subject, mail.body);
    this.message.value = mail.body;
    const { length } = this.address;
    const tooLong = (this.tooLong = length > LONGEST);
    find("[data-mail]", this.form).hidden = tooLong;
    this.copyButton.classList.toggle("button", tooLong);
    for (const link of all("[data-compose]", this.form)) {
      link.href = compose(link.dataset.compose, mail);
      link.parentElement.hidden = link.href.length > LONGEST_ON_THE_WEB;
    }
    this.panel.hidden = !this.pressed && length <= SAFE;
    find("h3", this.panel).textContent = this.pressed && !tooLong ? this.words.nothing : this.words.ways;
    this.count(length);
  }

  /** Shows how long the letter is once that matters, and not before a pause: it is read out, too. */
  count(length) {
    const spans = all("[data-length] span", this.form);
    const limit = length > SAFE ? LONGEST : SAFE;
    const number = (value) => value.toLocaleString(document.documentElement.lang);
    const text = length > LONGEST ? this.words.over : length > SAFE ? this.words.long : "";
    const count = length > NEAR ? fill(this.words.count, { count: number(length), limit: number(limit) }) : "";
    clearTimeout(this.pause);
    this.pause = setTimeout(() => {
      if (spans[0].textContent !== text) spans[0].textContent = text;
      if (spans[1].textContent !== count) spans[1].textContent = count;
    }, 600);
  }

  /** Hands the letter to the mail program. No page can see whether one opens, so the other ways are shown beside it. */
  send() {
    this.pressed = true;
    this.offer(this.mail);
    if (this.tooLong) {
      this.copyButton.focus();
      return;
    }
    announce(this.status, this.words.sent);
    location.href = this.address;
  }

  async copy() {
    try {
      await navigator.clipboard.writeText(this.message.value);
      announce(this.status, this.words.copied);
    } catch {
      announce(this.status, this.words.failed);
      this.message.focus();
    }
  }

  save() {
    download(eml({ ...this.mail, date: new Date() }), "message/rfc822", "inquiry.eml");
  }

  /** Puts the letter on a sheet of its own, which is all that is printed while it is there. */
  print() {
    const { to, subject, body } = this.mail;
    const sheet = document.createElement("div");
    sheet.className = "sent";
    sheet.textContent = `${to}\n${subject}\n\n${body}`;
    document.body.append(sheet);
    addEventListener("afterprint", () => sheet.remove(), { once: true });
    print();
  }
}

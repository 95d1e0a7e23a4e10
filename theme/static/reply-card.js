// The reply card: keeps what is typed, says what is missing, writes the letter and lets it leave by whichever way works.

import { block, compose, eml, fill, letter, oneLine, spell } from "./inquiry.js";
import { all, announce, find, mailto } from "./lectern.js";

export { block, compose, eml, letter, spell };

/**
 * Characters of a whole mailto address. Every mail program was seen to take the first; some cut what is longer than
 * the second or are not opened at all. Web servers refuse a request of more than the third or so.
 */
const SAFE = 1800;
const LONGEST = 2000;
const LONGEST_ON_THE_WEB = 8000;
const NEAR = 1600;

const errorOf = (field) => document.getElementById(`${field.id}-error`);

/** What was typed, for as long as the tab is open; browsers may refuse to keep anything. */
const memory = {
  recall() {
    try {
      return JSON.parse(sessionStorage.getItem("reply-card")) ?? {};
    } catch {
      return {};
    }
  },
  keep(typed) {
    try {
      sessionStorage.setItem("reply-card", JSON.stringify(typed));
    } catch {
      // The card works all the same.
    }
  },
};

/** The talk, the topic and the letter that led here, from the address; only a plain path of this site is a letter. */
function led(root) {
  const asked = new URLSearchParams(location.search);
  const topic = [...oneLine(asked.get("topic") ?? "")].slice(0, 200).join("");
  const path = asked.get("post") ?? "";
  const sound = /^\/[^\s/\\?#][^\s\\?#]{0,300}$/.test(path) && new URL(root + path).href.startsWith(`${root}/`);
  return { talk: asked.get("talk") ?? "", topic, post: sound ? root + path : "" };
}

/** What is wrong with a line, beyond what the browser finds; dates are compared as text, years have four digits. */
const AMISS = {
  date: ({ date, when }) => !date.value && !when.value.trim(),
  until: ({ date, until }) => until.value && until.value < (date.value || "9999-12-31"),
};

class ReplyCard {
  constructor(form) {
    this.form = form;
    this.words = form.dataset;
    this.fields = all("[name]", form);
    this.errors = find(".errors", form);
    this.panel = find(".copy", form);
    this.message = find("textarea[readonly]", form);
    this.status = find(".said", form);
    this.title = document.title;
    find("[data-lines]").hidden = true;
    form.hidden = false;
    this.recall();
    this.listen();
    this.update();
  }

  listen() {
    const on = (selector, act) => find(selector, this.form).addEventListener("click", act);
    const checked = (act) => (event) => (this.check() ? act(event) : event.preventDefault());
    this.form.addEventListener("input", () => {
      this.taken = null;
      this.keep();
      this.update();
    });
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (this.check()) this.send();
    });
    this.message.addEventListener("focus", () => this.message.select());
    on("[data-copy-message]", checked(() => this.copy()));
    on("[data-draft]", checked(() => this.save()));
    on("[data-print-message]", checked(() => this.print()));
    for (const link of all("[data-compose]", this.form)) link.addEventListener("click", checked(() => {}));
    on("[data-clear]", () => (this.taken ? this.restore() : this.clear()));
  }

  get typed() {
    return Object.fromEntries(this.fields.map((field) => [field.name, field.value]));
  }

  /** Typed text outlives a reload and the way back; an address fills a line only once, and none that was typed in. */
  recall() {
    const { typed = {}, filled = {}, asked, post = "" } = memory.recall();
    const way = led(this.words.root);
    this.put(Object.fromEntries(this.fields.map(({ name, value }) => [name, value || (typed[name] ?? "")])));
    this.post = way.post || post;
    this.filled = filled;
    if (asked !== location.search) {
      for (const name of ["talk", "topic"]) this.offer(name, way[name]);
    }
    this.keep();
  }

  /** Fills a line that is empty, or as an address left it before. */
  offer(name, value) {
    const field = this.form.elements[name];
    const known = field && (field.type !== "select-one" || [...field.options].some((option) => option.value === value));
    if (!value || !known || !["", this.filled[name]].includes(field.value)) return;
    field.value = this.filled[name] = value;
  }

  put(typed) {
    for (const field of this.fields) {
      field.value = typed[field.name];
      if (field.value) this.unfold(field);
    }
  }

  unfold(field) {
    const folded = field.closest("details");
    if (folded) folded.open = true;
  }

  keep() {
    memory.keep({ typed: this.typed, filled: this.filled, asked: location.search, post: this.post });
  }

  /** Writes the message anew, and offers the ways that can carry it. */
  update() {
    const { form, words } = this;
    const mail = this.write();
    this.address = mailto(mail.to, mail.subject, mail.body);
    const { length } = this.address;
    this.tooLong = length > LONGEST;
    this.message.value = mail.body;
    for (const link of all("[data-compose]", form)) {
      link.href = compose(link.dataset.compose, mail);
      link.parentElement.hidden = link.href.length > LONGEST_ON_THE_WEB;
    }
    for (const part of all("[data-mail] > :not([data-clear])", form)) part.hidden = this.tooLong;
    find("[data-copy-message]", form).classList.toggle("button", this.tooLong);
    this.panel.hidden = !this.pressed && length <= SAFE;
    find("h3", this.panel).textContent = this.pressed && !this.tooLong ? words.nothing : words.ways;
    find("[data-clear]", form).textContent = this.taken ? words.restore : words.clear;
    this.hint();
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

  /** What is worth a word and no error: a day that is over, and the letter that led here. */
  hint() {
    const now = new Date();
    const today = new Date(now - now.getTimezoneOffset() * 60000).toISOString().slice(0, 10);
    const { value } = this.form.elements.date;
    const past = find("[data-past]", this.form);
    const text = value > "1900" && value < today ? past.dataset.past : ""; // a year is typed digit by digit
    if (past.textContent !== text) past.textContent = text;
    const note = find(".read", this.form);
    note.hidden = !this.post;
    note.textContent = fill(note.dataset.note, { url: this.post });
  }

  /** Marks every line in error, lists them in the summary and moves there; true where there is none. */
  check() {
    const { elements } = this.form;
    const empty = (field) => "required" in field.dataset && !field.value.trim();
    const amiss = (field) => (AMISS[field.name] ? AMISS[field.name](elements) : empty(field));
    const wrong = this.fields.filter((field) => !field.validity.valid || amiss(field));
    this.mark(wrong);
    if (wrong.length) this.summarise(wrong);
    return !wrong.length;
  }

  mark(wrong) {
    for (const field of this.fields.filter(errorOf)) {
      const bad = wrong.includes(field);
      errorOf(field).hidden = !bad;
      field.ariaInvalid = bad ? "true" : null;
      if (bad) field.setAttribute("aria-describedby", errorOf(field).id);
      else field.removeAttribute("aria-describedby");
    }
    document.title = wrong.length ? fill(this.words.problem, { title: this.title }) : this.title;
    this.errors.hidden = !wrong.length;
  }

  summarise(wrong) {
    find("ul", this.errors).replaceChildren(
      ...wrong.map((field) => {
        this.unfold(field);
        const item = document.createElement("li");
        const link = item.appendChild(document.createElement("a"));
        link.href = `#${field.id}`;
        link.textContent = errorOf(field).textContent;
        link.addEventListener("click", (event) => {
          event.preventDefault();
          field.labels[0].scrollIntoView();
          field.focus({ preventScroll: true });
        });
        return item;
      }),
    );
    this.errors.tabIndex = -1;
    this.errors.focus();
  }

  /** The message as it stands: a letter, and below it the block. */
  write() {
    const { words } = this;
    const answers = { ...this.typed, post: this.post };
    const day = (value) => value && spell(value, words.longDate, words.months.split("|"));
    const range = answers.until > answers.date && answers.date;
    const said = {
      ...answers,
      talk: answers.talk ? find("[name=talk]", this.form).selectedOptions[0].textContent : "",
      day: range ? "" : day(answers.date),
      first: range ? day(answers.date) : "",
      last: range ? day(answers.until) : "",
      read: this.post && fill(find(".read", this.form).dataset.read, { url: this.post }),
    };
    const prose = letter(find("template", this.form).content.textContent, said);
    const subject = fill(words.subject, { event: oneLine(answers.event) });
    return { to: words.to, name: answers.name, email: answers.email, subject, body: `${prose}\n\n${block(answers)}\n` };
  }

  /** Hands the letter to the mail program. No page can see whether one opens, so the other ways are shown beside it. */
  send() {
    this.pressed = true;
    this.update();
    if (this.tooLong) {
      find("[data-copy-message]", this.form).focus();
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
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([eml({ ...this.write(), date: new Date() })], { type: "message/rfc822" }));
    link.download = "inquiry.eml";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  }

  /** Puts the letter on a sheet of its own, which is all that is printed while it is there. */
  print() {
    const { to, subject, body } = this.write();
    const sheet = document.createElement("div");
    sheet.className = "sent";
    sheet.textContent = `${to}\n${subject}\n\n${body}`;
    document.body.append(sheet);
    addEventListener("afterprint", () => sheet.remove(), { once: true });
    print();
  }

  clear() {
    this.show({ typed: {}, post: "" }, this.words.cleared, { typed: this.typed, post: this.post });
  }

  restore() {
    this.show(this.taken, this.words.restored, null);
  }

  /** Fills the card anew, and holds what stood there before for as long as nothing else is typed. */
  show({ typed, post }, said, taken) {
    this.taken = taken;
    this.put(Object.fromEntries(this.fields.map(({ name }) => [name, typed[name] ?? ""])));
    this.post = post;
    this.pressed = false;
    this.mark([]);
    this.keep();
    this.update();
    announce(this.status, said);
  }
}

new ReplyCard(find("#reply-card form"));

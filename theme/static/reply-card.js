// The reply card: keeps what is typed, says what is missing, and writes the letter.

import { block, compose, eml, fill, letter, oneLine, spell } from "./inquiry.js";
import { Ladder } from "./ladder.js";
import { all, announce, find } from "./lectern.js";

export { block, compose, eml, letter, spell };

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

/** What is wrong with a line, beyond what the browser finds. Days like 2027-06-04 are compared as text. */
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
    this.ladder = new Ladder(form, () => this.check());
    this.title = document.title;
    // Four digits a year, and the years that the reader of inquiries takes for real; HTML checkers dislike a far one.
    for (const name of ["date", "until"]) Object.assign(form.elements[name], { min: "1900-01-01", max: "2199-12-31" });
    find("[data-lines]").hidden = true;
    form.hidden = false;
    this.recall();
    this.listen();
    this.update();
  }

  listen() {
    this.form.addEventListener("input", () => {
      this.forgive();
      this.keep();
      this.update();
    });
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (this.check()) this.ladder.send();
    });
    find("[data-clear]", this.form).addEventListener("click", () => (this.restorable ? this.restore() : this.clear()));
  }

  get typed() {
    return Object.fromEntries(this.fields.map((field) => [field.name, field.value]));
  }

  get blank() {
    return !this.post && this.fields.every((field) => !field.value);
  }

  /** Whether what was cleared can be brought back without writing over anything new. */
  get restorable() {
    return Boolean(this.taken) && this.blank;
  }

  /** Typed text outlives a reload and the way back. Arriving anew chooses the talk, and suggests a topic where none was typed. */
  recall() {
    const { typed, filled = "", post = "", taken = null } = memory.recall();
    this.taken = taken;
    const way = led(this.words.root);
    const anew = performance.getEntriesByType("navigation")[0]?.type === "navigate";
    this.put(Object.fromEntries(this.fields.map(({ name, value }) => [name, value || (typed?.[name] ?? "")])));
    this.filled = filled;
    this.post = post;
    if (anew || !typed) {
      this.post = way.post || post;
      this.choose(way.talk);
      this.suggest(way.topic);
    }
    this.keep();
  }

  /** Chooses a talk, if it is on offer: who asks for one means that one, whatever was chosen before. */
  choose(talk) {
    const field = this.form.elements.talk;
    if (talk && [...(field?.options ?? [])].some(({ value }) => value === talk)) field.value = talk;
  }

  /** Fills in a topic where none stands, or one that an address left before. */
  suggest(topic) {
    const field = this.form.elements.topic;
    if (topic && ["", this.filled].includes(field.value)) field.value = this.filled = topic;
  }

  put(typed) {
    for (const field of this.fields) {
      field.value = typed[field.name];
      if (field.selectedIndex < 0) field.selectedIndex = 0; // a talk that is no longer on offer
      if (field.value) this.unfold(field);
    }
    this.form.elements.date.dispatchEvent(new Event("change")); // for what the days nearby have to say
  }

  unfold(field) {
    const folded = field.closest("details");
    if (folded) folded.open = true;
  }

  keep() {
    memory.keep({ typed: this.typed, filled: this.filled, post: this.post, taken: this.taken });
  }

  /** Writes the message anew. */
  update() {
    this.ladder.offer(this.write());
    find("[data-clear]", this.form).textContent = this.restorable ? this.words.restore : this.words.clear;
    find("[data-clear] + small", this.form).textContent = this.restorable ? "" : this.words.how;
    this.hint();
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

  /** Whether a line lacks something, or holds what cannot be. */
  isWrong(field) {
    const empty = "required" in field.dataset && !field.value.trim();
    const amiss = AMISS[field.name] ? AMISS[field.name](this.form.elements) : empty;
    return !field.validity.valid || amiss;
  }

  /** Marks every line in error, lists them in the summary and moves there; true where there is none. */
  check() {
    const wrong = this.fields.filter((field) => this.isWrong(field));
    this.mark(wrong);
    if (wrong.length) {
      this.summarise(wrong);
      this.errors.focus();
    }
    return !wrong.length;
  }

  /** Takes errors away as soon as their lines are right; new ones wait until the card is sent. */
  forgive() {
    const marked = this.fields.filter((field) => field.ariaInvalid);
    const wrong = marked.filter((field) => this.isWrong(field));
    if (wrong.length === marked.length) return;
    this.mark(wrong);
    this.summarise(wrong);
  }

  mark(wrong) {
    for (const field of this.fields.filter(errorOf)) {
      const bad = wrong.includes(field);
      errorOf(field).hidden = !bad;
      field.ariaInvalid = bad ? "true" : null;
      const { id } = errorOf(field);
      const others = (field.getAttribute("aria-describedby") ?? "").split(" ").filter((other) => other && other !== id);
      field.setAttribute("aria-describedby", (bad ? [id, ...others] : others).join(" "));
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

  /** Empties the card; what stood there can be brought back, even after a reload, until something new is cleared. */
  clear() {
    const taken = this.blank ? null : { typed: this.typed, post: this.post };
    this.show({ typed: {}, post: "" }, taken ? this.words.cleared : this.words.empty, taken);
  }

  restore() {
    this.show(this.taken, this.words.restored, null);
  }

  show({ typed, post }, said, taken) {
    this.taken = taken;
    this.put(Object.fromEntries(this.fields.map(({ name }) => [name, typed[name] ?? ""])));
    this.post = post;
    this.ladder.pressed = false;
    this.mark([]);
    this.keep();
    this.update();
    announce(find(".said", this.form), said);
  }
}

new ReplyCard(find("#reply-card form"));

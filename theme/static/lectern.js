// What a page can do only with a script: copy, print, share, and write the letter that the reply card asks for.
// Nothing here is needed to read, to pass a letter on or to write to the speaker. Every word comes from the page.

const utf8 = new TextEncoder(); // a lone surrogate becomes U+FFFD

/** Percent-encodes all but `A-Z a-z 0-9 - . _ ~` as UTF-8; each line end becomes `%0D%0A`. Twin of plugins/mailto.py. */
export function encode(text) {
  const bytes = Array.from(utf8.encode(text.replace(/\r\n?|\n/g, "\r\n")));
  return bytes
    .map((byte) => [String.fromCharCode(byte), `%${byte.toString(16).toUpperCase().padStart(2, "0")}`])
    .map(([character, escaped]) => (/[\w.~-]/.test(character) ? character : escaped))
    .join("");
}

/** The mailto URI for one recipient (RFC 6068: the address stands in the path, its `@` unescaped). */
export function mailto(to, subject, body) {
  const address = encode(to).replaceAll("%40", "@");
  return `mailto:${address}?subject=${encode(subject.replace(/[\r\n]+/g, " "))}&body=${encode(body)}`;
}

/** Longer than this, some mail programs are not opened at all. */
const LONGEST = 2000;

const find = (selector, within = document) => within.querySelector(selector);
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const errorOf = (field) => document.getElementById(`${field.id}-error`);
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

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

/** Says in the nearest polite live region what was done. */
function tell(near, text) {
  const region = find("[role=status]", near.closest("section"));
  region.textContent = "";
  setTimeout(() => (region.textContent = text), 50);
}

function show(button) {
  button.hidden = false;
  if (button.parentElement.matches("li")) button.parentElement.hidden = false;
}

async function copy(button, text) {
  try {
    await navigator.clipboard.writeText(text);
    tell(button, button.dataset.said);
  } catch {
    tell(button, find("[role=status]", button.closest("section")).dataset.failed);
  }
}

function passOn() {
  for (const button of all("[data-copy]")) {
    if (navigator.clipboard) show(button);
    button.addEventListener("click", () => copy(button, button.dataset.copy));
  }
  for (const button of all("[data-print]")) {
    show(button);
    button.addEventListener("click", () => print());
  }
  for (const button of all("[data-share]")) {
    const letter = { title: button.dataset.title, url: button.dataset.share };
    if (navigator.canShare?.(letter)) show(button);
    button.addEventListener("click", () => navigator.share(letter).catch(() => {})); // closed without sharing
  }
}

/** What the CSS of older browsers and the HTML checker do not know yet. */
function refine() {
  const sheet = new CSSStyleSheet();
  const { origin } = new URL(find("link[rel=canonical]").href);
  sheet.replaceSync(`
    #reply-card textarea { field-sizing: content }
    @media print { .letter a[href^="/"]:not(.button)::after { content: " (${origin}" attr(href) ")" } }`);
  document.adoptedStyleSheets.push(sheet);
}

/** The topic and the letter that led here, from the address; only a plain path of this site counts as a letter. */
function led(root) {
  const asked = new URLSearchParams(location.search);
  const topic = [...(asked.get("topic") ?? "").replace(/\s+/g, " ").trim()].slice(0, 200).join("");
  const path = asked.get("post") ?? "";
  const sound = /^\/[^\s/\\?#][^\s\\?#]{0,300}$/.test(path) && new URL(root + path).href.startsWith(`${root}/`);
  return { topic, letter: sound ? root + path : "" };
}

/** The reply card: keeps what is typed, says what is missing, writes the letter and hands it to the mail program. */
class ReplyCard {
  constructor(form) {
    this.form = form;
    this.words = form.dataset;
    this.fields = all("[name]", form);
    this.errors = find(".errors", form);
    this.title = document.title;
    Object.assign(this, led(this.words.root));
    find("[data-lines]").hidden = true;
    form.hidden = false;
    this.recall();
    form.addEventListener("input", () => this.keep());
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (this.check()) this.send();
    });
    const button = find("[data-copy-from]", form);
    const message = find("textarea[readonly]", form);
    message.addEventListener("focus", () => message.select());
    button.addEventListener("click", () => copy(button, message.value));
  }

  get hope() {
    return this.topic && fill(this.words.hopes, { topic: this.topic });
  }

  /** Typed text outlives a reload and the way back; what the address asks for fills only a line left as it was. */
  recall() {
    const kept = memory.recall();
    for (const field of this.fields) field.value ||= kept[field.name] ?? "";
    const hopes = this.form.elements.hopes;
    if (this.hope && hopes && ["", kept.hope].includes(hopes.value)) hopes.value = this.hope;
    const note = find("[data-read-note]", this.form);
    note.hidden = !this.letter;
    note.textContent = fill(note.dataset.readNote, { url: this.letter });
  }

  keep() {
    const typed = this.fields.map((field) => [field.name, field.value]);
    memory.keep(Object.fromEntries([...typed, ["hope", this.hope]]));
  }

  /** Marks every line in error, lists them in the summary and moves there; true where there is none. */
  check() {
    const wrong = this.fields.filter((field) => (field.value.trim() ? !field.validity.valid : "required" in field.dataset));
    for (const field of this.fields) {
      const bad = wrong.includes(field);
      errorOf(field).hidden = !bad;
      field.ariaInvalid = bad ? "true" : null;
      if (bad) field.setAttribute("aria-describedby", errorOf(field).id);
      else field.removeAttribute("aria-describedby");
    }
    document.title = wrong.length ? fill(this.words.problem, { title: this.title }) : this.title;
    this.errors.hidden = !wrong.length;
    if (wrong.length) this.summarise(wrong);
    return !wrong.length;
  }

  summarise(wrong) {
    find("ul", this.errors).replaceChildren(
      ...wrong.map((field) => {
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

  /** The letter: a line of the pattern whose answer was left out is left out. */
  write() {
    const answers = Object.fromEntries(this.fields.map((field) => [field.name, field.value.trim()]));
    answers.dear = this.words.dear;
    answers.read = this.letter && fill(this.words.read, { url: this.letter });
    const lines = find("template", this.form).content.textContent.split("\n");
    const said = lines.filter((line) => [...line.matchAll(/\{(\w+)\}/g)].every(([, name]) => answers[name]));
    return fill(said.join("\n").replace(/\n{3,}/g, "\n\n").trim(), answers);
  }

  send() {
    const message = this.write();
    const subject = this.topic ? fill(this.words.subjectAbout, { topic: this.topic }) : this.words.subject;
    const address = mailto(this.words.to, subject, message);
    const panel = find(".copy", this.form);
    const short = address.length <= LONGEST;
    find("textarea", panel).value = message;
    panel.hidden = false;
    tell(this.form, short ? this.words.sent : this.words.tooLong);
    if (short) location.href = address;
    else panel.scrollIntoView();
  }
}

function start() {
  passOn();
  const form = find("#reply-card form");
  if (form) new ReplyCard(form);
  try {
    refine();
  } catch {
    // An older browser does without.
  }
}

if (globalThis.document) start();

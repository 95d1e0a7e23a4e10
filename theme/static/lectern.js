// What a page can do only with a script: copy, print and share. Nothing here is needed to read, to pass a letter on or
// to write to the speaker. Every word comes from the page.

const utf8 = new TextEncoder(); // a lone surrogate becomes U+FFFD

/** A text as mail carries it: UTF-8, and every line end as CRLF (RFC 5322, section 2.3). */
export const mailBytes = (text) => utf8.encode(text.replace(/\r\n?|\n/g, "\r\n"));

/** Percent-encodes all but `A-Z a-z 0-9 - . _ ~` as UTF-8; each line end becomes `%0D%0A`. Twin of plugins/mailto.py. */
export function encode(text) {
  return Array.from(mailBytes(text))
    .map((byte) => [String.fromCharCode(byte), `%${byte.toString(16).toUpperCase().padStart(2, "0")}`])
    .map(([character, escaped]) => (/[\w.~-]/.test(character) ? character : escaped))
    .join("");
}

/** The mailto URI for one recipient (RFC 6068: the address stands in the path, its `@` unescaped). */
export function mailto(to, subject, body) {
  const address = encode(to).replaceAll("%40", "@");
  return `mailto:${address}?subject=${encode(subject.replace(/[\r\n]+/g, " "))}&body=${encode(body)}`;
}

export const find = (selector, within = document) => within.querySelector(selector);
export const all = (selector, within = document) => [...within.querySelectorAll(selector)];

/** Says in a polite live region what was done, even where the same stands there already. */
export function announce(region, text) {
  region.textContent = "";
  setTimeout(() => (region.textContent = text), 50);
}

/** The same, in the region nearest to what was pressed. */
const tell = (near, text) => announce(find("[role=status]", near.closest("section, .told")), text);

/** Gives the visitor a text as a file; its address is kept until slow browsers have fetched it. */
export function download(text, type, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
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
    tell(button, find("[role=status]", button.closest("section, .told")).dataset.failed);
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
    const { title, text, share: url } = button.dataset;
    const letter = { title, text, url };
    if (navigator.canShare?.(letter)) show(button);
    button.addEventListener("click", () => navigator.share(letter).catch(() => {})); // closed without sharing
  }
}

/** What the CSS of older browsers and the HTML checker do not know yet. */
function refine() {
  const sheet = new CSSStyleSheet();
  const { origin } = new URL(find("link[rel=canonical]").href);
  sheet.replaceSync(`
    textarea { field-sizing: content }
    @media print { .letter a[href^="/"]:not(.button)::after { content: " (${origin}" attr(href) ")" } }`);
  document.adoptedStyleSheets.push(sheet);
}

function start() {
  passOn();
  try {
    refine();
  } catch {
    // An older browser does without.
  }
}

if (globalThis.document) start();

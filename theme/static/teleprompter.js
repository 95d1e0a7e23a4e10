// The introduction as a teleprompter: the text of the page in large letters, moving as fast as it is read aloud.
// Nothing here is needed to read it. Every word comes from the page.

const SLOWEST = 70;
const FASTEST = 250;
const STEP = 10;
/** Pixels that a reader's own scrolling is told from ours by. */
const NUDGE = 3;

/** Of the teleprompter alone, so that no other page carries it. */
const LOOK = `
  dialog.prompter { width: 100%; max-width: none; height: 100dvh; max-height: none; padding: 0; border: 0; background: var(--paper); color: var(--ink) }
  dialog.prompter[open] { display: grid; grid-template-rows: minmax(0, 1fr) auto }
  .prompter .running { overflow-y: auto; padding-inline: max(var(--edge), 50% - 19em); font-size: clamp(2rem, 1.5rem + 3vw, 3.6rem); line-height: 1.35 }
  /* Room in which the text comes and goes; as padding it would push the text below the keys of a low window. */
  .prompter .running::before, .prompter .running::after { content: ""; display: block; height: 30dvh }
  .prompter .running::after { height: 60dvh }
  .prompter .running:focus-visible { outline-offset: -3px }
  .prompter .running p + p { margin-top: .8em }
  .prompter .running small { display: inline-block; font-size: .7em }
  .prompter .keys { display: flex; flex-wrap: wrap; align-items: center; gap: .5rem; padding: .5rem var(--edge); border-top: 1px solid var(--line) }
  .prompter .keys button { flex: 1 auto; padding-inline: .5em }
  .prompter .keys p { flex: 100%; text-align: center; min-height: 1lh }
  @media (width >= 46em) { .prompter .keys button, .prompter .keys p { flex: none } }`;

const fill = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

/** Runs the text of `spoken` in `dialog`; `opener` opens it. */
export class Teleprompter {
  constructor(dialog, spoken, opener) {
    this.dialog = dialog;
    this.words = dialog.dataset;
    this.rate = Number(this.words.rate);
    this.frame = this.lock = null;
    for (const part of ["running", "status"]) this[part] = dialog.querySelector(`[data-part=${part}]`);
    this.keys = Object.fromEntries([...dialog.querySelectorAll("[data-key]")].map((key) => [key.dataset.key, key]));
    this.text = document.createElement("div");
    this.text.append(...[...spoken.children].map((child) => child.cloneNode(true)));
    this.running.replaceChildren(this.text);
    this.still = matchMedia("(prefers-reduced-motion: reduce)");
    this.still.addEventListener("change", () => this.suit());
    this.suit();
    opener.hidden = false;
    opener.addEventListener("click", () => this.open());
    dialog.addEventListener("close", () => this.pause());
    dialog.addEventListener("keydown", (event) => this.press(event));
    for (const [name, key] of Object.entries(this.keys)) key.addEventListener("click", () => this[name]());
    document.addEventListener("visibilitychange", () => document.hidden && this.pause());
  }

  /** Who wants no motion turns the text on paragraph by paragraph. */
  suit() {
    this.pause();
    for (const name of ["run", "slower", "faster"]) this.keys[name].hidden = this.still.matches;
    for (const name of ["back", "next"]) this.keys[name].hidden = !this.still.matches;
    this.tell();
  }

  open() {
    this.dialog.showModal();
    this.running.scrollTop = 0;
    this.keys[this.still.matches ? "next" : "run"].focus();
  }

  close() {
    this.dialog.close();
  }

  run() {
    if (this.frame) this.pause();
    else this.start();
  }

  start() {
    let place = this.running.scrollTop < this.end - NUDGE ? this.running.scrollTop : 0;
    this.running.scrollTop = place;
    let before = null;
    const move = (now) => {
      if (Math.abs(this.running.scrollTop - place) > NUDGE) place = this.running.scrollTop; // moved by hand
      place += before === null ? 0 : ((now - before) / 1000) * this.speed;
      before = now;
      this.running.scrollTop = place;
      if (place >= this.end) this.pause();
      else this.frame = requestAnimationFrame(move);
    };
    this.frame = requestAnimationFrame(move);
    this.stayAwake();
    this.tell();
  }

  pause() {
    cancelAnimationFrame(this.frame);
    this.frame = null;
    this.lock?.release().catch(() => {});
    this.lock = null;
    this.tell();
  }

  /** How far it can be scrolled, in pixels. */
  get end() {
    return this.running.scrollHeight - this.running.clientHeight;
  }

  /** Pixels a second: the text in the seconds that it takes at this many words a minute. */
  get speed() {
    return (this.text.offsetHeight / Number(this.words.seconds)) * (this.rate / Number(this.words.rate));
  }

  slower() {
    this.rate = Math.max(SLOWEST, this.rate - STEP);
    this.tell();
  }

  faster() {
    this.rate = Math.min(FASTEST, this.rate + STEP);
    this.tell();
  }

  back() {
    this.turn(-1);
  }

  next() {
    this.turn(1);
  }

  /** Brings the next paragraph, or the one before, to where the first one began. */
  turn(by) {
    const first = this.text.offsetTop;
    const places = [...this.text.children].map((paragraph) => paragraph.offsetTop - first);
    const at = places.findLastIndex((place) => place <= this.running.scrollTop + NUDGE);
    this.running.scrollTop = places[Math.min(Math.max(at + by, 0), places.length - 1)];
  }

  press(event) {
    const moving = !this.still.matches;
    const keys = {
      " ": moving ? "run" : "next",
      ArrowLeft: moving ? "slower" : "back",
      ArrowRight: moving ? "faster" : "next",
    };
    const name = keys[event.key];
    const onButton = event.key === " " && event.target.closest("button"); // that button's own key
    if (!name || onButton || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    this[name]();
  }

  tell() {
    this.keys.run.textContent = this.frame ? this.words.pause : this.words.start;
    this.status.textContent = this.still.matches ? "" : fill(this.words.speed, { count: this.rate });
  }

  /** Where the browser can, the screen stays lit while the text runs. */
  async stayAwake() {
    try {
      const lock = await navigator.wakeLock?.request("screen");
      if (this.frame) this.lock = lock;
      else lock?.release();
    } catch {
      // The reader's thumb does it.
    }
  }
}

const dialog = globalThis.document?.querySelector("dialog.prompter");
if (dialog?.showModal) {
  try {
    const look = new CSSStyleSheet();
    look.replaceSync(LOOK);
    document.adoptedStyleSheets.push(look);
    new Teleprompter(dialog, document.querySelector("#spoken"), document.querySelector("[data-opens=prompter]"));
  } catch {
    // An older browser does without: the text stands on the page.
  }
}

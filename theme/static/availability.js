// Below the date of the reply card: says whether the day is taken, offers the nearest free ones, and writes a hold for the
// visitor's own calendar. Days are counted in UTC, so that no time zone and no change of clocks can move one.

import { fill, spell } from "./inquiry.js";
import { download } from "./lectern.js";

const DAY = 86_400_000;
const utf8 = new TextEncoder();

/** The number of a day since 1970, or null for anything but an ISO date like 2027-06-04. */
export function parse(text) {
  const [year, month, day] = /^\d{4}-\d\d-\d\d$/.test(text) ? text.split("-") : [];
  const number = Date.UTC(year, month - 1, day) / DAY;
  return year && iso(number) === text ? number : null; // there is no 30 February
}

/** The ISO date of a day. */
export function iso(number) {
  return Number.isNaN(number) ? "" : new Date(number * DAY).toISOString().slice(0, 10);
}

/** Whether any of the days from first to last is in a run of taken ones. */
export function isTaken(runs, first, last) {
  return runs.some(([from, until]) => first <= until && from <= last);
}

/** The nearest free first days for as many days: up to `most` before and as many after, in order, within the window. */
export function nearest(runs, first, last, [from, until], most = 3) {
  const length = last - first;
  const walk = (step) => {
    const found = [];
    for (let day = first + step; found.length < most && day >= from && day + length <= until; day += step) {
      if (!isTaken(runs, day, day + length)) found.push(day);
    }
    return found;
  };
  return [...walk(-1).reverse(), ...walk(1)];
}

/** Text as RFC 5545, section 3.3.11 wants it. */
export function escape(text) {
  const clean = text.replace(/\r\n?/g, "\n").replace(/[\0-\x09\x0b-\x1f\x7f]/g, " ");
  return clean.replace(/[\\;,]/g, "\\$&").replaceAll("\n", "\\n");
}

/** A content line cut into lines of 75 octets at the most, never within a character (section 3.1). */
export function fold(line) {
  let room = 75;
  let folded = "";
  for (const character of line) {
    const size = utf8.encode(character).length;
    if (size > room) {
      folded += "\r\n ";
      room = 74;
    }
    folded += character;
    room -= size;
  }
  return folded;
}

/** A short name for a text, the same every time (FNV-1a), so that a second hold takes the place of the first. */
function digest(text) {
  let hash = 0x811c9dc5;
  for (const byte of utf8.encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return (hash >>> 0).toString(16);
}

/** A calendar of one entry: whole days, tentative, and the time stays free. */
export function hold({ host, first, last, event, summary, now }) {
  const day = (number) => iso(number).replaceAll("-", "");
  const lines = [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//Lectern//Hold//EN",
    "BEGIN:VEVENT",
    `UID:hold-${day(first)}-${digest(event)}@${escape(host)}`,
    `DTSTAMP:${now.toISOString().replace(/[-:]|\.\d+/g, "")}`,
    `DTSTART;VALUE=DATE:${day(first)}`,
    `DTEND;VALUE=DATE:${day(last + 1)}`,
    `SUMMARY:${escape(summary)}`,
    "STATUS:TENTATIVE",
    "TRANSP:TRANSPARENT",
    "END:VEVENT",
    "END:VCALENDAR",
  ];
  return lines.map((line) => `${fold(line)}\r\n`).join("");
}

/** The days that the file says are taken, and those it speaks of; null where it cannot be had. */
async function load(url) {
  try {
    const { version, from, until, taken } = await (await fetch(url)).json();
    const runs = taken.map((run) => run.map(parse));
    return version === 1 ? { runs, window: [parse(from), parse(until)] } : null;
  } catch {
    return null; // the visitor asks, and the speaker answers
  }
}

class FreeDays {
  constructor(place) {
    this.place = place;
    this.words = place.dataset;
    this.form = place.closest("form");
    this.fields = this.form.elements;
    this.said = place.querySelector("[aria-live]");
    [this.near, this.hold] = [...place.children].slice(1);
    this.list = place.querySelector("ul");
    for (const field of [this.fields.date, this.fields.until]) {
      field.addEventListener("focus", () => this.load(), { once: true });
      for (const kind of ["input", "change"]) field.addEventListener(kind, () => this.show());
    }
    this.hold.querySelector("button").addEventListener("click", () => this.download());
  }

  load() {
    return (this.loaded ??= load(this.words.days));
  }

  /** The days asked for, or null where that is no range of days. */
  get asked() {
    const first = parse(this.fields.date.value);
    const last = parse(this.fields.until.value || this.fields.date.value);
    return first === null || last === null || last < first ? null : { first, last };
  }

  async show() {
    if (!this.loaded && !this.fields.date.value) return;
    const known = await this.load();
    const { asked } = this;
    if (!known) return;
    const now = new Date();
    const today = Date.UTC(now.getFullYear(), now.getMonth(), now.getDate()) / DAY;
    const window = [Math.max(known.window[0], today), known.window[1]];
    const spoken = asked && asked.first >= window[0] && asked.last <= window[1];
    const taken = spoken && isTaken(known.runs, asked.first, asked.last);
    const { taken: one, some, free } = this.words;
    this.say(spoken ? (taken ? (asked.first < asked.last ? some : one) : free) : "");
    this.offer(taken ? nearest(known.runs, asked.first, asked.last, window) : [], asked);
    this.hold.hidden = !spoken || taken;
  }

  say(text) {
    if (this.said.textContent !== text) this.said.textContent = text;
    const { date } = this.fields;
    const others = (date.getAttribute("aria-describedby") ?? "").split(" ").filter((id) => id && id !== this.said.id);
    date.setAttribute("aria-describedby", [...others, this.said.id].join(" "));
  }

  offer(days, asked) {
    this.near.hidden = !days.length;
    this.list.replaceChildren(
      ...days.map((first) => {
        const button = document.createElement("button");
        const last = first + asked.last - asked.first;
        button.type = "button";
        button.textContent = first === last ? this.named(first) : fill(this.words.range, { first: this.named(first), last: this.named(last) });
        button.addEventListener("click", () => this.take(first, last));
        const item = document.createElement("li");
        item.append(button);
        return item;
      }),
    );
  }

  /** A day in the words of the page. */
  named(number) {
    return spell(iso(number), this.form.dataset.longDate, this.form.dataset.months.split("|"));
  }

  take(first, last) {
    const { date, until } = this.fields;
    if (until.value) until.value = iso(last);
    date.value = iso(first);
    date.focus(); // the button is about to go
    date.dispatchEvent(new Event("input", { bubbles: true }));
  }

  download() {
    const { asked } = this;
    const { host, name } = this.words;
    const event = this.fields.event.value.trim();
    const summary = fill(event ? this.words.event : this.words.plain, { event, name });
    const text = hold({ host, ...asked, event, summary, now: new Date() });
    download(text, "text/calendar", `${iso(asked.first)}.ics`);
  }
}

for (const place of globalThis.document?.querySelectorAll("[data-days]") ?? []) new FreeDays(place);

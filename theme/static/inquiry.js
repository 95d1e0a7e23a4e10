// The inquiry as text: a letter with a block that software can read back, and the shapes in which it leaves the page.
// Nothing here knows the page: values come in, text goes out.

import { encode, mailBytes } from "./lectern.js";

/** The block's keys, in the order in which they stand, the same in every language. */
const KEYS =
  "event date until when place audience talk topic slot length budget travel organisation name email why other post".split(" ");
const OF_LINES = ["why", "other"];

/** Fills in {names}. A mark after one that ends with a mark of its own is left out; only an abbreviation can be asked. */
export const fill = (text, values) =>
  text.replace(/\{(\w+)\}([.?]?)/g, (whole, name, stop) => {
    const value = values[name];
    if (value === undefined) return whole;
    const ends = stop === "?" ? /[?？]$/ : /[.!?…。！？]$/;
    return value + (ends.test(value) ? "" : stop);
  });

/** A text as one line: white space and control characters become one space. */
export const oneLine = (text) => text.replace(/[\s\p{Cc}]+/gu, " ").trim();

/** A text as lines without control characters, blanks at their ends, and empty ones around them. */
const lines = (text) =>
  text
    .split(/\r\n?|[\n\v\f\x85\u2028\u2029]/)
    .map((line) => line.replace(/[^\P{Cc}\t]/gu, " ").trimEnd())
    .join("\n")
    .replace(/^\n+|\n+$/g, "");

/** The block: `key: value`, empty ones left out; "| " opens every further line of a value, so that none can pose as a key. */
export function block(answers) {
  const said = KEYS.map((key) => [key, (OF_LINES.includes(key) ? lines : oneLine)(answers[key] ?? "")]);
  const rows = said.filter(([, value]) => value).map(([key, value]) => `${key}: ${value.replaceAll("\n", "\n| ")}`);
  return ["--- inquiry 1 ---", ...rows, "--- end ---"].join("\n").replace(/^\| $/gm, "|");
}

/** A day like 2027-06-04 in the page's own words. */
export function spell(day, pattern, months) {
  const [year, month, date] = day.split("-").map(Number);
  return fill(pattern, { day: `${date}`, month: months[month - 1], year: `${year}`, number: `${month}` });
}

/**
 * The letter: a line of the pattern that holds a {name} without a value is left out. A paragraph's lines flow into one;
 * the last paragraph, the closing, keeps its lines. No value can open a line with dashes, as the block's marks do.
 */
export function letter(pattern, values) {
  const said = Object.entries(values).map(([name, value]) => [name, oneLine(value).replace(/^[-–—\s]+/, "")]);
  const known = Object.fromEntries(said);
  const kept = (line) => [...line.matchAll(/\{(\w+)\}/g)].every(([, name]) => known[name]);
  const paragraphs = pattern.trim().split(/\n{2,}/).map((text) => text.split("\n").filter(kept));
  const closing = paragraphs.pop().join("\n");
  return [...paragraphs.map((line) => line.join(" ")), closing].filter(Boolean).map((text) => fill(text, known)).join("\n\n");
}

/** The address at which a mail program on the web opens the message. They take a bare LF for a line's end. */
export function compose(pattern, { to, subject, body }) {
  const parts = Object.entries({ to, subject, body }).map(([name, text]) => [name, encode(text).replaceAll("%0D%0A", "%0A")]);
  return fill(pattern, Object.fromEntries(parts));
}

const base64 = (bytes) => btoa(String.fromCharCode(...bytes));

/**
 * A text in a header: as it is where no program could misread it, else as encoded words of UTF-8 that never split a
 * character (RFC 2047, section 5). 39 bytes make a word of 64 characters, so that a line stays within its 76.
 */
function words(text) {
  const line = oneLine(text);
  if (/^[\w ?!'+&-]{1,60}$/.test(line)) return line;
  const parts = [[]];
  for (const character of line) {
    const bytes = mailBytes(character);
    if (parts.at(-1).length + bytes.length > 39) parts.push([]);
    parts.at(-1).push(...bytes);
  }
  return parts.map((bytes) => `=?utf-8?B?${base64(bytes)}?=`).join("\r\n ");
}

/** RFC 5322's addr-spec in ASCII, without quoted local parts: what may stand in a header. */
const ADDRESS = /^[\w.!#$%&'*+/=?^`{|}~-]+@[\w.-]+$/;

/** The message as a file that mail programs open as a draft (RFC 5322; X-Unsent is Outlook's mark of one). */
export function eml({ to, name, email, subject, body, date }) {
  const lines = [];
  const bytes = mailBytes(body);
  for (let at = 0; at < bytes.length; at += 57) lines.push(base64(bytes.subarray(at, at + 57))); // 76 characters each
  return [
    `To: <${to}>`,
    ...(ADDRESS.test(email) ? [`From: ${words(name)}\r\n <${email}>`] : []),
    `Subject: ${words(subject)}`,
    `Date: ${date.toUTCString().replace("GMT", "+0000")}`,
    "MIME-Version: 1.0",
    "Content-Type: text/plain; charset=utf-8",
    "Content-Transfer-Encoding: base64",
    "X-Unsent: 1",
    "",
    ...lines,
    "",
  ].join("\r\n");
}

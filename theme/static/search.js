// Search. Nothing of the index is fetched before the visitor writes; every word comes from the page.
import { all, find } from "./lectern.js";

const SHOWN = 10;
const PAUSE = 200; // ms after the last key
// Stands before a piece that no space parts from the one before it, and where a paragraph ends: plugins/search/records.py
const JOINED = "\u2060";
const UNSPACED =
  "[\\u0e00-\\u109f\\u1780-\\u17ff\\u3040-\\u30ff\\u3400-\\u9fff\\uf900-\\ufaff\\uff66-\\uff9f\\u{20000}-\\u{3ffff}][\\p{M}\\p{P}]*";
const MARK = 0x20000; // as in records.py: so far above itself stands a letter in a mark's place
const SENTENCE_END = /[.!?…。！？؟۔।]["'’”»)」』\]]*$|.\u2060$/u;
const LONGEST = 45; // pieces of a sentence that are shown

// As in records.py: letters with what is typed for them, and what loses its vowel before another.
const FOLDED =
  "ßss ẞss œoe Œoe æae Æae ǽae Ǽae øo Øo ǿo Ǿo łl Łl đd Đd ðd Ðd þth Þth ŋn Ŋn ħh Ħh ĸk ŧt Ŧt ıi İi əe Əe ŀl Ŀl " +
  "ĳij Ĳij ŉn ſs ﬀff ﬁfi ﬂfl ﬃffi ﬄffl";
const ELIDED =
  "l|d|j|m|t|s|c|n|v|qu|jusqu|lorsqu|puisqu|quoiqu|" +
  "un|gl|dell|all|nell|sull|dall|coll|quell|quest|bell|sant|grand|tutt|senz|" +
  "degl|agl|negl|dagl|sugl|ch|com|dov|cos|anch|nient|mezz";
const PLAIN = Object.fromEntries(FOLDED.split(" ").map((pair) => [pair[0], pair.slice(1)]));
const FOLD = new RegExp(`[${Object.keys(PLAIN).join("")}]`, "gu");
const ARTICLE = new RegExp(`(?<![\\p{L}\\p{N}'’])(?:${ELIDED})['’‘ʼ＇´\`′](?=\\p{L})`, "giu");

const shifted = (text, what, by) => text.replace(what, (one) => String.fromCodePoint(one.codePointAt(0) + by));
const lettered = (piece) => shifted(piece.replace(/\p{P}/gu, "").normalize("NFD"), /(?<=.)\p{M}/gu, MARK);
const shown = (piece) =>
  shifted(piece.replaceAll(JOINED, ""), /(?<=.)[\u{20000}-\u{3ffff}]/gu, -MARK).normalize("NFC");

/** A text as it is looked for: Straße as Strasse, cœur as coeur, l'harmonie as harmonie. */
export const folded = (text) => text.replace(ARTICLE, "").replace(FOLD, (letter) => PLAIN[letter]);
const unseen = (piece) => piece?.startsWith(JOINED + JOINED); // another spelling of the next piece

/** What is asked of the index: scripts without spaces between words letter by letter, one run of them as it stands. */
export function asked(query) {
  const words = folded(query.normalize("NFC")).replaceAll('"', " ");
  const apart = words.replace(new RegExp(UNSPACED, "gu"), (piece) => ` ${lettered(piece)} `).trim().replace(/\s+/g, " ");
  return new RegExp(`^\\s*(?:${UNSPACED}){2,}\\s*$`, "u").test(words) ? `"${apart}"` : apart;
}

/** A text of the index as it was written. */
export const whole = (text) =>
  text.split(" ").filter((piece) => !unseen(piece)).map((piece, at) => (at && !piece.startsWith(JOINED) ? " " : "") + shown(piece)).join("");

/** The first and the last piece, exclusive, of the sentence in which the most was found; long ones are cut. */
export function sentence(pieces, found) {
  const ends = (at) => SENTENCE_END.test(pieces[at]);
  const around = (at) => {
    let [from, until] = [at, at + 1];
    while (from > 0 && !ends(from - 1)) from--;
    while (until < pieces.length && !ends(until - 1)) until++;
    if (until - from <= LONGEST) return [from, until];
    from = Math.max(from, at - Math.floor(LONGEST / 2));
    return [from, Math.min(until, from + LONGEST)];
  };
  const spans = (found.length ? found : [0]).map(around);
  const held = ([from, until]) => found.filter((at) => at >= from && at < until).length;
  return spans.reduce((best, span) => (held(span) > held(best) ? span : best));
}

/** The sentence found, with what was looked for marked. */
function excerpt({ content, locations }) {
  const pieces = content.split(/\s+/u);
  const found = new Set(locations);
  const [from, until] = sentence(pieces, [...found]);
  const nodes = pieces.slice(from, until).flatMap((piece, past) => {
    if (unseen(piece)) return [];
    const at = from + past;
    const text = shown(piece);
    const here = found.has(at) || (found.has(at - 1) && unseen(pieces[at - 1]));
    const marked = here ? Object.assign(document.createElement("mark"), { textContent: text }) : text;
    return piece.startsWith(JOINED) ? [marked] : [" ", marked];
  });
  if (nodes[0] === " ") nodes.shift();
  const open = from > 0 && !SENTENCE_END.test(pieces[from - 1]);
  const cut = until < pieces.length && !SENTENCE_END.test(pieces[until - 1]);
  return [...(open ? ["… "] : []), ...nodes, ...(cut ? [" …"] : [])];
}

const element = (name, values = {}, ...children) => {
  const made = Object.assign(document.createElement(name), values);
  made.append(...children);
  return made;
};

/** One result, as the tables of contents show a letter. */
function entry(result) {
  const { title, date, day, lang, dir } = result.meta;
  const tongue = { lang, dir };
  const heading = element("h2", {}, element("a", { href: result.url, ...tongue, textContent: whole(title) }));
  const sentence = element("p", {}, element("bdi", tongue, ...excerpt(result)));
  const dated = date ? [" ", element("time", { dateTime: date, textContent: day })] : [];
  return element("li", {}, heading, ...dated, sentence);
}

class Search {
  constructor(place) {
    this.place = place;
    this.form = find("form", place);
    this.fields = this.form.elements;
    this.status = find("[role=status]", place);
    this.results = find("[data-part=results]", place);
    this.failed = find("[data-part=failed]", place);
    this.shelving = find(".fields", place);
    this.more = find("button", place);
    this.turn = 0;
    this.tries = 0;
    find("[data-part=without]", place).hidden = true;
    this.form.hidden = false;
    this.listen();
    this.recall();
  }

  listen() {
    const { q } = this.fields;
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.look().then(() => find("a", this.results)?.focus());
    });
    q.addEventListener("input", () => {
      clearTimeout(this.waiting);
      this.waiting = setTimeout(() => this.look(), PAUSE);
    });
    q.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.isComposing || !q.value) return;
      event.preventDefault();
      q.value = "";
      this.look();
    });
    for (const shelf of all("select", this.shelving)) shelf.addEventListener("change", () => this.look());
    this.more.addEventListener("click", () => this.show(true));
  }

  /** A search that the address holds is done at once: somebody linked it, or came back to it. */
  recall() {
    const asked = new URLSearchParams(location.search);
    this.fields.q.value = asked.get("q") ?? "";
    this.wanted = { year: asked.get("year"), category: asked.get("category") };
    if (this.fields.q.value) this.look();
    else this.fields.q.focus({ preventScroll: true });
  }

  /** Where the search stands, for a link and for the way back. */
  remember() {
    const here = new URL(location.href);
    here.search = "";
    for (const { name, value } of [this.fields.q, ...all("select", this.shelving)]) {
      if (value.trim() && this.fields.q.value.trim()) here.searchParams.set(name, value.trim());
    }
    history.replaceState(history.state, "", here);
  }

  async load() {
    this.loading ??= this.fetch().catch((error) => {
      this.loading = undefined;
      throw error;
    });
    return this.loading;
  }

  async fetch() {
    const { search } = this.place.dataset;
    // A module that failed to load would fail for ever under the same address.
    const tried = this.tries++ ? `?${this.tries}` : "";
    const [pagefind, shelves] = await Promise.all([
      import(`${search}pagefind.js${tried}`),
      fetch(`${search}shelves.json`).then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(answer.status)))),
    ]);
    await pagefind.options({ excerptLength: 1 }); // ours is a sentence
    this.shelves = shelves;
    this.offer(Object.values(shelves));
    return pagefind;
  }

  /** What the list can be narrowed to: known with the index. */
  offer(filed) {
    const columns = { year: filed.map(([year]) => year), category: filed.map(([, category]) => category) };
    for (const [name, column] of Object.entries(columns)) {
      const values = [...new Set(column)].sort((one, other) => (name === "year" ? other - one : one.localeCompare(other)));
      this.fields[name].append(...values.map((value) => new Option(value, value)));
      if (values.includes(this.wanted[name])) this.fields[name].value = this.wanted[name];
    }
  }

  async look() {
    clearTimeout(this.waiting);
    const turn = ++this.turn;
    const query = asked(this.fields.q.value);
    this.failed.hidden = true;
    if (!query) {
      this.remember();
      this.clear("");
      return;
    }
    if (!this.results.firstChild) this.status.textContent = this.place.dataset.looking;
    try {
      const pagefind = await this.load();
      const answer = await pagefind.search(query);
      if (turn !== this.turn) return; // something else is wanted by now
      this.remember();
      this.found = answer.results.filter(({ id }) => this.stands(id));
      this.shelving.hidden = false;
      await this.show();
    } catch {
      if (turn !== this.turn) return;
      this.clear("");
      this.failed.hidden = false;
    }
  }

  /** Whether a result stands on the shelf that was chosen. */
  stands(id) {
    const [year, category] = this.shelves[id] ?? [];
    const { year: inYear, category: under } = this.fields;
    return (!inYear.value || inYear.value === year) && (!under.value || under.value === category);
  }

  clear(said) {
    this.results.replaceChildren();
    this.more.parentElement.hidden = true;
    this.shelving.hidden = true;
    this.status.textContent = said;
  }

  /** Shows the first results, or the next ones after those shown. */
  async show(onward = false) {
    const { turn } = this;
    const shown = onward ? all("li", this.results).length : 0;
    const next = await Promise.all(this.found.slice(shown, shown + SHOWN).map((result) => result.data()));
    if (turn !== this.turn) return;
    const entries = next.map(entry);
    if (onward) find("ol", this.results).append(...entries);
    else this.results.replaceChildren(...(entries.length ? [element("ol", { className: "contents" }, ...entries)] : []));
    this.more.parentElement.hidden = this.found.length <= shown + SHOWN;
    const { found, none } = this.place.dataset;
    const said = this.found.length ? found.replace("{count}", this.found.length) : none;
    if (this.status.textContent !== said) this.status.textContent = said;
    if (onward) find("a", entries[0]).focus();
  }
}

for (const place of globalThis.document?.querySelectorAll("[data-search]") ?? []) new Search(place);

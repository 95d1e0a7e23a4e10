"""What a message says to write is accepted, and shows what was meant: each advice is taken and tried.

A case is a wrong file, the message with the advice in (parentheses), and what is put in place of the wrong text, in
which {0} is that advice. All wrong files stand in one site; then all of them are mended, and the site is drawn.
"""

from __future__ import annotations

import ast
import re
import shutil
from typing import TYPE_CHECKING, NamedTuple

import pytest
from drawing import drawn
from PIL import Image
from sites import ROOT, SPEAKER, Site

from plugins.catalogue import RULES
from plugins.dates import events
from plugins.problems import Problem, SiteError
from plugins.speaker import load_speaker
from tools.inspection.site import RULES as SITE_RULES
from tools.inspection.site import findings

if TYPE_CHECKING:
    from pathlib import Path


class Case(NamedTuple):
    """`shows` is a pattern of the page's HTML afterwards; `moved` is the file's new name."""

    rule: str
    text: str
    said: str
    old: str
    new: str
    shows: str = ""
    path: str = ""
    moved: str = ""


def post(rule: str, body: str, said: str, *change: str) -> Case:
    return Case(rule, f"title: A word\ndate: 2026-03-04\n\n{body}\n", said, *change)


def head(rule: str, line: str, said: str, new: str, shows: str = "") -> Case:
    return Case(rule, f"---\ntitle: A word\ndate: 2026-03-04\n{line}\n---\nText.\n", said, line, new, shows)


def talk(line: str, said: str, new: str, shows: str = "", rule: str = "front-matter-value") -> Case:
    lines = {"promise": "promise: P", "takeaways": "takeaways:\n  - a\n  - b\n  - c"}
    lines |= {line.partition(":")[0]: line}
    text = "---\ntitle: A talk\n" + "\n".join(lines.values()) + "\n---\nText.\n"
    return Case(rule, text, said, line, new, shows, "talks/{}.md")


TALK = "title: Rows\npromise: You will sit in row two.\ntakeaways:\n  - One\n  - Two\n  - Three\n\nText.\n"
VALUE = "front-matter-value"
CASES = {
    # --- the head
    "no space": Case("front-matter", "title:Words\ndate: 2026-03-04\n\nText.\n", "put one there", "title:", "title: "),
    "indented": Case(
        "front-matter", "title: A\n date: 2026-03-04\n\nT.\n", "take the space before it out", " date", "date"
    ),
    "twice": Case(
        "front-matter", "title: A\ntitle: B\ndate: 2026-03-04\n\nT.\n", "take one out", "title: A\n", "", "<h1[^>]*>B<"
    ),
    "stray": Case(
        "front-matter",
        "title: A\ndate: 2026-03-04\nThe text.\n",
        "put a blank line before the text",
        "The",
        "\nThe",
        "<p>The text",
    ),
    "no head": Case(
        "front-matter", "Only text.\n", "lines like `(.*?)`, then a blank line", "Only", "{0}\ndate: 2026-03-04\n\nOnly"
    ),
    "TOML": Case(
        "front-matter",
        '+++\ntitle = "A"\n+++\nT.\n',
        "lines like `(title: .*?)`, then",
        '+++\ntitle = "A"\n+++',
        "{0}\ndate: 2026-03-04\n",
    ),
    "opening": Case("front-matter", "—\ntitle: A\ndate: 2026-03-04\n---\n\nT.\n", "write `(---)`$", "—", "{0}"),
    "no opening": Case(
        "front-matter",
        "title: A\ndate: 2026-03-04\n---\n\nT.\n",
        "such a line above the first one",
        "title",
        "---\ntitle",
    ),
    "no opening, no closing": Case(
        "front-matter", "title: A\ndate: 2026-03-04\n---\n\nT.\n", "or take this one out", "---\n", ""
    ),
    "colon of Chinese": Case("front-matter", "title：A\ndate: 2026-03-04\n\nT.\n", "write `(.*?)`$", "title：A", "{0}"),
    "brackets without end": head("front-matter", f"summary: {'[' * 1001}", "take them out", "summary: So"),
    "not closed by mistake": Case(
        "front-matter",
        "---\ntitle: A\ndate: 2026-03-04\n" + "Words.\n" * 1000 + "\n---\n",
        "by a line `(---)`,",
        "Words",
        "{0}\n\nWords",
    ),
    "below the head": Case(
        "front-matter", "title: A\n\ndate: 2026-03-04\n\nT.\n", "no blank line may stand above this one", "\n\nd", "\nd"
    ),
    "not closed": Case(
        "front-matter", "---\ntitle: A\ndate: 2026-03-04\n\nT.\n", "add a line `(---)` below it", "\n\nT", "\n{0}\nT"
    ),
    "block mark": Case(
        "front-matter",
        "title: A\ndate: 2026-03-04\nsummary: >\n  So it\n  is.\n\nT.\n",
        "take it out",
        " >",
        "",
        "So it is",
    ),
    "open quotes": head("front-matter", 'summary: "Half', "add the quotation mark at its end", 'summary: "Half"'),
    "tab": head("front-matter", "tags:\n\t- a", "put spaces where the tab is", "tags:\n  - a", "/tag/a/"),
    "colon": head("front-matter", "summary: Rule: one", "write `(.*?)`$", "{0}", "Rule: one"),
    "comment": head("front-matter", "summary: Rule #1", "write `(.*?)`, or", "{0}", "Rule #1"),
    "comment on a day": head(
        "front-matter", "modified: 2026-03-05 # so", "above this one, as `(.*?)`", "{0}\nmodified: 2026-03-05"
    ),
    "tag sign": head("front-matter", "summary: '!'\ntopic: !so it is", "write `(.*?)`$", "summary: '!'\n{0}"),
    "null": head("front-matter", "summary: null", "or write `(.*?)`$", "{0}", 'content="null"'),
    "entry": head("front-matter", "tags:\n  - Rule one: listen", "write `(.*?)`$", "tags:\n  {0}", "Rule one: listen"),
    "hashtags": head("front-matter", "tags:\n  #one", "write `(.*?)`, or", "tags:\n  {0}", "/tag/sharpone/"),
    "list below a text": head(
        "front-matter", "tags: a\n  - b", "nothing behind the colon", "tags:\n  - a\n  - b", "/tag/b/"
    ),
    "list in a list": head("front-matter", "tags:\n  -\n    - a", "write one text behind each hyphen", "tags:\n  - a"),
    "invisible line break": head("front-matter", "summary: a\u2028  b", "type a space for it", "summary: a b", "a b"),
    "empty": Case(
        "front-matter", "\n", "begin with lines like `(.*?)`", "\n", "{0}\ndate: 2026-03-04\n\nT.\n", "What I saw"
    ),
    "control in YAML": head("front-matter", "summary: a\0b", "type it anew", "summary: ab", "ab"),
    "unclosed in a list": head(
        "front-matter", 'tags:\n  - "a\n  - b"', "or write `(.*?)`$", "tags:\n  {0}\n  - 'b\"'", "a"
    ),
    "list of a field": talk(
        "testimonials:\n  - words: w\n    name: [n]",
        "a line like `(name: )one text`",
        "testimonials:\n  - words: w\n    {0}n",
        "w",
        "front-matter",
    ),
    "hyphen out of line": head(
        "front-matter", "tags:\n  - a\n - b", "exactly below that of the entry above", "tags:\n  - a\n  - b", "/tag/b/"
    ),
    "hyphen of a table": talk(
        "testimonials:\n  - words: w\n   name: n",
        "stands below the word behind the hyphen",
        "testimonials:\n  - words: w\n    name: n",
        "w",
        "front-matter",
    ),
    "key out of line": head(
        "front-matter", "summary: a\n topic: b", "exactly below the beginning of the line above", "summary: a\ntopic: b"
    ),
    "colon on a second line": head(
        "front-matter",
        "summary: a\n  two: b",
        "the text that it belongs to in 'quotes'",
        "summary: 'a\n  two: b'",
        "a two: b",
    ),
    "stray in YAML": head(
        "front-matter", "summary: a\nstray", "put two more spaces before it", "summary: a\n  stray", "a stray"
    ),
    "stray before a key": Case(
        "front-matter", "---\nstray\ntitle: A\ndate: 2026-03-04\n---\nT.\n", "take it out", "stray\n", ""
    ),
    "no key": head("front-matter", "summary: a\n%b", "write it as `key: text`, or take it out", "summary: a"),
    "glued key": talk(
        "testimonials:\n  - words: w\n    name: n\n      role:r",
        "put a space behind `(role:)`",
        "testimonials:\n  - words: w\n    name: n\n    {0} r",
        "w",
        "front-matter",
    ),
    "sign of YAML": head("front-matter", "tags: !!set\n  - a", "take it out", "tags:\n  - a", "/tag/a/"),
    "no text in a block": head("front-matter", "summary: |", "write it below, or `(.*?)` if", "{0}", 'content="\\|'),
    "overrun": head("front-matter", "summary: 'a\ntopic: b'", "close it on its own line", "summary: 'a'\ntopic: b"),
    "overrun with an apostrophe": head(
        "front-matter", "summary: 'Tis\ntopic: b'", "or write `(.*?)`$", "{0}\ntopic: b'", "Tis"
    ),
    "escape": head("front-matter", 'summary: "C:\\bin"', "write `(.*?)`, or leave", "{0}", "C:\\\\bin"),
    "escape in a list": head(
        "front-matter", 'tags: ["C:\\bin"]', "put the text in 'single quotes'", "tags: ['C:\\bin']", "C:\\\\bin"
    ),
    # --- values
    "no title": Case(VALUE, "date: 2026-03-04\n\nT.\n", "add a line like `(.*?)`", "date", "{0}\ndate", "What I saw"),
    "no date": Case(VALUE, "title: A\n\nT.\n", "add a line like `(.*?)`", "title: A", "title: A\n{0}"),
    "date": head(VALUE, "modified: 4 June 2026", "write one like (.*?) or", "modified: {0}"),
    "day and time": head(VALUE, "modified: today", "or ([\\d: -]+)$", "modified: {0}"),
    "status": head(VALUE, "status: drat", "write one of published, (draft), hidden", "status: {0}"),
    "language": head(VALUE, "lang: english!", "write one like (.*?) or pt-BR", "lang: {0}"),
    "direction": head(VALUE, "dir: left", "write ltr or (rtl)", "dir: {0}", 'dir="rtl"'),
    "slug": head(VALUE, "slug: A/B", "write small letters, digits and hyphens", "slug: a-b-2"),
    "misspelt": head(VALUE, "summry: So", "did you mean `(.*?)`", "{0}: So", "So"),
    "two titles": head(VALUE, "summary: [a, b]", "write it on one line, without brackets", "summary: a, b", "a, b"),
    "topic": head(VALUE, f"topic: {'x' * 201}", "write at most (200) characters", f"topic: {'x' * 200}"),
    "draft": head(VALUE, "draft: true", "write `(.*?)` here", "{0}"),
    "description": head(VALUE, "description: So it is", "write `(summary:)` in place of", "{0} So it is", "So it is"),
    "layout": head(VALUE, "layout: post", "take this line out", "# gone"),
    "not a draft": head(VALUE, "draft: false", "take this line out", "# gone"),
    "one category": head(
        VALUE, "categories:\n  - Stage", "write one text, `(.*?)`, in place", "{0}", "/category/stage/"
    ),
    "summary twice": head(VALUE, "summary: a\nexcerpt: b", "take this line out", "summary: a"),
    "brackets": Case(
        VALUE,
        "title: A\ndate: 2026-03-04\ntags: [a b, 'c']\n\nT.\n",
        "write `(.*?)`$",
        "[a b, 'c']",
        "{0}",
        "/tag/a-b/",
    ),
    "part": head(VALUE, "series: S\npart: one", "write 1, (2), 3", "series: S\npart: {0}"),
    "talk's name": head(VALUE, "talk: Row two!", "file's name, like", "talk: rows", "Rows"),
    "promise": talk(f"promise: {'x' * 151}", "write one sentence of (150) at most", f"promise: {'x' * 150}"),
    "takeaways": talk("takeaways:\n  - a", "write three, each behind a hyphen", "takeaways:\n  - a\n  - b\n  - c"),
    "recording": talk(
        "recording: example.org/x", "write one like (https:.*?)$", "recording: {0}x", 'href="https://www'
    ),
    "order": talk("order: first", "write a whole number like (1)", "order: {0}"),
    "colon in an entry": talk(
        "takeaways:\n  - a\n  - b\n  - note: c",
        "put the whole of it in 'quotes'",
        "takeaways:\n  - a\n  - b\n  - 'note: c'",
        "note: c",
    ),
    "text in a list of tables": talk(
        "testimonials:\n  - Great",
        "write `(- words:) …`, and below it `(name:) …`",
        "testimonials:\n  {0} Great\n    {1} Bob",
        "Bob",
    ),
    "recording's picture elsewhere": talk(
        "recording: https://e.org/\nrecording_image: a.png\nrecording_alt: A",
        "write (images/a.png)$",
        "recording: https://e.org/\nrecording_image: {0}\nrecording_alt: A",
        "a.png",
        "named-picture",
    ),
    "words alone": talk(
        "testimonials: Great",
        "write `(- words:) …`, and below it `(name:) …`",
        "testimonials:\n  {0} Great\n    {1} Bob",
        "Bob",
    ),
    # --- names, addresses, ids
    "control character": post("encoding", "A\x07b", "type it anew", "\x07", " ", "A b"),
    "tag without letters": head("tag", "tags: 🎉", "name it with letters or digits", "tags: party", "/tag/party/"),
    "tag without commas": head("tag", f"tags: {'a b ' * 40}", "are there commas missing", "tags: a, b", "/tag/b/"),
    "name without letters": Case(
        "file-name",
        "title: A\ndate: 2026-03-04\n\nT.\n",
        "like (a-thank-you.md)",
        "",
        "",
        "T.",
        "posts/….md",
        "posts/{0}",
    ),
    "same slug": head("same-address", "slug: have-we-met", "give one of them another", "slug: have-we-met-again"),
    "file's name as another's": Case(
        "same-address",
        "title: A\ndate: 2026-03-04\n\nT.\n",
        "by a line `(slug: .*?)`",
        "title: A",
        "title: A\n{0}",
        "T.",
        "posts/2026-03-09-Have We Met.md",
    ),
    "same id": head("same-id", "id: urn:met", "give one of them another", "id: urn:met-again"),
    "anchors": post("same-anchor", "## A {#x}\n\n## B {#x}", "give each place its own", "B {#x}", "B {#y}", 'id="y"'),
    "theme's anchor": post("same-anchor", "## A {#ps}", "choose another", "#ps", "#my-ps", 'id="my-ps"'),
    # --- blocks
    "misspelt block": post(
        "block", "/// qoute\n    text: Ah.\n///", "did you mean `(.*?)`", "qoute", "{0}", "<blockquote"
    ),
    "open block": post(
        "block", "/// quote\n    text: Ah.", "add a line `(///)` below it", "Ah.", "Ah.\n{0}", "<blockquote"
    ),
    "misspelt option": post("block", "/// quote\n    txt: Ah.\n///", "did you mean `(.*?)`", "txt", "{0}", "Ah\\."),
    "no option": post("block", "/// quote\n    Ah.\n///", "write `(text: )…`", "Ah.", "{0}Ah.", "<blockquote"),
    "option twice": post(
        "block", "/// quote\n    text: A.\n    text: B.\n///", "take one out", "    text: A.\n", "", "B\\."
    ),
    "empty quote": post(
        "block", "/// quote\n///", "add a line like `(text: .*?)`", "quote\n", "quote\n    {0}\n", "to pass on"
    ),
    "quote's id": post(
        "block", "/// quote\n    text: A.\n    id: A b\n///", "write small letters", "A b", "a-b", 'id="a-b"'
    ),
    "quote twice": post(
        "quote",
        "/// quote\n    text: So.\n///\n\n/// quote\n    text: So.\n///",
        "by a line `(id: another-name)`",
        "So.\n///\n\n",
        "So.\n    {0}\n///\n\n",
        'id="another-name"',
    ),
    # --- series, talks, templates
    "part alone": head("series", "part: 2", "add a line like `(.*?)`", "part: 2\n{0}", "Its name"),
    "same part": head("series", "series: Met\npart: 1", "write another number", "series: Met\npart: 2"),
    "spelt otherwise": head(
        "series", "series: met", "has the same address as `(Met)`.*write both alike", "series: {0}"
    ),
    "series without letters": head(
        "series", "series: 🎉", "write a name with letters or digits", "series: Party", "Party"
    ),
    "no talk like it": head("talk", "talk: zzz", "known are (.*?), ", "talk: {0}"),
    "misspelt talk": head("talk", "talk: row", "did you mean `(.*?)`", "talk: {0}", "Rows"),
    "template of a post": head("template", "template: page", "take this line out", "# gone"),
    "template of a page": Case(
        "template", "title: P\ntemplate: pge\n\nT.\n", "did you mean `(.*?)`", "pge", "{0}", "T.", "pages/{}.md"
    ),
    "no page to subscribe": Case(
        "missing-page",
        "",
        "write it, with the line `(.*?)`",
        "",
        "title: Follow\n{0}\n\nT.\n",
        "T.",
        "pages/subscribe.md",
    ),
    # --- links and pictures
    "no such file": post(
        "broken-link",
        "[a]({filename}have-we-meet.md)",
        "did you mean (.*?)\\?",
        "{filename}have-we-meet.md",
        "{filename}/{0}",
        'href="/have-we-met/"',
    ),
    "a file for a page": post(
        "broken-link",
        "[a](have-we-met.md)",
        "write ({filename}.*?)$",
        "(have-we-met.md)",
        "({0})",
        'href="/have-we-met/"',
    ),
    "a picture as a page": post(
        "broken-link", "[a]({filename}/images/a.png)", "write ({static})", "{filename}", "{0}", "a.png"
    ),
    "no such place": post(
        "broken-link", "## A place\n\n[a](#a-plce)", "did you mean `(.*?)`", "#a-plce", "{0}", 'href="#a-place"'
    ),
    "no such page": post(
        "broken-link",
        "[a](/none/)",
        "write ({filename}) and the path of a post",
        "/none/",
        "{0}have-we-met.md",
        'href="/have-we-met/"',
    ),
    "no such picture": post(
        "broken-link", "[a](/none.png)", "like ({static}/images/)letter.png", "/none.png", "{0}a.png", "a.png"
    ),
    "no host": post(
        "broken-link", "[a](https:///x)", "write an address like (.*?)$", "https:///x", "{0}", "example.com"
    ),
    "no address": post("broken-link", "[a](http://[x)", "write one like (.*?)$", "http://[x", "{0}", "example.com"),
    "unknown braces": post(
        "broken-link",
        "[a]({attach}have-we-met.md)",
        "write ({filename}) for a post",
        "{attach}",
        "{0}",
        'href="/have-we-met/"',
    ),
    "no such tag": post(
        "broken-link", "[a]({tag}None)", "write the name of one that a post has", "None", "met", 'href="/tag/met/"'
    ),
    "no file like it": post(
        "broken-link",
        "[a]({filename}zzzzzz.md)",
        "write the path of one that is there",
        "zzzzzz",
        "have-we-met",
        'href="/have-we-met/"',
    ),
    "mail": post(
        "broken-link", "[a](me@example.org)", "write (mailto:.*?)$", "me@example.org", "{0}", "mailto:me@example.org"
    ),
    "host": post(
        "broken-link", "[a](www.example.net)", "write (https:.*?)$", "www.example.net", "{0}", "https://www.example.net"
    ),
    "scheme": post(
        "broken-link", "[a](htps://example.net/)", "did you mean (.*?):\\?", "htps", "{0}", "https://example.net/"
    ),
    "empty link": post("broken-link", "[a]()", "write where it leads", "()", "(/about-me/)", 'href="/about-me/"'),
    "no footnote's mark": post(
        "footnote", "Words.\n\n[^8]: Note", "write `(.*?)` in the text", "Words.", "Words.{0}", "Note"
    ),
    "link in a title": post(
        "unfollowed-link",
        '<i title="{filename}have-we-met.md">a</i>',
        "in `src` or `(href)`",
        '<i title="{filename}have-we-met.md">a</i>',
        '<a {0}="{filename}have-we-met.md">a</a>',
        'href="/have-we-met/"',
    ),
    "picture to share": head(
        "named-picture",
        "image: a.png\nimage_alt: A",
        "write (images/a.png)$",
        "image: {0}\nimage_alt: A",
        'og:image:alt" content="A"',
    ),
    "picture to share without a text": head(
        "picture-without-text", "image: images/a.png", "add a line `(.*?)`", "image: images/a.png\n{0}", "what it shows"
    ),
    "recording's picture": talk(
        "recording: https://e.org/\nrecording_image: images/a.png",
        "add a line `(.*?)`",
        "recording: https://e.org/\nrecording_image: images/a.png\n{0}",
        "what it shows",
        "picture-without-text",
    ),
    "no recording": talk(
        "recording_image: images/a.png\nrecording_alt: A",
        "add a line `(.*?)…`",
        "recording_image: images/a.png\nrecording_alt: A\n{0}e.org/",
        "e.org",
        "named-picture",
    ),
    "picture without a text": post(
        "picture-without-text",
        "![]({static}/images/a.png)",
        "write (!\\[what it shows\\]\\(.*?\\)), or",
        "![]({static}/images/a.png)",
        "{0}",
        'alt="what it shows"',
    ),
    "ornament": post(
        "picture-without-text",
        "![]({static}/images/a.png)",
        "for an ornament (<img .*?) …>",
        "![]({static}/images/a.png)",
        '{0} src="{static}/images/a.png">',
        'role="presentation"',
    ),
    "picture from elsewhere": post(
        "from-elsewhere", "![A](https://e.net/a.png)", "write ({static}/images/)NAME", "https://e.net/", "{0}", "a.png"
    ),
    "code as an address": post(
        "from-elsewhere", "[a](javascript:x)", "link to a page", "javascript:x", "/about-me/", 'href="/about-me/"'
    ),
    # --- markup
    "script": post(
        "forbidden-markup", "Text\n\n<script>x()</script>", "take it out", "<script>x()</script>", "", "<p>Text</p>"
    ),
    "frame": post(
        "forbidden-markup",
        "<iframe src='https://e.net/'></iframe>",
        "link to it instead",
        "<iframe src='https://e.net/'></iframe>",
        "[it](https://e.net/)",
        'href="https://e.net/"',
    ),
    "form": post("forbidden-markup", "<form></form>", "use `(.*?)`", "<form></form>", "{0}\n///", "mailto:"),
    "style": post(
        "forbidden-markup", "<p style='a'>x</p>", "use a class", "style='a'", "class='quiet'", 'class="quiet"'
    ),
    "object": post(
        "forbidden-markup",
        "<object data='/x'></object>",
        "link to it instead",
        "<object data='/x'></object>",
        "[x](/about-me/)",
        'href="/about-me/"',
    ),
    "base": post("forbidden-markup", "<base href='/'>\n\nText", "take it out", "<base href='/'>", "", "<p>Text"),
    "meta": post(
        "forbidden-markup",
        "<meta name='a' content='b'>\n\nText",
        "take it out",
        "<meta name='a' content='b'>",
        "",
        "<p>Text",
    ),
    "style sheet": post(
        "forbidden-markup",
        "<style>p {}</style>\n\nText",
        "put the rules into content/(doors/style.css)",
        "<style>p {}</style>",
        "",
        "<p>Text",
    ),
    "link": post(
        "forbidden-markup",
        "<link rel='me' href='/x'>\n\nText",
        "belongs into content/(doors/head.html)",
        "<link rel='me' href='/x'>",
        "",
        "<p>Text",
    ),
    "button": post(
        "from-elsewhere", "<button formaction='/x'>a</button>", "take it out", " formaction='/x'", "", "<button>a"
    ),
    "handler": post("forbidden-markup", "<p onclick='a'>x</p>", "take it out", " onclick='a'", "", "<p>x</p>"),
    "first rank": post("headings", "# A thing", "begin headings with `(##)`", "# A", "{0} A", "<h2[^>]*>.*A thing"),
    "first rank as text": post("headings", "# 1 on the list", "or write (\\\\#)$", "#", "{0}", "<p># 1 on the list"),
    "a rank left out": post("headings", "## A\n\n#### B", "write `(###)`", "####", "{0}", "<h3"),
    "leftover link": post(
        "leftover-mark",
        "See {filename}x.md",
        "put it into `backquotes`",
        "{filename}x.md",
        "`{filename}x.md`",
        "<code>{filename}x.md</code>",
    ),
    "leftover link as a link": post(
        "leftover-mark",
        "See {filename}have-we-met.md",
        "write a link like (\\[text\\]\\({filename})other.md",
        "{filename}have-we-met.md",
        "{0}have-we-met.md)",
        'href="/have-we-met/"',
    ),
    "block within a line": post(
        "leftover-mark",
        "Words /// quote",
        "a line `(/// quote)` at the left margin, and a line `(///)`",
        "Words /// quote",
        "Words\n\n{0}\n    text: Ah.\n{1}",
        "<blockquote",
    ),
    "no footnote": post(
        "leftover-mark", "A[^9]", "on a line like `\\[\\^1\\](: the text)`", "A[^9]", "A[^9]\n\n[^9]{0}", "the text"
    ),
    "attribute list": post(
        "leftover-mark", "A\n\n{: .quiet }", "stands right below a paragraph", "A\n\n{", "A\n{", 'class="quiet"'
    ),
    "Hugo's": post("leftover-mark", "A {{< youtube x >}}", "take it out", " {{< youtube x >}}", "", "<p>A</p>"),
    "Hugo's as text": post(
        "leftover-mark",
        "A {{< youtube x >}}",
        "put it into `backquotes`",
        "{{< youtube x >}}",
        "`{{< youtube x >}}`",
        "<code>",
    ),
    "open fence": post("code-fence", "```\na", "add a line of (```) below it", "```\na", "```\na\n{0}", "<code>"),
    "fence with words": post(
        "code-fence", "```python numbered\na\n```", "like (```python)", "```python numbered", "{0}", "<code>"
    ),
    "dash": post("list", "So it was\n- or not", "write `(.*?)`$", "- or", "{0} or", "<p>So it was\n- or not"),
    "dash as a list": post("list", "So it was\n- or not", "put a blank line above it", "- or", "\n- or", "<li>or not"),
    "half of strong": post("leftover-mark", "A **half here", "or write (\\\\\\*)", "**", "{0}\\*", "A \\*\\*half"),
    "half of a strike": post("leftover-mark", "A ~~half here", "or write (\\\\~)", "~~", "{0}\\~", "A ~~half"),
    "half of code": post("leftover-mark", "A `half here", "or write (\\\\`)", "`", "{0}", "A `half"),
    "half of emphasis": post("leftover-mark", "A *half here", "or write (\\\\\\*)", "*", "{0}", "A \\*half"),
    "letters for numbers": post(
        "list", "a) one\nb) two", "write `(1\\))`", "a) one\nb)", "{0} one\n2)", "<ol>\\s*<li>one"
    ),
    "link with a space": post(
        "leftover-mark",
        "[a] (https://e.example/)",
        "a link is (\\[)text(\\]\\()address(\\)), with",
        "[a] (https://e.example/)",
        "{0}a{1}https://e.example/{2}",
        'href="https://e.example/"',
    ),
    "no definition": post(
        "leftover-mark",
        "[a][b]",
        "write a line like `(\\[b\\]: )https",
        "[a][b]",
        "[a][b]\n\n{0}/about-me/",
        'href="/about-me/"',
    ),
    "heading without a space": post(
        "headings", "##A thing", "write `(.*?)`$", "##A thing", "{0}", "<h2[^>]*>.*A thing"
    ),
    "class without a style": post(
        "unknown-class", "A\n{: .qiet }", "did you mean `(.*?)`", "qiet", "{0}", 'class="quiet"'
    ),
    "class like none": post("unknown-class", "A\n{: .zzz }", "or take it out", "\n{: .zzz }", "", "<p>A</p>"),
    "surplus cell": post("table", "|a|b|\n|-|-|\n|c|d|e|", "", "|d|e|", "|d e|", "d e"),
    "footnote twice": post(
        "footnote",
        "A[^1]\n\n[^1]: b\n[^1]: c",
        "give one of them another name",
        "A[^1]\n\n[^1]: b",
        "A[^1][^2]\n\n[^2]: b",
        "(?s)c.*b|b.*c",
    ),
    "word in brackets": post(
        "vanishing-word", "Call <name> now", "or (\\\\<name>)$", "<name>", "{0}", "Call &lt;name&gt; now"
    ),
    "word in brackets as code": post(
        "vanishing-word",
        "Call <name> now",
        "write (`<name>`) in backquotes",
        "<name>",
        "{0}",
        "<code>&lt;name&gt;</code>",
    ),
    "stray end tag": post("vanishing-word", "A </b> c", "nothing and would vanish; take it out", "</b>", "", "A c"),
    "stray end tag as text": post("vanishing-word", "A </b> c", "or write (\\\\</b>)", "</b>", "{0}", "A &lt;/b&gt; c"),
    "no end tag": post("vanishing-word", "A <b>c\n\nd", "add `(</b>)`", "c", "c{0}", "<b>c</b>"),
    "no end tag as text": post("vanishing-word", "A <b>c\n\nd", "or write (\\\\<b>)", "<b>", "{0}", "A &lt;b&gt;c"),
    "tags that cross": post(
        "vanishing-word",
        "<b>a <i>c</b> d</i>",
        "put `(</i>)` before that",
        "</b> d</i>",
        "{0}</b> d",
        "<b>a <i>c</i></b> d",
    ),
    "word in braces": post(
        "vanishing-word", "## The {name}", "write (\\\\{) for a brace", "{name}", "{0}name}", "The {name}"
    ),
    "word in braces as code": post(
        "vanishing-word", "## A {name}", "put it into `backquotes`", "{name}", "`{name}`", "<code>{name}</code>"
    ),
    # --- files
    "unread file": Case(
        "unread-file", "Hi.", "move it to images/ or (extra/)", "", "", "", "posts/notes.txt", "{0}notes.txt"
    ),
    "file in a page's place": Case(
        "same-address",
        "Hi.",
        "rename one of them",
        "",
        "",
        "",
        "extra/about-me/index.html",
        "extra/about-me-2/index.html",
    ),
    "unread post": Case(
        "unread-file",
        "title: A\ndate: 2026-03-04\n\nT.\n",
        "move it to (posts/)",
        "",
        "",
        "T.",
        "new-one.md",
        "{0}new-one.md",
    ),
    "door": Case("door", "{{ a", "write (\\{\\{ '\\{' \\}\\}) for a brace", "{{ a", "{0} a", "", "doors/footer.html"),
    "switch": Case("checks", '[off]\nlist = ""\n', "like (list = .*?)$", 'list = ""', "{0}", "", "checks.toml"),
    "event without a place": Case(
        "events",
        '[[events]]\nevent = "E"\nstart = 2027-03-04\n',
        "",
        "start",
        'place = "Oslo"\nstart',
        "",
        "events.toml",
    ),
}
"""By what is wrong."""
UNTRIED = {
    "unreadable": "says to find out by taking parts out",
    "theme": "asks for files of the theme",
    "calendar": "asks for another export",
    "publish": "is tried where targets are",
    "build": "is for engineers",
    "ledger": "is told of a file that the program writes",
    "renamed-post": "test_addresses tries both lines that it offers",
    "changed-id": "as renamed-post",
    "icon": "asks for another drawing",
    "icon-detail": "asks for another drawing",
    "old-facts": "is for engineers",
    "pelican": "has no advice of ours",
    "picture": "asks to save a picture anew",
    "missing-letters": "asks for a font",
    "kit": "asks for numbers of words; test_kit tries them",
    "one-sheet": "asks for fewer words; test_kit counts them",
    "long-introduction": "asks for fewer words; test_kit counts them",
    "tentative-event": "is about an event that is not said to be public",
    "unshown-picture": "asks for another picture; test_preview tries it",
    "other-domain": "is a warning that asks for another line; test_addresses tries it",
    "unfit-name": "is a warning, whose file is renamed; test_names tries it",
    "bio-length": "asks for a number of words; test_kit tries it",
    "own-address": "its fix writes what it says; test_checks tries it",
    "speaker": "test_values_of_toml_files_are_accepted",
    "menu": "test_values_of_toml_files_are_accepted",
    "feed-tags": "asks for a tag that is there; test_feeds tries it",
}
"""Rules without a case, each with the reason."""


class Tried(NamedTuple):
    problems: tuple[Problem, ...]
    left: tuple[Problem, ...]
    site: Site
    files: dict[str, str]


def file_of(name: str) -> str:
    return (CASES[name].path or "posts/{}.md").replace("{}", name.replace(" ", "-").replace("'", ""))


def filled(text: str, advised: tuple[str, ...]) -> str:
    return re.sub(r"\{(\d)\}", lambda found: advised[int(found[1])] if advised else "?", text)


def found_in(site: Site) -> tuple[Problem, ...]:
    try:
        site.build(publish=False)
    except SiteError as error:
        return error.problems
    return ()


def match_of(name: str, problems: tuple[Problem, ...], content: Path) -> re.Match[str]:
    here = [one for one in problems if one.path == f"{content}/{file_of(name)}"]
    matches = [
        found for one in here if one.rule == CASES[name].rule and (found := re.search(CASES[name].said, one.message))
    ]
    assert matches, (name, here)
    return matches[0]


@pytest.fixture(scope="module")
def tried(tmp_path_factory: pytest.TempPathFactory) -> Tried:
    site = Site(tmp_path_factory.mktemp("advice"))
    Image.new("RGB", (1200, 630)).save(site.write("images/a.png", ""))
    site.write("talks/rows.md", TALK)
    site.write("pages/about-me.md", "title: About me\n\nText.\n")
    site.post("have-we-met", id="urn:met", series="Met", part="1", tags="met")
    (site.content / "pages/subscribe.md").unlink()
    for name, case in CASES.items():
        if case.text:
            site.write(file_of(name), case.text)
    problems = found_in(site)
    files = {}
    for name, case in CASES.items():
        path = site.content / file_of(name)
        try:
            advised = match_of(name, problems, site.content).groups()
        except AssertionError:
            advised = ()  # its own test fails
        new = filled(case.new, advised)
        files[name] = filled(case.moved, advised) or file_of(name)
        path.unlink(missing_ok=True)
        site.write(files[name], case.text.replace(case.old, new, 1) if case.old else new or case.text)
    return Tried(problems, found_in(site), site, files)


@pytest.mark.parametrize("name", CASES)
def test_the_advice_is_accepted_and_shows_what_was_meant(name: str, tried: Tried) -> None:
    case = CASES[name]
    match_of(name, tried.problems, tried.site.content)
    if case.old:
        assert case.old in case.text
    assert [one for one in tried.left if one.path == f"{tried.site.content}/{tried.files[name]}"] == []
    if case.shows:
        folder, _, file = tried.files[name].partition("/")
        slug = re.search(r"^slug: ?(\S+)", (tried.site.content / tried.files[name]).read_text("utf-8"), re.MULTILINE)
        stem = slug[1] if slug else file.removesuffix(".md").lower()
        pages = [f"{above}{stem}/index.html" for above in ("talks/" if folder == "talks" else "", "drafts/")]
        page = next(page for page in pages if (tried.site.output / page).is_file())
        assert re.search(case.shows, tried.site.read(page))


def test_nothing_is_left_when_every_advice_was_taken(tried: Tried) -> None:
    assert tried.left == ()


SAID_BY = [
    *(ROOT / "plugins" / name for name in ("blocks.py", "keys.py")),
    *(path for room in ("reading", "talks", "checks", "sharing") for path in (ROOT / "plugins" / room).glob("*.py")),
]
"""Whose messages are about what authors write, and are all tried."""
_VERB = "(?:write|add|put|take|give|choose|rename|move|use|type|begin|close|set|save|name|link|allow|spell)"
_ADVICE = re.compile(rf"; {_VERB} |^{_VERB} \\S+ |, or {_VERB} ")
UNTRIED_MESSAGES = {
    "cannot be turned into a page": "what an extension cannot read is not known beforehand",
    "^allow it, or take": "needs a file that cannot be read; test_checks has one",
    "^take this link away": "needs a link to nothing; test_checks has one",
    "there is no page .* on this site": "is about speaker.toml",
    "^put the text that it belongs to in": "nobody found a head that leads there",
    "^YAML reads `.*` here": "nobody found a head that leads there",
    "write it as talks/": "needs a site without talks; test_talks has one",
    "is a page of this site": "is a warning, whose fix writes it; test_checks tries it",
    "the talk .* is a draft": "test_talks publishes one",
    "is a draft or waits": "test_checks publishes such a link",
    "leads out of this site": "needs a site below a folder; test_checks has one",
    "extra/_redirects": "test_redirects reads such lines",
    "^read .* again": "is for engineers",
    "is no picture that can be shared": "asks for another picture; test_preview has one",
    "; rename it |; rename the file|; take one away, or rename it": "test_names renames such files",
    "is not an address; write": "test_checks has such addresses",
}
"""Messages without a case, by a pattern, each with the reason."""


def messages() -> dict[str, str]:
    """Every text of the code that is, or ends, a message with an advice: its pattern, and where it stands."""
    found = {}
    for path in SAID_BY:
        tree = ast.parse(path.read_text("utf-8"))
        parts = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
        for node in ast.walk(tree):
            if isinstance(node, ast.Expr):
                parts.add(id(node.value))  # a docstring
            if id(node) in parts or not isinstance(node, ast.JoinedStr | ast.Constant):
                continue
            pieces = node.values if isinstance(node, ast.JoinedStr) else [node]
            texts = [piece.value if isinstance(piece, ast.Constant) else None for piece in pieces]
            if all(isinstance(text, str | None) for text in texts) and _ADVICE.search("".join(filter(None, texts))):
                pattern = "".join(".*" if text is None else re.escape(text) for text in texts)
                found[pattern] = f"{path.parent.name}/{path.name}:{node.lineno}"
    return found


def test_every_message_that_says_what_to_write_has_a_case_or_a_reason(tried: Tried) -> None:
    said = [one.message for one in tried.problems]
    without = [
        (where, pattern)
        for pattern, where in messages().items()
        if not any(re.search(pattern, message, re.DOTALL) for message in said)
        and not any(re.search(reason, re.sub(r"\\(.)", r"\1", pattern)) for reason in UNTRIED_MESSAGES)
    ]
    assert without == []


def test_every_rule_has_a_case_or_a_reason() -> None:
    with_case = {case.rule for case in CASES.values()}
    assert with_case | UNTRIED.keys() == RULES.keys()
    assert not with_case & UNTRIED.keys()


SPEAKER_LINES = {
    "unknown key": ('nam = "x"', "did you mean `(name)`", ""),
    "not one address": ('email = "ada"', "one address like (.*?)$", 'email = "{0}"'),
    "no address": ('site = "ada.example.org"', "write (https.*?)$", 'site = "{0}"'),
    "capitals": ('site = "HTTPS://Ada.example.org/"', "write (https.*?)$", 'site = "{0}"'),
    "language": ('language = "english!"', "write one like (.*?) or", 'language = "{0}"'),
    "time zone": ('timezone = "Mars"', "write one like (.*?) or", 'timezone = "{0}"'),
    "permalink": ('permalink = "{slug}"', r"write one like (\{.*?/) or", 'permalink = "{0}"'),
    "long permalink": ('permalink = "{slug}"', r" or (\{date.*)$", 'permalink = "{0}"'),
    "placeholder": ('permalink = "{title}/{slug}/"', "use ({slug}), ", 'permalink = "{0}/"'),
    "picture": ('card = "card.png"', "did you mean `(images/card.png)`", 'card = "{0}"'),
    "network": ('share = ["linkdin"]', "did you mean `(.*?)`", 'share = ["{0}"]'),
    "network twice": ('share = ["x", "x"]', "take one out", 'share = ["x"]'),
    "phone": ('phone = "030 123"', "like (\\+.*?)$", 'phone = "{0}"'),
    "hub": ('hub = "http://hub.example/"', "begins with (https://)", 'hub = "{0}hub.example/"'),
    "key": ('indexnow = "short"', "make up (8) to 128", 'indexnow = "abcdefg{0}"'),
    "contact": ('security = "me"', "begins with (https://)", 'security = "{0}example.org/"'),
    "fediverse": ('fediverse = "ada@example.social"', "like (@.*?)$", 'fediverse = "{0}"'),
    "menu": ('[[menu]]\nlabel = "A"\nurl = "about"', "of this site like (/about/)", '[[menu]]\nlabel = "A"\nurl = "{0}"'),
    "no url": ('[[menu]]\nlabel = "A"', "add a line `(url = )…`", '[[menu]]\nlabel = "A"\n{0}"/a/"'),
    "shape": ('share = "x"', "a list in (\\[)square brackets(\\])", 'share = {0}"x"{1}'),
    "number": ("line = 3", 'a text in (")quotes(")', "line = {0}3{1}"),
    "empty": ('line = ""', "write something between the quotes", 'line = "x"'),
    "home": ('words_50 = "x"', "belongs below (\\[bios\\])", '{0}\nwords_50 = "x"'),
    "below a table": ("[terms]\nfees = 'x'\nas_of = 2026-06-04", "above the first line in", "as_of = 2026-06-04\n[terms]\nfees = 'x'"),
    "open quotes": ('line = "x', "the quotation mark at the end of this text is missing", 'line = "x"'),
    "open long quotes": ('line = """\nx\n', "the quotation marks at the end of this text are missing", 'line = """\nx\n"""'),
    "no quotes": ("line = x", '`key = (")value(")`', "line = {0}x{1}"),
    "curly quotes": ("line = “x”", "with straight quotes", 'line = "x"'),
    "twice": ('line = "a"\nline = "b"', "take one of the two out", 'line = "a"'),
    "table twice": ("[terms]\nfees = 'x'\n[terms]\ntravel = 'y'", "put what follows there", "[terms]\nfees = 'x'\ntravel = 'y'"),
    "day in quotes": ('as_of = "4 June"', "a day like (.*?), without quotes", "as_of = {0}"),
    "photograph": ('as_of = 2026-01-01\n[headshot]\nfile = "me.jpg"\nalt = "A"\ncredit = "B"', "write (kit/portrait.jpg)", 'as_of = 2026-01-01\n[headshot]\nfile = "{0}"\nalt = "A"\ncredit = "B"'),
}  # fmt: skip
EVENT = '[[events]]\nevent = "E"\nplace = "P"\n'
EVENT_LINES = {
    "no place": ('[[events]]\nevent = "E"\nstart = 2027-03-04', "or `(.*?)`", '[[events]]\nevent = "E"\nstart = 2027-03-04\n{0}'),
    "quotes": (f'{EVENT}start = "4 June"', "without quotes, like (.*?) or", EVENT + "start = {0}"),
    "time": (f'{EVENT}start = "4 June"', "or (2027-.*?)$", EVENT + "start = {0}"),
    "far off": (f"{EVENT}start = 1066-10-14", "write one from (\\d+) to", EVENT + "start = {0}-10-14"),
    "status": (f'{EVENT}start = 2027-03-04\nstatus = "tentativ"', "did you mean `(.*?)`", EVENT + 'start = 2027-03-04\nstatus = "{0}"'),
    "two kinds": (f"{EVENT}start = 2027-03-04T10:00:00\nend = 2027-03-04", "both like (.*?)$", EVENT + "start = 2027-03-04T10:00:00\nend = {0}"),
    "before": (f"{EVENT}start = 2027-03-04\nend = 2027-03-03", "the day or time at which it is over", EVENT + "start = 2027-03-04\nend = 2027-03-05"),
    "no time": (f"{EVENT}start = 2027-03-04T10:00:00\nend = 2027-03-04T10:00:00", "or leave `end` out", EVENT + "start = 2027-03-04T10:00:00"),
    "clocks": (f'{EVENT}timezone = "Europe/Oslo"\nstart = 2027-03-28T02:30:00', "on that day; write (.*?)$", EVENT + 'timezone = "Europe/Oslo"\nstart = {0}'),
    "blocked time": ("[[blocked]]\nstart = 2027-03-04T10:00:00", "can be blocked; write (.*?)$", "[[blocked]]\nstart = {0}"),
    "same id": (f'{EVENT}start = 2027-03-04\nid = "a"\n{EVENT}start = 2027-03-05\nid = "a"', "has the id `a` already", f'{EVENT}start = 2027-03-04\nid = "a"\n{EVENT}start = 2027-03-05\nid = "b"'),
}  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "line", "said", "right"),
    [
        *(pytest.param("speaker", *case, id=f"speaker, {name}") for name, case in SPEAKER_LINES.items()),
        *(pytest.param("events", *case, id=f"events, {name}") for name, case in EVENT_LINES.items()),
    ],
)
def test_values_of_toml_files_are_accepted(kind: str, line: str, said: str, right: str, tmp_path: Path) -> None:
    found = toml_problems(kind, line, tmp_path)
    matches = [match for one in found if (match := re.search(said, one.message))]
    assert matches, found
    assert toml_problems(kind, filled(right, matches[0].groups()), tmp_path) == ()


def toml_problems(kind: str, lines: str, folder: Path) -> tuple[Problem, ...]:
    path = folder / f"{kind}.toml"
    (folder / "images").mkdir(exist_ok=True)
    Image.new("RGB", (1200, 630)).save(folder / "images/card.png")
    given = re.match(r"(\w+) =", lines)
    rest = [line for line in SPEAKER.splitlines() if not given or not line.startswith(f"{given[1]} =")]
    path.write_text(lines if kind == "events" else "\n".join([*rest, lines]) + "\n", "utf-8")
    try:
        if kind == "events":
            events.load(path, path.name, "Europe/Oslo", "example.org")
        else:
            load_speaker(path, path.name, ["linkedin", "x", "pinterest", "email"])
    except SiteError as error:
        return error.problems
    return ()


class Planted(NamedTuple):
    """Text at the end of a file, or a file of its own; what is said of it, and what is put in the place of which part."""

    rule: str
    text: str
    said: str
    old: str
    new: str
    file: str = "posts/have-we-met.md"


NEW = "title: {}\ndate: 2026-01-05\nsummary: About {}.\n\n"
PAGES = {
    "no place": Planted("page-anchors", "[All](/archive/#nineties)", "write the id of a heading that is there", "#nineties", ""),
    "preview": Planted("local-links", "[Here](http://127.0.0.1:8000/about/)", "write (/.*?)$", "http://127.0.0.1:8000/about/", "{0}"),
    "one's own computer": Planted("local-links", "[H](http://localhost:3000/x/)", "that everybody can reach", "http://localhost:3000", "https://www.hankblank.org"),
    "password": Planted("link-with-password", "[M](https://hank:swordfish@pictures.hankblank.com/)", "take it out of the address", "hank:swordfish@", ""),
    "note": Planted("leftovers", "TODO: ask Karen.", "or take it out", "TODO: ask Karen.", ""),
    "dummy": Planted("leftovers", "Lorem ipsum dolor sit amet, consectetur.", "write the real text", "Lorem ipsum dolor sit amet, consectetur.", "The truth."),
    "to look up": Planted("doubtful-marks", "In 19???", "or (one) question mark", "???", "90?"),
    "word twice": Planted("doubled-words", "It was the the last one.", "take one out", "the the", "the"),
    "example": Planted("example-links", "[His](https://www.example.com/book)", "write the real one", "www.example.com", "www.hankblank.org"),
    "plus": Planted("mailto-links", '<a href="mailto:h@hankblank.com?subject=Hello+Hank">W</a>', "write (%20) for a space", "+", "{0}"),
    "line break": Planted("mailto-links", '<a href="mailto:h@hankblank.com?body=Hello%0AHank">V</a>', "is not (%0D%0A); write it so", "%0A", "{0}"),
    "two addresses": Planted("mailto-links", "[B](mailto:h@hankblank.com,ann@hankblank.com)", "write one", ",ann@hankblank.com", ""),
    "header": Planted("mailto-links", '<a href="mailto:h@hankblank.com?subjct=A">U</a>', "write (subject=)", "subjct=", "{0}"),
    "no words": Planted("empty-links", "[](/about/)", "write what it leads to", "[]", "[About me]"),
    "same title": Planted("duplicate-titles", "title: Dear friends and family\ndate: 2026-01-05\nsummary: One.\n\nWords one.\n", "", "Dear friends and family", "Dear all", "posts/new-one.md"),
    "same text": Planted("duplicate-texts", NEW.format("A", "a") + "They say in both of them what was in none.\n", "take one of the two out, or write the other one", "They", "Now they", "posts/new-two.md"),
    "its twin": Planted("", NEW.format("B", "b") + "They say in both of them what was in none.\n", "", "B", "B", "posts/new-three.md"),
    "no text": Planted("empty-posts", "---\ntitle: C\ndate: 2026-01-05\nsummary: About c.\n---\n", "or a line `(status: draft)` below its title", "title: C\n", "title: C\n{0}\n", "posts/new-four.md"),
    "no text, then one": Planted("empty-posts", NEW.format("D", "d"), "write it below the empty line", "D", "D", "posts/new-five.md"),
    "same summary": Planted("duplicate-descriptions", NEW.format("E", "e") + "Words of E.\n", "write a `(summary:)` of its own", "summary: About e.", "{0} Of its own.", "posts/new-six.md"),
    "its double": Planted("", NEW.format("F", "e") + "Words of F.\n", "", "F", "F", "posts/new-seven.md"),
    "lonely page": Planted("orphaned-pages", "title: Hidden\nsummary: Nobody.\n\nWords.\n", "link to it", "Words.", "Words.", "pages/hidden.md"),
    "lonely picture": Planted("orphaned-pictures", "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 1 1'/>", "use it", "<", "<", "images/unused.svg"),
}  # fmt: skip
OTHERS = {
    "lonely page": "\n\n[Hidden]({filename}../pages/hidden.md)\n",
    "lonely picture": "\n\n![A dot]({static}/images/unused.svg)\n",
    "no text, then one": "",
}
"""What the advice puts into another post."""
OF_THE_THEME = {
    *("page-titles", "page-descriptions", "page-languages", "page-headings", "page-ids", "unnamed-controls"),
    *("undescribed-pictures", "foreign-resources", "structured-data", "structured-dates", "structured-links"),
    *("token-contrast", "page-frames", "page-weights", "picture-weights", "file-weights"),
    *("feed-forms", "feed-ids", "feed-links", "feed-scripts", "page-links"),
    "share-texts",  # says how long at most; test_sharing_limits has the limits
}
"""What only a theme, a door or a file of extra/ can break, beside what the rules of the catalogue find before."""


def test_the_advice_for_pages_is_accepted(tmp_path: Path) -> None:
    content = tmp_path / "content"
    shutil.copytree(ROOT / "content", content)
    after = content / "posts/have-we-met.md"
    before = after.read_text("utf-8")
    texts = [planted.text for planted in PAGES.values() if planted.file == "posts/have-we-met.md"]
    after.write_text("\n\n".join([before, *texts]), "utf-8")
    for planted in PAGES.values():
        if planted.file != "posts/have-we-met.md":
            (content / planted.file).write_text(planted.text, "utf-8")
    found = list(findings(drawn(content, tmp_path / "bad")))
    advised = {}
    for name, planted in PAGES.items():
        if planted.rule:
            here = [one.message for one in found if one.rule == planted.rule]
            matches = [match for said in here if (match := re.search(planted.said, said))]
            assert matches, (name, here)
            advised[name] = filled(planted.new, matches[0].groups())
    for name, planted in PAGES.items():
        path = content / planted.file
        text = path.read_text("utf-8")
        if planted.rule:
            path.write_text(text.replace(planted.text, planted.text.replace(planted.old, advised[name], 1)), "utf-8")
    after.write_text(after.read_text("utf-8") + "".join(OTHERS.values()), "utf-8")
    (content / PAGES["no text, then one"].file).write_text(PAGES["no text, then one"].text + "Words of D.\n", "utf-8")
    assert [str(one) for one in findings(drawn(content, tmp_path / "good"))] == []


def test_every_rule_of_the_drawn_site_has_a_case_or_is_the_themes() -> None:
    assert {planted.rule for planted in PAGES.values()} - {""} | OF_THE_THEME == {rule.name for rule in SITE_RULES}

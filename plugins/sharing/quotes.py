"""Quotable lines: the block `/// quote`, the anchor of each, and the text in passages that end with one."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote as percent_encoded
from urllib.parse import unquote
from xml.etree import ElementTree as ET

from plugins.blocks import OPTION, WrongOptionError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

_LONGEST = 48
"""Characters of an anchor's words, percent-encoded: Bluesky counts all of an address."""
_ID = re.compile(r"[^\W_A-Z](?:[\w.-]*[^\W_])?")
_OUTER_MARKS = re.compile("[\"“”„«»‘’「『'](.*)[\"“”«»‘’」』']")
_ANY_MARK = re.compile('["“”„«»「」『』]')
_DRAWN = re.compile(r'<blockquote class="pull"( id="[^"]*")? data-quote="([^"]*)">')
_PLACED = re.compile(r'<blockquote class="pull" id="([^"]*)">.*?</blockquote>', re.DOTALL)
_ANY_ID = re.compile(r'(?<=\sid=")[^"]*')
# Unicode CLDR, characters/delimiters: quotationStart and quotationEnd, by language.
_MARKS = {
    **dict.fromkeys("de cs sk sl bg lt et is sq ka mk".split(), "„“"),
    **dict.fromkeys("pl hu ro hr sr".split(), "„”"),
    **dict.fromkeys("fr it es pt-PT ca el no nb nn ru uk be hy fa".split(), "«»"),
    **dict.fromkeys(["ja", "zh-TW", "zh-HK", "zh-Hant"], "「」"),
    **dict.fromkeys("sv fi he".split(), "””"),
    "ar": "”“",
}


class Placed(NamedTuple):
    """A text whose quotes have their anchors: the HTML, each line by its anchor, and what is wrong.

    A problem is (option, its value, how often that stands before, message).
    """

    markup: str
    lines: dict[str, str]
    problems: list[tuple[str, str, int, str]]


def marks(language: str) -> tuple[str, str]:
    """Give the quotation marks of a language, as CLDR has them; those of English where it is not known here."""
    found = _MARKS.get(language) or _MARKS.get(language.partition("-")[0]) or "“”"
    return found[0], found[1]


def block(options: Mapping[str, str]) -> ET.Element:
    """Draw a quote; what was typed travels with it until `place` takes it.

    Raises `WrongOptionError` for one without a text, and for an anchor that cannot stand in an address.
    """
    text, name = _unmarked(options.get("text", "")), options.get("id", "")
    if not text:
        raise WrongOptionError("text", "this block quotes nothing; add a line like `text: The sentence to pass on.`")
    if name and (not _ID.fullmatch(name) or name != name.lower()):
        message = f"`{name}` cannot be part of an address; write small letters, digits and hyphens"
        raise WrongOptionError("id", message)
    # Percent-encoded, nothing in it can be taken for markup, or be typeset.
    values = {"class": "pull"} | ({"id": name} if name else {}) | {"data-quote": percent_encoded(text)}
    element = ET.Element("blockquote", values)
    ET.SubElement(element, "p").text = text
    return element


def anchor(line: str) -> str:
    """Give the anchor of a line: its words, and where they are too many the first ones with a hash of all.

    It depends on nothing but the words: a line may move, and punctuation may be mended.
    """
    from markdown.extensions.toc import slugify_unicode  # slow to import

    normal = " ".join(unicodedata.normalize("NFC", line).split())
    words = slugify_unicode(normal, "-").split("-")
    kept: list[str] = []
    for word in words:
        if len(percent_encoded("-".join([*kept, word]))) > _LONGEST:
            break
        kept.append(word)
    name = "-".join(filter(None, ["quote", *kept]))
    whole = len(kept) == len(words) and any(kept)
    return name if whole else f"{name}-{hashlib.sha256(normal.encode()).hexdigest()[:6]}"


def place(markup: str, taken: Collection[str]) -> Placed:
    """Give the quotes of a text their anchors, none of which may be among `taken`, the theme's own."""
    elsewhere = set(_ANY_ID.findall(_DRAWN.sub("", markup))) | set(taken)
    lines: dict[str, str] = {}
    seen: Counter[tuple[str, str]] = Counter()
    problems = []

    def placed(found: re.Match[str]) -> str:
        line, given = unquote(found[2]), (found[1] or "")[len(' id="') : -1]
        name = given or anchor(line)
        option = ("id", given) if given else ("text", line)
        before = seen[option]
        seen.update({("text", line), ("id", given)})
        if name in elsewhere or name in lines:
            other = "another quote" if name in lines else "another place on this page"
            message = f"the anchor `{name}` is that of {other}; give this quote its own, by a line `id: another-name`"
            problems.append((*option, before, message))
            return '<blockquote class="pull">'
        lines[name] = line
        return f'<blockquote class="pull" id="{name}">'

    return Placed(_DRAWN.sub(placed, markup), lines, problems)


def lines_of(option: str, value: str, lines: Iterable[tuple[int, str]]) -> list[int]:
    """Give the numbers of those lines, given with their numbers, on which an option has that value."""
    return [
        number
        for number, line in lines
        if (found := OPTION.match(line)) and found[1] == option and value in {found[2], _unmarked(found[2])}
    ]


def passages(markup: str, names: Collection[str]) -> Iterator[tuple[str, str]]:
    """Yield the text in parts, each with the anchor of the quote that it ends with, or nothing."""
    at = 0
    for found in _PLACED.finditer(markup) if names else ():
        if found[1] in names:
            yield markup[at : found.end()], found[1]
            at = found.end()
    if markup[at:].strip() or not at:
        yield markup[at:], ""


def _unmarked(text: str) -> str:
    """Take off quotation marks around the whole: they are put there where the line is shared."""
    around = _OUTER_MARKS.fullmatch(text)
    return around[1].strip() if around and not _ANY_MARK.search(around[1]) else text

"""The speaker's life in the lengths that programmes ask for: at most that, and not much less."""

from __future__ import annotations

import math
import re
import unicodedata
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import msgspec

from plugins.blocks import WrongOptionError
from plugins.problems import nearest_or_all
from plugins.text import counts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from plugins.speaker import Bios, Speaker

LENGTHS = {
    "characters_78": (78, "characters"),
    "characters_150": (150, "characters"),
    "words_50": (50, "words"),
    "words_100": (100, "words"),
    "words_250": (250, "words"),
}
"""The keys of a speaker's bios, each with its limit and what is counted."""
_LEAST = 85
"""Per cent of the limit: a shorter text leaves a hole in the programme that asked for it."""
_BLANK_LINE = re.compile(r"\n[^\S\n]*\n\s*")


class Bio(msgspec.Struct, frozen=True):
    """One text: `count` of its `unit` (characters or words), of `limit` at most. `key` is its name among the bios."""

    key: str
    text: str
    count: int
    unit: str
    limit: int

    @property
    def paragraphs(self) -> list[str]:
        """The text as the page draws it."""
        return self.text.split("\n\n")


def block(options: Mapping[str, str], speaker: Speaker) -> ET.Element:
    """Draw one of the bios in a text: that of the option `length`, else the longest. Raises `WrongOptionError`."""
    written = {bio.key: bio for bio in bios(speaker.bios)}
    key = options.get("length") or next(reversed(written), "words_100")
    if key not in LENGTHS:
        raise WrongOptionError("length", f"`{key}` is no length of a bio{nearest_or_all(key, LENGTHS)}")
    if key not in written:
        there = f", or ask for {' or '.join(f'`length: {name}`' for name in written)}" if written else ""
        message = f"there is no such bio; write `{key}` below [bios] in speaker.toml{there}"
        raise WrongOptionError("length", message)
    element = ET.Element("div", {"class": "bio", "lang": speaker.language, "dir": speaker.dir})
    for paragraph in written[key].paragraphs:
        ET.SubElement(element, "p").text = paragraph
    return element


def tidied(text: str) -> str:
    """Give a plain text as it is printed and copied: paragraphs between blank lines, all other white space one space.

    Letters are composed (Unicode's NFC), so that what counts as one character is one.
    """
    parts = _BLANK_LINE.split(unicodedata.normalize("NFC", text).replace("\r\n", "\n").strip())
    return "\n\n".join(" ".join(part.split()) for part in parts)


def bios(written: Bios) -> tuple[Bio, ...]:
    """Give the bios that were written, the shortest first."""
    found = []
    for key, (limit, unit) in LENGTHS.items():
        text = tidied(getattr(written, key))
        if text:
            found.append(Bio(key, text, length(text, unit), unit, limit))
    return tuple(found)


def fitting(written: Bios) -> tuple[Bio, ...]:
    """Return the bios that have the length that was asked for: the only ones that anybody is given."""
    return tuple(bio for bio in bios(written) if fault(bio) is None)


def length(text: str, unit: str) -> int:
    """Count a tidied text: code points, or words, of which each character of a script without spaces is one."""
    return len(text.replace("\n\n", " ")) if unit == "characters" else sum(counts(text))


def fault(bio: Bio) -> str | None:
    """Say what is wrong with the length of a bio, or nothing."""
    least = math.ceil(bio.limit * _LEAST / 100)
    what = f"the {bio.limit}-{bio.unit.removesuffix('s')} bio has {_counted(bio.count, bio.unit)}"
    if bio.count > bio.limit:
        return f"{what}; take out {bio.count - bio.limit}"
    if bio.count < least:
        return f"{what}; write {least - bio.count} more at least, programmes leave room for {bio.limit}"
    return None


def _counted(count: int, unit: str) -> str:
    return f"{count} {unit if count != 1 else unit.removesuffix('s')}"

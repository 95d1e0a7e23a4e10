"""The speaker's life in the lengths that programmes ask for: at most that, and not much less."""

from __future__ import annotations

import math
import re
import unicodedata
from typing import TYPE_CHECKING

import msgspec

from plugins.text import counts

if TYPE_CHECKING:
    from plugins.speaker import Bios

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

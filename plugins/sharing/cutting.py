"""A text made fit to be shared: cleaned, and cut at a word to what a network takes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from plugins.text import clusters

if TYPE_CHECKING:
    from collections.abc import Callable

ELLIPSIS = "…"
# Controls, what turns the letters after it round (UAX #9, section 2, and its forerunners), the byte order mark, and
# what is no character at all (The Unicode Standard, section 23.7): an address after them would be read wrongly, or X
# would refuse the whole. The marks that a word of its own needs, U+200E, U+200F and U+061C, stay.
_NONCHARACTERS = "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000))
_UNFIT = re.compile(
    "[\0-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u206f\ufeff\ufdd0-\ufdef\ufff9-\ufffb" + _NONCHARACTERS + "]"
)
_TRAILING = " ,;:–—-"


def clean(text: str) -> str:
    """Give a text in one line, without what breaks the line that it is pasted into; half a character is U+FFFD."""
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return " ".join(_UNFIT.sub("", " ".join(whole.split())).split())


def fit(text: str, fits: Callable[[str], bool], marks: tuple[str, str] = ("", "")) -> str:
    """Give a clean text between `marks`, cut with an ellipsis where `fits` says that it is too long.

    It ends at a word where one ends in reach, and never inside a grapheme cluster. Where nothing fits it is empty.
    """
    before, after = marks

    def shown(pieces: list[str]) -> str:
        return f"{before}{''.join(pieces).rstrip(_TRAILING)}{ELLIPSIS}{after}"

    whole = f"{before}{text}{after}"
    if not text or fits(whole):
        return whole if text else ""
    pieces = clusters(text)
    fewest, most = 0, len(pieces) - 1
    while fewest < most:
        middle = (fewest + most + 1) // 2
        fewest, most = (middle, most) if fits(shown(pieces[:middle])) else (fewest, middle - 1)
    at = _word_end(pieces, fewest)
    while at and not fits(shown(pieces[:at])):  # less can count more: an ellipsis behind a web address does
        at = _word_end(pieces, at - 1)
    return shown(pieces[:at]) if at else ""


def _word_end(pieces: list[str], at: int) -> int:
    """Give the end of the last whole word before `at`; where that is far off, in Chinese or one endless word, `at`."""
    ends = (end for end in range(at, at // 2, -1) if pieces[end] == " ")
    return next(ends, at)

"""What a terminal or a page may show of a text that anybody may have written."""

from __future__ import annotations

import unicodedata

# Joins and parts letters where writing needs it: emoji, Persian, the scripts of India.
_WANTED = "\u200c\u200d"
_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}


def visible(text: str) -> str:
    r"""Give a text in one line in which nothing works on a terminal or hides: `\x1b`, `\u202e` stand as written here.

    Those are the characters of Unicode's categories for controls, formats, surrogates, private use and line ends.
    """
    return spelt_out(" ".join(text.split()))


def spelt_out(text: str) -> str:
    """Give the same, with all spaces left as they are."""
    return "".join(_shown(character) for character in text)


def _shown(character: str) -> str:
    if unicodedata.category(character) in _HIDDEN and character not in _WANTED:
        return character.encode("unicode_escape").decode("ascii")
    return character

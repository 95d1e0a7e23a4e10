"""What a card picture shows, as the data that its template asks for, and the key that it is kept by."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from plugins.fonts import Choice, Fonts

_SHORT = 10
"""Characters of a word that never needs to be broken: it fits in any size that a title is set in."""
_SLUG = 60
"""Characters of an address in the name of a file: with all of a long one, some systems could not write it."""
_CLOSE = ("TeX Gyre", "Libertinus", "Noto Serif CJK", "Noto Emoji", "Noto Sans Symbols")
"""Families whose lines can stand close; the scripts of the others have marks above and below."""


class Text(NamedTuple):
    """One text as it was written, with its language and direction (`ltr` or `rtl`)."""

    text: str
    language: str
    dir: str


class Card(NamedTuple):
    """What stands on one card: whose it is, what it is called, where it stands, and of what day or kind it is."""

    name: Text
    line: Text
    title: Text
    address: Text
    label: Text
    style: str = "normal"


class Drawable(NamedTuple):
    """A card in the letters that there are: data for the template, what the title lacks, and whether it is whole."""

    data: dict[str, object]
    families: frozenset[str]
    lacking: str
    whole: bool


def drawable(card: Card, fonts: Fonts) -> Drawable:
    """Choose the fonts of every text of a card."""
    texts = {name: getattr(card, name) for name in ("name", "line", "title", "address", "label")}
    chosen = {name: fonts.choice(one.text, one.language) for name, one in texts.items()}
    data: dict[str, Any] = {
        name: {
            "text": chosen[name].text,
            "families": chosen[name].families,
            "language": one.language,
            "dir": one.dir,
        }
        for name, one in texts.items()
    }
    title = chosen["title"]
    data |= {"style": card.style, "tall": _tall(title), "solid": _solid(title.text), "broken": _broken(title.text)}
    data["title"] |= {"text": _held(title.text)}
    families = frozenset(family for choice in chosen.values() for family in choice.families)
    return Drawable(data, families, title.lacking, title.whole and _visible(title.text))


def _visible(title: str) -> bool:
    return any(one.isprintable() and not one.isspace() for one in title)


def _tall(title: Choice) -> bool:
    """Tell whether the title is written in a script whose lines need more room than Latin ones."""
    return not all(family.startswith(_CLOSE) for family in title.families)


def _held(title: str) -> str:
    """Give the title with joiners inside Korean words: they are broken at spaces, where Chinese is at any letter."""
    import regex  # slow to import

    return str(regex.sub(r"(?<=\p{Hangul})(?=\p{Hangul})", "\u2060", title))


def _solid(title: str) -> list[str]:
    """Give the words that no line may break, the longest ones: Han, kana, Thai and their kin break between letters."""
    import regex  # slow to import

    words = regex.split(
        r"[\s\u200b\p{Pd}]|[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}\p{Tibetan}]", title
    )
    return sorted({word for word in words if len(word) > _SHORT}, key=lambda word: (-len(word), word))[:3]


def _broken(title: str) -> str:
    """Give the title with a place to break after every letter of its long words, with a hyphen where it is a word."""
    import regex  # slow to import

    words = title.split(" ")
    for at, word in enumerate(words):
        if len(word) > _SHORT:
            words[at] = ("\u00ad" if word.isalpha() else "\u200b").join(regex.findall(r"\X", word))
    return " ".join(words)


def named(slug: str, parts: tuple[bytes, ...]) -> str:
    """Give the file's name below the output folder: readable, and another one when anything that it shows changes."""
    found = hashlib.sha256()
    for part in parts:
        found.update(len(part).to_bytes(8, "big") + part)
    return f"cards/{slug[:_SLUG].strip('-') or 'card'}-{found.hexdigest()[:10]}.png"

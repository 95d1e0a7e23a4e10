"""What a card picture shows, as the data that its template asks for, and the key that it is kept by."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from plugins.fonts import Choice, Fonts

_SHORT = 12
"""Characters of a word that never needs to be broken: it fits in any size that a title is set in."""
_CLOSE = {"TeX Gyre Pagella", "Libertinus Serif"}
_HAN = "Noto Serif CJK "


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
    """A card in the letters that there are: its data for the template, what the title lacks, and whether it is whole."""

    data: dict[str, object]
    families: frozenset[str]
    lacking: str
    whole: bool


def drawable(card: Card, fonts: Fonts) -> Drawable:
    """Choose the fonts of every text of a card."""
    texts = {name: getattr(card, name) for name in ("name", "line", "title", "address", "label")}
    chosen = {name: fonts.choice(one.text, one.language) for name, one in texts.items()}
    data: dict[str, object] = {
        name: {
            "text": chosen[name].text,
            "families": chosen[name].families,
            "language": one.language,
            "dir": one.dir,
        }
        for name, one in texts.items()
    }
    title = chosen["title"]
    data |= {"style": card.style, "tall": _tall(title), "broken": _broken(title.text)}
    families = frozenset(family for choice in chosen.values() for family in choice.families)
    return Drawable(data, families, title.lacking, title.whole and bool(title.text))


def _tall(title: Choice) -> bool:
    """Tell whether the title is written in a script whose lines need more room than Latin ones."""
    return any(family not in _CLOSE and not family.startswith(_HAN) for family in title.families)


def _broken(title: str) -> str:
    """Give the title with a place to break after every letter of its long words."""
    import regex  # slow to import

    words = title.split(" ")
    return " ".join("\u200b".join(regex.findall(r"\X", word)) if len(word) > _SHORT else word for word in words)


def short(slug: str, key: str) -> str:
    """Give the file's name below the output folder: readable, and another one when anything about the card changes."""
    return f"cards/{slug[:60].strip('-') or 'card'}-{key[:10]}.png"


def key_of(parts: list[bytes]) -> str:
    """Give the hash of all that a picture depends on."""
    found = hashlib.sha256()
    for part in parts:
        found.update(len(part).to_bytes(8, "big") + part)
    return found.hexdigest()

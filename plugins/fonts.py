"""The letters that ship with the theme: which of its fonts a text needs, and what none of them has."""

from __future__ import annotations

import hashlib
import io
import sys
import unicodedata
from bisect import bisect_right
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from plugins.kept import kept
from plugins.text import clusters

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_TEXT = ("TeX Gyre Pagella", "Libertinus Serif")
"""Latin, Greek, Cyrillic: the first of them that has a text's letters sets all of it."""
_HAN = {"ja": "Noto Serif CJK JP", "zh": "Noto Serif CJK SC", "zh-hant": "Noto Serif CJK TC", "ko": "Noto Serif CJK KR"}
"""The same characters are drawn differently in each: what the language asks for comes first."""
_LAST = ("Noto Emoji", "Noto Sans Symbols2", "Noto Sans Symbols", "Noto Serif")
_TRADITIONAL = {"hant", "tw", "hk", "mo"}
_MARKS = 3
"""Marks on a letter at the most: Greek and Vietnamese need two or three, more run into the lines around."""
_DIACRITICAL = ((0x0300, 0x036F), (0x1AB0, 0x1AFF), (0x1DC0, 0x1DFF), (0x20D0, 0x20FF), (0xFE20, 0xFE2F))
_JOINERS = "\u200c\u200d"
_SIDES = "\u200e\u200f\u061c"


class Face(NamedTuple):
    """One font: its file, family, the first and last of each stretch of characters, and a hash of its bytes."""

    file: str
    family: str
    stretches: tuple[tuple[int, int], ...]
    digest: str

    def has(self, characters: str) -> bool:
        """Tell whether it has all of them."""
        return all(self._has(ord(one)) for one in characters)

    def _has(self, point: int) -> bool:
        at = bisect_right(self.stretches, (point, sys.maxunicode))
        return at > 0 and point <= self.stretches[at - 1][1]


class Choice(NamedTuple):
    """A text as it can be drawn, the families to draw it with, in order, and the characters that no font has.

    A lacking mark is left out, a lacking sign is a bullet, a lacking Han character is 〓, as Japanese printers have it.
    `whole` is false where any other letter or figure is lacking: what is left is no longer what was written.
    """

    text: str
    families: tuple[str, ...]
    lacking: str
    whole: bool


class Fonts:
    """The fonts of a folder; they are read when a text is first looked at, and what was read is kept in `cache`."""

    def __init__(self, folder: Path, cache: Path) -> None:
        """Know where they are."""
        self.folder, self.cache = folder, cache
        self._choices: dict[tuple[str, str], Choice] = {}

    @cached_property
    def faces(self) -> tuple[Face, ...]:
        """All upright faces, in the order in which they are asked. Raises `OSError` where there are none."""
        files = [(path.name, path.read_bytes()) for path in sorted(self.folder.glob("*.[ot]tf"))]
        parts = [Path(__file__).read_bytes(), version("fonttools").encode()]
        for name, data in files:
            parts += [name.encode(), data]
        read = kept(self.cache, parts, lambda: msgspec.msgpack.encode([_face(*file) for file in files]))
        faces = msgspec.msgpack.decode(read, type=list[Face])
        return tuple(sorted((face for face in faces if "Italic" not in face.file), key=_place))

    def digest(self, families: Iterable[str]) -> str:
        """Give a hash of these families' bytes, upright ones; it changes when they do."""
        wanted = set(families)
        return hashlib.sha256("".join(face.digest for face in self.faces if face.family in wanted).encode()).hexdigest()

    def choice(self, text: str, language: str) -> Choice:
        """Give the text as the fonts can draw it; `language` decides between the forms of Han characters."""
        key = (text, language)
        if key not in self._choices:  # a name, a line and an address stand on every card
            self._choices[key] = self._choice(clean(text), language)
        return self._choices[key]

    def _choice(self, text: str, language: str) -> Choice:
        if self.faces[0].has(text):  # as nearly always
            return Choice(text, (self.faces[0].family,), "", whole=True)
        faces = self._in_order(text, language)
        used: set[str] = {faces[0].family}
        drawn, lacking, whole = [], [], True
        for cluster in clusters(text):
            face, shown = _drawable(cluster, faces)
            lacking += [one for one in cluster if one not in shown]
            if face is None:
                whole = whole and (unicodedata.category(cluster[0])[0] not in "LN" or _is_han(cluster))
                shown = "〓" if _is_han(cluster) else "•"
                face = _drawable(shown, faces)[0]
            drawn.append(shown)
            used |= {face.family} if face else set()
        families = tuple(face.family for face in faces if face.family in used)
        return Choice("".join(drawn), families, "".join(dict.fromkeys(lacking)), whole)

    def _in_order(self, text: str, language: str) -> Sequence[Face]:
        """Put first, of those who share a script, the face that has most of the text."""
        faces = list(self.faces)
        letters = dict.fromkeys(text)
        for family in (_TEXT, _han(language)):
            kin = [face for name in family for face in faces if face.family == name]
            have = {face: sum(face.has(letter) for letter in letters) for face in kin}
            best = iter(sorted(kin, key=lambda face: -have[face]))
            faces = [next(best) if face in have else face for face in faces]
        return faces


def clean(text: str) -> str:
    """Give the text in one line, composed, without controls, what turns it round, and a letter's fourth mark."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    kept_marks, shown = 0, []
    for one in " ".join(unicodedata.normalize("NFC", text).split()):
        kept_marks = kept_marks + 1 if any(first <= ord(one) <= last for first, last in _DIACRITICAL) else 0
        if kept_marks <= _MARKS and (unicodedata.category(one) not in {"Cc", "Cf", "Cs", "Cn"} or _wanted(one)):
            shown.append(one)
    return " ".join("".join(shown).split())


def _wanted(one: str) -> bool:
    """Tell whether this unseen character shapes those beside it; emoji newer than Unicode's tables count as well."""
    tag, new_emoji = 0xE0020 <= ord(one) <= 0xE007F, 0x1F000 <= ord(one) <= 0x1FAFF  # noqa: PLR2004  blocks
    return one in _JOINERS + _SIDES or tag or new_emoji


def _drawable(cluster: str, faces: Sequence[Face]) -> tuple[Face | None, str]:
    """Give the first face that has the cluster, else the first that has it without its marks, and what is left."""
    seen = "".join(one for one in cluster if not _unseen(one))
    face = next((face for face in faces if face.has(seen)), None)
    if face:
        return face, cluster
    base = "".join(one for one in cluster if unicodedata.category(one) not in {"Mn", "Me", "Mc"})
    face = next((face for face in faces if base and face.has(base)), None)
    return face, base if face else ""


def _is_han(cluster: str) -> bool:
    return "\u3400" <= cluster[0] <= "\u9fff" or cluster[0] >= "\U00020000"


def _unseen(one: str) -> bool:
    return one in _JOINERS + _SIDES or "\ufe00" <= one <= "\ufe0f" or unicodedata.category(one) == "Zs"


def _han(language: str) -> list[str]:
    """Give the families of Han characters, the language's own first."""
    first, *others = language.lower().split("-")
    key = "zh-hant" if first == "zh" and _TRADITIONAL & set(others) else first
    return sorted(_HAN.values(), key=lambda family: family != _HAN.get(key))


def _place(face: Face) -> tuple[int, int, str]:
    if face.family in _TEXT:
        return 0, _TEXT.index(face.family), face.family
    if face.family in _LAST:
        return 2, _LAST.index(face.family), face.family
    return 1, 0, face.family


def _face(name: str, data: bytes) -> Face:
    from fontTools.ttLib import TTFont  # slow to import

    font = TTFont(io.BytesIO(data), lazy=True)
    family = font["name"].getBestFamilyName() or name
    return Face(name, family, tuple(_stretches(sorted(font.getBestCmap()))), hashlib.sha256(data).hexdigest())


def _stretches(points: Sequence[int]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for point in points:
        if found and found[-1][1] == point - 1:
            found[-1] = (found[-1][0], point)
        else:
            found.append((point, point))
    return found

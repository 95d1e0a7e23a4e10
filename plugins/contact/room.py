"""How much stands on a printed card: whether its letters must be smaller for all of it to find room."""

from __future__ import annotations

import math
import unicodedata
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

HIGH, WIDE, BESIDE = 14.4, 28.5, 17
"""Of a card, in the size of its letters: the height that may be filled, the width, and what the code leaves of it."""


class Text(NamedTuple):
    """A text on the card; its letters' size, the height of a line, what is around it, and the width it may take."""

    text: str
    size: float
    line: float
    around: float = 0
    wide: float = BESIDE

    @property
    def height(self) -> float:
        """Estimate its height in a wide font, where a letter is 0.6 times as wide as high, and square in East Asia."""
        wide = sum(1 if unicodedata.east_asian_width(letter) in "WF" else 0.6 for letter in self.text)
        return math.ceil(wide * self.size / self.wide) * self.line + self.around if self.text else 0


def is_full(name: str, line: str, said: str, addresses: Iterable[str]) -> bool:
    """Tell whether the texts take more than a card; `said` is how the name is said, and the pronouns."""
    texts = [Text(name, 1.85, 2.15, 1.1, WIDE), Text(line, 0.88, 1.55, 0.4), Text(said, 0.8, 1.12, 0.24)]
    texts += [Text(address, 0.9, 1.26) for address in addresses]
    return sum(text.height for text in texts) > HIGH

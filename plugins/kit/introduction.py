"""The emcee's card: an introduction written to be read aloud, with the name's pronunciation where it is needed."""

from __future__ import annotations

import math
import re
from typing import NamedTuple

from plugins.kit.bios import tidied
from plugins.text import counts

WORDS_A_MINUTE = 130
"""How fast an emcee reads to a hall."""
_CHARACTERS_A_MINUTE = 2 * WORDS_A_MINUTE  # a Chinese word has two characters, more or less
LONGEST = 75
"""Seconds after which a hall waits for the speaker."""
_NAME = "{name}"
_BRACES = re.compile(r"\{[^{}]*\}|[{}]")


class Introduction(NamedTuple):
    """The text, with `{name}` where the name is said, and the seconds it takes at `rate` words a minute."""

    text: str
    seconds: int

    rate: int = WORDS_A_MINUTE

    @property
    def paragraphs(self) -> list[str]:
        """The text as the page draws it, `{name}` still in it."""
        return self.text.split("\n\n")

    def said(self, name: str) -> str:
        """Give the plain text; `name` is how each name stands in it."""
        return self.text.replace(_NAME, name)


def introduction(written: str, name: str) -> Introduction | None:
    """Give the introduction, if one was written. The name counts as it is spoken, its pronunciation does not."""
    text = tidied(written)
    if not text:
        return None
    words, characters = counts(text.replace(_NAME, name))
    return Introduction(text, math.ceil(60 * (words / WORDS_A_MINUTE + characters / _CHARACTERS_A_MINUTE)))


def fault(written: str) -> str | None:
    """Say which braces would be read aloud, or nothing."""
    wrong = [found for found in _BRACES.findall(written) if found != _NAME]
    return f"`{wrong[0]}` is not filled in here; write {{name}} where your name is said" if wrong else None


def too_long(said: Introduction) -> str | None:
    """Say that a hall would wait, or nothing."""
    if said.seconds <= LONGEST:
        return None
    words = math.ceil((said.seconds - LONGEST) * WORDS_A_MINUTE / 60)
    return (
        f"the introduction takes {said.seconds} seconds to read aloud; take out {words} words to stay below {LONGEST}"
    )

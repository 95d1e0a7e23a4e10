"""What a wrong text certainly means: the edits that `check --fix` may write. Where two mends are possible, none is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from plugins.checks.pages import Text
    from plugins.problems import Edit

_HEADING = re.compile(r"(#{1,6})(?!#)[ \t]*(\S.*?)[ \t#]*$")
_DEEPEST = 6


def headings(text: Text) -> tuple[Edit, ...]:
    """Give the edits that set each heading one deeper, where all are then in order.

    A first heading that says the title again may just as well go.
    """
    found = [(line, mark) for line, prose in text.source.lines() if (mark := _HEADING.match(prose))]
    ranks = [len(mark[1]) for _, mark in found]
    drawn = [int(element.tag[1]) for element in text.elements if re.fullmatch("h[1-6]", element.tag)]
    sound = all(after <= before + 1 for before, after in zip([0, *ranks], ranks, strict=False))
    if ranks != drawn or not sound or max(ranks, default=0) >= _DEEPEST:
        return ()
    if found[0][1][2].casefold() == str(text.content.metadata["title"]).casefold():
        return ()
    edits = [text.source.edit(line, whole, f"#{whole}") for line, whole in _written(text, found)]
    return tuple(edit for each in edits for edit in each)


def _written(text: Text, found: list[tuple[int, re.Match[str]]]) -> list[tuple[int, str]]:
    """Give the lines as they stand in the file: code within them is blank in what was looked at."""
    return [(line, text.source.written(line)) for line, _ in found]

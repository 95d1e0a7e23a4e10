"""The table of inquiries, and what may be passed on of a text that a stranger wrote."""

from __future__ import annotations

import sys
import unicodedata
from typing import TYPE_CHECKING, NamedTuple

from tools.visible import visible

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tools.inquiries.reading import Found

_ENDING = {"Cc", "Cs", "Zl", "Zp"}
# Unicode's Bidirectional Algorithm (UAX #9), section 2: embeddings, overrides, isolates and their ends.
_TURNING = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
_LONGEST_CELL = 300
_WIDE = 150
_ENDLESS = 1 << 16
# Columns that stand below each other where there is no room beside each other.
_COLUMNS = (("N",), ("Date",), ("Event", "Place"), ("Audience", "Talk or topic"), ("Name", "E-mail", "Post"))


class Cells(NamedTuple):
    """A row of the table, safe to show."""

    number: str
    date: str
    event: str
    place: str
    audience: str
    talk: str
    name: str
    email: str
    post: str


def cells(number: int, found: Found, root: str) -> Cells:
    """Give the row of an inquiry; the address of a post on this site is shown from the site's root on."""
    one = found.inquiry
    days = f"{one.date} to {one.until}" if one.until else one.date
    about = " / ".join(filter(None, (one.talk, one.topic)))
    post = one.post.removeprefix(root) if root else one.post
    texts = (days or one.when, one.event, one.place, one.audience, about, one.name, one.email, post)
    return Cells(str(number), *(_cell(text) for text in texts))


def print_table(rows: Iterable[Cells]) -> None:
    """Print the rows: in a terminal fitted to its width, elsewhere a line a row and nothing cut."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    # rich would take [bold] and :smile: in a cell for its own.
    console = Console(file=sys.stdout, highlight=False, markup=False, emoji=False)
    if not console.is_terminal:
        console.width = _ENDLESS
    narrow = console.width < _WIDE
    groups = _COLUMNS if narrow else tuple((name,) for group in _COLUMNS for name in group)
    table = Table(box=box.SIMPLE if console.is_terminal else None, show_lines=narrow, pad_edge=False)
    for group in groups:
        table.add_column("\n".join(group), overflow="fold")
    for row in rows:
        left = iter(row)
        parts = [[next(left) for _ in group] for group in groups]
        table.add_row(*("\n".join(filter(None, part)) for part in parts))
    console.print(table)


def printable(text: str) -> str:
    """Give a text in one line without controls, half characters, and what turns the letters after it round.

    For files that others read on: a site's pages, a mail.
    """
    kept = (c for c in text if unicodedata.bidirectional(c) not in _TURNING)
    return " ".join("".join(" " if unicodedata.category(c) in _ENDING else c for c in kept).split())


def _cell(text: str) -> str:
    whole = visible(text)
    return whole if len(whole) <= _LONGEST_CELL else f"{whole[:_LONGEST_CELL]}…"

"""Problems in the terminal: each with the lines around it, in colour where somebody reads along."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from tools.excerpts import MOST

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rich.console import Console

    from tools.excerpts import Entry, Line

ENDLESS = 1 << 16
"""Columns of what is no terminal."""


def print_problems(entries: Iterable[Entry]) -> None:
    """Print the entries on standard error: fitted to a terminal's width, elsewhere nothing cut or broken."""
    from rich.console import Console
    from rich.text import Text

    # rich would take [bold] and :smile: in a message for its own.
    console = Console(file=sys.stderr, highlight=False, markup=False, emoji=False)
    if not console.is_terminal:
        console.width = ENDLESS
    entries = tuple(entries)
    for entry in entries:
        console.print(Text(entry.message, style="bold"))
        print_lines(console, entry.lines)
    if len(entries) > MOST:
        console.print(Text(only_first(len(entries))))
    sys.stderr.flush()


def print_lines(console: Console, lines: Sequence[Line]) -> None:
    """Print the lines around a place, each cut to the console's width."""
    from rich.text import Text

    for line in lines:
        margin = f"{'>' if line.marked else ' '} {line.number:>{len(str(lines[-1].number))}} | "
        # Trailing space would be noise in a file.
        text = Text(f"{margin}{line.text}".rstrip(), style="red" if line.marked else "dim")
        console.print(text, no_wrap=True, overflow="ellipsis")


def only_first(count: int) -> str:
    """Return the sentence that says why only some of so many problems have lines around them."""
    return f"The lines around are shown for the first {MOST} of the {count} problems."

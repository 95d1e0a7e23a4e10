"""Problems in the terminal: each with the lines around it, in colour where somebody reads along."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import Console

    from tools.excerpts import Entry, Line

_ENDLESS = 1 << 16


def print_problems(entries: Iterable[Entry]) -> None:
    """Print the entries on standard error: fitted to a terminal's width, elsewhere nothing cut or broken."""
    from rich.console import Console
    from rich.text import Text

    # rich would take [bold] and :smile: in a message for its own.
    console = Console(file=sys.stderr, highlight=False, markup=False, emoji=False)
    if not console.is_terminal:
        console.width = _ENDLESS
    for entry in entries:
        console.print(Text(entry.message, style="bold"))
        for line in entry.lines:
            _print_line(console, line, len(str(entry.lines[-1].number)))
    sys.stderr.flush()


def _print_line(console: Console, line: Line, digits: int) -> None:
    from rich.text import Text

    margin = f"{'>' if line.marked else ' '} {line.number:>{digits}} | "
    style = "red" if line.marked else "dim"
    # Trailing space would be noise in a file.
    text = Text(f"{margin}{line.text}".rstrip(), style=style)
    console.print(text, no_wrap=True, overflow="ellipsis")

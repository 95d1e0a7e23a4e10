"""How far long work has come: a bar in a terminal, a line a step elsewhere, nothing where quiet is asked for."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Advance = Callable[[int], None]
    """Says that so many more are done."""


class Progress:
    """Tells on standard error, since standard output is for results."""

    def __init__(self, *, quiet: bool = False) -> None:
        """Tell nothing at all where `quiet`."""
        self._quiet = quiet
        self._bars = not quiet and sys.stderr.isatty()

    @contextmanager
    def step(self, words: str, total: int | None = None) -> Iterator[Advance]:
        """Tell of one piece of work, like `Sending files`, of which `total` parts are to be done, if that is known."""
        if not self._bars:
            if not self._quiet:
                counted = f" ({total})" if total is not None else ""
                sys.stderr.write(f"{words}{counted} …\n")
                sys.stderr.flush()
            yield lambda _: None
            return
        from rich import progress as bars
        from rich.console import Console

        columns = (bars.TextColumn("{task.description}"), bars.BarColumn(), bars.MofNCompleteColumn())
        with bars.Progress(*columns, console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task(words, total=total)
            yield lambda count: bar.advance(task, count)

"""What is wrong with the author's files, said so that a writer can mend it."""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import logging
    from collections.abc import Iterable


class Edit(NamedTuple):
    """A certain mend: on that line, from 1, the text `old` stands once and becomes `new`.

    A line break in `new` is written as the file writes its own.
    """

    line: int
    old: str
    new: str


class Problem(NamedTuple):
    """One thing to mend; `str()` gives `path:line: message`.

    The path is relative to the project where it lies inside it; lines count from 1. `rule` is a name of the catalogue,
    `fix` what mends it where only one mend is possible. What has no place in a file has an empty path.
    """

    path: str
    line: int
    message: str
    rule: str
    fix: tuple[Edit, ...] = ()

    def __str__(self) -> str:
        """Give `path:line: message`, the form that editors jump to."""
        return f"{self.path}:{self.line}: {self.message}" if self.path else self.message


class SiteError(Exception):
    """The site cannot be built as it stands. `problems` holds all reasons, sorted; `exitcode` is for the shell."""

    exitcode = 1

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Keep each problem once, in the order of files and lines."""
        self.problems = each_once(problems)
        super().__init__("\n".join(map(str, self.problems)))


def each_once(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Give the problems in the order of files and lines; of those that say the same the one with a mend, if any."""
    return tuple(sorted({problem[:3]: problem for problem in sorted(problems)}.values()))


def warn(log: logging.Logger, problem: Problem) -> None:
    """Log what does not stop a build; `check` finds the problem itself with the message."""
    log.warning("%s", problem, extra={"problem": problem})


def shown(path: str | Path, root: Path) -> str:
    """Give a path as messages have it: from the project in `root` where it lies inside it."""
    path = Path(path)
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)


def undecodable(raw: bytes) -> tuple[int, str] | None:
    """Give the line, from 1, of the first bytes that are not UTF-8, and what to do; None where all are."""
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError as error:
        return raw.count(b"\n", 0, error.start) + 1, "this is not UTF-8 text; save the file as UTF-8"
    return None


def nearest_or_all(word: str, known: Iterable[str]) -> str:
    """Give `; did you mean `x`?` for the nearest known word, or where none is near `; known are …`."""
    known = list(known)
    return did_you_mean(word, known) or f"; known are {', '.join(known)}"


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Give `; did you mean `x`?` for the nearest known word, or nothing where none is near.

    One that differs in capitals alone is nearer than any other.
    """
    known = list(known)
    near = [one for one in known if one.casefold() == word.casefold()]
    near = near or difflib.get_close_matches(word, known, n=1, cutoff=0.6)
    return f"; did you mean `{near[0]}`?" if near else ""

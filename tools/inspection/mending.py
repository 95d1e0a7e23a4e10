"""Certain mends, written into the author's files: nothing but what was shown, each file whole or not at all."""

from __future__ import annotations

import difflib
import re
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from tools.replacing import replace

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from plugins.problems import Edit, Problem

_END = re.compile(r"(\r\n|\r|\n)")


class Mended(NamedTuple):
    """A file that was mended: its path in messages, its text before and after."""

    path: str
    before: str
    after: str


class Unwritten(NamedTuple):
    """A file that could not be mended, and why."""

    path: str
    reason: str

    def __str__(self) -> str:
        """Give one sentence for the author."""
        return f"{self.path} cannot be written ({self.reason}); its mends were left out."


class _Place(NamedTuple):
    """Where an edit is to be made: the line, from 0, and the columns in it."""

    line: int
    start: int
    end: int
    new: str


def mend(root: Path, problems: Iterable[Problem]) -> Iterator[Mended | Unwritten]:
    """Write what certainly mends the problems; their paths count from `root`. Yield each file as it is changed."""
    fixes: dict[str, list[tuple[Edit, ...]]] = defaultdict(list)
    for problem in problems:
        if problem.fix:
            fixes[problem.path].append(problem.fix)
    for shown, edits in sorted(fixes.items()):
        path = root / shown
        try:
            # What is no UTF-8 stays as it is.
            before = path.read_bytes().decode("utf-8", "surrogateescape")
            after = mended(before, edits)
            if after == before:
                continue
            replace(path, after.encode("utf-8", "surrogateescape"))
        except OSError as error:
            yield Unwritten(shown, error.strerror or type(error).__name__)
        else:
            yield Mended(shown, before, after)


def mended(text: str, fixes: Iterable[tuple[Edit, ...]]) -> str:
    """Give the text of a file with the fixes made, or as it is where one of them no longer fits it.

    A fix whose old text stands more than once on its line is left out, as is one in the way of another.
    """
    parts = _END.split(text)
    lines, ends = parts[::2], [*parts[1::2], ""]
    # Beside a lone carriage return a new line feed would not be a line break of its own.
    unsplittable = "\r" in ends and len({*ends} - {""}) > 1
    made: set[_Place] = set()
    for fix in dict.fromkeys(fixes):
        counts = [_count(lines, edit) for edit in fix]
        if 0 in counts:
            return text
        places = {_place(lines, edit) for edit in fix}
        if unsplittable and any("\n" in edit.new for edit in fix):
            continue
        if set(counts) == {1} and not any(_overlap(one, other) for one in places for other in made - places):
            made |= places
    for place in sorted(made, reverse=True):
        line = lines[place.line]
        new = place.new.replace("\n", ends[place.line] or next(filter(None, ends), "\n"))
        lines[place.line] = line[: place.start] + new + line[place.end :]
    return "".join(part for pair in zip(lines, ends, strict=True) for part in pair)


def _count(lines: list[str], edit: Edit) -> int:
    return lines[edit.line - 1].count(edit.old) if 1 <= edit.line <= len(lines) else 0


def _place(lines: list[str], edit: Edit) -> _Place:
    start = lines[edit.line - 1].index(edit.old)
    return _Place(edit.line - 1, start, start + len(edit.old), edit.new)


def _overlap(one: _Place, other: _Place) -> bool:
    return one.line == other.line and one.start < other.end and other.start < one.end


def difference(done: Mended) -> Iterator[str]:
    """Yield the lines that show what was changed, in the form of `diff -u`."""
    before, after = (
        [
            "".join(char if char.isprintable() or char == "\t" else "�" for char in line)
            for line in _END.split(text)[::2]
        ]
        for text in (done.before, done.after)
    )
    yield from difflib.unified_diff(before, after, done.path, done.path, lineterm="")

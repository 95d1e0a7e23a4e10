"""Problems with the lines around them: what an author reads in the terminal and in the browser when a build fails."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from tools.visible import spelt_out

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MOST = 20
"""How many problems get an excerpt: whoever has more mends these first."""
_AROUND = 2
_LONGEST_LINE = 160
_LONGEST_MESSAGE = 2000
# What a message names of a line: words in backticks, and a path or an address.
_QUOTED = re.compile(r"`[^`]+`|[\w./-]*[./][\w./-]*")
_SHORTEST_QUOTE = 3
_IN_SIGHT = 60
_BEFORE = 20
_BYTES = 4 * 1024 * 1024
_SNIFFED = 8000
_PLACE = re.compile(r"(?P<path>.+?):(?P<line>[0-9]{1,9}): ")
_LINE_END = re.compile(r"\r\n|\r|\n")


class Line(NamedTuple):
    """A line of a file as it may be shown; the one that a problem is in is marked."""

    number: int
    text: str
    marked: bool


class Entry(NamedTuple):
    """One problem: its line `path:line: message`, and the lines around the place, none where they cannot be shown."""

    message: str
    lines: tuple[Line, ...] = ()


def entries(problems: str, root: Path) -> tuple[Entry, ...]:
    """Give each line of `problems` with the lines around the place that it names; paths count from `root`."""
    lines = [line for line in problems.split("\n") if line.strip()]
    return tuple(_entry(line, root, wanted=at < MOST) for at, line in enumerate(lines))


def _entry(problem: str, root: Path, *, wanted: bool) -> Entry:
    shown = _cut(spelt_out(problem[: _LONGEST_MESSAGE + 1]), _LONGEST_MESSAGE)
    found = _PLACE.match(problem)
    if found is None or not wanted:
        return Entry(shown)
    return Entry(shown, excerpt(root / found["path"], int(found["line"]), problem[found.end() :]))


def excerpt(path: Path, number: int, message: str = "") -> tuple[Line, ...]:
    """Give a line of a text file with two before and after it; of a long one the part that the message quotes.

    Nothing comes back for what is no text, holds none or cannot be read, and for a line that is not there. Bytes that
    are not UTF-8, controls and what turns letters round stand as escapes.
    """
    raw = _read(path)
    if b"\0" in raw[:_SNIFFED]:
        return ()
    lines = _LINE_END.split(raw.decode("utf-8-sig", "backslashreplace"))
    if lines[-1] == "" and number < len(lines):
        lines.pop()  # what follows the last line's end is a line only where something is said of it
    if not 1 <= number <= len(lines):
        return ()
    found = tuple(_around(lines, number, message))
    return found if any(line.text for line in found) else ()


def _around(lines: list[str], number: int, message: str) -> Iterator[Line]:
    first, last = max(1, number - _AROUND), min(len(lines), number + _AROUND)
    for at in range(first, last + 1):
        start = _start(lines[at - 1], message) if at == number else 0
        # Cut before it is spelt out as well: a line may be the whole file.
        text = spelt_out(lines[at - 1][start : start + _LONGEST_LINE + 1].expandtabs(4))
        yield Line(at, _cut(f"{'…' * (start > 0)}{text.rstrip()}", _LONGEST_LINE), at == number)


def _start(line: str, message: str) -> int:
    """Return where to begin a line so that what the message quotes is in sight, even on a narrow terminal."""
    for quoted in _QUOTED.findall(message[:_LONGEST_MESSAGE]):
        for words in (quoted.strip("`"), quoted.strip("`").rpartition("/")[2]):
            at = line.find(words) if len(words) >= _SHORTEST_QUOTE else -1
            if at >= 0:
                return max(0, at - _BEFORE) if at + len(words) > _IN_SIGHT else 0
    return 0


def _read(path: Path) -> bytes:
    """Give the beginning of a file, as much as anybody writes by hand; nothing where it cannot be read."""
    try:
        if not path.is_file():  # a pipe would never end
            return b""
        with path.open("rb") as file:
            return file.read(_BYTES)
    except (OSError, ValueError):  # ValueError: a name that no file system takes
        return b""


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"

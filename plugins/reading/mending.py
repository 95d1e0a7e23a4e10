"""What a wrong line of front matter certainly means: the edits that `check --fix` may write."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from plugins.problems import Edit
from plugins.reading import foreign
from plugins.reading.yaml_text import with_quotes

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

_NO_SPACE = re.compile(r"([A-Za-z][\w-]*):(?=\S)")
_INDENTED = re.compile(r"\s+(?=([A-Za-z][\w-]*):(?:\s|$))")
_ENTRY_WITH_COLON = re.compile(r"\s*-[ \t]+[^\"'\[{].*:(?:\s|$)")
# Year, month, day: nobody writes a year first and the day after it.
_DAY = re.compile(r"([A-Za-z][\w-]*:[ \t]+[\"']?)(\d{4})([-/.])(\d{1,2})\3(\d{1,2})(?!\d)")


def fix(text: str, line: int, keys: Collection[str], wrong: Callable[[str], Collection[int]]) -> tuple[Edit, ...]:
    """Give the edit that mends what was found on `line` (from 1) of a file's text, where there is one.

    `wrong` gives the lines of a text's front matter that are wrong: a mend must leave the line sound that it touches.
    """
    lines = text.split("\n")
    # YAML finds that a space is missing only on the line after.
    for at in (line, line - 1):
        if not 1 <= at <= len(lines):
            continue
        for new in _candidates(lines[at - 1], keys):
            left = wrong("\n".join([*lines[: at - 1], new, *lines[at:]]))
            if not {at, line} & set(left):
                return (Edit(at, lines[at - 1], new),)
    return ()


def _candidates(line: str, keys: Collection[str]) -> Iterator[str]:
    """Yield what a line may have been meant to be."""
    close, indented = _NO_SPACE.match(line), _INDENTED.match(line)
    if close and close[1].lower() in keys:
        line = f"{close[0]} {line[close.end() :]}"
        yield line
    elif indented and indented[1].lower() in keys:
        line = line.lstrip()
        yield line
    if renamed := foreign.rewritten(line, keys):
        yield renamed
    day = _DAY.match(line)
    if day:
        yield f"{day[1]}{day[2]}-{int(day[4]):02}-{int(day[5]):02}{line[day.end() :]}"
    if _ENTRY_WITH_COLON.match(line):
        yield from with_quotes(line)

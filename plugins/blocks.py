"""Blocks in Markdown: `/// name`, `option: value` lines, `///`. Anything mistyped is a problem with its line.

A plugin contributes a block by name in the setting BLOCKS.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple
from xml.etree import ElementTree as ET

from markdown.preprocessors import Preprocessor

from plugins.problems import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from markdown import Markdown

_OPEN = re.compile(r" {0,3}/{3,}[ \t]*(\S.*?)?[ \t]*$")
OPTION = re.compile(r"\s*([A-Za-z][\w-]*)[ \t]*:[ \t]*(.*?)[ \t]*$")
"""A line in a block: an option and its value."""


class WrongOptionError(ValueError):
    """What a block cannot be drawn with; its text says what to write instead, `option` which one it is about."""

    def __init__(self, option: str, message: str) -> None:
        """Keep both."""
        super().__init__(message)
        self.option = option


class Block(NamedTuple):
    """A kind of block: the options it knows, and a function from their values to an element of the page.

    The function may raise `WrongOptionError`.
    """

    options: tuple[str, ...]
    draw: Callable[[Mapping[str, str]], ET.Element]


class Found(NamedTuple):
    """A block in a text: the line (from 0) after its last one, each option with its line, and what is wrong with it."""

    end: int
    name: str
    options: dict[str, str]
    problems: list[tuple[int, str]]
    lines: dict[str, int]


def find(lines: list[str], at: int, blocks: Mapping[str, Block]) -> Found | None:
    """Read the block that opens on line `at` (from 0), or give None where none opens there."""
    opened = _OPEN.match(lines[at])
    if not opened:
        return None
    name = opened[1] or ""
    mark = next((n for n in range(at + 1, len(lines)) if _OPEN.match(lines[n])), None)
    end = mark if mark is not None and _is_end(lines[mark]) else None
    found = Found(at + 1 if end is None else end + 1, name, {}, [], {})
    if name not in blocks:
        known = ", ".join(f"`/// {known}`" for known in sorted(blocks))
        said = f"`/// {name}` is not a block" if name else "this `///` closes nothing"
        found.problems.append((at, said + (did_you_mean(name, blocks) or f"; the blocks are {known}")))
        return found
    if end is None:
        found.problems.append((at, f"the block `/// {name}` is never closed; add a line `///` below it"))
        return found
    for number in range(at + 1, end):
        _read_option(found, number, lines[number], blocks[name].options)
    return found


def _is_end(line: str) -> bool:
    opened = _OPEN.match(line)
    return bool(opened and not opened[1])


def _read_option(found: Found, number: int, line: str, options: tuple[str, ...]) -> None:
    if not line.strip():
        return
    option = OPTION.match(line)
    allowed = ", ".join(f"`{name}: …`" for name in options)
    if not option:
        found.problems.append(
            (number, f"`{line.strip()[:40]}` is not an option of `/// {found.name}`; write {allowed}")
        )
    elif option[1] not in options:
        advice = did_you_mean(option[1], options) or f"; it has {allowed}"
        found.problems.append((number, f"`/// {found.name}` has no option `{option[1]}`{advice}"))
    elif option[1] in found.options:
        found.problems.append((number, f"`{option[1]}` stands twice in this block; take one out"))
    else:
        found.options[option[1]] = option[2]
        found.lines[option[1]] = number


class BlockPreprocessor(Preprocessor):
    """Puts each block's element in its place. Runs when fenced code is already stashed, so code is never touched."""

    def __init__(self, md: Markdown, blocks: Mapping[str, Block]) -> None:
        """Know the blocks of this site."""
        super().__init__(md)
        self.blocks = blocks

    def run(self, lines: list[str]) -> list[str]:
        """Give the lines with blocks replaced; `md.problems` collects (line of the block's text, message)."""
        out: list[str] = []
        at = 0
        while at < len(lines):
            found = find(lines, at, self.blocks) if lines[at].lstrip().startswith("///") else None
            if found is None:
                out.append(lines[at])
                at += 1
                continue
            if not found.problems:
                try:
                    html = ET.tostring(self.blocks[found.name].draw(found.options), "unicode", "html")
                    out += ["", self.md.htmlStash.store(html), ""]
                except WrongOptionError as wrong:
                    found.problems.append((found.lines.get(wrong.option, at), str(wrong)))
            for number, message in found.problems:
                # `Source.line_of` takes small and capital letters for the same.
                before = sum(lines[number].lower() in line.lower() for line in lines[:number])
                self.md.problems.append((lines[number], before, message))  # type: ignore[attr-defined]
            at = found.end
        return out

"""What a new owner begins with: speaker.toml with the answers in it, and four short pages."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import tomlkit

if TYPE_CHECKING:
    from tools.desk.answers import Answers

_FRESH = Path(__file__).with_name("fresh")
FRESH_SPEAKER = _FRESH / "speaker.toml"
"""The shipped speaker.toml without its first owner."""
_BOM = b"\xef\xbb\xbf"
# What Python-Markdown would take for a mark of its own (its ESCAPED_CHARS, as far as they stand within a line).
_MARKS = re.compile(r"([\\`*_{}\[\]()#!|])")


def with_answers(raw: bytes, answers: Answers) -> bytes:
    """Give a speaker.toml with the answers in their lines; every comment and every other line stays as it is."""
    document = tomlkit.parse(raw.decode("utf-8-sig"))
    new = tomlkit.document()
    for key, value in answers.items():
        # A new line goes to the top: further down it might part a comment from the line that it explains.
        (document if key in document else new)[key] = plain(value)
    end = "\r\n" if b"\r\n" in raw else "\n"
    text = tomlkit.dumps(new).replace("\n", end) + tomlkit.dumps(document)
    return _BOM * raw.startswith(_BOM) + text.encode()


def plain(value: str | tuple[str, ...]) -> str | list[str]:
    """Give an answer as TOML has it."""
    return value if isinstance(value, str) else list(value)


def pages_of(name: str) -> dict[str, bytes]:
    """Give the first pages by their paths, in the name of their owner."""
    written = _MARKS.sub(r"\\\1", name.replace("&", "&amp;").replace("<", "&lt;"))
    return {
        path.relative_to(_FRESH).as_posix(): path.read_text("utf-8").replace("{name}", written).encode()
        for path in sorted((_FRESH / "pages").glob("*.md"))
    }

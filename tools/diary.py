"""One more event in events.toml: lines at its end, and not a byte of the rest is touched."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

import tomlkit

from plugins import toml_file
from plugins.problems import Problem, SiteError

if TYPE_CHECKING:
    from tomlkit.items import Table

NAME = "events.toml"


def entry(table: Table) -> str:
    """Give the lines of an event."""
    events = tomlkit.aot()
    events.append(table)
    document = tomlkit.document()
    document.add("events", events)
    return tomlkit.dumps(document)


def appended(raw: bytes, shown: str, lines: str) -> bytes:
    """Give what the file will hold: all its bytes, and after them the event, with line ends as the file has them.

    `shown` is the file's path in messages. Raises `SiteError` where nothing can be added to it.
    """
    end = "\r\n" if b"\r\n" in raw else "\n"
    gap = "" if not raw.removeprefix(b"\xef\xbb\xbf") else end if raw.endswith(b"\n") else end + end
    new = raw + (gap + lines.replace("\n", end)).encode()
    try:
        tomllib.loads(new.decode("utf-8-sig"))
    except tomllib.TOMLDecodeError:
        message = "`events` is written as one value; write each event as lines below a line [[events]]"
        line = toml_file.line_of(raw.decode("utf-8-sig"), ("events",))
        raise SiteError([Problem(shown, line, message, "events")]) from None
    return new

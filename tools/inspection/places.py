"""Where a finding stands: on the author's own line, else the template's that wrote it, else on the page."""

from __future__ import annotations

import html
import re
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

from plugins.names import composed
from plugins.source import Source

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from plugins.reading.front_matter import Head
    from tools.inspection.drawn import Drawn, Origin

MARKDOWN = {".md", ".markdown", ".mkd", ".mdown"}
_SHORTEST = 3
"""Characters of an address at least, to tell it from others in a template."""


class Place(NamedTuple):
    """A line of a file, as messages name it."""

    path: str
    line: int = 1


class Written:
    """A file of the author's: a head, which may be empty, and a text."""

    def __init__(self, origin: Origin) -> None:
        """Read nothing yet."""
        self.origin = origin

    @cached_property
    def text(self) -> str:
        """The file, with one kind of line end, and with one form of each letter, as names of files have it."""
        text = self.origin.path.read_bytes().decode("utf-8-sig", "replace")
        return composed(text.replace("\r\n", "\n").replace("\r", "\n"))

    @cached_property
    def head(self) -> Head:
        """The front matter."""
        from plugins.reading import front_matter  # slow to import

        if self.origin.path.suffix.lower() not in MARKDOWN:
            return front_matter.Head({}, self.text, 1, [], {})
        return front_matter.parse(self.text)

    @cached_property
    def source(self) -> Source:
        """What stands below it."""
        return Source(self.head.body, self.head.body_line)

    @cached_property
    def _read(self) -> str:
        """The text with its character references read."""
        return html.unescape(self.source.body)

    def at(self, key: str = "") -> Place:
        """Give the place of a line of the front matter, the file's first where it has no such line."""
        found = self.head.values.get(key) if key else None
        return Place(self.origin.shown, found.line if found else 1)

    def text_at(self, text: str) -> Place | None:
        """Give the place where a text stands in the body, on one line or broken over several; None where nowhere."""
        words = [re.escape(html.escape(word, quote=False)) + "|" + re.escape(word) for word in text.split()]
        found = re.search(r"\s+".join(f"(?:{word})" for word in words), self.source.body) if words else None
        return self._in_body(found.start()) if found else None

    def id_at(self, name: str) -> Place | None:
        """Give the place where an id is given."""
        whole = rf"\bid\s*=\s*[\"']?{re.escape(name)}(?![\w-])|\{{[^}}\n]*#{re.escape(name)}(?![\w-])"
        found = list(re.finditer(whole, self.source.body))
        return self._in_body(found[-1].end()) if found else None

    def address_at(self, *ways: str) -> Place | None:
        """Give the place of an address that may be written in these ways, in the text or in the head; None for none."""
        for way in filter(None, ways):
            if way not in self.text and way not in self._read:
                continue
            whole = re.compile(rf"(?<![\w/.]){re.escape(way)}(?![\w/?#-])")
            found = whole.search(self._read)
            if found:
                line = self.source.line_of_address(way)
                first = self.source.first_line
                known = line if line > first else first + self._read.count("\n", 0, found.start())
                return Place(self.origin.shown, known)
            found = whole.search(self.text)
            if found:
                return Place(self.origin.shown, self.text.count("\n", 0, found.start()) + 1)
        return None

    def file_at(self, name: str, anchor: str) -> Place | None:
        """Give the place of a link to a file of the author's by its name, like `{filename}../x.md#anchor`."""
        end = re.escape(f"#{anchor}") if anchor else ""
        pattern = rf"[{{|](?:filename|static)[}}|](?:[^\s)>\"']*/)?{re.escape(name)}{end}(?![\w#-])"
        found = re.search(pattern, self.source.body)
        return self._in_body(found.start()) if found else None

    def _in_body(self, at: int) -> Place:
        return Place(self.origin.shown, self.source.first_line + self.source.body.count("\n", 0, at))


class Desk:
    """All files of the author's and of the theme, read when somebody asks for a line in them."""

    def __init__(self, drawn: Drawn) -> None:
        """Read nothing yet."""
        self.drawn = drawn
        self._written: dict[str, Written] = {}

    def written(self, origin: Origin) -> Written:
        """Give a file of the author's."""
        return self._written.setdefault(origin.shown, Written(origin))

    @cached_property
    def _owners(self) -> list[tuple[str, list[str]]]:
        """Lines of what the owner has drawn on many pages."""
        patterns = ("doors/*.html", "doors/*.css", "*.toml")
        return list(_lines(self.drawn.content, self.drawn.content_shown, patterns))

    @cached_property
    def _themes(self) -> list[tuple[str, list[str]]]:
        patterns = ("templates/**/*.html", "words/*.toml", "static/**/*.css")
        return list(_lines(self.drawn.theme, self.drawn.theme_shown, patterns))

    def shared_at(self, *ways: str, last: bool = False) -> Place | None:
        """Give the first (or `last`) place of the first of these texts that stands in a door, TOML file or template."""
        return _first(ways, self._owners, last=last) or _first(ways, self._themes, last=last)

    def own_link_at(self, value: str, origin: Origin | None) -> Place | None:
        """Give the line of the author's or owner's that wrote a link to another site; None for one of the theme's."""
        own = self.written(origin).address_at(value) if origin else None
        return own or _first((value,), self._owners)

    def link_at(self, value: str, anchor: str, origin: Origin | None, target: Origin | None) -> Place | None:
        """Give the author's line, in the file `origin`, of a link that is drawn as `value`; None where it has none.

        `target` is the author's file behind the page to which it leads.
        """
        if origin is None:
            return None
        written = self.written(origin)
        named = written.file_at(composed(target.path.name), anchor) if target else None
        return named or written.address_at(*self.ways(value))

    def shared_link_at(self, value: str) -> Place | None:
        """Give the line of a door or template that writes this link."""
        return self.shared_at(*self.ways(value))

    def ways(self, value: str) -> tuple[str, ...]:
        """Give how an address that is drawn as `value` may have been written."""
        found = [value, unquote(value)]
        for start in (self.drawn.root, self.drawn.base):
            if start and value.startswith(start):
                rest = value.removeprefix(start)
                found += [rest, unquote(rest), rest.removeprefix("/"), unquote(rest).removeprefix("/")]
        return tuple(dict.fromkeys(found))


def _lines(folder: Path, shown: str, patterns: Iterable[str]) -> Iterator[tuple[str, list[str]]]:
    for pattern in patterns:
        for path in sorted(folder.glob(pattern)):
            text = path.read_bytes().decode("utf-8-sig", "replace")
            yield f"{shown}/{path.relative_to(folder).as_posix()}", text.splitlines()


def _first(ways: Iterable[str], files: Iterable[tuple[str, list[str]]], *, last: bool = False) -> Place | None:
    for way in ways:
        if len(way) < _SHORTEST:
            continue
        whole = re.compile(rf"(?<![\w/-]){re.escape(way)}(?![\w/-])")
        places = (
            Place(shown, at)
            for shown, lines in files
            for at, line in enumerate(lines, 1)
            if way in line and whole.search(line)
        )
        found = list(places)[-1:] if last else list(islice(places, 1))
        if found:
            return found[0]
    return None

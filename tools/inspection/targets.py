"""Where an address leads on this site: to which file, and to which place in it."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote, urljoin, urlsplit

from plugins.names import composed

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from tools.inspection.drawn import Origin

_HERE = ("", "http", "https")
_USER = re.compile(r"(?P<before>(?:[a-z][a-z0-9+.-]*:)?//)[^/?#:]*(?::(?P<password>[^/?#]*))?@", re.IGNORECASE)


class Target(NamedTuple):
    """A file of the site by its name, and the anchor in it, which may be empty."""

    name: str
    anchor: str


class Named(NamedTuple):
    """An address that the file `name` holds, which stands for the path `page`; `origin` is the author's file behind."""

    name: str
    page: str
    value: str
    origin: Origin | None = None
    by_machine: bool = False


class Targets:
    """The files of a site at `root`, below the path `base`."""

    def __init__(self, files: Collection[str], base: str, root: str) -> None:
        """Keep the names of all files."""
        self.files = files
        self._base, self._root = base, root
        self._host = host(root)
        self._loose = {composed(name).casefold(): name for name in files}
        self._shown = sorted(name.removesuffix("index.html") for name in files)
        self._known: dict[str, Target | None] = {}

    def target(self, value: str, page: str) -> Target | None:
        """Give where an address on the page at the path `page` leads; None where that is not this site.

        What is wrong by itself, like a port of letters, leads nowhere on this site either.
        """
        if not value.startswith(("/", "http:", "https:")):
            return self._target(value, page)
        if value not in self._known:
            self._known[value] = self._target(value, page)
        return self._known[value]

    def _target(self, value: str, page: str) -> Target | None:
        try:
            parts = urlsplit(urljoin(f"{self._root.removesuffix(self._base)}{page}", value))
        except ValueError:
            return None
        if parts.scheme not in _HERE or parts.netloc.casefold() != self._host:
            return None
        path, whole = unquote(parts.path), value.startswith(("http:", "https:", "//"))
        if path == self._base:
            path += "/"
        if not path.startswith(f"{self._base}/"):
            # On this host, but not of this site: whole addresses may lead there, others were meant for the site.
            return None if whole else Target(path, "")
        name = path.removeprefix(f"{self._base}/")
        if not name or name.endswith("/"):
            name += "index.html"
        return Target(name, unquote(parts.fragment.partition(":~:")[0]))

    def missing(self, target: Target) -> str | None:
        """Say why there is no such file, and what to write; None where it is there."""
        name = target.name
        if name in self.files:
            return None
        if name.startswith("/"):
            return f"leads out of this site, which lives below {self._base}/; write {self._base}{name}"
        shown = name.removesuffix("index.html")
        if f"{name}/index.html" in self.files:
            return f"leads to a page without the slash at the end of its address; write {self._base}/{name}/"
        loose = self._loose.get(composed(name).casefold())
        if loose:
            why = "capitals count" if composed(name) != loose else "its letters are put together as only Macs do"
            return f"leads nowhere, since {why}; write {self._base}/{loose.removesuffix('index.html')}"
        near = difflib.get_close_matches(shown, self._shown, n=1, cutoff=0.8)
        meant = f"; did you mean {self._base}/{near[0]}?" if near else ""
        return (
            f"leads nowhere: there is no {'page' if shown != name else 'file'} {self._base}/{shown} on this site{meant}"
        )

    def no_anchor(self, target: Target, ids: Mapping[str, Collection[str]]) -> str | None:
        """Say that a page has no such place; None where it has, and for what is no page. `ids` are those of pages."""
        name, anchor = target
        if anchor in {"", "top"} or name not in ids or anchor in ids[name]:
            return None
        near = difflib.get_close_matches(anchor, list(ids[name]), n=1)
        meant = f"did you mean #{near[0]}?" if near else "write the id of a heading that is there"
        return f"there is no place #{anchor} on the page {self._base}/{name.removesuffix('index.html')}; {meant}"


def host(value: str) -> str:
    """Give the host of a whole address; nothing for what is none."""
    try:
        return urlsplit(bare(value)).netloc.casefold()
    except ValueError:
        return ""


def has_password(value: str) -> bool:
    """Tell whether a name and a password stand before the host of an address."""
    found = _USER.match(value)
    return bool(found and found["password"])


def bare(value: str) -> str:
    """Give an address without the name and the password that may stand before its host."""
    found = _USER.match(value)
    return found["before"] + value[found.end() :] if found else value

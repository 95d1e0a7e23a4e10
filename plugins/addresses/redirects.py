"""What stands at addresses that were left: pages that lead on, and `_redirects` for hosts that can do it by themselves.

Netlify and Cloudflare Pages read a rule a line, `from to status`, and take the first that matches. At Cloudflare
2,000 rules may be plain, 100 may hold `*` or `:name`, and after the first of these all count as such; a rule has 1,000
characters at the most, and is followed whether or not there is a file
(developers.cloudflare.com/pages/configuration/redirects, "Per file"). At Netlify a file goes before a rule, unless its
status is `301!`, which Cloudflare doesn't know (docs.netlify.com/manage/routing/redirects/rewrites-proxies,
"Shadowing"): there the page leads on, as long as it is uploaded.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

from plugins.addresses.sitemap import uri
from plugins.names import composed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from plugins.ledger import Ledger, Present

NAME = "_redirects"
MOST_RULES = 2_000
MOST_CHARACTERS = 1_000
_PAGES = {".html", ".htm"}
_PATTERN = re.compile(r"\*|:[A-Za-z]")
# What not every system can have in a file's name, and what would lead out of the site or hide there.
_NO_PLACE = re.compile(r"""[\x00-\x1f\x7f<>:"|?*\\]|(?:^|/)(?:\.|/)|[. ](?:/|$)""")


class Moved(NamedTuple):
    """An address below the site's root that was left, and the file of what stands at `new` now.

    `page` is the file that leads on, below the output; empty where no page could: for `feed.xml`, say.
    """

    source: str
    old: str
    new: str
    page: str


def moved(ledger: Ledger, presents: Iterable[Present], taken: Iterable[str]) -> tuple[Moved, ...]:
    """Give every address that the ledger remembers of what is shown, and where something stands no more.

    `taken` are the files of the site. An address that two have left leads to the one that left it last, as far as
    the ledger tells: the one with fewer addresses after it. Capitals make no difference, as for some file systems.
    """
    left = [
        (len(entry.addresses) - at, present.source, old, present.url)
        for present in presents
        if (entry := ledger.get(present.source))
        for at, old in enumerate(entry.addresses)
        if old != present.url and not _NO_PLACE.search(old)
    ]
    places = _Places(taken)
    found = [
        Moved(source, old, new, page if PurePosixPath(page).suffix in _PAGES else "")
        for _, source, old, new in sorted(left)
        if places.take(page := _file(old))
    ]
    return tuple(sorted(found, key=lambda each: each.old))


def _file(address: str) -> str:
    """Give the file that answers an address."""
    return (
        address if PurePosixPath(address).suffix and not address.endswith("/") else f"{address.rstrip('/')}/index.html"
    )


class _Places:
    """Where files stand; no folder and no second file has room there."""

    def __init__(self, files: Iterable[str]) -> None:
        self._files = {file.casefold() for file in files}
        self._folders = {folder for file in self._files for folder in _above(file)}

    def take(self, file: str) -> bool:
        """Take a place, and tell whether it was free."""
        name = file.casefold()
        above = _above(name)
        if name in self._files or name in self._folders or self._files.intersection(above):
            return False
        self._files.add(name)
        self._folders.update(above)
        return True


def _above(file: str) -> list[str]:
    return [folder.as_posix() for folder in PurePosixPath(file).parents][:-1]


def rules(moves: Iterable[Moved], base: str, own: str = "") -> str:
    """Give the `_redirects` of a site below `base`, with the owner's `own` lines in it.

    The owner's plain rules come first, then ours, then the owner's from the first with a pattern on: ours would count
    among the hundred, and a pattern like `/*` would leave them nothing.
    """
    lines = own.splitlines()
    first = next((at for at, line in enumerate(lines) if _PATTERN.search(_source(line))), len(lines))
    plain, patterns = lines[:first], lines[first:]
    room = MOST_RULES - sum(bool(_source(line)) for line in plain)
    ours = list(_rules(moves, base))[: max(room, 0)]
    return "".join(f"{line}\n" for line in (*plain, *ours, *patterns))


def _rules(moves: Iterable[Moved], base: str) -> Iterator[str]:
    for move in moves:
        line = f"{uri(f'{base}/{move.old}')} {uri(f'{base}/{move.new}')} 301"
        if len(line) <= MOST_CHARACTERS and not _PATTERN.search(move.old):
            yield line


def own_sources(own: str, base: str) -> set[str]:
    """Give the addresses below the site's root for which the owner's `_redirects` has a rule without a pattern."""
    found = (composed(unquote(_source(line))) for line in own.splitlines())
    return {source.removeprefix(f"{base}/").rstrip("/") for source in found if source and not _PATTERN.search(source)}


def _source(line: str) -> str:
    """Give the address from which a rule leads; empty for a comment."""
    words = line.split()
    return words[0] if words and not words[0].startswith("#") else ""

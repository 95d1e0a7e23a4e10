"""What a bucket gets: each file's headers, and an order in which no link ever leads to nothing."""

from __future__ import annotations

import hashlib
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

from plugins import media
from plugins.feeds.places import FORMATS
from tools.output import MANIFEST

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from pathlib import Path

    from tools.publishing.release import Release

_FEEDS = {kind.file: f"{kind.type}; charset=utf-8" for kind in FORMATS}
_FOREVER = "public, max-age=31536000, immutable"
# Kept, and asked for anew before each use (RFC 9111, 5.2.2.4).
_ASKED_FOR = "no-cache"
# A website's doors: what a visitor comes to without any link. They lead everywhere.
_DOORS = {"index.html", "404.html"}
# What may name pages, though it is none: feeds, the site map, the search's entry and shelves, calendars.
_NAMING = {".ics", ".json", ".txt", ".vcf", ".webmanifest", ".xml"}
_LAST = 8


class Headers(NamedTuple):
    """What a file is sent with; `redirect` is the address that a page leads on to, empty for any other file."""

    content_type: str
    cache_control: str
    redirect: str = ""
    content_encoding: str = ""


class Wanted(NamedTuple):
    """A file as a bucket is to hold it. `digest` is the SHA-256 of its bytes."""

    path: str
    file: Path
    digest: str
    headers: Headers

    @property
    def fingerprint(self) -> str:
        """What changes with the bytes, and with the headers."""
        *others, encoding = self.headers
        said = (self.digest, *others, *([encoding] if encoding else []))
        return hashlib.sha256("\n".join(said).encode()).hexdigest()[:32]


def wanted(release: Release) -> dict[str, Wanted]:
    """Give the files of a release by their paths."""
    return {
        path: Wanted(path, release.folder / path, digest, headers(path, release.moved.get(path, "")))
        for path, digest in release.files.items()
        if path != MANIFEST  # a bucket has a list of its own
    }


def headers(path: str, redirect: str = "") -> Headers:
    """Give the headers of a file by its path, and by the address that it leads on to."""
    content_type = _FEEDS.get(PurePosixPath(path).name) or media.content_type(path)
    cache_control = _FOREVER if path.startswith("assets/") else _ASKED_FOR
    # An address that is one already stays as it is; headers hold ASCII only.
    location = quote(redirect, safe="/:?#[]@!$&'()*+,;=%~")
    return Headers(content_type, cache_control, location, media.content_encoding(path))


def sending(new: Iterable[str], changed: Iterable[str], moved: Collection[str]) -> list[list[str]]:
    """Give the files to send, in steps: each is done before the next begins.

    `new` are paths at which nothing is yet, `moved` the pages that only lead on. Everything new goes before any page
    that is there already, since only such a page can lead a reader to it; and a page goes after what it refers to, be
    it a picture or a feed of its own. Whatever changes afterwards leads to nothing that is not there. The doors are
    last even where they are new. Then comes what only programs read, and follow later.
    """
    new, changed = list(new), list(changed)
    folders = _folders([*new, *changed])
    ranks = {path: _rank(path, folders, new=True, moves=path in moved) for path in new}
    ranks |= {path: _rank(path, folders) for path in changed}
    return _steps(ranks)


def removing(paths: Collection[str]) -> list[list[str]]:
    """Give the files to remove, in steps: a page goes before what it refers to."""
    folders = _folders(paths)
    return _steps({path: -_rank(path, folders) for path in paths})


def _steps(ranks: Mapping[str, int]) -> list[list[str]]:
    return [sorted(path for path in ranks if ranks[path] == rank) for rank in sorted(set(ranks.values()))]


def _rank(path: str, folders: Collection[str], *, new: bool = False, moves: bool = False) -> int:
    name = PurePosixPath(path)
    if name.suffix != ".html":
        if new:
            return 0
        return _LAST if name.suffix in _NAMING else 1
    if path in _DOORS:
        return 7
    # A page of a folder that other pages lie in is mostly a list of them.
    is_list = name.parent.as_posix() in folders
    if new:
        return 4 if moves else 2 + is_list
    return 5 + is_list


def _folders(paths: Iterable[str]) -> set[str]:
    """Give the folders that hold pages further down: `2026` for `2026/hello/index.html`."""
    pages = (PurePosixPath(path) for path in paths if path.endswith(".html"))
    return {folder.as_posix() for page in pages for folder in page.parent.parents}

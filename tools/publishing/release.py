"""A release: the site as it was built once, its files by hash, and how it differs from what stands at a target."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


class Release(NamedTuple):
    """A site that was built into `folder` for publishing. Nothing in it changes any more.

    `name` is the moment in UTC, like `20261128T101500123Z`; names sort by time. `files` are the SHA-256 hashes, as
    hexadecimal digits, by path below the folder. `moved` are the pages that only lead on: their path, like
    `old/index.html`, and the whole address that they lead to.
    """

    name: str
    folder: Path
    files: Mapping[str, str]
    moved: Mapping[str, str]


class Changes(NamedTuple):
    """The paths by which a release differs from what stands at a target, each in the order of names."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]


def changes(before: Mapping[str, str], now: Mapping[str, str]) -> Changes:
    """Compare two sets of hashes by path."""
    return Changes(
        added=tuple(sorted(now.keys() - before.keys())),
        changed=tuple(sorted(path for path in now.keys() & before.keys() if now[path] != before[path])),
        removed=tuple(sorted(before.keys() - now.keys())),
    )


def sha256(path: Path) -> str:
    """Give the hash of a file's bytes, as hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

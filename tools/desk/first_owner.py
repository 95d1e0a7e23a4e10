"""Whose letters come with the project, and which files in the content folder are not the new owner's."""

from __future__ import annotations

import re
import shutil
import subprocess
from typing import TYPE_CHECKING

from plugins import ledger

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

FIRST_OWNER = {"name": "Hank Blank", "email": "hank@hankblank.com", "site": "https://www.hankblank.com"}
"""What speaker.toml says as long as the blog is his. A list of his files would be out of date with his next letter."""
_COMMENT = re.compile(r"\{#.*?#\}|/\*.*?\*/|\s+", re.DOTALL)


def is_first_owners(speaker: Mapping[str, object]) -> bool:
    """Tell whether any of what is said of a speaker is the first owner's."""
    return any(str(speaker.get(key)).rstrip("/").casefold() == value.casefold() for key, value in FIRST_OWNER.items())


def samples(content: Path) -> Iterator[Path]:
    """Yield the files that came with the project: all but speaker.toml, empty doors and what was made in this clone.

    Only git can tell what was made here; where it doesn't know the folder, nothing was.
    """
    own = _made_here(content)
    for path in sorted(content.rglob("*")):
        name = path.relative_to(content).as_posix()
        if path.is_dir() and not path.is_symlink():
            continue
        if name not in own and name != "speaker.toml" and not _is_an_empty_door(path, name):
            yield path


def set_aside(path: Path, content: Path, folder: Path) -> Path:
    """Move a file of the content folder below another folder, under another name where its own is taken."""
    place = free_place(folder / path.relative_to(content))
    place.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(path, place)
    return place


def in_the_way(path: Path, content: Path, folder: Path) -> Path | None:
    """Give what stands, and is no folder, where a folder must be so that `set_aside` can move the file there."""
    place = folder / path.relative_to(content)
    on_the_way = (parent for parent in place.parents if parent == folder or parent.is_relative_to(folder))
    return next((parent for parent in on_the_way if parent.exists() and not parent.is_dir()), None)


def free_place(place: Path) -> Path:
    """Give the path, or the first numbered one at which nothing stands: `about-2.md`."""
    stem, number = place.stem, 2
    while place.exists() or place.is_symlink():
        place = place.with_name(f"{stem}-{number}{place.suffix}")
        number += 1
    return place


def _is_an_empty_door(path: Path, name: str) -> bool:
    """Tell whether a file in doors/ only says what belongs into it."""
    return name.startswith("doors/") and not _COMMENT.sub("", path.read_bytes().decode("utf-8", "replace"))


def _made_here(content: Path) -> frozenset[str]:
    """Give the files, by their paths below the folder, that git does not have from elsewhere."""
    if not _git(content, "ls-files", "--", "speaker.toml"):
        return frozenset()  # the folder lies in a repository of something else, or in none
    new = _git(content, "ls-files", "--others", "-z") + _git(
        content, "diff", "--cached", "--name-only", "--diff-filter=A", "--relative", "-z"
    )
    # What was announced before is about the letters that leave.
    return (frozenset(new.split("\0")) | _committed_here(content)) - {"", ledger.NAME}


def _committed_here(content: Path) -> frozenset[str]:
    """Give the files that came in by commits which no other repository is known to have."""
    added = _git(
        content,
        *("log", "HEAD", "--not", "--remotes", "--diff-filter=A", "--no-renames", "--name-only", "--format=", "-z"),
        *("--relative", "--", "."),
    )
    found = frozenset(added.split("\0"))
    return frozenset() if "speaker.toml" in found else found  # no other is known, or the history is another


def _git(folder: Path, *words: str) -> str:
    program = shutil.which("git")
    if not program:
        return ""
    found = subprocess.run(  # noqa: S603  git, which only looks
        [program, "-C", str(folder), *words],
        capture_output=True,
        check=False,
        encoding="utf-8",
        errors="surrogateescape",
    )
    return "" if found.returncode else found.stdout

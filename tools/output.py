"""The folder that is published: what may be built into, what in it is the build's, and how a new site differs."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, NamedTuple

from tools.faults import BuildError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# In the output: what the last build wrote there, the hash of a path a line, sorted. The folder is uploaded, and the
# paths themselves would lead everybody to hidden posts.
MANIFEST = ".lectern"
# Pages come after the pictures and scripts that they name, feeds and the site map after the pages.
_ORDER = {".html": 1, ".xml": 2}
SOURCES = (".git", ".venv", "plugins", "tests", "theme", "tools")


class Difference(NamedTuple):
    """How an output differs from the site that is to stand there. All paths are below it.

    `folders` are to be made, `blocking` files of the last build to be taken away first, `moves` to be moved in, in
    this order, each with whether the last build wrote that file; `gone` are to be taken away last. `both` is the
    manifest of the old files and the new ones, `manifest` that of the new ones.
    """

    folders: tuple[str, ...]
    blocking: tuple[str, ...]
    moves: tuple[tuple[str, bool], ...]
    gone: tuple[str, ...]
    both: bytes
    manifest: bytes


def check_place(output: Path, root: Path, content: Path) -> None:
    """Raise `BuildError` where a build must not write: over the project or its sources, or among files of others."""
    sources = [content, *(root / name for name in SOURCES)]
    above = root.is_relative_to(output) or content.is_relative_to(output)
    if above or any(output.is_relative_to(source) for source in sources):
        raise BuildError([f"{output} holds what the site is made from; choose another folder to build into."])
    if output.exists() and not output.is_dir():
        raise BuildError([f"{output} is a file; choose a folder to build into."])
    # Hidden files, a clone's .git among them, are not in a site's way.
    others = output.is_dir() and any(not path.name.startswith(".") for path in output.iterdir())
    if others and not (output / MANIFEST).is_file():
        raise BuildError([f"{output} holds files of others; empty it or choose another folder to build into."])


def difference(site: Path, output: Path) -> Difference | None:
    """Compare a new site with the output; None where it stands there already.

    Raises `BuildError` where somebody else's file is in the way, or a folder cannot be written to.
    """
    old = _read_manifest(output)
    new = {path for path in _files(site) if (site / path).is_file()}
    strangers = sorted(set(_strangers(site, output, old, new)))
    if strangers:
        raise BuildError(
            f"{output / path} is not this site's; move it away. Nothing was written." for path in strangers
        )
    changed = [path for path in new if not same(site / path, output / path)]
    gone = old - new
    if not changed and not gone and _holds(output / MANIFEST, _manifest(new)):
        return None
    _ask_to_write(output, [*changed, *gone])
    blocking = set(_blocking(gone, new))
    return Difference(
        folders=tuple(_missing(output, changed)),
        blocking=tuple(sorted(blocking)),
        moves=tuple(
            (path, path in old)
            for path in sorted(changed, key=lambda path: (_ORDER.get(PurePosixPath(path).suffix, 0), path))
        ),
        gone=tuple(sorted(gone - blocking)),
        both=_manifest(old | new),
        manifest=_manifest(new),
    )


def _read_manifest(output: Path) -> set[str]:
    """Give the files that the last build wrote and that are there."""
    try:
        known = set((output / MANIFEST).read_text("utf-8").splitlines())
    except FileNotFoundError:
        return set()
    # Earlier versions wrote the paths themselves.
    return {path for path in _files(output) if path in known or _hash(path) in known}


def _files(folder: Path) -> Iterator[str]:
    """Yield the paths below a folder of all that is no folder."""
    for place, _, names in os.walk(folder):
        below = place[len(str(folder)) :].replace(os.sep, "/").lstrip("/")
        yield from (f"{below}/{name}" if below else name for name in names)


def _manifest(paths: Iterable[str]) -> bytes:
    return "".join(f"{line}\n" for line in sorted(map(_hash, paths))).encode()


def _hash(path: str) -> str:
    return hashlib.sha256(path.encode("utf-8", "surrogateescape")).hexdigest()[:32]


def _strangers(site: Path, output: Path, old: set[str], new: set[str]) -> Iterator[str]:
    """Yield what stands where the site has a file or a folder, and did not come from the last build."""
    for folder in {folder for path in new for folder in folders_of(path)}:
        place = output / folder
        if place.is_symlink() or (place.is_file() and folder not in old):
            yield folder
    for path in new - old:
        place = output / path
        if place.is_dir() and not place.is_symlink():
            below = (found.relative_to(output).as_posix() for found in place.rglob("*") if not found.is_dir())
            yield from (found for found in below if found not in old)
        elif os.path.lexists(place) and not same(site / path, place):
            yield path


def _ask_to_write(output: Path, paths: Iterable[str]) -> None:
    """Raise `BuildError` where a folder that is there may not be written to."""
    effective = os.access in os.supports_effective_ids
    folders = {"."}.union(*map(folders_of, paths))
    closed = [
        folder
        for folder in folders
        if (output / folder).is_dir() and not os.access(output / folder, os.W_OK | os.X_OK, effective_ids=effective)
    ]
    if closed:
        raise BuildError(f"{output / path} cannot be written to; allow it. Nothing was written." for path in closed)


def _missing(output: Path, paths: Iterable[str]) -> Iterator[str]:
    """Yield the folders to make for these files, the outermost first; none that a file still stands in the way of."""
    if not output.exists():
        yield "."
    for folder in sorted({folder for path in paths for folder in folders_of(path)}):
        places = [output / each for each in (folder, *folders_of(folder))]
        if not os.path.lexists(places[0]) and not any(place.is_file() for place in places):
            yield folder


def _blocking(gone: set[str], new: set[str]) -> Iterator[str]:
    """Yield what must go first: a file where a folder will be, the reverse, and a name that differs in case only.

    Where the file system ignores case, taking away `Photo.png` after writing `photo.png` would take away the new one.
    """
    files = {path.casefold() for path in new}
    places = files | {folder.casefold() for path in new for folder in folders_of(path)}
    for path in gone:
        if path.casefold() in places or any(folder.casefold() in files for folder in folders_of(path)):
            yield path


def folders_of(path: str) -> list[str]:
    """Give the folders that a path lies in, the innermost first."""
    return [path[:at] for at in range(len(path) - 1, 0, -1) if path[at] == "/"]


def same(one: Path, other: Path) -> bool:
    """Tell whether two files hold the same bytes."""
    return other.is_file() and not other.is_symlink() and one.read_bytes() == other.read_bytes()


def _holds(file: Path, data: bytes) -> bool:
    return file.is_file() and file.read_bytes() == data

"""The folder that is published: a whole new site is moved in file by file, and nobody else's file is touched."""

from __future__ import annotations

import hashlib
import os
import shutil
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from tools.faults import BuildError
from tools.holding import held

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# In the output: what the last build wrote there, the hash of a path a line, sorted. The folder is uploaded, and the
# paths themselves would lead everybody to hidden posts.
MANIFEST = ".lectern"
# Pages come after the pictures and scripts that they name, feeds and the site map after the pages.
_ORDER = {".html": 1, ".xml": 2}
_SOURCES = (".git", ".venv", "plugins", "tests", "theme", "tools")


def check_place(output: Path, root: Path, content: Path) -> None:
    """Raise `BuildError` where a build must not write: over the project or its sources, or among files of others."""
    sources = [content, *(root / name for name in _SOURCES)]
    above = root.is_relative_to(output) or content.is_relative_to(output)
    if above or any(output.is_relative_to(source) for source in sources):
        raise BuildError([f"{output} holds what the site is made from; choose another folder to build into."])
    if output.exists() and not output.is_dir():
        raise BuildError([f"{output} is a file; choose a folder to build into."])
    # Hidden files, a clone's .git among them, are not in a site's way.
    others = output.is_dir() and any(not path.name.startswith(".") for path in output.iterdir())
    if others and not (output / MANIFEST).is_file():
        raise BuildError([f"{output} holds files of others; empty it or choose another folder to build into."])


@contextmanager
def staging(output: Path) -> Iterator[Path]:
    """Give a new folder on the output's file system, taken away at the end; a killed build's leftovers go first.

    Where another build stages the same output, its end is waited for.
    """
    site = output.with_name(f".{output.name.lstrip('.')}.staged")
    lock = site.with_suffix(".staged-by")
    output.parent.mkdir(parents=True, exist_ok=True)
    with held(lock, f"Another build into {output} is running; waiting …\n"):
        try:
            shutil.rmtree(site, ignore_errors=True)
            site.mkdir()
            yield site
        finally:
            shutil.rmtree(site, ignore_errors=True)
            # Windows keeps the open file, empty, for the next build.
            with suppress(OSError):
                lock.unlink()


def apply(site: Path, output: Path) -> None:
    """Make the output hold the staged site: changed files are moved in, files of the last build that are gone go.

    Raises `BuildError`, with nothing changed, where somebody else's file is in the way. An apply that was killed is
    made whole by the next one: until the last file is done, the manifest names the old files and the new ones.
    """
    old = _read_manifest(output)
    new = {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()}
    strangers = sorted(set(_strangers(site, output, old, new)))
    if strangers:
        raise BuildError(
            f"{output / path} is not this site's; move it away. Nothing was written." for path in strangers
        )
    output.mkdir(exist_ok=True)
    _write_manifest(output, old | new)
    gone = old - new
    blocking = set(_blocking(gone, new))
    _remove(output, blocking)
    for path in sorted(new, key=lambda path: (_ORDER.get(PurePosixPath(path).suffix, 0), path)):
        if not _same(site / path, output / path):
            (output / path).parent.mkdir(parents=True, exist_ok=True)
            (site / path).replace(output / path)
    _remove(output, gone - blocking)
    _write_manifest(output, new)


def _read_manifest(output: Path) -> set[str]:
    """Give the files that the last build wrote and that are there."""
    try:
        known = set((output / MANIFEST).read_text("utf-8").splitlines())
    except FileNotFoundError:
        return set()
    found = (Path(folder, name).relative_to(output) for folder, _, names in os.walk(output) for name in names)
    # Earlier versions wrote the paths themselves.
    return {path for path in map(Path.as_posix, found) if path in known or _hash(path) in known}


def _write_manifest(output: Path, paths: Iterable[str]) -> None:
    part = output / f"{MANIFEST}.part"
    part.write_text("".join(f"{line}\n" for line in sorted(map(_hash, paths))), encoding="utf-8", newline="\n")
    part.replace(output / MANIFEST)


def _hash(path: str) -> str:
    return hashlib.sha256(path.encode("utf-8", "surrogateescape")).hexdigest()[:32]


def _strangers(site: Path, output: Path, old: set[str], new: set[str]) -> Iterator[str]:
    """Yield what stands where the site has a file or a folder, and did not come from the last build."""
    for folder in {folder for path in new for folder in _folders(path)}:
        place = output / folder
        if place.is_symlink() or (place.is_file() and folder not in old):
            yield folder
    for path in new - old:
        place = output / path
        if place.is_dir() and not place.is_symlink():
            below = (found.relative_to(output).as_posix() for found in place.rglob("*") if not found.is_dir())
            yield from (found for found in below if found not in old)
        elif os.path.lexists(place) and not _same(site / path, place):
            yield path


def _blocking(gone: set[str], new: set[str]) -> Iterator[str]:
    """Yield what must go first: a file where a folder will be, the reverse, and a name that differs in case only.

    Where the file system ignores case, taking away `Photo.png` after writing `photo.png` would take away the new one.
    """
    files = {path.casefold() for path in new}
    places = files | {folder.casefold() for path in new for folder in _folders(path)}
    for path in gone:
        if path.casefold() in places or any(folder.casefold() in files for folder in _folders(path)):
            yield path


def _remove(output: Path, paths: Iterable[str]) -> None:
    """Remove files, and the folders that this leaves empty. What somebody has put in a file's place stays."""
    for path in paths:
        folders = [output / folder for folder in _folders(path)]
        if (output / path).is_dir() or any(folder.is_symlink() for folder in folders):
            continue
        (output / path).unlink(missing_ok=True)
        for folder in folders:
            with suppress(OSError):
                folder.rmdir()


def _folders(path: str) -> list[str]:
    """Give the folders that a path lies in, the innermost first."""
    return [folder.as_posix() for folder in PurePosixPath(path).parents][:-1]


def _same(one: Path, other: Path) -> bool:
    return other.is_file() and not other.is_symlink() and one.read_bytes() == other.read_bytes()

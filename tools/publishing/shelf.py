"""Releases that are kept side by side: `releases/TIME`, `TIME.json` beside each, and one of them that is online.

Each knows the one that was online `before` it. Along this chain a site goes back, and what lies beside it may go.
"""

from __future__ import annotations

import os
import re
import shutil
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from plugins.names import composed
from tools.publishing.release import Release, sha256
from tools.publishing.target import TargetError
from tools.replacing import replace

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_PART = ".lectern-part"
# What a killed publishing leaves of a note: `tools.replacing` names it so.
_NOTE_PART = re.compile(r"\..+\.json\.[a-z0-9_]{8}")


class Kept(msgspec.Struct, frozen=True):
    """What stands beside a release: the hashes of its files by path, the pages that lead on, the one before it."""

    files: dict[str, str]
    moved: dict[str, str]
    before: str = ""


class Shelf:
    """The releases in a folder. A symbolic link, `current`, leads to the one that is online."""

    def __init__(self, folder: Path, keep: int) -> None:
        """Keep so many releases in `folder`, which need not be there yet."""
        self.folder = folder
        self._releases = folder / "releases"
        self._link = folder / "current"
        self._keep = keep

    def online(self) -> str:
        """Give the name of the release that is online, or nothing. Raises `TargetError` where `current` is no link."""
        if not os.path.lexists(self._link):
            return ""
        if not self._link.is_symlink() or Path(self._link.readlink()).parent != Path("releases"):
            raise TargetError(f"{self._link} is not a link to a release of ours; move it away and publish again.")
        return self._link.readlink().name

    def place(self, name: str) -> Path:
        """Give the folder of a release."""
        return self._releases / name

    def kept(self, name: str) -> Kept | None:
        """Give what is known of a release; None where nothing is."""
        try:
            return msgspec.json.decode(self._note(name).read_bytes(), type=Kept)
        except (OSError, msgspec.DecodeError):
            return None

    def add(self, release: Release, advance: Callable[[int], None]) -> None:
        """Take a release in, whole or not at all: what it shares with the one that is online are hard links to that.

        Raises `TargetError` where something else arrives than was sent.
        """
        self._tidy()
        part, last = self._releases / f"{release.name}{_PART}", self._releases / self.online()
        known = (self.kept(last.name) or Kept({}, {})).files
        part.mkdir(parents=True)
        try:
            for path, digest in release.files.items():
                _place(release.folder / path, part / path, last / path if known.get(path) == digest else None)
                advance(1)
            _verify(part, release.files)
            note = Kept(dict(release.files), dict(release.moved), self.online())
            replace(self._note(release.name), msgspec.json.encode(note))
            part.rename(self.place(release.name))
        except BaseException:
            shutil.rmtree(part, ignore_errors=True)
            raise

    def switch(self, name: str) -> None:
        """Bring a release online at one stroke."""
        link = self._link.with_name(f"current{_PART}")
        link.unlink(missing_ok=True)
        try:
            link.symlink_to(Path("releases", name), target_is_directory=True)
        except OSError as error:
            if os.name != "nt":
                raise
            message = f"{self._link} cannot be made ({error}); Windows lets you make links in its developer mode."
            raise TargetError(message) from None
        link.replace(self._link)

    def before(self) -> Release | None:
        """Give the release that was online before the one that is; None where it is not kept any more."""
        note = self.kept(self.online())
        earlier = self.kept(note.before) if note and note.before else None
        if note is None or earlier is None or not self.place(note.before).is_dir():
            return None
        return Release(note.before, self.place(note.before), earlier.files, earlier.moved)

    def found(self) -> dict[str, str]:
        """Give the hashes of what is online as it stands there, of those files that were sent."""
        kept, folder = self.kept(self.online()), self.place(self.online())
        there = (path for path in (kept.files if kept else ()) if (folder / path).is_file())
        return {path: sha256(folder / path) for path in there}

    def prune(self, also: str = "") -> None:
        """Let all go but the release that is online, those before it, as many as are kept, and one `also` to be kept.

        What has no note of ours is somebody else's.
        """
        chain = [also]
        name = self.online()
        while name and name not in chain and len(chain) <= self._keep:
            chain.append(name)
            name = (self.kept(name) or Kept({}, {})).before
        for note in list(self._releases.glob("*.json")):
            if note.stem not in chain and self.kept(note.stem) is not None:
                with suppress(OSError):
                    shutil.rmtree(self.place(note.stem), ignore_errors=True)
                    note.unlink()

    def _tidy(self) -> None:
        """Take away what a killed publishing has left."""
        for path in self._releases.glob(f"*{_PART}"):
            shutil.rmtree(path)
        for path in self._releases.glob(".*.json.*"):
            if _NOTE_PART.fullmatch(path.name):
                path.unlink()

    def _note(self, name: str) -> Path:
        return self._releases / f"{name}.json"


class Store(Shelf):
    """Releases that are kept here while the site is online elsewhere: a line of text says which one is."""

    def online(self) -> str:
        """Give the name of the release that is online, or nothing."""
        try:
            return self._link.read_text("utf-8").strip()
        except OSError:
            return ""

    def switch(self, name: str) -> None:
        """Note that a release is online."""
        replace(self._link, f"{name}\n".encode())


def _place(source: Path, target: Path, same: Path | None) -> None:
    """Put a file in its place, as a link to the `same` one of before, where that is whole and can be linked to."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if same is not None and same.is_file() and sha256(same) == sha256(source):
        with suppress(OSError):
            target.hardlink_to(same)
            return
    shutil.copyfile(source, target)


def _verify(folder: Path, files: Mapping[str, str]) -> None:
    found = {composed(path.relative_to(folder).as_posix()): path for path in folder.rglob("*") if path.is_file()}
    wrong = sorted(path for path in files.keys() | found if path not in found or sha256(found[path]) != files.get(path))
    if wrong:
        message = f"{folder} does not hold what was sent, {wrong[0]} for one; publish again, and look at that disk."
        raise TargetError(message)

"""A folder on this computer that a web server shows: releases side by side, switched to by a link."""

from __future__ import annotations

import subprocess
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import unquote

from tools.holding import held
from tools.publishing.release import changes
from tools.publishing.shelf import Shelf
from tools.publishing.target import TargetError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tools.progress import Progress
    from tools.publishing.release import Changes, Release


class FolderTarget:
    """Releases in a folder; `current` in it is the site."""

    removes_later = False

    def __init__(self, folder: Path, keep: int) -> None:
        """Keep so many releases."""
        self._shelf = Shelf(folder, keep)

    @property
    def where(self) -> str:
        """The link that is the site."""
        return str(self._shelf.folder / "current")

    def compare(self, release: Release) -> Changes:
        """Say by which files the release differs from what is online."""
        with _plainly(self._shelf.folder):
            kept = self._shelf.kept(self._shelf.online())
            return changes(kept.files if kept else {}, release.files)

    def deliver(self, release: Release, progress: Progress) -> None:
        """Bring the release online."""
        with self._held():
            with progress.step("Copying files", len(release.files)) as advance:
                self._shelf.add(release, advance)
            self._hand_over(self._shelf.place(release.name), progress)
            self._shelf.switch(release.name)
            self._shelf.prune()

    def roll_back(self, progress: Progress) -> str:
        """Bring the release before online."""
        with self._held():
            earlier = self._shelf.before()
            if earlier is None:
                raise TargetError(f"{self._shelf.folder} keeps no release before the one that is online.")
            self._hand_over(earlier.folder, progress)
            self._shelf.switch(earlier.name)
            return earlier.name

    @contextmanager
    def _held(self) -> Iterator[None]:
        """Keep other projects that publish into the same folder out."""
        folder = self._shelf.folder
        words = f"Another publishing into {folder} is running; let it finish, then try again."
        with _plainly(folder):
            folder.mkdir(parents=True, exist_ok=True)
            with held(folder / ".publishing", words, wait=False):
                yield

    def _hand_over(self, folder: Path, progress: Progress) -> None:
        """Do what has to be done with a folder before it counts as online."""


class HostTarget(FolderTarget):
    """The folder that a host's own uploader takes. Where `_redirects` leads on, no page stands in its way."""

    def __init__(self, folder: Path, keep: int, command: tuple[str, ...], base: str = "") -> None:
        """Run the `command` once the folder is ready, where there is one. The site lives below the path `base`."""
        super().__init__(folder, keep)
        self._command, self._base = command, base

    def compare(self, release: Release) -> Changes:
        """Say by which files the release differs from what was handed over last."""
        return super().compare(self._without_moved(release))

    def deliver(self, release: Release, progress: Progress) -> None:
        """Make the folder ready, and hand it over."""
        super().deliver(self._without_moved(release), progress)

    def _without_moved(self, release: Release) -> Release:
        file = release.folder / "_redirects"
        lines = file.read_text("utf-8").splitlines() if file.is_file() else []
        led_on = {unquote(line.split()[0]) for line in lines if line.strip()}
        there = {path for path in release.moved if f"{self._base}/{path.removesuffix('index.html')}" in led_on}
        return release._replace(files={path: found for path, found in release.files.items() if path not in there})

    def _hand_over(self, folder: Path, progress: Progress) -> None:
        if not self._command:
            return
        command = [word.replace("{folder}", str(folder)) for word in self._command]
        with progress.step(f"Running {command[0]}"):
            try:
                done = subprocess.run(command, check=False, capture_output=True, text=True, errors="replace")  # noqa: S603  the owner's words
            except OSError as error:
                raise TargetError(f"{command[0]} could not be started ({error.strerror}); see `command`.") from None
        if done.returncode:
            said = (done.stderr or done.stdout).strip().splitlines()
            message = f"{command[0]} failed ({said[-1] if said else f'status {done.returncode}'})"
            raise TargetError(f"{message}; publish again, or run it by hand with the folder {folder}.")


@contextmanager
def _plainly(folder: Path) -> Iterator[None]:
    """Say what the disk says, as of this target."""
    try:
        yield
    except OSError as error:
        said = f"{error.filename or folder}: {error.strerror or error}"
        raise TargetError(f"{said}; nothing has changed online. Publish again once that is mended.") from None

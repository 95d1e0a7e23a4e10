"""A folder on this computer that a web server shows: releases side by side, switched to by a link."""

from __future__ import annotations

import subprocess
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import unquote

from tools.holding import held
from tools.publishing.programs import sentence
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
            return changes(self._shelf.found(), release.files)

    def deliver(self, release: Release, progress: Progress) -> None:
        """Bring the release online."""
        with self._held():
            with progress.step("Copying files", len(release.files)) as advance:
                self._shelf.add(release, advance)
            try:
                self._hand_over(self._shelf.place(release.name), progress)
            except TargetError:
                self._shelf.prune(also=release.name)
                raise
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

    def __init__(self, folder: Path, keep: int, command: tuple[str, ...], root: Path, base: str = "") -> None:
        """Run the `command` in the project's `root` once the folder is ready. The site lives below the path `base`."""
        super().__init__(folder, keep)
        self._command, self._root, self._base = command, root, base

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
        by_hand = f"The folder {folder} is ready: run it by hand, or try again."
        with progress.step(f"Running {command[0]}"):
            try:
                # It would ask where nobody sees it.
                done = subprocess.run(  # noqa: S603  the owner's words
                    command, cwd=self._root, stdin=subprocess.DEVNULL, capture_output=True, check=False
                )
            except OSError as error:
                raise TargetError(f"{command[0]} could not be started ({error.strerror}). {by_hand}") from None
        if done.returncode:
            said = (done.stderr or done.stdout).decode("utf-8", "replace")
            raise TargetError(f"{sentence(command[0], said, (), f'ended with status {done.returncode}')} {by_hand}")


@contextmanager
def _plainly(folder: Path) -> Iterator[None]:
    """Say what the disk says, as of this target."""
    try:
        yield
    except (FileExistsError, NotADirectoryError):
        message = f"{folder} leads to something that is no folder; mend `path` in publish.toml."
        raise TargetError(message) from None
    except OSError as error:
        said = f"{folder} cannot be used ({error.strerror or error}); nothing has changed online"
        raise TargetError(f"{said}. Mend that, or `path` in publish.toml, and publish again.") from None

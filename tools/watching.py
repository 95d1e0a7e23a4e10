"""Changes to what the site is made from, as they are saved."""

from __future__ import annotations

import queue
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from watchfiles import Change, watch

from tools.passing import matters

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    Stamp = tuple[int, int] | None

QUIET = 0.1
"""Seconds without a change after which a save, a checkout or a copy is over."""
LONGEST = 2.0
"""Seconds for which that is waited for at the most."""
_ROOMS = ("theme", "plugins", "tools")
_SETTINGS = ("pelicanconf.py", "publishconf.py")


class Watcher:
    """Watches the content, the theme, the plugins, the tools and the settings of the project in `root`."""

    def __init__(self, root: Path, content: Path) -> None:
        """Take folders that are there or will be."""
        self._root = root.resolve()
        # Changes are told by where files really are.
        self._folders = tuple(folder.resolve() for folder in (content, *(root / name for name in _ROOMS)))
        self._changes: queue.SimpleQueue[set[Path]] = queue.SimpleQueue()
        self._over = threading.Event()
        self._folders_changed = threading.Event()

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Watch until the block ends."""
        threads = [threading.Thread(target=work, daemon=True) for work in (self._watch_folders, self._watch_above)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self._over.set()
            self._folders_changed.set()
            for thread in threads:
                thread.join(timeout=0.5)

    def wait(self) -> set[Path]:
        """Give what has changed since the last call, once something has and no file is being written any more.

        Nothing comes back once the watching is over.
        """
        changed: set[Path] = set()
        while not changed and not self._over.is_set():
            # Windows lets Ctrl-C through between two waits only.
            changed |= self._next(0.5)
        end = time.monotonic() + LONGEST
        stamps = _stamps(changed)
        while time.monotonic() < end:
            more = self._next(QUIET)
            changed |= more
            before, stamps = stamps, _stamps(changed)
            if not more and stamps == before and not _just_emptied(stamps.values()):
                break
        return changed

    def _next(self, seconds: float) -> set[Path]:
        try:
            return self._changes.get(timeout=seconds)
        except queue.Empty:
            return set()

    def _watch_folders(self) -> None:
        """Watch what is below the folders, anew whenever one of them comes, goes or is replaced."""
        while not self._over.is_set():
            self._folders_changed.clear()
            folders = [folder for folder in self._folders if folder.is_dir()]
            if folders:
                self._watch(folders, self._folders_changed, self._is_below, recursive=True)
            if not folders:
                self._folders_changed.wait()

    def _watch_above(self) -> None:
        """Watch the settings and the folders themselves: what is watched by itself is lost when another replaces it."""
        above = sorted({self._root, *(folder.parent for folder in self._folders)})
        self._watch(above, self._over, self._is_above, recursive=False)

    def _watch(
        self, places: list[Path], end: threading.Event, wanted: Callable[[Change, str], bool], *, recursive: bool
    ) -> None:
        """Keep what changes until `end`; look again and again where the system does not tell."""
        polling = None  # as the variable WATCHFILES_FORCE_POLLING says
        while not end.is_set():
            try:
                for changes in watch(
                    *places,
                    watch_filter=wanted,
                    debounce=400,
                    step=50,
                    stop_event=end,
                    recursive=recursive,
                    force_polling=polling,
                    ignore_permission_denied=True,
                ):
                    self._keep({Path(path) for _, path in changes})
            except FileNotFoundError:
                return  # a folder that has just gone: it was seen to go
            except (OSError, RuntimeError) as error:
                if polling:
                    raise
                polling = True
                sys.stderr.write(f"The system does not tell what is saved ({error}); looking three times a second.\n")

    def _keep(self, changed: set[Path]) -> None:
        if not changed.isdisjoint(self._folders):
            self._folders_changed.set()
        self._changes.put(changed)

    def _is_above(self, change: Change, name: str) -> bool:
        path = Path(name)
        came_or_went = path in self._folders and change is not Change.modified
        return came_or_went or (path.parent == self._root and path.name in _SETTINGS)

    def _is_below(self, change: Change, name: str) -> bool:
        path = Path(name)
        # A folder changes with each passing file in it.
        if change is Change.modified and path.is_dir():
            return False
        return any(path != folder and path.is_relative_to(folder) and matters(path, folder) for folder in self._folders)


def _stamps(paths: Iterable[Path]) -> dict[Path, Stamp]:
    return {path: _stamp(path) for path in paths}


def _stamp(path: Path) -> Stamp:
    try:
        found = path.stat()
    except OSError:
        return None
    return (found.st_size if path.is_file() else -1, found.st_mtime_ns)


def _just_emptied(stamps: Iterable[Stamp]) -> bool:
    """Tell whether a file is empty that was written this moment: many a program empties a file before it fills it."""
    newest = time.time_ns() - int(LONGEST * 1e9 / 2)
    return any(stamp is not None and stamp[0] == 0 and stamp[1] > newest for stamp in stamps)

"""Changes to what the site is made from, as they are saved."""

from __future__ import annotations

import queue
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from watchfiles import DefaultFilter, watch

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchfiles import Change

_SETTINGS = ("pelicanconf.py", "publishconf.py")


class Watcher:
    """Watches the content, the theme, the plugins and the settings of the project in `root`."""

    def __init__(self, root: Path, content: Path) -> None:
        """Take the folders that are there."""
        self._root = root
        self._folders = [folder for folder in (content, root / "theme", root / "plugins") if folder.is_dir()]
        self._changes: queue.SimpleQueue[object] = queue.SimpleQueue()
        self._over = threading.Event()

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Watch until the block ends."""
        threads = [threading.Thread(target=work, daemon=True) for work in (self._watch_folders, self._watch_settings)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self._over.set()
            for thread in threads:
                thread.join(timeout=0.5)

    def wait(self) -> None:
        """Wait until something is saved, or return at once where that has happened since the last call."""
        while True:
            try:
                # Windows lets Ctrl-C through between two waits only.
                self._changes.get(timeout=0.5)
                break
            except queue.Empty:
                continue
        while not self._changes.empty():
            self._changes.get()

    def _watch_folders(self) -> None:
        for change in watch(*self._folders, watch_filter=DefaultFilter(), stop_event=self._over):
            self._changes.put(change)

    def _watch_settings(self) -> None:
        # A file watched by itself is lost when an editor puts a new one in its place.
        for change in watch(self._root, recursive=False, watch_filter=_is_a_setting, stop_event=self._over):
            self._changes.put(change)


def _is_a_setting(_: Change, path: str) -> bool:
    return Path(path).name in _SETTINGS

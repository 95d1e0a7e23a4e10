"""The preview's search: its index is made when a browser asks for it, and anew once a build has changed a letter."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from plugins.search import indexing

if TYPE_CHECKING:
    from pathlib import Path

FOLDER = "pagefind"


class Finder:
    """The index of the site that was built into a folder. It is kept in memory; the folder stays as it was built."""

    def __init__(self, folder: Path) -> None:
        """Make nothing yet."""
        self._folder = folder
        self._cache = folder.parent / ".cache" / "lectern" / "search"
        self._made = threading.Lock()
        self._from = b""
        self._files: dict[str, bytes] = {}

    def file(self, name: str) -> bytes | None:
        """Give a file of the index, or None where there is none, or nothing that one could be made from."""
        try:
            records = (self._folder / FOLDER / indexing.RECORDS).read_bytes()
        except OSError:
            return None
        with self._made:
            if records != self._from:
                self._files, self._from = indexing.index(records, self._cache), records
            return self._files.get(name)

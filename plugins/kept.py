"""What took long to make, kept by what it was made from: safe to delete, and right while two builds run at once."""

from __future__ import annotations

import hashlib
import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from blinker import Signal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_DIGEST = 32
making = Signal()
"""Sent, from any thread, before something is made that was not kept; with the name of the folder for it."""


def kept(folder: Path, parts: Iterable[bytes], make: Callable[[], bytes]) -> bytes:
    """Give what `make` gives, from the folder where the same `parts` were made into it before.

    `parts` must be all that the result depends on. A file that is damaged or cannot be read is made anew; where
    nothing can be written, nothing is kept.
    """
    key = hashlib.sha256()
    for part in parts:
        key.update(len(part).to_bytes(8, "big") + part)
    path = folder / key.hexdigest()
    with suppress(OSError):
        held = path.read_bytes()
        if hashlib.sha256(held[_DIGEST:]).digest() == held[:_DIGEST]:
            os.utime(path)
            return held[_DIGEST:]
    making.send(folder.name)
    data = make()
    with suppress(OSError):
        _keep(path, hashlib.sha256(data).digest() + data)
    return data


def _keep(path: Path, data: bytes) -> None:
    """Write the file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, part = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(part).replace(path)
    finally:
        Path(part).unlink(missing_ok=True)


def prune(folder: Path, most: int) -> None:
    """Let all go but the `most` files that were asked for last; once a build is often enough."""
    with suppress(OSError):
        files = sorted(folder.iterdir(), key=lambda file: file.stat().st_mtime, reverse=True)
        for file in files[most:]:
            file.unlink(missing_ok=True)

"""A file that is written whole or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


def replace(path: Path, raw: bytes) -> None:
    """Make the file hold these bytes at one stroke: whatever happens, it holds the old ones or the new ones."""
    path = path.resolve()  # a link stays a link
    with _named(path):
        part = _part(path)
        try:
            _fill(part, raw)
            if path.exists():
                shutil.copymode(path, part)
            part.replace(path)
        except BaseException:
            with suppress(OSError):
                part.unlink()
            raise


def create(path: Path, raw: bytes) -> None:
    """Make a file that holds these bytes, at one stroke. Raises `FileExistsError` where there is one, which stays."""
    with _named(path):
        part = _part(path)
        try:
            _fill(part, raw)
            try:
                path.hardlink_to(part)
            except FileExistsError:
                raise
            except OSError:  # some drives, such as memory sticks, know no second name for a file
                _write_new(path, raw)
        finally:
            part.unlink()


@contextmanager
def _named(path: Path) -> Iterator[None]:
    """Let an error name the file itself: nobody knows its part by name."""
    try:
        yield
    except OSError as error:
        if error.errno is None:
            raise
        raise OSError(error.errno, error.strerror, str(path)) from error


def _part(path: Path) -> Path:
    """Make an empty file beside the path."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    os.close(handle)
    return Path(name)


def _fill(part: Path, raw: bytes) -> None:
    with part.open("wb") as file:
        file.write(raw)
        file.flush()
        os.fsync(file.fileno())
    part.chmod(0o644)


def _write_new(path: Path, raw: bytes) -> None:
    file = path.open("xb")
    try:
        with file:
            file.write(raw)
    except BaseException:
        with suppress(OSError):
            path.unlink()
        raise

"""A file that one process holds at a time, so that two starts never work on one folder. Python's own library only."""

from __future__ import annotations

import os
import sys
import time
from contextlib import ExitStack, contextmanager
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

if sys.platform == "win32":
    import msvcrt

    # Windows locks bytes against readers as well; nobody reads this far.
    _FAR = 1 << 30

    def _lock(file: IO[bytes]) -> None:
        file.seek(_FAR)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except PermissionError as error:
            raise BlockingIOError(*error.args) from None

    def _unlock(file: IO[bytes]) -> None:
        file.seek(_FAR)
        msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _lock(file: IO[bytes]) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _unlock(file: IO[bytes]) -> None:
        fcntl.flock(file, fcntl.LOCK_UN)


class HeldError(Exception):
    """Another process holds the file; the message is a sentence for whoever wanted it."""

    exitcode = 1


@contextmanager
def held(path: Path, words: str, *, wait: bool = True) -> Iterator[None]:
    """Hold `path`, made where it is missing, until the block ends or the process dies, however it dies.

    The block may remove the file at its end. Where another process holds it, that is waited for, with `words` on
    standard error; or, without `wait`, `HeldError` is raised with them.
    """
    while (file := _taken(path)) is None:
        if not wait:
            raise HeldError(words)
        sys.stderr.write(words)
        sys.stderr.flush()
        words = ""
        time.sleep(0.2)
    with file:
        try:
            yield
        finally:
            _unlock(file)


@contextmanager
def held_if_free(path: Path) -> Iterator[bool]:
    """Hold `path` as `held` does, or tell, without waiting, that another process holds it."""
    file = _taken(path)
    if file is None:
        yield False
        return
    with file:
        try:
            yield True
        finally:
            _unlock(file)


def _taken(path: Path) -> IO[bytes] | None:
    """Give the file, locked, or None where another process has it, or has just removed it."""
    with ExitStack() as stack:
        file = stack.enter_context(path.open("ab"))
        try:
            _lock(file)
            # One that was removed after it was opened keeps nobody out.
            if not os.path.samestat(os.fstat(file.fileno()), path.stat()):
                return None
        except (FileNotFoundError, BlockingIOError):
            return None
        stack.pop_all()
        return file

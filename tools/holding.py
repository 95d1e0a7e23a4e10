"""A file that one process holds at a time, so that two starts never work on one folder. Python's own library only."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

if sys.platform == "win32":
    import msvcrt

    # Windows locks bytes against readers as well; nobody reads this far.
    _FAR = 1 << 30

    def _lock(file: IO[bytes]) -> None:
        file.seek(_FAR)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

    def _unlock(file: IO[bytes]) -> None:
        file.seek(_FAR)
        msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _lock(file: IO[bytes]) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _unlock(file: IO[bytes]) -> None:
        fcntl.flock(file, fcntl.LOCK_UN)


@contextmanager
def held(path: Path, busy: Callable[[], None]) -> Iterator[None]:
    """Hold `path`, made where it is missing, until the block ends or the process dies, however it dies.

    While another process holds it, `busy` is called five times a second; it may raise to give up.
    """
    with path.open("ab") as file:
        while True:
            try:
                _lock(file)
                break
            except OSError:
                busy()
                time.sleep(0.2)
        try:
            yield
        finally:
            _unlock(file)

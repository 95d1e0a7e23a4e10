"""A command in a real terminal of 80 columns: what is typed reaches it, Ctrl-C too, and what it shows is seen."""

from __future__ import annotations

import os
import select
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Self

from patience import PATIENCE, wait_until
from sites import ROOT

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType

# A terminal belongs to whoever leads the session that it is opened for.
_START = """\
import fcntl, os, struct, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
os.execv(sys.executable, [sys.executable, *sys.argv[1:]])
"""


class Terminal:
    """`python3 tasks.py` with the arguments; leaving the block ends it."""

    def __init__(self, arguments: Sequence[object], **variables: str) -> None:
        import pty

        self._ours, theirs = pty.openpty()
        self.shown = ""
        self.process = subprocess.Popen(
            [sys.executable, "-c", _START, ROOT / "tasks.py", *map(str, arguments)],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env=os.environ | {"TERM": "xterm"} | variables,
            start_new_session=True,
        )
        os.close(theirs)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self._ours)

    def until(self, words: str) -> str:
        """Wait until it shows the words, and give what it has shown since they were last waited for."""
        while words not in self.shown:
            self.shown += self._read()
        before, _, self.shown = self.shown.partition(words)
        return before + words

    def type(self, keys: str) -> None:
        if keys == "\x03":
            self._wait_until_it_waits()  # between a question and the wait for its answer, readline misses Ctrl-C
        os.write(self._ours, keys.encode())

    def end(self) -> tuple[int, str]:
        """Wait for its end, and give its status and what it has shown since words were last waited for."""
        while more := self._read(at_end=""):
            self.shown += more
        return self.process.wait(PATIENCE), self.shown.replace("\r\n", "\n")

    def _wait_until_it_waits(self) -> None:
        """Return once all that runs in the terminal has been asleep for ten looks, or where nobody can look, soon."""
        time.sleep(0.2)
        quiet = 0

        def asleep() -> bool:
            nonlocal quiet
            quiet = quiet + 1 if all(state in "SZ" for state in self._states()) else 0
            return quiet >= 10

        wait_until(asleep)

    def _states(self) -> list[str]:
        """Give how the terminal's processes stand: `S` is one that waits (proc(5), the third field; the session is the sixth)."""
        stats = []
        for path in Path("/proc").glob("[0-9]*/stat"):
            try:
                stats.append(path.read_text("utf-8", "replace").rpartition(") ")[2].split())
            except OSError:
                continue  # it has ended
        return [fields[0] for fields in stats if fields[3] == str(self.process.pid)]

    def _read(self, at_end: str | None = None) -> str:
        ready, _, _ = select.select([self._ours], [], [], PATIENCE)
        assert ready, f"shows no more, having shown: {self.shown}"
        try:
            more = os.read(self._ours, 4096).decode(errors="replace")
        except OSError:  # Linux has no other way to say that the terminal is closed
            more = ""
        assert more or at_end is not None, f"ended, having shown: {self.shown}"
        return more

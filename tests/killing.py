"""Processes that are killed at random moments while somebody looks on."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from patience import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).resolve().parent.parent
KILLS = int(os.environ.get("LECTERN_KILLS", "10"))
"""How many of each kind; a hundred and more find what is rare."""


def kill_at_random(code: str, seconds: float, seed: int) -> None:
    """Run Python code that prints a line when its work begins, and kill it up to so many seconds later."""
    process = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        assert process.stdout
        assert process.stderr
        line = process.stdout.readline()
        assert line, process.stderr.read().decode()
        time.sleep(random.Random(seed).uniform(0, seconds))  # noqa: S311  no secret
        assert process.poll() is None, process.stderr.read().decode()
    finally:
        process.kill()
        process.communicate()


@contextmanager
def watched(look: Callable[[], str]) -> Iterator[list[str]]:
    """Look again and again while the block runs; gives the list of what was seen, and raises what looking raised."""
    seen: list[str] = []
    failed: list[BaseException] = []
    over = threading.Event()

    def watch() -> None:
        try:
            while not over.is_set():
                seen.append(look())
        except BaseException as error:  # noqa: BLE001  it is raised below
            failed.append(error)

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield seen
    finally:
        over.set()
        thread.join()
    if failed:
        raise failed[0]


def wait_until_seen(version: str, seen: list[str]) -> None:
    """Give the one who looks on time to see the last version; what failed there is raised where the block ends."""
    end = time.monotonic() + PATIENCE
    while version not in seen and time.monotonic() < end:
        time.sleep(0.01)

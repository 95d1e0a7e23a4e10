"""Releases for the tests of targets, and small or locked disks to publish to."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from patience import wait_until

from tools.progress import Progress
from tools.publishing.release import Release, sha256

if TYPE_CHECKING:
    from collections.abc import Iterator

QUIET = Progress(quiet=True)
# What quoting, encoding and the options of programs could trip over.
ODD = {
    "index.html": b"<p>one</p>\r\n<p>two\n",
    "empty.txt": b"",
    "-rf/--delete": b"dashes",
    "with space/and 'single' \"double\".html": b"quotes",
    "größe/日本語 \u202e.html": b"letters",
    "a:b/c:d": b"colons",
    "$HOME/`id`;*?[x]\\n": b"signs",
    ".well-known/security.txt": b"hidden",
    ".gitattributes": b"* text eol=crlf ident\n*.bin filter=lfs\n",
    ".gitignore": b"*\n",
    "assets/a.bin": bytes(range(256)) * 40,
    "ident.txt": b"$Id$\r\n\n\r",
}

needs_mount = pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0, reason="only root can mount a small or a read-only disk, and on Linux"
)


def files(folder: Path) -> dict[str, bytes]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def release(folder: Path, name: str, contents: dict[str, bytes]) -> Release:
    """Write a release's files, as a careful person's umask and a careless one's `chmod` leave them."""
    place = folder / name
    shutil.rmtree(place, ignore_errors=True)
    for path, data in contents.items():
        (place / path).parent.mkdir(parents=True, exist_ok=True)
        (place / path).write_bytes(data)
        (place / path).chmod(0o700 if path.startswith("assets/") else 0o600)
    return Release(name, place, {path: sha256(place / path) for path in contents}, {})


def run(name: str, *arguments: str | Path) -> bytes:
    found = shutil.which(name)
    assert found
    return subprocess.run([found, *arguments], check=True, capture_output=True).stdout


@contextmanager
def disk(place: Path, size: str) -> Iterator[Path]:
    """Mount a disk of its own at `place`."""
    place.mkdir()
    run("mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", place)
    try:
        yield place
    finally:
        run("umount", "--lazy", place)


def wait_for_orphans(*about: str | Path) -> None:
    """Wait until no program is left that a killed process has started, going by what stands in their commands."""

    def left() -> list[str]:
        return [words for words in _programs() if any(str(word) in words for word in about)]

    wait_until(lambda: not left(), lambda: f"still running: {left()}")


def _programs() -> Iterator[str]:
    """Yield the command of each program that runs."""
    if not Path("/proc/self/cmdline").exists():
        yield from run("ps", "-A", "-ww", "-o", "args=").decode("utf-8", "replace").splitlines()
    for place in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            yield place.read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")

"""`lock.txt` and `tests/lock.txt`, written anew from `pyproject.toml`: exact versions and the hash of every file."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

from tools import installer

if TYPE_CHECKING:
    from pathlib import Path

# For every system and Python at once, and without a word about where this machine gets its packages.
_OPTIONS = ("--universal", "--python-version", "3.11", "--generate-hashes", "--no-emit-index-url", "--quiet")
_HEADER = ("--custom-compile-command", "python3 tasks.py lock")


class LockError(Exception):
    """The locks cannot be written; the message says what to do."""

    exitcode = 1


def write_locks(root: Path, *, upgrade: bool = False) -> None:
    """Write both locks; versions stay as they are where `pyproject.toml` still allows them, unless `upgrade`.

    Raises `LockError`.
    """
    uv = shutil.which("uv")
    if uv is None:
        raise LockError("Only uv writes locks for every system: install it (`pipx install uv`) and run this again.")
    newest = ["--upgrade"] if upgrade else []
    for target in (
        ["--output-file", "lock.txt"],
        ["--group", "test", "-c", "lock.txt", "--output-file", "tests/lock.txt"],
    ):
        command = [uv, "pip", "compile", *_OPTIONS, *_HEADER, *newest, "pyproject.toml", *target]
        done = subprocess.run(  # noqa: S603 -- built above
            command, cwd=root, env=installer.variables(), stdout=subprocess.DEVNULL, check=False
        )
        if done.returncode:
            raise LockError(f"{target[-1]} was not written; see above.")

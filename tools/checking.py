"""What the project's own code is held to: style, types and tests, each of them run whatever the others say."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

from tools import apt, browser, environment

if TYPE_CHECKING:
    from pathlib import Path

_CHECKS = (
    ("ruff", "check"),
    ("ruff", "format", "--check"),
    ("mypy",),
    # A file's tests share what they have set up: they stay in one process.
    ("pytest", "-n", "2", "--dist", "loadfile"),
)


def check_project(root: Path) -> list[str]:
    """Run every check on the project in `root`, in the terminal, and give the names of those that failed.

    Raises `SetupError` where the test tools cannot be installed.
    """
    python = environment.prepare(root, test=True)
    failed = []
    variables = dict(os.environ)
    apt.install_missing(apt.FOR_TESTS)
    try:
        variables[browser.VARIABLE] = str(browser.find_or_install())
    except browser.NoBrowserError as error:
        _say(str(error))
        failed.append("browser")
    for check in _CHECKS:
        name = " ".join(check)
        _say(f"$ {name}")
        if subprocess.run([python, "-m", *check], cwd=root, env=variables, check=False).returncode:  # noqa: S603
            failed.append(name)
    return failed


def _say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()

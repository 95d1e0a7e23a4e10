"""Opens a file where the author writes: $VISUAL, else $EDITOR, else whatever the system opens texts with."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tools.desk.desk import RefusedError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def edit(path: Path, shown: str) -> None:
    """Open the file, and wait for an editor that works in the terminal. `shown` is its path in messages.

    Raises `RefusedError` where no editor can be had, or where it fails; the file stays.
    """
    name = next((name for name in ("VISUAL", "EDITOR") if os.environ.get(name, "").strip()), "")
    if not name and sys.platform == "win32":
        os.startfile(path)  # noqa: S606  the author's own file, as a double click opens it
        return
    command = _words(os.environ[name], name, shown) if name else _opener(shown)
    said = f"${name} ({os.environ[name]})" if name else command[0]
    try:
        with _interrupts_left_to_the_editor():
            status = subprocess.run([*command, str(path)], check=False).returncode  # noqa: S603  the author's own
    except OSError as error:
        raise RefusedError(f"{said} cannot be started: {error.strerror}; {shown} is there for you to open.") from None
    if status:
        raise RefusedError(f"{said} ended with status {status}; {shown} is as it left it.")


def _words(command: str, name: str, shown: str) -> list[str]:
    """Take a command apart as a shell does; in Windows' paths a backslash is no mark of its own."""
    try:
        words = shlex.split(command, posix=os.name != "nt")
    except ValueError:
        message = f"${name} cannot be read, as a quotation mark in it is never closed"
        raise RefusedError(f"{message}: {command}; {shown} is there for you to open.") from None
    return [word.strip('"') for word in words] if os.name == "nt" else words


def _opener(shown: str) -> list[str]:
    if sys.platform == "darwin":
        return ["open", "-t"]
    if shutil.which("xdg-open") and (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        return ["xdg-open"]
    raise RefusedError(f"There is no editor to open; set one, like EDITOR=nano. {shown} is there for you to open.")


@contextmanager
def _interrupts_left_to_the_editor() -> Iterator[None]:
    """Let Ctrl-C mean what it means in the editor: it reaches this process too, which would end both."""
    before = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)

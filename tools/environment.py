"""The project's own `.venv`: made from the lock, found ready in a blink, entered again. Python's own library only."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from tools import installer
from tools.holding import held
from tools.installer import SetupError

if TYPE_CHECKING:
    from collections.abc import Sequence

FOLDER = ".venv"
# Stands in the folder before anything else does. Empty: still being made. Else the stamp: what it was made from.
MARK = "lectern.txt"
LOCKS = {"base": "lock.txt", "test": "tests/lock.txt"}
MEGABYTES = {"base": 80, "test": 190}
"""What there is to fetch: the files of `pip download --no-deps` for each lock, on Linux, added up and rounded."""


def enter(script: Path, arguments: Sequence[str]) -> None:
    """Return where this Python is that of the `.venv` beside `script`; else start `script` there, set up first.

    What stops that ends the process with one sentence on standard error and status 1, Ctrl-C with status 130.
    """
    try:
        python = prepare(script.parent)
    except SetupError as error:
        sys.exit(str(error))
    except OSError as error:
        sys.exit(f"Setting up {FOLDER} failed: {error}.")
    except KeyboardInterrupt:
        installer.say("Stopped.")
        sys.exit(130)
    if not Path(sys.prefix).samefile(script.parent / FOLDER):
        _start_again([str(python), str(script), *arguments])


def prepare(root: Path, *, test: bool = False) -> Path:
    """Give the interpreter of the project's environment, made or brought up to date where it has to be.

    `root` is an absolute path; `test` asks for the test tools as well. Raises `SetupError`, and `OSError` where the
    folder cannot be written.
    """
    venv = root / FOLDER
    if not _is_ready(root, test=test):
        _claim(venv)
        with held(venv / MARK, "Another start is setting it up; waiting …\n"):
            # That other start may have made it ready.
            if not _is_ready(root, test=test):
                _bring_up_to_date(root, test=test)
    return venv / installer.INTERPRETER


def _is_ready(root: Path, *, test: bool) -> bool:
    stamp = _stamp_in(root / FOLDER)
    kind = "test" if test else stamp.partition("\n")[0]
    return kind in LOCKS and stamp == _stamp(root, kind)


def _stamp_in(venv: Path) -> str:
    try:
        return (venv / MARK).read_text("utf-8")
    except OSError:
        return ""


def _stamp(root: Path, kind: str) -> str:
    """Say what an environment of this kind is made from: the lock's bytes, and the ground it stands on."""
    digest = hashlib.sha256((root / LOCKS[kind]).read_bytes()).hexdigest()
    return f"{kind}\n{digest}\n{_ground(root / FOLDER)}"


def _ground(venv: Path) -> str:
    """Name the folder and its interpreter, or nothing where that is gone: a move or a new Python changes them."""
    python = os.path.realpath(venv / installer.INTERPRETER)
    try:
        # On Windows the interpreter is a copy; only this line knows the Python that it needs.
        settings = (venv / "pyvenv.cfg").read_text("utf-8").splitlines()
        home = next(line.partition("=")[2].strip() for line in settings if line.startswith("home"))
    except (OSError, StopIteration):
        return ""
    return f"{venv}\n{python}\n" if Path(home).is_dir() and Path(python).exists() else ""


def _claim(venv: Path) -> None:
    """Make the folder; raise `SetupError` where there is one that is not ours. An empty one is nobody's."""
    if not os.path.lexists(venv):
        venv.mkdir(exist_ok=True)
    if not venv.is_dir() or (not (venv / MARK).exists() and any(venv.iterdir())):
        message = f"{FOLDER} was not made by this project and is left as it is; move it away and run the command again."
        raise SetupError(message)


def _bring_up_to_date(root: Path, *, test: bool) -> None:
    venv = root / FOLDER
    before = _stamp_in(venv)
    # Who has the test tools keeps them.
    kind = "test" if test or before.startswith("test\n") else "base"
    ground = _ground(venv)
    sound = bool(ground) and before.endswith(f"\n{ground}") and installer.can_install(venv)
    _write_mark(venv, "")
    if not sound:
        much = f"{_counted(installer.count(root / LOCKS[kind]))}, some {MEGABYTES[kind]} MB"
        installer.say(f"Setting up {FOLDER}, once: fetching {much}. This takes a minute or two …")
        _empty(venv)
        installer.make(venv)
    else:
        much = _counted(installer.count(root / LOCKS[kind]))
        installer.say(f"Bringing {FOLDER} up to date: of {much}, what is new is fetched …")
    try:
        installer.install(venv, root / LOCKS[kind])
    except SetupError:
        # Installers fetch everything before they change anything: what worked until now still does.
        _write_mark(venv, before if sound else "")
        raise
    _write_mark(venv, _stamp(root, kind))


def _counted(packages: int) -> str:
    return "1 package" if packages == 1 else f"{packages} packages"


def _write_mark(venv: Path, stamp: str) -> None:
    (venv / MARK).write_text(stamp, encoding="utf-8", newline="\n")


def _empty(venv: Path) -> None:
    """Take out all but the mark, which this start holds and others may be waiting for."""
    for path in venv.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        elif path.name != MARK:
            path.unlink()


def _start_again(command: list[str]) -> NoReturn:
    """Replace this process by `command`; on Windows, where that would let go of the terminal, wait for it."""
    # The first two would lead the other Python to this one's library.
    variables = {key: value for key, value in os.environ.items() if key not in {"PYTHONHOME", "__PYVENV_LAUNCHER__"}}
    # Titles go beyond the code page that Windows may give a pipe.
    variables["PYTHONUTF8"] = "1"
    if os.name != "nt":
        os.execve(command[0], command, variables)  # noqa: S606 -- our own interpreter and script
    child = subprocess.Popen(command, env=variables)  # noqa: S603 -- the same
    while True:
        try:
            sys.exit(child.wait())
        except KeyboardInterrupt:
            # The child has seen the same Ctrl-C and decides what it means.
            continue

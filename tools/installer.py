"""Who makes an environment and fills it: uv where there is one, else venv and pip. Python's own library only."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

INTERPRETER = Path("Scripts/python.exe" if os.name == "nt" else "bin/python")
LOG = "lectern.log"
_TERMINAL_TICK, _FILE_TICK = 0.5, 10.0
"""Seconds between two looks at how far an installer is."""

# uv reads none of pip's variables; a machine that says where packages come from says it to both.
# https://docs.astral.sh/uv/reference/environment/
UV_NAMES = {
    "PIP_INDEX_URL": "UV_DEFAULT_INDEX",
    "PIP_EXTRA_INDEX_URL": "UV_INDEX",
    "PIP_FIND_LINKS": "UV_FIND_LINKS",
    "PIP_CERT": "SSL_CERT_FILE",
}


class SetupError(Exception):
    """The environment cannot be made or brought up to date; the message is a sentence that says what to do."""

    exitcode = 1


def can_install(venv: Path) -> bool:
    """Tell whether `install` finds an installer for this environment: uv leaves pip out of those that it makes."""
    places = [*venv.glob("lib/python*/site-packages"), venv / "Lib/site-packages"]
    return bool(shutil.which("uv")) or any((place / "pip").is_dir() for place in places)


def make(venv: Path) -> None:
    """Make an environment in the folder, which may hold other files. Raises `SetupError`."""
    # A venv's own interpreter goes with its folder; the one it was made from stays.
    python = getattr(sys, "_base_executable", None) or sys.executable
    uv = shutil.which("uv")
    if uv:
        command = [uv, "venv", "--quiet", "--no-project", "--allow-existing", "--python", python, str(venv)]
    elif importlib.util.find_spec("ensurepip"):
        command = [python, "-m", "venv", str(venv)]
    else:
        package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
        message = (
            f"This Python lacks the part that makes environments: run `sudo apt install {package}`, or install uv."
        )
        raise SetupError(message)
    _run(command, venv, "This Python could not make an environment")


def install(venv: Path, lock: Path) -> None:
    """Install what the lock names, each file by its hash. Raises `SetupError`."""
    python = str(venv / INTERPRETER)
    uv = shutil.which("uv")
    if uv:
        command = [uv, "pip", "sync", "--require-hashes", "--compile-bytecode", "--python", python, str(lock)]
        if os.environ.get("PIP_NO_INDEX"):
            command.append("--no-index")
    else:
        command = [python, "-m", "pip", "install", "--require-hashes", "--no-input", "--progress-bar", "off"]
        command += ["--disable-pip-version-check", "--requirement", str(lock)]
    failure = "The packages could not be fetched; connect to the network and run the command again"
    _run(command, venv, failure, packages=count(lock))


def count(lock: Path) -> int:
    """Return how many packages a lock names."""
    return sum(1 for line in lock.read_text("utf-8").splitlines() if line and line[0] not in " #")


def variables() -> dict[str, str]:
    """Give the environment variables for pip and uv: the machine's own, and what those need to agree with it."""
    names = {theirs: os.environ[ours] for ours, theirs in UV_NAMES.items() if os.environ.get(ours)}
    # pip trusts the certificates that the system trusts, uv only when told; no environment can follow `--user`.
    return {"UV_NATIVE_TLS": "true", **names, **os.environ, "PIP_USER": "0", "PYTHONUNBUFFERED": "1"}


def say(words: str) -> None:
    """Tell the person at the terminal; standard output is for results."""
    sys.stderr.write(f"{words}\n")
    sys.stderr.flush()


def progress(log: str, packages: int) -> str:
    """Return how far an installer has come by what it has logged: pip names every package, uv each large one."""
    if re.search(r"^(?:Installing collected packages|Prepared \d)", log, re.MULTILINE):
        return "everything is fetched; installing it"
    large = len(re.findall(r"^Downloading ", log, re.MULTILINE))
    if large:
        return f"{len(re.findall(r'^ Downloaded ', log, re.MULTILINE))} of the {large} large packages fetched"
    named = len(re.findall(r"^(?:Collecting|Processing|Requirement already satisfied:) ", log, re.MULTILINE))
    return f"package {min(named, packages)} of {packages}" if named else ""


def _run(command: Sequence[str], venv: Path, failure: str, *, packages: int = 0) -> None:
    """Run a command with its words in the log, or shown with `LECTERN_VERBOSE`. Raises `SetupError`.

    How far one that brings `packages` has come is told meanwhile.
    """
    verbose = bool(os.environ.get("LECTERN_VERBOSE"))
    with (venv / LOG).open("wb") as log:
        out = sys.stderr if verbose else log
        process = subprocess.Popen(command, env=variables(), stdout=out, stderr=out)  # noqa: S603 -- built above
        try:
            status = process.wait() if verbose or not packages else _watched(process, venv / LOG, packages)
        except BaseException:
            process.kill()
            process.wait()
            raise
    if status:
        words = (venv / LOG).read_text("utf-8", "replace").lower()
        if "do not match the hashes" in words or "hash mismatch" in words:
            failure = "A fetched package is not the one that the lock names, so none was installed"
        raise SetupError(f"{failure} (details: {'above' if verbose else f'{venv.name}/{LOG}'}).")


def _watched(process: subprocess.Popen[bytes], log: Path, packages: int) -> int:
    """Wait for an installer and tell how far it is: on one line of a terminal, elsewhere in a line now and then."""
    on_terminal = sys.stderr.isatty()
    start = time.monotonic()
    wait = _TERMINAL_TICK if on_terminal else _FILE_TICK
    tell = _write_over if on_terminal else say
    try:
        while True:
            try:
                return process.wait(wait)
            except subprocess.TimeoutExpired:
                done = progress(log.read_text("utf-8", "replace"), packages)
                tell(f"  {', '.join(filter(None, [done, f'{time.monotonic() - start:.0f} s']))} …")
    finally:
        if on_terminal:
            _write_over("")


def _write_over(words: str) -> None:
    """Write in the place of what stands on the terminal's last line."""
    width = shutil.get_terminal_size().columns - 1
    sys.stderr.write(f"\r{words[:width]:{width}}\r{words[:width]}")
    sys.stderr.flush()

"""Who makes an environment and fills it: uv where there is one, else venv and pip. Python's own library only."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

INTERPRETER = Path("Scripts/python.exe" if os.name == "nt" else "bin/python")
LOG = "lectern.log"

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
    _run(command, venv, "The packages could not be fetched; connect to the network and run the command again")


def variables() -> dict[str, str]:
    """Give the environment variables for pip and uv: the machine's own, and what those need to agree with it."""
    names = {theirs: os.environ[ours] for ours, theirs in UV_NAMES.items() if os.environ.get(ours)}
    # pip trusts the certificates that the system trusts, uv only when told; no environment can follow `--user`.
    return {"UV_NATIVE_TLS": "true", **names, **os.environ, "PIP_USER": "0"}


def say(words: str) -> None:
    """Tell the person at the terminal; standard output is for results."""
    sys.stderr.write(f"{words}\n")
    sys.stderr.flush()


def _run(command: Sequence[str], venv: Path, failure: str) -> None:
    """Run a command with its words in the log, or shown with `LECTERN_VERBOSE`. Raises `SetupError`."""
    verbose = bool(os.environ.get("LECTERN_VERBOSE"))
    with (venv / LOG).open("wb") as log:
        out = sys.stderr if verbose else log
        done = subprocess.run(command, env=variables(), stdout=out, stderr=out, check=False)  # noqa: S603 -- built above
    if done.returncode:
        words = (venv / LOG).read_text("utf-8", "replace").lower()
        if "do not match the hashes" in words or "hash mismatch" in words:
            failure = "A fetched package is not the one that the lock names, so none was installed"
        raise SetupError(f"{failure} (details: {'above' if verbose else f'{venv.name}/{LOG}'}).")

"""A Chromium for the browser tests: found, or on Debian installed, or the command to install one."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

VARIABLE = "LECTERN_BROWSER"
_NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "microsoft-edge",
    "microsoft-edge-stable",
    "chrome",
    "msedge",
)
# Where installers put it without telling the PATH: folders by system, and the programs below each of them.
_PLACES = {
    "linux": (
        ("/usr/lib", "/snap/bin", "/opt"),
        ("chromium/chromium", "chromium", "google/chrome/chrome", "microsoft/msedge/msedge"),
    ),
    "darwin": (
        ("/Applications", "~/Applications"),
        (
            "Chromium.app/Contents/MacOS/Chromium",
            "Google Chrome.app/Contents/MacOS/Google Chrome",
            "Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
        ),
    ),
    "win32": (
        ("%ProgramFiles%", "%ProgramFiles(x86)%", "%LocalAppData%"),
        (
            "Chromium/Application/chrome.exe",
            "Google/Chrome/Application/chrome.exe",
            "Microsoft/Edge/Application/msedge.exe",
        ),
    ),
}
_COMMANDS = {
    "darwin": "brew install --cask chromium",
    "win32": "winget install --id Google.Chrome",
    "debian": "sudo apt install chromium",
    "ubuntu": "sudo snap install chromium",
    "fedora": "sudo dnf install chromium",
    "arch": "sudo pacman -S chromium",
}


class NoBrowserError(Exception):
    """There is no browser to test with; the message says how to get one."""

    exitcode = 1


def find_or_install() -> Path:
    """Give a Chromium, Chrome or Edge; as root on Debian install one where there is none. Raises `NoBrowserError`."""
    found = find()
    if found is None and _is_root_on_debian():
        _apt_install()
        found = find()
    if found is None:
        raise NoBrowserError(f"The browser tests need Chromium: run `{command()}`, or name one in {VARIABLE}.")
    return found


def find() -> Path | None:
    """Give the browser that `LECTERN_BROWSER` names, else the first one on the PATH or in the usual places.

    Raises `NoBrowserError` where the variable names no file.
    """
    named = os.environ.get(VARIABLE)
    if named:
        if not Path(named).is_file():
            raise NoBrowserError(f"{VARIABLE} names {named}, which is not there; correct it or unset it.")
        return Path(named)
    return next(_candidates(), None)


def command(system: str | None = None) -> str:
    """Give the command that installs a browser on this system, or on the one named."""
    return _COMMANDS.get(system or _distribution() or sys.platform, "install Chromium")


def _candidates() -> Iterator[Path]:
    for name in _NAMES:
        found = shutil.which(name)
        if found:
            yield Path(found)
    folders, programs = _PLACES.get(sys.platform, ((), ()))
    for folder in folders:
        place = Path(os.path.expandvars(folder)).expanduser()
        yield from (place / program for program in programs if (place / program).is_file())


def _distribution() -> str | None:
    """Give the name of a Linux distribution that `_COMMANDS` knows, else of one that it is like, else None."""
    try:
        told = platform.freedesktop_os_release()
    except OSError:
        return None
    names = [told.get("ID", ""), *told.get("ID_LIKE", "").split()]
    return next((name for name in names if name in _COMMANDS), None)


def _is_root_on_debian() -> bool:
    # Ubuntu's package of this name asks for snap, which containers lack.
    is_root = sys.platform != "win32" and os.geteuid() == 0
    return is_root and _distribution() == "debian" and shutil.which("apt-get") is not None


def _apt_install() -> None:
    sys.stderr.write("Installing Chromium for the browser tests …\n")
    sys.stderr.flush()
    variables = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update"], ["install", "--yes", "chromium"]):
        command = ["apt-get", "--quiet", "--quiet", *arguments]
        # What it says goes beside the test results; without a browser at the end, there is a sentence of ours.
        subprocess.run(command, env=variables, stdin=subprocess.DEVNULL, stdout=sys.stderr, check=False)  # noqa: S603

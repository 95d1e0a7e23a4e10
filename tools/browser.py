"""A Chromium for the browser tests: found, or on Debian installed, or the command to install one."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tools import apt

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
    if found is None and apt.is_root_on_debian():
        apt.install(["chromium"], "Installing Chromium for the browser tests …")
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
    return _COMMANDS.get(system or apt.distribution(_COMMANDS) or sys.platform, "install Chromium")


def _candidates() -> Iterator[Path]:
    for name in _NAMES:
        found = shutil.which(name)
        if found:
            yield Path(found)
    folders, programs = _PLACES.get(sys.platform, ((), ()))
    for folder in folders:
        place = Path(os.path.expandvars(folder)).expanduser()
        yield from (place / program for program in programs if (place / program).is_file())

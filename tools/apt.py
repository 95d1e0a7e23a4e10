"""What the tests need from the system: on Debian, as root, it is installed where it is missing."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

FOR_TESTS = {"git": "git", "rsync": "rsync", "sshd": "openssh-server"}
"""Programs that targets of publishing are tested with, and Debian's packages of them."""

# Servers lie where only root looks for programs.
_SERVERS = ("/usr/sbin", "/usr/local/sbin", "/sbin")


def find(program: str) -> str | None:
    """Give the path of a program or a server; None where it is not installed."""
    return shutil.which(program) or shutil.which(program, path=os.pathsep.join(_SERVERS))


def distribution(known: Collection[str]) -> str | None:
    """Give the name of a Linux distribution that is `known`, else of one that it is like, else None."""
    try:
        told = platform.freedesktop_os_release()
    except OSError:
        return None
    names = [told.get("ID", ""), *told.get("ID_LIKE", "").split()]
    return next((name for name in names if name in known), None)


def is_root_on_debian() -> bool:
    """Tell whether packages can be installed without asking; Ubuntu's may ask for snap, which containers lack."""
    is_root = sys.platform != "win32" and os.geteuid() == 0
    return is_root and distribution(("debian", "ubuntu")) == "debian" and shutil.which("apt-get") is not None


def install(packages: Collection[str], words: str) -> None:
    """Install packages of Debian, with `words` on standard error. Whether it went well, the programs show."""
    sys.stderr.write(f"{words}\n")
    sys.stderr.flush()
    variables = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update"], ["install", "--yes", *packages]):
        command = ["apt-get", "--quiet", "--quiet", *arguments]
        # What it says goes beside the test results.
        subprocess.run(command, env=variables, stdin=subprocess.DEVNULL, stdout=sys.stderr, check=False)  # noqa: S603


def install_missing(programs: Mapping[str, str]) -> None:
    """Install the packages of those programs that are not there, where that can be done."""
    missing = [package for program, package in programs.items() if not find(program)]
    if missing and is_root_on_debian():
        install(missing, f"Installing {', '.join(missing)} for the tests …")

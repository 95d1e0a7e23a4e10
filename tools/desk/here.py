"""What this computer knows of where it stands."""

from __future__ import annotations

import os
from pathlib import Path

from plugins.speaker import time_zone

_WORLD_TIME = {"Etc/UTC", "Etc/UCT", "Etc/Universal", "Etc/Zulu", "UCT", "Universal", "Zulu"}


def time_zone_here() -> str:
    """Give the name of the system's time zone, or UTC where that cannot be told, as on Windows."""
    linked = os.path.realpath("/etc/localtime").partition("zoneinfo/")[2]
    for name in (os.environ.get("TZ", "").removeprefix(":"), linked, _said(Path("/etc/timezone"))):
        if name and not time_zone(name):
            return "UTC" if name in _WORLD_TIME else name
    return "UTC"


def _said(path: Path) -> str:
    try:
        return path.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return ""

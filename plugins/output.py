"""Files of our own among Pelican's: the same bytes on every system."""

from __future__ import annotations

from pathlib import Path


def write(folder: str, name: str, data: bytes) -> None:
    """Write one file below the output folder, whose name is a plain relative path."""
    path = Path(folder, name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)

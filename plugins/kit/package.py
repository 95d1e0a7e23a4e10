"""kit.zip: all of the kit in one file, with a list of what is in it. The same kit gives the same bytes."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

_REGULAR_FILE = 0o100644 << 16  # as Unix has it, in the upper half of the external attributes
_UNIX = 3
_FIRST_DAY = (1980, 1, 1)  # ZIP can tell no earlier one


class Entry(NamedTuple):
    """A file of the package: its path in it, its bytes, what it is, and whom a picture is to be credited to."""

    path: str
    data: bytes
    what: str
    credit: str = ""

    @property
    def digest(self) -> str:
        """SHA-256 of the bytes, in hexadecimal."""
        return hashlib.sha256(self.data).hexdigest()


def package(entries: Iterable[Entry], heading: str, source: str, as_of: dt.date | None) -> bytes:
    """Pack the entries in their order, after manifest.txt for people and manifest.json for programs.

    `heading` opens the manifest, `source` is the address of the kit's page. Nothing is compressed: pictures and PDF
    are already, and no two versions of zlib need give the same bytes.
    """
    entries = list(entries)
    lists = [
        Entry("manifest.txt", _for_people(entries, heading, source), ""),
        Entry("manifest.json", _for_programs(entries, source, as_of), ""),
    ]
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for entry in (*lists, *entries):
            day = (as_of.year, as_of.month, as_of.day) if as_of else _FIRST_DAY
            info = zipfile.ZipInfo(entry.path, (*max(day, _FIRST_DAY), 0, 0, 0))
            info.create_system, info.external_attr = _UNIX, _REGULAR_FILE
            archive.writestr(info, entry.data)
    return file.getvalue()


def text(written: str) -> bytes:
    """Give a plain text as a file: UTF-8, line feeds, one at the end."""
    return f"{written}\n".encode()


def _for_people(entries: list[Entry], heading: str, source: str) -> bytes:
    blocks = [f"{heading}\n{source}"]
    for entry in entries:
        lines = [entry.path, f"  {entry.what}", f"  {len(entry.data)} B", f"  SHA-256 {entry.digest}"]
        blocks.append("\n".join([*lines[:2], *([f"  {entry.credit}"] if entry.credit else []), *lines[2:]]))
    return text("\n\n".join(blocks))


def _for_programs(entries: list[Entry], source: str, as_of: dt.date | None) -> bytes:
    files = [
        {"path": entry.path, "what": entry.what, "bytes": len(entry.data), "sha256": entry.digest}
        | ({"credit": entry.credit} if entry.credit else {})
        for entry in entries
    ]
    manifest = {"version": 1, "source": source, "as_of": as_of.isoformat() if as_of else None, "files": files}
    return text(json.dumps(manifest, ensure_ascii=False, indent=2))

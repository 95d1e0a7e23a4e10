"""The inquiries as files for other programs: CSV for spreadsheets, JSON exactly as they were written."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from tools.inquiries.block import KEYS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from tools.inquiries.reading import Found

# OWASP, "CSV Injection": a cell is a formula where it begins with one of these; so it may where a spreadsheet takes
# another separator than the comma, or a line break, for a cell's end.
_FORMULA = re.compile(r"(^|[;\t\r\n])(?=[\s\"\x00-\x1f]*[=+\-@\uff1d\uff0b\uff0d\uff20])|^(?=[\t\r\n\x00])")


class Listed(NamedTuple):
    """A row as the table shows it: its number, the inquiry, and what its days clash with."""

    number: int
    found: Found
    clashes: tuple[str, ...]


def as_json(rows: Sequence[Listed]) -> bytes:
    """Give a list of objects with stable names; every key is there, as text, empty where nothing was said."""
    data = [
        {"number": row.number, "id": row.found.inquiry.id, **_fields(row), "complete": row.found.sources[0].block.whole}
        | {"mails": list(row.found.mails), "clashes": list(row.clashes)}
        for row in rows
    ]
    return f"{json.dumps(data, indent=2, ensure_ascii=False)}\n".encode()


def as_csv(rows: Sequence[Listed]) -> bytes:
    """Give a table with a heading: UTF-8 with the mark by which Excel knows it, lines ended as RFC 4180 has it."""
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(["number", *KEYS, "mails", "clashes"])
    for row in rows:
        values = [*_fields(row).values(), "\n".join(row.found.mails), "\n".join(row.clashes)]
        writer.writerow([row.number, *(_harmless(value) for value in values)])
    return text.getvalue().encode("utf-8-sig")


def refuse_existing(paths: Mapping[str, Path]) -> None:
    """Raise `FileExistsError` where one of the files, named by its option, is there already."""
    for option, path in paths.items():
        if path.exists() or path.is_symlink():
            raise FileExistsError(f"{path} is there already; choose another file for {option}.")


def refuse_missing(folders: Mapping[str, Path]) -> None:
    """Raise `NotADirectoryError` where one of the folders, named by its option, is not there."""
    for option, folder in folders.items():
        if not folder.is_dir():
            raise NotADirectoryError(f"There is no folder {folder}; make it, or choose another for {option}.")


def write_new(path: Path, raw: bytes) -> None:
    """Write a file that was not there. Raises `FileExistsError` where it has come in the meantime."""
    with path.open("xb") as file:
        file.write(raw)


def _fields(row: Listed) -> dict[str, Any]:
    return msgspec.structs.asdict(row.found.inquiry)


def _harmless(text: str) -> str:
    """Give a text that no spreadsheet takes for a formula: an apostrophe before what could begin one."""
    return _FORMULA.sub(r"\1'", text.replace("\0", ""))

"""Where mail is kept: a file a mail, mailboxes, folders of them. Gives each mail's bytes, one after the other."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import IO, TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

LARGEST = 20_000_000
"""Bytes of one mail. Providers stop at some 25 MB, and an inquiry is a few kB."""

_LINE = 1 << 16
# RFC 4155, appendix A: `From `, an address, and a time as asctime() gives it (some programs add an offset).
_FROM = re.compile(rb"From .*:\d\d.* \d{4}\s*\Z")
# What programs write before `From ` in a text, so that no mail begins there.
_ESCAPED_FROM = re.compile(rb"^>(>*From )", re.MULTILINE)
_MAILDIR = {"cur", "new"}


class NoMailError(Exception):
    """There is nothing to read; `str()` says where."""

    exitcode = 1


class Mail(NamedTuple):
    """One mail: where it lies, as a person is told, and its bytes; where it cannot be read, why."""

    shown: str
    raw: bytes
    problem: str = ""


def mails(path: Path, limit: int = LARGEST) -> Iterator[Mail]:
    """Yield every mail in a file, a mailbox or a folder, sorted by path. No more than one is held in memory.

    A file is a mailbox where it begins as one, whatever it is called. Raises `NoMailError` where nothing is there.
    """
    if not path.exists():
        raise NoMailError(f"There is no {path}; write the path of a saved mail, a mailbox or a folder of them.")
    if not path.is_file() and not path.is_dir():
        raise NoMailError(f"{path} is neither a file nor a folder; save the mail as a file first.")
    for file in _files(path):
        try:
            yield from _in_file(file, limit)
        except OSError as error:
            yield Mail(shown(file), b"", f"could not be read ({error.strerror or 'the file is damaged'})")


def shown(path: Path) -> str:
    """Give a path as a person would write it from where they are."""
    here = Path.cwd()
    return path.relative_to(here).as_posix() if path.is_relative_to(here) else str(path)


def _files(path: Path) -> Iterator[Path]:
    """Yield the file, or those of a folder and of all below it, without following links to other folders."""
    if path.is_file():
        yield path
        return
    for folder, below, names in os.walk(path):
        below.sort()
        for name in sorted(names):
            file = Path(folder, name)
            if file.is_file() and _is_mail(file):
                yield file


def _is_mail(file: Path) -> bool:
    """Tell whether a file among others holds mail: by its name, its place in a Maildir, or its first bytes."""
    if file.suffix.lower() in {".eml", ".emlx", ".mbox", ".msg"} or file.parent.name in _MAILDIR:
        return True
    try:
        with file.open("rb") as opened:
            return opened.read(5) == b"From "
    except OSError:
        return False


def _in_file(file: Path, limit: int) -> Iterator[Mail]:
    name = shown(file)
    if file.suffix.lower() == ".msg":
        yield Mail(name, b"", "is in Outlook's own format; save it as .eml, or forward it to yourself as an attachment")
        return
    with file.open("rb") as opened:
        first = opened.readline(_LINE)
        if first.startswith(b"From "):
            for number, raw in enumerate(_in_mailbox(opened, limit), 1):
                yield _mail(f"{name}, mail {number}", raw, limit)
            return
        # Apple Mail writes the mail's length before it, and its own notes after it.
        length = int(first) if file.suffix.lower() == ".emlx" and re.fullmatch(rb"\d{1,12}\s*", first) else None
        if length is None:
            opened.seek(0)
        raw = opened.read(limit + 1 if length is None else min(length, limit + 1))
    yield _mail(name, raw, limit)


def _mail(name: str, raw: bytes, limit: int) -> Mail:
    if len(raw) > limit:
        return Mail(name, b"", f"is larger than {limit // 1_000_000} MB; it was passed over")
    return Mail(name, raw)


def _in_mailbox(opened: IO[bytes], limit: int) -> Iterator[bytes]:
    """Yield the mails of a mailbox that is open after its first line; of one too large, a little more than the limit.

    Python's own mailbox opens files for writing, begins a mail at every `From `, and reads lines of any length.
    """
    parts: list[bytes] = []
    size = 0
    start = True
    while line := opened.readline(_LINE):
        if start and line.startswith(b"From ") and _FROM.match(line):
            yield _ESCAPED_FROM.sub(rb"\1", b"".join(parts))
            parts, size = [], 0
        elif size <= limit:
            parts.append(line)
            size += len(line)
        start = line.endswith(b"\n")
    yield _ESCAPED_FROM.sub(rb"\1", b"".join(parts))

"""A redo journal: what a build is about to do to an output, written down whole before the first file is moved.

A command that is killed in the middle is finished by the next one, from the journal and the files that wait beside it.
Every step can be taken twice, so finishing may be killed as well: what is moved in is no longer there to be moved,
and what is taken away is moved beside the journal, so that a later file of its name is known for another's.
"""

from __future__ import annotations

import json
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tools.faults import BuildError, disk_full
from tools.output import MANIFEST, folders_of, same
from tools.replacing import replace

if TYPE_CHECKING:
    from tools.output import Difference

SITE = "site"
_JOURNAL, _GONE, _BOTH, _MANIFEST = "journal", "gone", "both", "manifest"


class Memory(NamedTuple):
    """A file elsewhere that tells of the output: gone while that changes, with `text` afterwards if there is any."""

    file: str
    text: str = ""


class _Journal(NamedTuple):
    """What `Difference` says, and the memory; the manifests wait as files."""

    folders: tuple[str, ...]
    blocking: tuple[str, ...]
    moves: tuple[tuple[str, bool], ...]
    gone: tuple[str, ...]
    memory: tuple[str, str]


def write(stage: Path, found: Difference, memory: Memory) -> None:
    """Write the journal of a change, whose new files are in `stage`; from its last line on, the change will happen.

    All that needs space is taken here: what follows only moves files within one file system.
    """
    for path in (*found.blocking, *found.gone):
        (stage / _GONE / path).parent.mkdir(parents=True, exist_ok=True)
    _write(stage / _BOTH, found.both)
    _write(stage / _MANIFEST, found.manifest)
    journal = _Journal(found.folders, found.blocking, found.moves, found.gone, memory)
    part = stage / f"{_JOURNAL}.part"
    _write(part, json.dumps(journal).encode("ascii"))
    part.replace(stage / _JOURNAL)
    _sync_folder(stage)


def is_written(stage: Path) -> bool:
    """Tell whether there is a change to be finished."""
    return (stage / _JOURNAL).exists()


def finish(stage: Path, output: Path) -> None:
    """Do what the journal says, from wherever it was left; then there is none any more.

    Raises `OSError` where it cannot be begun: all is as it was, and the journal gone. After the first change it raises
    `BuildError`, and the journal stays for the next command.
    """
    journal = _read(stage, output)
    if (stage / _BOTH).exists():
        _begin(stage, output, journal)
    try:
        _change(stage, output, journal)
        (stage / _JOURNAL).unlink()
    except OSError as error:
        place = error.filename2 or error.filename or output
        wrong = "the disk is full" if disk_full(error) else f"{place} cannot be changed now ({error.strerror or error})"
        advice = "the next command, `check` for example, does the rest"
        raise BuildError([f"{output} is only partly new: {wrong}. Mend that; {advice}."]) from error


def _read(stage: Path, output: Path) -> _Journal:
    try:
        return _Journal(*json.loads((stage / _JOURNAL).read_bytes()))
    except (ValueError, TypeError):
        line = f"{stage} was left by another version; delete it, then build {output} anew."
        raise BuildError([line]) from None


def _begin(stage: Path, output: Path, journal: _Journal) -> None:
    """Make the folders, and let the manifest name the old files and the new ones."""
    try:
        for folder in journal.folders:
            (output / folder).mkdir(exist_ok=True)
        (stage / _BOTH).replace(output / MANIFEST)
    except OSError:
        for folder in reversed(journal.folders):
            with suppress(OSError):
                (output / folder).rmdir()
        (stage / _JOURNAL).unlink()
        raise


def _change(stage: Path, output: Path, journal: _Journal) -> None:
    file, text = journal.memory
    Path(file).unlink(missing_ok=True)
    for path in journal.blocking:
        _take_away(stage, output, path)
    for path, ours in journal.moves:
        _move_in(stage, output, path, ours=ours)
    for path in journal.gone:
        _take_away(stage, output, path)
    keep(Memory(file, text))
    with suppress(FileNotFoundError):
        (stage / _MANIFEST).replace(output / MANIFEST)


def keep(memory: Memory) -> None:
    """Remember what the output now holds. Where nothing can be written, the build is as good without."""
    if not memory.text:
        Path(memory.file).unlink(missing_ok=True)
        return
    with suppress(OSError):
        Path(memory.file).parent.mkdir(parents=True, exist_ok=True)
        replace(Path(memory.file), memory.text.encode())


def _move_in(stage: Path, output: Path, path: str, *, ours: bool) -> None:
    """Move a file in, unless that was done before. Raises `BuildError` where somebody else's file stands there."""
    staged, place = stage / SITE / path, output / path
    if not staged.exists():
        return
    folders = [output / folder for folder in folders_of(path)]
    others = [folder for folder in folders if folder.is_symlink()]
    if not ours and os.path.lexists(place) and not same(staged, place):
        others.append(place)
    if others:
        advice = "move it away, and run the command again: it does the rest"
        raise BuildError(f"{other} came while {output} was being changed; {advice}." for other in others)
    place.parent.mkdir(parents=True, exist_ok=True)
    staged.replace(place)


def _take_away(stage: Path, output: Path, path: str) -> None:
    """Take a file away, and the folders that this leaves empty. What somebody has put in its place stays."""
    place, kept = output / path, stage / _GONE / path
    folders = [output / folder for folder in folders_of(path)]
    if any(folder.is_symlink() for folder in folders):
        return
    if not os.path.lexists(kept) and not place.is_dir():
        with suppress(FileNotFoundError):
            place.replace(kept)
    for folder in folders:
        with suppress(OSError):
            folder.rmdir()


def _write(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    """Make sure that the names in a folder are on the disk; Windows does so by itself, and cannot be asked."""
    if sys.platform != "win32":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

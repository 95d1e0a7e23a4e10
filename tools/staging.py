"""Building beside an output: a site is drawn there, then moved in as a whole, or finished by the next command."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from tools import journal
from tools.faults import FULL, BuildError, disk_full
from tools.holding import held, held_if_free
from tools.output import difference

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tools.journal import Memory

_USUAL = ("output", ".preview")


@contextmanager
def staging(root: Path, output: Path) -> Iterator[Path]:
    """Give a new folder to draw the site for `output` into, on its file system; it is taken away at the end.

    What a killed build has left is finished or taken away first; where another build stages the same output, its end
    is waited for. `root` is the project's folder, where is noted that this has begun. Raises `BuildError` where
    nothing can be written; `output` then stays as it was.
    """
    stage, note = _stage(output), _note(root, output)
    with _unchanged(output):
        stage.parent.mkdir(parents=True, exist_ok=True)
        with _held(output):
            _settle(stage, note, output)
            try:
                (stage / journal.SITE).mkdir(parents=True)
                _write_note(note, output)
                yield stage / journal.SITE
            finally:
                if not journal.is_written(stage):
                    _clear(stage, note)


def apply(site: Path, output: Path, memory: Memory) -> None:
    """Make the output hold the staged site, and nobody else's file another byte; `memory` tells of it afterwards.

    Raises `BuildError` where that cannot be done. Once the first file has changed, the next command does the rest.
    """
    with _unchanged(output):
        found = difference(site, output)
        if found is None:
            journal.keep(memory)
            return
        journal.write(site.parent, found, memory)
        journal.finish(site.parent, output)


def settle(root: Path, output: Path) -> None:
    """See to it that `output` is whole before it is read: finish what was killed, wait for what is running.

    Does what `recover` does, too, and raises the same.
    """
    if _stage(output).exists():
        with _unchanged(output), _held(output):
            _settle(_stage(output), _note(root, output), output)
    recover(root)


def recover(root: Path) -> None:
    """Finish or take away what killed builds of the project in `root` have left, wherever they were building into.

    A build that is running is let be. Raises `BuildError` where an output stays half changed, with what to mend.
    """
    for output in _begun(root):
        stage, note = _stage(output), _note(root, output)
        if not stage.exists() and not note.exists():
            continue
        if not stage.parent.is_dir():
            note.unlink(missing_ok=True)
            continue
        with _unchanged(output), held_if_free(_lock(output)) as free:
            if free:
                with _going(_lock(output)):
                    _settle(stage, note, output)


def _settle(stage: Path, note: Path, output: Path) -> None:
    if journal.is_written(stage):
        journal.finish(stage, output)
    _clear(stage, note)


def _clear(stage: Path, note: Path) -> None:
    shutil.rmtree(stage, ignore_errors=True)
    with suppress(OSError):
        note.unlink()


@contextmanager
def _held(output: Path) -> Iterator[None]:
    with held(_lock(output), f"Another build into {output} is running; waiting …\n"), _going(_lock(output)):
        yield


@contextmanager
def _going(lock: Path) -> Iterator[None]:
    """Take the lock's file away at the end; Windows keeps it, open and empty, for the next build."""
    try:
        yield
    finally:
        with suppress(OSError):
            lock.unlink()


@contextmanager
def _unchanged(output: Path) -> Iterator[None]:
    """Say in a line why something could not be written, before anything in the output has changed."""
    try:
        yield
    except OSError as error:
        if disk_full(error):
            raise BuildError([FULL]) from error
        if error.errno == errno.EXDEV:
            advice = f"build into a folder inside it, like {output / 'site'}"
            raise BuildError([f"{output} is a disk or a mount of its own; {advice}. Nothing was changed."]) from error
        place = error.filename2 or error.filename or output
        line = f"{place} cannot be written ({error.strerror or error}); {output} is as it was."
        raise BuildError([line]) from error


def _stage(output: Path) -> Path:
    # Beside the folder itself where a link leads to it: files can be moved within one file system only.
    real = output.resolve()
    return real.with_name(f".{real.name.lstrip('.')}.staged")


def _lock(output: Path) -> Path:
    return _stage(output).with_suffix(".staged-by")


def _note(root: Path, output: Path) -> Path:
    name = hashlib.sha256(os.fsencode(output)).hexdigest()[:16]
    return root / ".cache" / "building" / name


def _write_note(note: Path, output: Path) -> None:
    """Note where a build has begun, so that a command which builds elsewhere can finish it."""
    with suppress(OSError):
        note.parent.mkdir(parents=True, exist_ok=True)
        note.write_bytes(os.fsencode(output))


def _begun(root: Path) -> list[Path]:
    """Give the outputs in which something may be unfinished."""
    notes = []
    with suppress(OSError):
        notes = [Path(os.fsdecode(note.read_bytes())) for note in (root / ".cache" / "building").iterdir()]
    usual = [root / name for name in _USUAL]
    return [*usual, *(output for output in notes if output.is_absolute() and output not in usual)]

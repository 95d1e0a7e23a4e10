"""What the system refuses, in words that say what to do."""

from __future__ import annotations

import errno
import os
from pathlib import Path

_FULL = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}
_FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}
_ANOTHER_KIND = {errno.EISDIR, errno.ENOTDIR, errno.EEXIST}


def told(error: OSError) -> str:
    """Give a sentence with the path, the system's reason and what to do; of what has no path the reason alone."""
    name = error.filename2 or error.filename
    if not error.strerror or not isinstance(name, str | os.PathLike):
        return str(error)
    verb, mend = _advice(Path(name), error.errno or 0)
    return f"{name} cannot be {verb} ({error.strerror}); {mend}, then run the command again."


def _advice(path: Path, number: int) -> tuple[str, str]:
    if number in _FULL:
        return "written", "make room"
    if number in _FORBIDDEN:
        return _forbidden(path, number), "allow it"
    if number in _ANOTHER_KIND:
        return "used", "move away what stands there"
    if number == errno.ENOENT:
        return ("found", "bring it back") if path.parent.is_dir() else ("opened", "make its folder")
    return "used", "mend that"


def _forbidden(path: Path, number: int) -> str:
    """Say what was not allowed, as far as it can be told afterwards."""
    if number == errno.EROFS:
        return "written"
    if not os.access(path.parent, os.X_OK):
        return "opened"
    return "read" if os.path.lexists(path) and not os.access(path, os.R_OK) else "written"

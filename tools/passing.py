"""Which files are the author's, and which editors, systems and Python leave for a moment or for themselves."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_PASSING = (
    *("4913", "*~", "#*#", "*.sw?", "*.tmp", "*.part", "*.crdownload", "*___jb_???___", "flycheck_*"),
    *("thumbs.db", "desktop.ini", "__pycache__", "*.py[cod]", "node_modules"),
)
# Below it the owner means hidden files, too: .nojekyll, .well-known.
_COPIED_AS_THEY_ARE = "extra"
_HIDDEN_PASSING = (".ds_store", "._", ".#", ".~lock")


def matters(path: Path, folder: Path) -> bool:
    """Tell whether a file below `folder` may be the author's, and not a passing or a hidden one."""
    parts = path.relative_to(folder).parts
    if any(fnmatchcase(part.lower(), pattern) for part in parts for pattern in _PASSING):
        return False
    if parts[0] == _COPIED_AS_THEY_ARE:
        return not any(part.lower().startswith(_HIDDEN_PASSING) for part in parts)
    return not any(part.startswith(".") for part in parts)

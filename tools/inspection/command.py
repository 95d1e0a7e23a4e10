"""`python3 tasks.py check`: everything that would stop a build or a publish, and what readers would stumble on."""

from __future__ import annotations

import sys
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from plugins import switches
from plugins.problems import SiteError
from tools.inspection import formats
from tools.inspection.display import Display
from tools.inspection.looking import look, switched_off
from tools.inspection.mending import Mended, difference, mend

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from plugins.problems import Problem
    from tools.inspection.drawn import Drawn
    from tools.inspection.looking import Looked
    from tools.inspection.mending import Unwritten

FORMATS = ("text", "json", "github")
_ROUNDS = 10
"""Of mending: what one mend brings to light another may mend."""


class Wanted(NamedTuple):
    """What a check is to do: `fix` what is certain, ask other sites (`online`), in which of `FORMATS`, `quiet` or not.

    `quiet` tells of nothing but what was found.
    """

    fix: bool = False
    online: bool = False
    format: str = "text"
    quiet: bool = False


def check(root: Path, config: Path, content: Path, wanted: Wanted) -> bool:
    """Look at the site, show what was found, and tell whether nothing stops a publish or a mend.

    All paths are absolute.
    """
    ask = partial(_asked, root / ".cache" / "lectern" / "links", wanted) if wanted.online else None
    look_again = partial(look, config, content, ask)
    looked, written = look_again(), True
    if wanted.fix:
        # Standard output is for the findings where a program reads them.
        looked, written = _mended(root, looked, look_again, Display(None if wanted.format == "text" else sys.stderr))
    if wanted.format == "json":
        sys.stdout.write(formats.as_json(looked))
    elif wanted.format == "github":
        sys.stdout.write(formats.as_github(looked))
    elif any(looked.findings) or not wanted.quiet:
        Display().findings(looked, root, hint=not wanted.fix)
    return written and not looked.findings.errors


def print_rules(root: Path, content: Path) -> None:
    """Show every rule, and which are switched off. Raises `SiteError`, after that, for what is wrong in checks.toml."""
    try:
        off = switched_off(root, content)
    except SiteError:
        Display().rules(switches.NONE)
        raise
    Display().rules(off)


def _asked(cache: Path, wanted: Wanted, drawn: Drawn) -> Iterable[Problem]:
    from tools.inspection import online  # slow to import

    return online.findings(drawn, cache, (lambda _: None) if wanted.quiet else _tell)


def _tell(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


def _mended(root: Path, looked: Looked, look_again: Callable[[], Looked], display: Display) -> tuple[Looked, bool]:
    """Mend what is certain until nothing is left of it, and show what is written.

    Give what is found then, and whether every file could be written.
    """
    left: dict[Unwritten, None] = {}
    for _ in range(_ROUNDS):
        changed = False
        for one in mend(root, (problem for found in looked.findings for problem in found)):
            if isinstance(one, Mended):
                display.difference(difference(one))
                changed = True
            elif one not in left:
                left[one] = None
                _tell(str(one))
        if not changed:
            break
        looked = look_again()
    return looked, not left

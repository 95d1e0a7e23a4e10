"""A site drawn for the rules that look at the whole of it."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

from sites import EPOCH, ROOT

from tools.build import draw
from tools.inspection.site import findings

if TYPE_CHECKING:
    from pathlib import Path

    from plugins.problems import Problem
    from tools.inspection.drawn import Drawn


def drawn(content: Path, folder: Path, theme: Path | None = None) -> Drawn:
    """Draw the site of a content folder as published, with a theme of its own where one is given."""
    config = folder.parent / "settings.py"
    own = f"THEME = {str(theme)!r}\n" if theme else ""
    config.write_text(
        f"import runpy\nglobals().update(runpy.run_path({str(ROOT / 'publishconf.py')!r}))\n{own}", "utf-8"
    )
    folder.mkdir()
    before = os.environ.copy()
    os.environ["SOURCE_DATE_EPOCH"] = EPOCH
    try:
        report = draw(config, content, folder)
    finally:
        os.environ.clear()
        os.environ.update(before)
    assert report.drawn is not None
    return report.drawn


def copied(site: Drawn, folder: Path) -> Drawn:
    """Give a copy of a drawn site, to be altered."""
    shutil.copytree(site.folder, folder)
    return site._replace(folder=folder)


def found(site: Drawn, *starts: Path) -> set[tuple[str, int, str]]:
    """Give path, line and rule of each finding; paths without the folders they start with."""
    return {(short(problem, *starts), problem.line, problem.rule) for problem in findings(site)}


def short(problem: Problem, *starts: Path) -> str:
    for start in starts:
        if problem.path.startswith(f"{start}/"):
            return problem.path.removeprefix(f"{start}/")
    return problem.path

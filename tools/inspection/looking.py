"""The whole site looked at: the author's files as a build reads them, then every page that was drawn of them."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from plugins import switches
from plugins.problems import SiteError, shown
from tools.faults import BuildError, placed
from tools.inspection.judging import Findings, all_rules, judged
from tools.staging import recover

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from plugins.problems import Problem
    from plugins.switches import Off
    from tools.build import Report
    from tools.inspection.drawn import Drawn

    Ask = Callable[[Drawn], Iterable[Problem]]
    """Asks other sites whether what the drawn site links to is there."""


class Looked(NamedTuple):
    """What was found, and in what: `contents` is like `10 posts and 4 pages`, empty where nothing could be drawn."""

    findings: Findings
    contents: str = ""


def look(config: Path, content: Path, ask: Ask | None = None) -> Looked:
    """Look at the site that the settings file and the content folder describe, and keep nothing of it.

    Raises `BuildError` where what a killed build has left cannot be finished.
    """
    from tools.build import draw  # slow to import

    recover(config.parent)
    problems: list[Problem] = []
    off, contents = switches.NONE, ""
    try:
        off = switched_off(config.parent, content)
    except SiteError as error:
        problems += error.problems
    with tempfile.TemporaryDirectory() as folder:
        try:
            report = draw(config, content, Path(folder))
            problems += found_in(report, ask)
            contents = report.contents
        except SiteError as error:
            problems += error.problems
        except BuildError as error:
            problems += [placed(line, "build") for line in error.lines]
    return Looked(judged(problems, off), contents)


def switched_off(root: Path, content: Path) -> Off:
    """Give the rules that are switched off, with the reasons; paths in messages count from `root`.

    Raises `SiteError` with every problem of checks.toml and its line.
    """
    return switches.load(content / switches.NAME, f"{shown(content, root)}/{switches.NAME}", all_rules(), complete=True)


def found_in(report: Report, ask: Ask | None = None) -> Iterator[Problem]:
    """Yield what is wrong with a site that was drawn and still stands where it was drawn."""
    from tools.inspection import site  # slow to import

    yield from report.found
    if report.drawn:
        yield from site.findings(report.drawn)
        yield from ask(report.drawn) if ask else ()

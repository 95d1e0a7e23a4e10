"""What was found, for people: coloured and wrapped in a terminal, each on one line elsewhere."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, TextIO

from tools.excerpts import MOST, excerpt
from tools.inspection.judging import sections
from tools.problem_print import ENDLESS, only_first, print_lines
from tools.visible import spelt_out, visible

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from rich.console import Console

    from plugins.problems import Problem
    from plugins.switches import Off
    from tools.inspection.looking import Looked

    Parts = tuple[str | tuple[str, str], ...]
    """A text in parts, some of them with a style of rich's."""

_WIDEST = 80
_INDENT = 4
_SIGNS = {"+": "green", "-": "red", "@": "cyan"}


class Display:
    """Writes to standard output, or to another stream."""

    def __init__(self, stream: TextIO | None = None) -> None:
        """Find out whether a person or a program reads it."""
        from rich.console import Console

        self._stream = stream or sys.stdout
        if hasattr(self._stream, "reconfigure"):
            self._stream.reconfigure(errors="backslashreplace")  # a Windows console knows few letters
        # rich would take [bold] and :smile: in a message for its own.
        self._console: Console = Console(file=self._stream, highlight=False, markup=False, emoji=False)
        self._width = min(self._console.width, _WIDEST) - _INDENT
        if not self._console.is_terminal:
            self._console.width = ENDLESS

    def findings(self, looked: Looked, root: Path, *, hint: bool) -> None:
        """Show all findings, errors first, and count them; `hint` at --fix where it would mend some.

        The first errors are shown with the lines around them; relative paths count from `root`.
        """
        errors, warnings = looked.findings
        self._listed("", errors, root)
        self._listed("Warnings:", warnings)
        fixable = sum(bool(problem.fix) for problem in (*errors, *warnings))
        said = f" --fix mends {fixable} of them." if hint and fixable else ""
        self._line((_counted(looked) + said,), 0)

    def rules(self, off: Off) -> None:
        """Show every rule: what it asks for and why, and whether it is switched off."""
        for title, rules in sections().items():
            if self._console.is_terminal:
                self._line(((title, "bold"),), 0)
                self._line((), 0)
            for rule in rules:
                level = ("error", "red") if rule.stops else ("warning", "yellow")
                always = "" if rule.optional else ", cannot be switched off"
                told = (f" Switched off: {off[rule.name]}",) if rule.name in off else ()
                self._line(((rule.name, "bold"), " (", level, f"{always}): {rule.asks} {rule.why}", *told), _INDENT)
            if self._console.is_terminal:
                self._line((), 0)

    def difference(self, lines: Iterable[str]) -> None:
        """Show what was changed in a file, as `diff -u` shows it."""
        for at, line in enumerate(lines):
            style = "bold" if at < 2 else _SIGNS.get(line[:1], "")  # noqa: PLR2004  the two lines that name the file
            self._line(((line, style),), None)
        self._line((), 0)

    def _listed(self, title: str, problems: tuple[Problem, ...], root: Path | None = None) -> None:
        """List problems; with a `root`, the lines around the first are shown too."""
        if not problems:
            return
        if title:
            self._line((title,), 0)
        for at, problem in enumerate(problems):
            place = (f"{spelt_out(problem.path)}:{problem.line}: ", "bold") if problem.path else ""
            self._line((place, visible(problem.message), "  ", (f"[{problem.rule}]", "dim")), _INDENT)
            if root and problem.path and at < MOST:
                print_lines(self._console, excerpt(root / problem.path, problem.line, problem.message))
        if root and len(problems) > MOST:
            self._line((only_first(len(problems)),), 0)
        self._line((), 0)

    def _line(self, parts: Parts, indent: int | None) -> None:
        """Write a line; in a terminal wrapped, with `indent` before what goes on, or as it is where that is None."""
        from rich.text import Text

        text = Text.assemble(*parts)
        if not self._console.is_terminal:
            self._stream.write(f"{text.plain}\n")
        elif indent is None:
            self._console.print(text, soft_wrap=True)
        else:
            for at, line in enumerate(text.wrap(self._console, self._width) or [Text()]):
                self._console.print(Text(" " * indent * bool(at)) + line)


def _counted(looked: Looked) -> str:
    """Say how many problems there are, and in what."""
    errors, warnings = looked.findings
    problems = f"{len(errors)} {'problem' if len(errors) == 1 else 'problems'}" if errors else "No problems"
    told = f", {len(warnings)} {'warning' if len(warnings) == 1 else 'warnings'}" if warnings else ""
    if not looked.contents:
        return f"{problems}{told}. The pages are looked at once these are mended."
    return f"{problems}{told} {'' if errors or warnings else 'found '}in {looked.contents}."

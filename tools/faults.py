"""What went wrong while Pelican ran, as lines that a person can act on: the place first, as editors like it."""

from __future__ import annotations

import errno
import logging
import re
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import TemplateNotFound, TemplateSyntaxError, UndefinedError

from plugins.problems import Problem, shown

if TYPE_CHECKING:
    from collections.abc import Iterable

_PLACED = re.compile(r"((?:[A-Za-z]:)?[^\s:][^:]*):(\d+): ")
# Frames that lie in the project and yet are never the place to mend.
_NOT_THE_AUTHORS = {".venv", "tools", "tasks.py"}
_FULL = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}
FULL = "The disk is full; make room, then run the command again. Nothing was changed."


class BuildError(Exception):
    """The site cannot be built; `lines` hold the reasons, and `str()` gives them below each other."""

    exitcode = 1

    def __init__(self, lines: Iterable[str]) -> None:
        """Keep each line once, sorted."""
        self.lines = tuple(sorted(set(lines)))
        super().__init__("\n".join(self.lines))


class Listener(logging.Handler):
    """Keeps what Pelican logs: it only logs many failures, builds on and ends with status 0."""

    def __init__(self, root: Path) -> None:
        """Name paths relative to `root`."""
        super().__init__(logging.WARNING)
        self._root = root
        self.found: list[Problem] = []
        self.errors: list[str] = []
        self._full = False

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a warning as a problem, an error as one line with the exception that it tells of."""
        text = " ".join(record.getMessage().split())
        # Pelican logs most failures inside `except` and leaves the exception itself out.
        error = record.exc_info[1] if record.exc_info else sys.exc_info()[1]
        # That a file could not be copied it calls a warning; the site would lack it. Its cache can do without.
        harmless = record.name == "pelican.cache" or not isinstance(error, OSError)
        if record.levelno < logging.ERROR and harmless:
            problem = getattr(record, "problem", None) or placed(text, "pelican")
            if problem not in self.found:
                self.found.append(problem)
            return
        self._full = self._full or disk_full(error)
        self.errors.append(f"{reason(error, self._root)} ({text})" if error else text)

    def stop_on_errors(self) -> None:
        """Raise `BuildError` where an error has been logged."""
        if self._full:
            raise BuildError([FULL])
        if self.errors:
            raise BuildError(self.errors)


def disk_full(error: BaseException | None) -> bool:
    """Tell whether an error, or one that it came of, says that there is no space left."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in _FULL:
            return True
        error = error.__cause__ or error.__context__
    return False


def placed(text: str, rule: str) -> Problem:
    """Give a line as a problem: at the place that it begins with, as editors like it, or nowhere."""
    found = _PLACED.match(text)
    return Problem(found[1], int(found[2]), text[found.end() :], rule) if found else Problem("", 0, text, rule)


def reason(error: BaseException, root: Path) -> str:
    """Say in one line what happened and, as far as it can be told, in which line of the theme, plugins or settings."""
    if hasattr(error, "exitcode"):  # meant for the author: where it was found is not the place to mend
        return str(error)
    place = _place(error, root)
    return f"{place}: {_message(error)}" if place else _message(error)


def _message(error: BaseException) -> str:
    text = " ".join(str(error).split())
    match error:
        case TemplateNotFound():
            return f"there is no template `{text}`"
        case TemplateSyntaxError() | SyntaxError():
            return str(getattr(error, "message", None) or getattr(error, "msg", text))
        case UndefinedError():
            return text
    name = type(error).__name__
    return f"{name}: {text}" if text else name


def _place(error: BaseException, root: Path) -> str | None:
    """Give `path:line` of the last template drawn, else of the last of the project's own lines."""
    if isinstance(error, TemplateSyntaxError | SyntaxError) and error.filename:
        return f"{shown(error.filename, root)}:{error.lineno}"
    frames = [(Path(frame.f_code.co_filename), line) for frame, line in traceback.walk_tb(error.__traceback__)]
    templates = [frame for frame in frames if frame[0].suffix == ".html"]
    own = [frame for frame in frames if _is_the_authors(frame[0], root)]
    for path, line in (templates or own)[-1:]:
        return f"{shown(path, root)}:{line}"
    return None


def _is_the_authors(path: Path, root: Path) -> bool:
    return path.is_relative_to(root) and path.relative_to(root).parts[0] not in _NOT_THE_AUTHORS

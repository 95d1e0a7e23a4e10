"""What was found, for programs: one JSON document, or the lines from which GitHub makes notes beside a change."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tools.inspection.judging import all_rules

if TYPE_CHECKING:
    from collections.abc import Iterator

    from plugins.problems import Problem
    from tools.inspection.looking import Looked

VERSION = 1
"""Of the document that `findings.schema.json` describes: it counts up when a reader of the old one could fail."""
# As the runner takes them apart again: of a message, and of a property, which a comma or a colon would end.
_IN_MESSAGE = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_IN_PROPERTY = _IN_MESSAGE | {":": "%3A", ",": "%2C"}


def as_json(looked: Looked) -> str:
    """Give the document; it ends with a line break, and is ASCII."""
    rules = all_rules()
    errors, warnings = looked.findings
    document = {
        "version": VERSION,
        "drawn": bool(looked.contents),
        "counts": {"errors": len(errors), "warnings": len(warnings)},
        "findings": [_finding(problem, level, rules[problem.rule].why) for level, problem in _levelled(looked)],
    }
    return json.dumps(document, indent=2) + "\n"


def _finding(problem: Problem, level: str, why: str) -> dict[str, Any]:
    return {
        "rule": problem.rule,
        "level": level,
        "path": problem.path or None,
        "line": problem.line if problem.path else None,
        "message": problem.message,
        "why": why,
        "fix": [edit._asdict() for edit in problem.fix] or None,
    }


def as_github(looked: Looked) -> str:
    """Give a workflow command a line, for GitHub Actions."""
    return "".join(f"{_command(level, problem)}\n" for level, problem in _levelled(looked))


def _command(level: str, problem: Problem) -> str:
    place = {"file": problem.path, "line": str(problem.line)} if problem.path else {}
    properties = place | {"title": problem.rule}
    written = ",".join(f"{key}={_escaped(value, _IN_PROPERTY)}" for key, value in properties.items())
    return f"::{level} {written}::{_escaped(problem.message, _IN_MESSAGE)}"


def _escaped(text: str, escapes: dict[str, str]) -> str:
    return "".join(escapes.get(char, char) for char in text)


def _levelled(looked: Looked) -> Iterator[tuple[str, Problem]]:
    yield from (("error", problem) for problem in looked.findings.errors)
    yield from (("warning", problem) for problem in looked.findings.warnings)

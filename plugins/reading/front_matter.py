"""The head of a Markdown file, in both styles, with the line of every value.

`Key: value` lines up to the first blank line (Python-Markdown's Meta-Data), or YAML between `---` lines.
"""

from __future__ import annotations

import re
from typing import NamedTuple

import yaml

_KEY = re.compile(r"([A-Za-z][\w-]*):(?:[ \t]+(.*)|[ \t]*)$")
_END = re.compile(r"(?:---|\.\.\.)[ \t]*$")
# libyaml is some ten times as fast where PyYAML was built with it.
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Value(NamedTuple):
    """What stands behind a key: one text, or a list of texts; and its line, from 1."""

    text: str | list[str]
    line: int


class Head(NamedTuple):
    """A file taken apart: values by lower-case key, the body and its first line, and problems as (line, message)."""

    values: dict[str, Value]
    body: str
    body_line: int
    problems: list[tuple[int, str]]


def parse(text: str) -> Head:
    """Take the text of a file apart; never raises, whatever the text."""
    lines = text.split("\n")
    start = next((n for n, line in enumerate(lines) if line.strip()), len(lines))
    if start < len(lines) and lines[start].rstrip() == "---":
        return _yaml(lines, start)
    return _keys(lines, start)


def _keys(lines: list[str], start: int) -> Head:
    values: dict[str, Value] = {}
    problems: list[tuple[int, str]] = []
    last = ""
    at = start
    while at < len(lines) and lines[at].strip():
        line = lines[at]
        found = _KEY.match(line)
        if found:
            last = found[1].lower()
            if last in values:
                problems.append((at + 1, _twice(last, values[last].line)))
            values.setdefault(last, Value((found[2] or "").strip(), at + 1))
        elif last and line[:1] in " \t":
            value = values[last]
            values[last] = value._replace(text=f"{value.text} {line.strip()}".strip())
        elif not values:
            problems.append(
                (at + 1, "the file must begin with lines like `title: …` and `date: 2026-01-31`, then a blank line")
            )
            break
        else:
            problems.append((at + 1, f"`{_shown(line)}` is not a `key: value` line; put a blank line before the text"))
        at += 1
    if at >= len(lines) and not values and not problems:
        problems.append((1, "the file is empty; begin with lines like `title: …` and `date: 2026-01-31`"))
    return Head(values, "\n".join(lines[at:]), at + 1, problems)


def _yaml(lines: list[str], start: int) -> Head:
    end = next((n for n in range(start + 1, len(lines)) if _END.match(lines[n])), None)
    if end is None:
        return Head(
            {},
            "",
            len(lines),
            [(start + 1, "the front matter opened by `---` is never closed; add a line `---` below it")],
        )
    body = Head({}, "\n".join(lines[end + 1 :]), end + 2, [])
    try:
        node = yaml.compose("\n".join(lines[start + 1 : end]), Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = start + 2 + (mark.line if mark else 0)
        reason = error.problem or "it is not YAML"
        return body._replace(
            problems=[(min(line, end), f"this line cannot be read ({reason}); put the text in 'quotes'")]
        )
    except yaml.YAMLError:
        return body._replace(
            problems=[(start + 2, "the front matter holds a character that YAML does not allow; type it anew")]
        )
    if node is None:
        return body
    if not isinstance(node, yaml.MappingNode):
        return body._replace(problems=[(start + 2, "the front matter must be lines like `title: …`")])
    for key, value in node.value:
        _take(body, str(key.value).lower(), value, start + 2)
    return body


def _take(head: Head, key: str, node: yaml.Node, offset: int) -> None:
    """Put one YAML value into the head as it was written: `no` stays no, a date stays text."""
    line = node.start_mark.line + offset
    if key in head.values:
        head.problems.append((line, _twice(key, head.values[key].line)))
    elif isinstance(node, yaml.ScalarNode):
        empty = not node.style and node.value in {"~", "null"}
        head.values[key] = Value("" if empty else str(node.value).strip(), line)
    elif isinstance(node, yaml.SequenceNode) and all(isinstance(item, yaml.ScalarNode) for item in node.value):
        head.values[key] = Value([str(item.value).strip() for item in node.value], line)
    else:
        head.problems.append((line, f"`{key}` must be a text or a list of texts"))


def _twice(key: str, line: int) -> str:
    return f"`{key}` stands twice, first on line {line}; take one out"


def _shown(line: str) -> str:
    return line.strip()[:40].replace("`", "'")

"""The head of a Markdown file, in both styles, with the line of every value.

`Key: value` lines up to the first blank line (Python-Markdown's Meta-Data), or YAML between `---` lines. In the first
style too, indented lines with a hyphen below a key are its list.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import yaml

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from plugins.keys import Written

_KEY = re.compile(r"([A-Za-z][\w-]*):(?:[ \t]+(.*)|[ \t]*)$")
_CLOSE = re.compile(r"^([A-Za-z][\w-]*:)(?=\S)")
_ENTRY = re.compile(r"\s+-\s")
_END = re.compile(r"(?:---|\.\.\.)[ \t]*$")
# Texts that readers see: half of one would pass unnoticed.
_SPOKEN = {"title", "summary", "topic", "category", "image_alt"}
# libyaml is some ten times as fast where PyYAML was built with it.
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Value(NamedTuple):
    """What stands behind a key: a text, a list of texts or of tables; its line, from 1, and those of its entries."""

    text: Written
    line: int
    items: tuple[int, ...] = ()


class _UnreadableError(Exception):
    """YAML that cannot be read: the line, from 1, and what to write instead."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


class Head(NamedTuple):
    """A file taken apart: values by lower-case key, the body and its first line, and problems as (line, message)."""

    values: dict[str, Value]
    body: str
    body_line: int
    problems: list[tuple[int, str]]


def parse(text: str, known: AbstractSet[str] = frozenset()) -> Head:
    """Take the text of a file apart; never raises, whatever the text.

    A `known` key that stands where no key can stand, indented or below the blank line, is a problem.
    """
    lines = text.split("\n")
    start = next((n for n, line in enumerate(lines) if line.strip()), len(lines))
    if start < len(lines) and lines[start].rstrip() == "---":
        return _yaml(lines, start)
    return _keys(lines, start, known)


def _keys(lines: list[str], start: int, known: AbstractSet[str]) -> Head:
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
            end = _end_of_list(lines, at + 1) if not found[2] else at + 1
            if end > at + 1:
                _take_list(Head(values, "", 0, problems), lines, at, end)
                at = end
                continue
            values.setdefault(last, Value((found[2] or "").strip(), at + 1))
        elif slip := _slip(line, known):
            problems.append((at + 1, slip))
            key, _, text = line.strip().partition(":")
            last = key.lower()
            values.setdefault(last, Value(text.strip(), at + 1))  # or it would be missed as well
        elif last and line[:1] in " \t":
            value = values[last]
            values[last] = value._replace(text=f"{value.text} {line.strip()}".strip())
        elif not values:
            problems.append((at + 1, "the file must begin with lines like `title: What I saw`, then a blank line"))
            break
        else:
            problems.append((at + 1, f"`{_shown(line)}` is not a `key: value` line; put a blank line before the text"))
        at += 1
    if at >= len(lines) and not values and not problems:
        problems.append((1, "the file is empty; begin with lines like `title: What I saw`"))
    below = next((n for n in range(at, len(lines)) if lines[n].strip()), None)
    # A sentence may begin so: a key is written in the manner of the others.
    alike = below is not None and lines[below][0].isupper() == lines[start][0].isupper()
    if values and below is not None and alike and _is_known(lines[below], known - values.keys()):
        problems.append(
            (
                below + 1,
                "no blank line may stand above this one, or the text must begin otherwise",
            )
        )
    return Head(values, "\n".join(lines[at:]), at + 1, problems)


def _end_of_list(lines: list[str], start: int) -> int:
    """Give where the list that may begin at `start` ends (both from 0)."""
    if start >= len(lines) or not _ENTRY.match(lines[start]):
        return start
    return next((n for n in range(start, len(lines)) if not lines[n].strip() or lines[n][0] not in " \t"), len(lines))


def _take_list(head: Head, lines: list[str], at: int, end: int) -> None:
    """Put a key on line `at` (from 0) and the list below it, which is YAML, into the head."""
    try:
        node = _composed(lines, at, end)
    except _UnreadableError as error:
        head.problems.append((error.line, str(error)))
        return
    for key, value in node.value if isinstance(node, yaml.MappingNode) else ():
        _take(head, key, value, at + 1)


def _slip(line: str, known: AbstractSet[str]) -> str | None:
    """Say what is wrong with a line that is nearly one of a known key, or nothing."""
    if _is_known(line, known):
        return "a `key: value` line begins at the left margin; take the space before it out"
    if _is_known(_CLOSE.sub(r"\1 ", line, count=1), known):
        return f"a space is missing behind `{line.partition(':')[0]}:`; put one there"
    return None


def _is_known(line: str, known: AbstractSet[str]) -> bool:
    found = _KEY.match(line.strip())
    return found is not None and found[1].lower() in known


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
        node = _composed(lines, start + 1, end)
    except _UnreadableError as error:
        return body._replace(problems=[(error.line, str(error))])
    if node is None:
        return body
    if not isinstance(node, yaml.MappingNode):
        return body._replace(problems=[(start + 2, "the front matter must be lines like `title: …`")])
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            body.problems.append((key.start_mark.line + start + 2, "the front matter must be lines like `title: …`"))
            continue
        name = str(key.value).lower()
        _take(body, key, value, start + 2)
        rest = lines[value.end_mark.line + start + 1][value.end_mark.column :]
        if name in _SPOKEN and isinstance(value, yaml.ScalarNode) and not value.style and rest.lstrip().startswith("#"):
            line = value.start_mark.line + start + 2
            body.problems.append((line, f"YAML leaves out what follows ` #`; put the whole {name} in 'quotes'"))
    return body


def _composed(lines: list[str], start: int, end: int) -> yaml.Node | None:
    """Give the lines from `start` to before `end` (from 0) as YAML's nodes. Raises `_UnreadableError`."""
    try:
        node: yaml.Node | None = yaml.compose("\n".join(lines[start:end]), Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        reason = error.problem or "it is not YAML"
        # A text that is never closed runs to the end: its beginning is the place to mend.
        unclosed = "end of stream" in reason and error.context_mark
        mark = unclosed or error.problem_mark or error.context_mark
        line = min(start + 1 + (mark.line if mark else 0), end)
        before = lines[line - 2] if line > start + 1 else ""
        advice = "add the quotation mark at its end" if unclosed else _yaml_advice(before, lines[line - 1], reason)
        raise _UnreadableError(line, f"this line cannot be read ({reason}); {advice}") from None
    except yaml.YAMLError:
        message = "the front matter holds a character that YAML does not allow; type it anew"
        raise _UnreadableError(start + 1, message) from None
    return node


def _yaml_advice(before: str, line: str, reason: str) -> str:
    if "\t" in line or "tab" in reason:
        return "put spaces where the tab is"
    if re.match(r"\w+:\S", before):
        return "put a space behind the colon in the line above"
    if "'-' indicator" in reason:
        return "put spaces before it, until it stands below the word behind the hyphen"
    if re.match(r"\s+\w+:\s[^:]*$", line):
        return "begin it exactly below the beginning of the line above"
    if '"' in line:
        return "put the whole text in 'single quotes', with an apostrophe inside written twice"
    return "put the whole text in double quotes"


def _take(head: Head, name: yaml.ScalarNode, node: yaml.Node, offset: int) -> None:
    """Put one YAML value into the head as it was written: `no` stays no, a date stays text."""
    key, line = str(name.value).lower(), name.start_mark.line + offset
    if key in head.values:
        head.problems.append((line, _twice(key, head.values[key].line)))
    elif isinstance(node, yaml.ScalarNode):
        empty = not node.style and node.value in {"~", "null"}
        head.values[key] = Value("" if empty else str(node.value).strip(), line)
    else:
        listed = node.value if isinstance(node, yaml.SequenceNode) else [node]
        items = tuple(item.start_mark.line + offset for item in listed)
        head.values[key] = Value([_entry(item) for item in listed], line, items)


def _entry(node: yaml.Node) -> str | dict[str, str]:
    """Give a text, or the texts of a table; what is neither has none, and whoever reads the key says so."""
    if isinstance(node, yaml.ScalarNode):
        return str(node.value).strip()
    pairs = node.value if isinstance(node, yaml.MappingNode) else []
    return {
        str(name.value).lower(): str(value.value).strip() if isinstance(value, yaml.ScalarNode) else ""
        for name, value in pairs
        if isinstance(name, yaml.ScalarNode)
    }


def _twice(key: str, line: int) -> str:
    return f"`{key}` stands twice, first on line {line}; take one out"


def _shown(line: str) -> str:
    return line.strip()[:40].replace("`", "'")

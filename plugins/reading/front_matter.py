"""The head of a Markdown file, in both styles, with the line of every value.

`Key: value` lines up to the first blank line (Python-Markdown's Meta-Data), or YAML between `---` lines. In the first
style too, indented lines with a hyphen below a key are its list.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import yaml

from plugins.problems import Edit
from plugins.reading import yaml_text

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from plugins.keys import Written

_KEY = re.compile(r"([A-Za-z][\w-]*):(?:[ \t]+(.*)|[ \t]*)$")
_CLOSE = re.compile(r"^([A-Za-z][\w-]*:)(?=\S)")
_ENTRY = re.compile(r"\s+-\s")
_STRAY = "put two more spaces before it if it goes on with the text above, or take it out"
_END = re.compile(r"(?:---|\.\.\.)\s*$")
_BLOCK_MARK = re.compile(r"[|>][-+]?$")
_UNSEEN = "\ufeff\u200b-\u200f\u2060"
# A key behind signs of no width, with the colon of Chinese and Japanese, or with another space behind it.
_ODD_KEY = re.compile(rf"([{_UNSEEN}]*)([A-Za-z][\w-]*)([:\uff1a])((?:[{_UNSEEN}]|[^\S \t])*)[ \t]*(.*)")
_ODD_OPENING = re.compile(rf"[\s{_UNSEEN}]*(?:-{{2,}}|[–—]+-*)\s*(?:#.*|ya?ml)?$")
# How other generators' front matter begins, and what it is called.
_FOREIGN = ((re.compile(r"\+\+\+"), "TOML"), (re.compile(r"\{\s*(?:[\"'].*)?$|;;;"), "JSON"))
_NO_HEAD = "the file must begin with lines like `title: What I saw`, then a blank line"
_MOST_LINES, _MOST_BRACKETS = 1000, 1000
_NESTED = re.compile(r"(?:[-?:][ \t]+){50}")


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
    """A file taken apart: values by lower-case key, the body and its first line, and problems as (line, message).

    `fixes` has, by line, the edits that write what a problem's message says.
    """

    values: dict[str, Value]
    body: str
    body_line: int
    problems: list[tuple[int, str]]
    fixes: dict[int, tuple[Edit, ...]]
    fits: yaml_text.Fits = yaml_text.any_text


def parse(text: str, known: AbstractSet[str] = frozenset(), fits: yaml_text.Fits = yaml_text.any_text) -> Head:
    """Take the text of a file apart; never raises, whatever the text.

    A `known` key that stands where no key can stand, indented or below the blank line, is a problem. `fits` tells
    whether a text can be the value of a key.
    """
    lines = text.split("\n")
    start = next((n for n, line in enumerate(lines) if line.strip()), len(lines))
    head = Head({}, "", 0, [], {}, fits)
    if start < len(lines) and lines[start].rstrip() == "---":
        return _yaml(head, lines, start)
    return _keys(head, lines, start, known)


def _keys(head: Head, lines: list[str], start: int, known: AbstractSet[str]) -> Head:
    values, problems = head.values, head.problems
    last = ""
    at = start
    while at < len(lines) and lines[at].strip():
        line = _retyped(head, at + 1, lines[at])
        found = _KEY.match(line)
        if found:
            last = found[1].lower()
            if last in values:
                problems.append((at + 1, _twice(last, values[last].line)))
            end = _end_of_list(lines, at + 1) if not found[2] else at + 1
            if end > at + 1:
                _take_list(head, lines, at, end)
                at = end
                continue
            values.setdefault(last, Value((found[2] or "").strip(), at + 1))
        elif slip := _slip(line, known):
            problems.append((at + 1, slip))
            key, _, text = line.strip().partition(":")
            last = key.lower()
            values.setdefault(last, Value(text.strip(), at + 1))  # or it would be missed as well
        elif last and line[:1] in " \t":
            _go_on(head, last, lines, at)
        elif not values:
            problems.append((at + 1, _first_line_advice(line)))
            break
        else:
            problems.append((at + 1, _stray_line_advice(line)))
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
    return head._replace(body="\n".join(lines[at:]), body_line=at + 1)


def _first_line_advice(line: str) -> str:
    """Return what to write in place of a first line that begins no front matter."""
    for pattern, name in _FOREIGN:
        if pattern.match(line):
            return f"this front matter is {name}; write it as lines like `title: What I saw`, then a blank line"
    if _ODD_OPENING.match(line):
        return "a line that opens front matter has three hyphens at the left margin and nothing else; write `---`"
    return _NO_HEAD


def _stray_line_advice(line: str) -> str:
    """Return what to write in place of a later line that is neither a key nor goes on with one."""
    if _END.match(line):
        advice = "write such a line above the first one too, or take this one out"
        return f"`{_shown(line)}` closes what no line `---` opens; {advice}"
    return f"`{_shown(line)}` is not a `key: value` line; put a blank line before the text"


def _retyped(head: Head, at: int, line: str) -> str:
    """Return line `at` (from 1) with its key as it looks; where it was typed otherwise, that is a problem."""
    found = _ODD_KEY.match(line)
    if not found or not (found[1] or found[4] or found[3] != ":"):
        return line
    new = f"{found[2]}: {found[5]}".rstrip()
    odd = (found[1] + found[4] + found[3].strip(":"))[0]
    head.problems.append((at, f"this key holds a sign that is easily overlooked (U+{ord(odd):04X}); write `{new}`"))
    head.fixes[at] = (Edit(at, line, new),)
    return new


def _go_on(head: Head, key: str, lines: list[str], at: int) -> None:
    """Add line `at` (from 0) to the value of the key above it."""
    value, line = head.values[key], lines[at]
    head.values[key] = value._replace(text=f"{value.text} {line.strip()}".strip())
    if _BLOCK_MARK.match(str(value.text)):
        message = f"`{value.text}` would be shown; take it out, the lines below belong to it"
        head.problems.append((value.line, message))
        first = lines[value.line - 1]
        head.fixes[value.line] = (Edit(value.line, first, first.rstrip().removesuffix(str(value.text)).rstrip()),)
    elif swallowed := yaml_text.swallowed(line):
        head.problems.append((at + 1, swallowed))


def _end_of_list(lines: list[str], start: int) -> int:
    """Return where the list that may begin at `start` ends (both from 0)."""
    if start >= len(lines) or not _ENTRY.match(lines[start]):
        return start
    return next((n for n in range(start, len(lines)) if not lines[n].strip() or lines[n][0] not in " \t"), len(lines))


def _take_list(head: Head, lines: list[str], at: int, end: int) -> None:
    """Put a key on line `at` (from 0) and the list below it, which is YAML, into the head."""
    try:
        node = _composed(head, lines, at, end)
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


def _yaml(head: Head, lines: list[str], start: int) -> Head:
    end = next((n for n in range(start + 1, len(lines)) if _END.match(lines[n])), None)
    if end is None:
        head.problems.append((start + 1, "the front matter opened by `---` is never closed; add a line `---` below it"))
        return head._replace(body_line=len(lines))
    head = head._replace(body="\n".join(lines[end + 1 :]), body_line=end + 2)
    try:
        node = _composed(head, lines, start + 1, end)
    except _UnreadableError as error:
        head.problems.append((error.line, str(error)))
        return head
    if node is None:
        return head
    if not isinstance(node, yaml.MappingNode):
        head.problems.append((start + 2, "the front matter must be lines like `title: …`"))
        return head
    for key, value in node.value:
        if isinstance(key, yaml.ScalarNode):
            _take(head, key, value, start + 2)
        else:
            head.problems.append((key.start_mark.line + start + 2, "the front matter must be lines like `title: …`"))
    return head


def _composed(head: Head, lines: list[str], start: int, end: int) -> yaml.Node | None:
    """Return the lines from `start` to before `end` (from 0) as YAML's nodes.

    Where only quotes are missing they are read as if they were there. Each such place is put into the head's problems.
    Raises `_UnreadableError` where nobody can tell.
    """
    _bound(lines, start, end)
    read = [yaml_text.LINE_BREAKS.sub(" ", line) for line in lines[start:end]]
    read = [_retyped(head, at, line) for at, line in enumerate(read, start + 1)]
    for at, line in enumerate(lines[start:end], start + 1):
        if (found := yaml_text.LINE_BREAKS.search(line)) is not None:
            message = (
                f"this line holds a line break that editors don't show (U+{ord(found[0]):04X}); type a space for it"
            )
            head.problems.append((at, message))
            head.fixes[at] = (Edit(at, line, yaml_text.LINE_BREAKS.sub(" ", line)),)
    node = None
    repaired: set[int] = set()
    while True:
        try:
            node = yaml.compose("\n".join(read), Loader=yaml_text.LOADER)
            break
        except yaml.MarkedYAMLError as error:
            found_line = yaml_text.repaired(read, error)
            if found_line is None or found_line[0] in repaired:
                raise _unreadable(lines, start, end, error) from None
            at, new = found_line
            repaired.add(at)
            _put_in_quotes(head, start + at + 1, lines[start + at], new, error.problem or "it is not YAML")
            read[at] = new
        except yaml.YAMLError:
            message = "the front matter holds a character that YAML does not allow; type it anew"
            raise _UnreadableError(start + 1, message) from None
    told = {line for line, _ in head.problems}
    for found_difference in yaml_text.differences(read, start + 1, head.fits):
        if found_difference.line not in told:
            head.problems.append((found_difference.line, found_difference.message))
            if found_difference.edits:
                head.fixes[found_difference.line] = found_difference.edits
    return node


def _bound(lines: list[str], start: int, end: int) -> None:
    """Raise `_UnreadableError` for lines that would take YAML's parser too long, or too deep for its stack."""
    if end - start > _MOST_LINES:
        advice = "close it where the text begins, by a line `---`, or by a blank line if none opened it"
        message = f"the front matter has more than {_MOST_LINES:,} lines; {advice}"
        raise _UnreadableError(start + 1, message)
    brackets = 0
    for at, line in enumerate(lines[start:end], start + 1):
        brackets += line.count("[") + line.count("{")
        if brackets > _MOST_BRACKETS or _NESTED.search(line):
            what = "brackets" if brackets > _MOST_BRACKETS else "hyphens in a row"
            raise _UnreadableError(at, f"the front matter has more {what} here than can be read; take them out")


def _put_in_quotes(head: Head, line: int, old: str, new: str, reason: str) -> None:
    unclosed = yaml_text.is_unclosed(old)
    advice = f"{'add the quotation mark at its end, or ' if unclosed else ''}write `{new.strip()}`"
    head.problems.append((line, f"this line cannot be read ({reason}); {advice}"))
    if not unclosed:
        head.fixes[line] = (Edit(line, old, new),)


def _unreadable(lines: list[str], start: int, end: int, error: yaml.MarkedYAMLError) -> _UnreadableError:
    reason, mark = error.problem or "it is not YAML", yaml_text.place_of(error)
    line = min(start + 1 + (mark.line if mark else 0), end)
    written, before = lines[line - 1], lines[line - 2] if line > start + 1 else ""
    if mark is not None and mark is error.context_mark and mark is not error.problem_mark:
        advice = "add the quotation mark at its end"
    elif "expected ':'" in reason and error.context_mark and not re.match(r"\s*\w+:\S", written):
        line = start + 1 + error.context_mark.line
        return _UnreadableError(line, f"`{_shown(lines[line - 1])}` is not a `key: value` line; {_STRAY}")
    elif before.strip() and not set(":-") & set(before):
        return _UnreadableError(line - 1, f"`{_shown(before)}` is not a `key: value` line; take it out")
    else:
        advice = _yaml_advice(before, written, reason)
    return _UnreadableError(line, f"this line cannot be read ({reason}); {advice}")


def _yaml_advice(before: str, line: str, reason: str) -> str:
    if "\t" in line or "tab" in reason:
        return "put spaces where the tab is"
    if re.match(r"\w+:\S", before) or re.match(r"\s+\w+:(?!//)\S", line):
        return f"put a space behind {'its colon' if line[:1].isspace() else 'the colon in the line above'}"
    if "'-' indicator" in reason:
        return "put spaces before it, until it stands below the word behind the hyphen"
    if re.match(r"\s*-\s", line):
        return "set its hyphen exactly below that of the entry above, or below a key that has nothing behind its colon"
    if re.match(r"\s+\w+:\s[^:]*$", line):
        return "begin it exactly below the beginning of the line above, or put the text that it belongs to in 'quotes'"
    return "write it as `key: text`, or take it out"


def _take(head: Head, name: yaml.ScalarNode, node: yaml.Node, offset: int) -> None:
    """Put one YAML value into the head as it was written: `no` stays no, a date stays text."""
    key, line = str(name.value).lower(), name.start_mark.line + offset
    if key in head.values:
        head.problems.append((line, _twice(key, head.values[key].line)))
    elif isinstance(node, yaml.ScalarNode):
        empty = not node.style and node.value in yaml_text.NOTHING
        head.values[key] = Value("" if empty else str(node.value).strip(), line)
    else:
        listed = node.value if isinstance(node, yaml.SequenceNode) else [node]
        items = tuple(item.start_mark.line + offset for item in listed)
        head.values[key] = Value([_entry(head, item, offset) for item in listed], line, items)


def _entry(head: Head, node: yaml.Node, offset: int) -> str | dict[str, str]:
    """Return a text, or the texts of a table; what is neither is a problem."""
    if isinstance(node, yaml.ScalarNode):
        return str(node.value).strip()
    if node.start_mark.line + offset in head.fixes and len(node.value) == 1:
        return ""  # it is no table: the fix says so
    table: dict[str, str] = {}
    lines: dict[str, int] = {}
    if not isinstance(node, yaml.MappingNode):
        line = node.start_mark.line + offset
        if not _is_told(head, line):
            message = "this is a list within a list; write one text behind each hyphen, in 'quotes' if it has brackets"
            head.problems.append((line, message))
        return ""
    for name, value in node.value:
        line = name.start_mark.line + offset
        key = str(name.value).lower() if isinstance(name, yaml.ScalarNode) else ""
        if key and key in table:
            head.problems.append((line, _twice(key, lines[key])))
        elif key and isinstance(value, yaml.ScalarNode):
            table[key], lines[key] = str(value.value).strip(), line
        else:
            message = "this must be a line like `name: one text`; put a text with brackets or braces in 'quotes'"
            if not _is_told(head, line):
                head.problems.append((line, message))
            table[key], lines[key] = "?", line
    return table


def _is_told(head: Head, line: int) -> bool:
    return any(line == told for told, _ in head.problems)


def _twice(key: str, line: int) -> str:
    return f"`{key}` stands twice, first on line {line}; take one out"


def _shown(line: str) -> str:
    return line.strip()[:40].replace("`", "'")

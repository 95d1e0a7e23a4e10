"""A TOML file of the author's as a typed, frozen value, or every problem in it with its line."""

from __future__ import annotations

import functools
import re
import tomllib
from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, get_origin

import msgspec

from plugins.problems import Edit, Problem, SiteError, did_you_mean, nearest_or_all, undecodable
from plugins.text import CONTROL

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    Keys = tuple[str | int, ...]
    Said = str | Iterable[tuple[Keys, str] | "Finding"] | None
    Rule = Callable[[Any], Said]

T = TypeVar("T")

_WANTED = {
    "str": 'a text in "quotes"',
    "array": "a list in [square brackets]",
    "object": "a table of `key = value` lines",
    "int": "a whole number",
    "bool": "true or false",
    "float": "a number",
    "date": "a day like 2026-06-04, without quotes",
}
# A writer's commonest slips, by how tomllib's message begins, in plainer words.
_SLIPS = {
    "Illegal character '\\n'": "the quotation mark at the end of this text is missing",
    "Unterminated string": "the quotation marks at the end of this text are missing",
    "Cannot overwrite a value": "this stands twice; take one of the two out",
    "Cannot declare": "this line in [brackets] stands above already; put what follows there, or write both in [[two]]",
}
# Never reaches a result: it lets the search for problems go on past a wrong value.
_STAND_IN = "\0"
# The line above an entry of a list of tables.
_ENTRY = re.compile(r"^[ \t]*\[\[[ \t]*([\w-]+)[ \t]*\]\][ \t]*(?:#.*)?\r?$", re.MULTILINE)
_PATH_PART = re.compile(r"\.([^.\[\]]+)|\[(\d+)\]")


class Finding(NamedTuple):
    """What is wrong at a place of a file; `mend` is what stands there and what is to stand, where that is certain."""

    keys: Keys
    message: str
    mend: tuple[str, ...] = ()


def load(path: Path, shown: str, kind: type[T], rules: Mapping[str, Rule], *, rule: str) -> T:
    """Read `path` as `kind`, a frozen msgspec.Struct that forbids unknown fields.

    `rules` maps a key (`email`, `menu[].url` for every entry) to a function that gives a message for a wrong value, or
    findings at the keys below it, or None. `shown` is the path as problems name it, `rule` the
    name under which they are told.
    Raises `SiteError` with all problems.
    """
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        message = "this file is missing; copy the one that came with the project"
        raise SiteError([Problem(shown, 1, message, rule)]) from None
    text, data = parsed(raw, shown, rule)
    problems = []
    for keys, message, mend in _findings(data, kind, rules):
        line = line_of(text, keys)
        problems.append(Problem(shown, line, message, rule, (Edit(line, *mend),) if mend else ()))
    if problems:
        raise SiteError(problems)
    return msgspec.convert(data, kind)


def parsed(raw: bytes, shown: str, rule: str) -> tuple[str, dict[str, Any]]:
    """Give the text of a TOML file and what stands in it. Raises `SiteError`, under `rule`, where it cannot be read."""
    wrong = undecodable(raw)
    if wrong:
        raise SiteError([Problem(shown, *wrong, rule)])
    text = raw.decode("utf-8-sig")
    try:
        return text, tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SiteError([Problem(shown, *_syntax_problem(text, error), rule)]) from None


def _findings(data: dict[str, Any], kind: type[Any], rules: Mapping[str, Rule]) -> Iterator[Finding]:
    """Yield each wrong place with what is wrong there."""
    for keys in _unprintable(data):
        yield Finding(keys, "this text holds a control character; take it out")
    yield from (Finding(*each) for each in _shape_problems(data, kind))
    for pattern, judged in rules.items():
        for keys, found in _found(data, pattern):
            said = None if found == _STAND_IN else judged(found)
            for each in [((), said)] if isinstance(said, str) else said or ():
                below, message, mend = Finding(*each)
                yield Finding((*keys, *below), message, mend)


def _unprintable(data: Any, keys: Keys = ()) -> Iterator[Keys]:
    """Yield where a text holds a character that neither HTML nor XML can (XML 1.0, section 2.2)."""
    if isinstance(data, dict | list):
        for key, value in data.items() if isinstance(data, dict) else enumerate(data):
            yield from _unprintable(value, (*keys, key))
    elif isinstance(data, str) and CONTROL.search(data):
        yield keys


def _syntax_problem(text: str, error: tomllib.TOMLDecodeError) -> tuple[int, str]:
    """Give line and message."""
    found = re.search(r"\(at line (\d+), column \d+\)", str(error))
    line = int(found[1]) if found else text.count("\n") + 1
    reason = re.sub(r"\s*\(at .*\)", "", str(error))
    for start, said in _SLIPS.items():
        if reason.startswith(start):
            if not found and text.count('"""') % 2:  # the text that runs to the file's end begins at the last of them
                line = text.count("\n", 0, text.rindex('"""')) + 1
            return line, said
    advice = 'write `key = "value"`, with straight quotes around every text and none inside'
    return line, f"this line cannot be read as TOML ({reason[:1].lower()}{reason[1:]}); {advice}"


def _shape_problems(data: dict[str, Any], kind: type[Any]) -> Iterator[tuple[Keys, str]]:
    """Yield what msgspec finds, one after the other, taking each wrong value out of `data` to see the next."""
    reported: set[Keys] = set()
    while True:
        try:
            msgspec.convert(data, kind)
        except msgspec.ValidationError as error:
            reason, _, place = str(error).partition(" - at `$")
            keys: Keys = tuple(int(index) if index else name for name, index in _PATH_PART.findall(place.rstrip("`")))
            field = re.search(r"field `(.+)`", reason)
            if field:
                keys = (*keys, field[1])
            if keys not in reported:
                yield keys, _reason(reason, keys, kind)
            reported.add(keys)
            if not _mend(data, keys, missing="missing required" in reason):
                return
        else:
            return


def _reason(reason: str, keys: Keys, kind: type[Any]) -> str:
    """Say msgspec's finding in a writer's words."""
    name = next((key for key in reversed(keys) if isinstance(key, str)), "")
    if "unknown field" in reason:
        return f"unknown key `{name}`{_rightful_place(name, keys, kind)}"
    if "missing required" in reason:
        return f"`{name}` is missing; add a line `{name} = …`"
    wanted = re.search(r"Expected `(\w+)", reason)
    if wanted and "of length >= 1" in reason:
        return f"`{name}` is empty; write something between the quotes"
    entries = re.search(r"of length (\d+)", reason)
    if entries:
        return f"`{name}` is a list of {entries[1]}; write no more and no fewer"
    if "Invalid RFC3339" in reason:
        return f"`{name}` has the wrong shape; write {_WANTED['date']}"
    shape = _WANTED.get(wanted[1], wanted[1]) if wanted else "something else"
    return f"`{name}` has the wrong shape; write {shape}"


def _rightful_place(name: str, keys: Keys, kind: type[Any]) -> str:
    """Say what to write for an unknown key, or where: a line below a table's falls into it, wherever it was meant."""
    tables = {
        f"[[{field.name}]]" if get_origin(field.type) is tuple else f"[{field.name}]": struct.__struct_fields__
        for field in msgspec.structs.fields(kind)
        for struct in _structs(field.type)
    }
    known = kind.__struct_fields__
    if len(keys) > 1:
        if name in known:
            return f" below `[{keys[0]}]`; move it up, above the first line in [brackets]"
        known = tables.get(f"[[{keys[0]}]]") or tables[f"[{keys[0]}]"]
    homes = [table for table, held in tables.items() if name in held]
    if homes and not did_you_mean(name, known):
        return f" here; it belongs below {' or '.join(homes)}"
    return nearest_or_all(name, sorted(known))


def _structs(kind: Any) -> Iterator[type[msgspec.Struct]]:
    """Yield the struct and those in its fields."""
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        yield kind
        for field in msgspec.structs.fields(kind):
            yield from _structs(field.type)
    for part in getattr(kind, "__args__", ()):
        yield from _structs(part)


def _mend(data: Any, keys: Keys, *, missing: bool) -> bool:
    """Take a wrong value out, or put a stand-in where one is missing; False where the stand-in itself is wrong."""
    *way, last = keys
    for key in way:
        data = data[key]
    if missing:
        data[last] = _STAND_IN
    elif data[last] == _STAND_IN:
        return False
    else:
        del data[last]
    return True


def _found(data: Any, pattern: str) -> Iterator[tuple[Keys, Any]]:
    """Yield keys and value for each place that the pattern names, as far as the data goes."""
    places: list[tuple[Keys, Any]] = [((), data)]
    for part in pattern.replace("[]", ".[]").split("."):
        if part == "[]":
            places = [((*k, i), v) for k, vs in places if isinstance(vs, list) for i, v in enumerate(vs)]
        else:
            places = [((*k, part), v[part]) for k, v in places if isinstance(v, dict) and part in v]
    yield from places


def line_of(text: str, keys: Keys) -> int:
    """Give the line, from 1, on which the key or entry begins; that of its table where it is not there."""
    before, part = _entries(text).get(keys[:2], (0, ""))
    return before + _line_in(part, (keys[0], 0, *keys[2:])) if part else _line_in(text, keys)


@functools.lru_cache(maxsize=4)  # many lines of one file are asked for, one after the other
def _entries(text: str) -> dict[Keys, tuple[int, str]]:
    """Give each `[[entry]]` with the count of lines before it, so that long lists need not be read again and again.

    Nothing is given where a part cannot be read by itself: what looked like an entry stands in a text of several lines.
    """
    heads = list(_ENTRY.finditer(text))
    cuts = [0, *(head.start() for head in heads), len(text)]
    found: dict[Keys, tuple[int, str]] = {}
    counts: Counter[str] = Counter()
    before = 0
    for name, start, end in zip(["", *(head[1] for head in heads)], cuts, cuts[1:], strict=False):
        part = text[start:end]
        try:
            table = tomllib.loads(part)
        except tomllib.TOMLDecodeError:
            return {}
        if name:
            found[name, counts[name]] = before, part
        counts.update({key: len(value) for key, value in table.items() if isinstance(value, list)})
        before += len(part.splitlines())
    return found


def _line_in(text: str, keys: Keys) -> int:
    """Give the line: the shortest run of lines that can be read and holds the key ends where the key's value ends."""
    lines = text.splitlines()
    done = 0
    for count in range(1, len(lines) + 1):
        try:
            table: Any = tomllib.loads("\n".join(lines[:count]))
        except tomllib.TOMLDecodeError:
            continue
        value, held = _value_at(table, keys)
        if held:
            return _first_line(lines, done, count, value)
        done = count
    return _line_in(text, keys[:-1]) if keys else 1


def _value_at(table: Any, keys: Keys) -> tuple[Any, bool]:
    for key in keys:
        try:
            table = table[key]
        except (KeyError, IndexError, TypeError):
            return None, False
    return table, True


def _first_line(lines: list[str], done: int, count: int, value: object) -> int:
    """Give the line of the text itself in a list of several lines, else the first that is not blank or a comment."""
    if isinstance(value, str) and value:
        for number in range(done, count):
            if f'"{value}"' in lines[number] or f"'{value}'" in lines[number]:
                return number + 1
    return next(
        (n + 1 for n in range(done, count) if lines[n].strip() and not lines[n].lstrip().startswith("#")), count
    )

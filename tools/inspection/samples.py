"""The sample values in the files that an owner begins with: one that still stands was never replaced."""

from __future__ import annotations

import datetime as dt
import functools
import re
import tomllib
from typing import TYPE_CHECKING, Any

from plugins.problems import Problem
from plugins.reading import front_matter
from plugins.toml_file import line_of
from tools.desk.fresh_files import FRESH_SPEAKER
from tools.desk.letters import TALK_HEAD
from tools.inquiries.accept import NO_NAME, NO_PLACE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from plugins.reading.front_matter import Value

    Keys = tuple[str | int, ...]

RULE = "leftovers"
_SAMPLE = re.compile(r"# (?:\w+ = |\[+\w+\]+$)")
_NOTE = "TODO "


def uncommented(text: str) -> Iterator[tuple[int, str]]:
    """Yield each line of a TOML file from 1 that a `#` keeps from being a value or a table's name, without its `#`."""
    is_open = False
    for number, line in enumerate(text.splitlines(), 1):
        if is_open or _SAMPLE.match(line):
            bare = line.removeprefix("#").removeprefix(" ")
            is_open ^= bare.count('"""') % 2 == 1
            yield number, bare


def in_speaker(text: str, shown: str, content: Path) -> Iterator[Problem]:
    """Yield each value of a speaker.toml that is the sample that waits behind a `#` in a fresh one.

    A name of a file that is there is nobody's sample. A list is one only if nothing else stands in it: whoever added
    to it has read it.
    """
    for keys, value in _leaves(tomllib.loads(text)):
        known = _speaker_samples().get(_names(keys), frozenset())
        parts = value if isinstance(value, list) else [value]
        if parts and all(_plain(part) in known for part in parts):
            if isinstance(value, str) and (content / value).is_file():
                continue
            said = ", ".join(map(str, parts))
            message = f"{_still(said)}; write your own, or put the # back before the line"
            yield Problem(shown, line_of(text, keys), message, RULE)


def in_talk(values: Mapping[str, Value], shown: str) -> Iterator[Problem]:
    """Yield each value of a talk's head that is a line of `new-talk` without its TODO."""
    for key in _talk_samples().keys() & values.keys():
        value = values[key]
        for part in value.text if isinstance(value.text, list) else [value.text]:
            if _plain(part) in _talk_samples()[key]:
                yield Problem(shown, value.line, f"{_still(part)}; write your own", RULE)


def in_events(text: str, shown: str) -> Iterator[Problem]:
    """Yield what `inquiries --accept` could not know and what still stands so in a public event."""
    for at, event in enumerate(tomllib.loads(text).get("events", ())):
        public = event.get("public", event.get("status") != "tentative")
        for key, sample in (("event", NO_NAME), ("place", NO_PLACE)):
            if public and event.get(key) == sample:
                message = f"{_still(sample)}; write what is right, or keep the event to yourself with `public = false`"
                yield Problem(shown, line_of(text, ("events", at, key)), message, RULE)


@functools.cache
def _speaker_samples() -> Mapping[tuple[str, ...], frozenset[object]]:
    """Return what waits behind a `#`, by its keys; single words are left out, since they may be anybody's."""
    samples = tomllib.loads("\n".join(line for _, line in uncommented(FRESH_SPEAKER.read_text("utf-8"))))
    found: dict[tuple[str, ...], frozenset[object]] = {}
    for keys, value in _leaves(samples):
        parts = map(_plain, value if isinstance(value, list) else [value])
        found[_names(keys)] = frozenset(part for part in parts if part and not str(part).isalpha())
    return found


@functools.cache
def _talk_samples() -> Mapping[str, frozenset[object]]:
    values = front_matter.parse(f"---\n{TALK_HEAD}---\n").values
    texts = {key: value.text if isinstance(value.text, list) else [value.text] for key, value in values.items()}
    return {
        key: frozenset(_plain(str(text).removeprefix(_NOTE)) for text in parts if _NOTE in str(text))
        for key, parts in texts.items()
    }


def _leaves(data: Mapping[str, Any] | list[Any], keys: Keys = ()) -> Iterator[tuple[Keys, Any]]:
    """Yield the values of a TOML document; a list of plain values is one."""
    for key, value in data.items() if isinstance(data, dict) else enumerate(data):
        is_tables = isinstance(value, list) and any(isinstance(part, dict) for part in value)
        if isinstance(value, dict) or is_tables:
            yield from _leaves(value, (*keys, key))
        else:
            yield (*keys, key), value


def _names(keys: Keys) -> tuple[str, ...]:
    return tuple(key for key in keys if isinstance(key, str))


def _plain(value: object) -> object:
    """Return a text as it is compared, or a day; None for what is a choice, like true."""
    if isinstance(value, str):
        return " ".join(value.casefold().split()).rstrip(".")
    return value if isinstance(value, dt.date) else None


def _still(said: object) -> str:
    return f"`{' '.join(str(said).split())[:60]}` is still the sample that stood here"

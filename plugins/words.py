"""The interface's words and dates, one file a language: `theme/words/en.toml`."""

from __future__ import annotations

import string
from functools import partial
from typing import TYPE_CHECKING

import msgspec

from plugins import toml_file
from plugins.problems import Problem, SiteError

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

    from plugins.toml_file import Rule

_MONTHS = 12


class _Months(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    names: tuple[str, ...]


class _Dates(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    long_date: str
    day_month: str


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Every text of the interface in one language; `say` fills one in."""

    words: dict[str, str]
    months: _Months
    dates: _Dates

    def say(self, key: str, **values: object) -> str:
        """Give the text with its placeholders filled. Raises `KeyError` for a key or placeholder that is not there."""
        return self.words[key].format_map(values)

    def long_date(self, date: dt.date) -> str:
        """Give a date with its year, like `4 June 2026`."""
        return self._date(self.dates.long_date, date)

    def day_month(self, date: dt.date) -> str:
        """Give a date without its year, like `4 June`."""
        return self._date(self.dates.day_month, date)

    def _date(self, pattern: str, date: dt.date) -> str:
        return pattern.format(day=date.day, month=self.months.names[date.month - 1], year=date.year, number=date.month)


def load_words(folder: Path, shown: str, language: str) -> Words:
    """Read the words of a language, or of its main language (`pt` for `pt-BR`); `shown` is the folder in messages.

    Raises `SiteError` where there is no such file or it lacks a text or a placeholder that the English one has.
    """
    english = toml_file.load(folder / "en.toml", f"{shown}/en.toml", Words, _rules({}), rule="theme")
    name = file_for(folder, language)
    if name is None:
        message = f"there are no words for the language `{language}`; copy en.toml to this file and translate it"
        raise SiteError([Problem(f"{shown}/{language}.toml", 1, message, "theme")])
    path = folder / f"{name}.toml"
    return toml_file.load(path, f"{shown}/{name}.toml", Words, _rules(english.words), rule="theme")


def file_for(folder: Path, language: str) -> str | None:
    """Give the name, without its ending, of the file with the words of a language or its main one; None without one."""
    names = (language, language.split("-", maxsplit=1)[0])
    return next((name for name in names if (folder / f"{name}.toml").is_file()), None)


def _rules(english: dict[str, str]) -> dict[str, Rule]:
    """Give what a language's file is held to: the texts and placeholders of the English one, and twelve months."""
    rules: dict[str, Rule] = {
        "words": lambda words: _texts(set(words), set(english)),
        "months.names": lambda names: None if len(names) == _MONTHS else f"write all {_MONTHS} months",
        "dates.long_date": lambda text: _placeholders(text, {"day", "month", "year", "number"}),
        "dates.day_month": lambda text: _placeholders(text, {"day", "month", "year", "number"}),
    }
    for key, text in english.items():
        rules[f"words.{key}"] = partial(_translation, english=text)
    return rules


def _texts(there: set[str], wanted: set[str]) -> str | None:
    missing, unknown = sorted(wanted - there), sorted(there - wanted) if wanted else []
    parts = [f"{', '.join(missing)} missing; translate them from en.toml"] if missing else []
    parts += [f"nothing asks for {', '.join(unknown)}; take them out"] if unknown else []
    return "; ".join(parts) or None


def _translation(text: str, english: str) -> str | None:
    names = {name for _, name, _, _ in string.Formatter().parse(english) if name is not None}
    found = _placeholders(text, names)
    if found is None and any(f"{{{name}}}" not in text for name in names):
        return f"this must hold the same {{placeholders}} as “{english}”"
    return found


def _placeholders(text: str, allowed: set[str]) -> str | None:
    """Say what is wrong with the braces in a text, or nothing."""
    try:
        used = {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
    except ValueError:
        return "a brace stands alone; write {{ or }} where you mean a brace itself"
    wrong = sorted(used - allowed)
    return f"`{{{wrong[0]}}}` is not filled in here; use {', '.join(sorted(allowed)) or 'none'}" if wrong else None

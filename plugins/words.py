"""The interface's words and dates, one file a language: `theme/words/en.toml`."""

from __future__ import annotations

import string
from typing import TYPE_CHECKING

import msgspec

from plugins import toml_file
from plugins.problems import Problem, SiteError

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path


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
    name = next((n for n in (language, language.split("-", maxsplit=1)[0]) if (folder / f"{n}.toml").is_file()), None)
    if name is None:
        known = ", ".join(sorted(path.stem for path in folder.glob("*.toml")))
        message = (
            f"there are no words for the language `{language}`; copy en.toml to this file and translate it ({known})"
        )
        raise SiteError([Problem(f"{shown}/{language}.toml", 1, message)])
    words = toml_file.load(folder / f"{name}.toml", f"{shown}/{name}.toml", Words, {})
    if name != "en":
        _compare(words, toml_file.load(folder / "en.toml", f"{shown}/en.toml", Words, {}), f"{shown}/{name}.toml")
    return words


def _compare(words: Words, english: Words, shown: str) -> None:
    problems = []
    for key, text in english.words.items():
        if key not in words.words:
            problems.append(Problem(shown, 1, f"`{key}` is missing; translate “{text}”"))
        elif _placeholders(words.words[key]) != _placeholders(text):
            problems.append(Problem(shown, 1, f"`{key}` must hold the same {{placeholders}} as “{text}”"))
    if problems:
        raise SiteError(problems)


def _placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}

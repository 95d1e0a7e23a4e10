"""Days as people write them: `4 June 2027`, `04.06.2027`, `June 4–6, 2027`. Nothing is guessed."""

from __future__ import annotations

import datetime as dt
import re
import string
import unicodedata
from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from plugins.words import Words

    Days = tuple[dt.date, dt.date]
    Parts = dict[str, int]

_MONTHS = "January February March April May June July August September October November December".split()
# Read on every site: in no language do they mean another month.
_GERMAN = "Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split()
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_YEARS = range(1900, 2200)
_LONGEST = 100
_TURN_OF_THE_YEAR = dt.timedelta(days=62)
_SHORTEST = 3  # letters of a shortened name
_ORDINAL = {"st", "nd", "rd", "th"}
_FILLERS = {"the", "of", "on", "from"}
_RANGES = {"to", "until", "till", "through"}
_DAY, _NUMBER, _YEAR, _NAME = "(?P<d>[0-9]{1,2})", "(?P<m>[0-9]{1,2})", "(?P<y>[0-9]{4})", "m(?P<m>[0-9]{1,2})"
# Whole days. Where the year comes first, the rest is in order; where a point stands, the day comes first.
_WHOLE = tuple(
    re.compile(form)
    for form in (
        rf"{_YEAR}([-/.]){_NUMBER}\2{_DAY}",
        rf"{_YEAR}年 ?{_NUMBER}月 ?{_DAY}日",
        rf"{_YEAR}년 ?{_NUMBER}월 ?{_DAY}일",
        "(?P<y>[0-9]{4})(?P<m>[0-9]{2})(?P<d>[0-9]{2})",
        rf"{_DAY}\. ?{_NUMBER}\. ?{_YEAR}",
        rf"{_DAY} {_NAME} {_YEAR}",
        rf"{_NAME} {_DAY} {_YEAR}",
        rf"{_YEAR} {_NAME} {_DAY}",
    )
)
_EITHER = re.compile(r"(?P<d>[0-9]{1,2})([-/])(?P<m>[0-9]{1,2})\2(?P<y>[0-9]{4})")
# Of several days the first or the last may leave out what the other says.
_PARTS = tuple(
    re.compile(form)
    for form in (
        _DAY,
        rf"{_DAY}\.",
        rf"{_DAY}\. ?{_NUMBER}\.",
        rf"{_DAY} {_NAME}",
        rf"{_NAME} {_DAY}",
        rf"{_DAY} {_YEAR}",
        rf"{_DAY}日",
        rf"{_NUMBER}月 ?{_DAY}日",
        rf"{_DAY}일",
        rf"{_NUMBER}월 ?{_DAY}일",
    )
)
_TOKEN = re.compile(r"[0-9]+|[年月日년월일]|(?:(?![年月日년월일])[^\W\d_])+|.", re.DOTALL)
_EAST_ASIAN = re.compile(r"[年月日년월일]")
_EAST_ASIAN_WEEKDAY = re.compile(r" ?\(?[月火水木金土日](?:曜日?)?\)|[月火水木金土日]曜日?|星期[一二三四五六日天]")


class DateReader:
    """Reads days with the names of months in English, German and, where there are `words`, in their language."""

    def __init__(self, words: Words | None = None) -> None:
        """Learn the names, and the short words that stand in a date of the language."""
        self.months = _names([_MONTHS, _GERMAN, *([words.months.names] if words else [])])
        self.fillers, self.ranges = set(_FILLERS), set(_RANGES)
        # Other alphabets have other digits, which nobody writes where the site speaks English.
        self.other_digits = bool(words and tuple(words.months.names) != tuple(_MONTHS))
        if words:
            self.fillers |= set(_literals(words.dates.long_date)) | set(_literals(words.dates.day_month))
            self.ranges |= set(_literals(words.words.get("days", "")))

    def read(self, text: str) -> Days | None:
        """Return the first and the last day that a text names; None where it says something else, or could be two."""
        if len(text) > _LONGEST:
            return None
        plain, weekdays = self._plain(text)
        if plain is None:
            return None
        first, last = _sides(plain)
        if first is None or last is None or last < first:
            return None
        fits = all(weekday in {first.weekday(), last.weekday()} for weekday in weekdays)
        return (first, last) if fits and first.year in _YEARS and last.year in _YEARS else None

    def _plain(self, text: str) -> tuple[str | None, list[int]]:
        """Give the text with `m6` for June, a `~` between days, and nothing that is not needed; and the weekdays."""
        if self.other_digits:
            text = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in text)
        text = _EAST_ASIAN_WEEKDAY.sub("", unicodedata.normalize("NFKC", text))
        parts: list[str] = []
        weekdays: list[int] = []
        tokens = _TOKEN.findall(_folded(text))
        for at, token in enumerate(tokens):
            after = tokens[at + 1] if at + 1 < len(tokens) else ""
            if not token[0].isalpha() or _EAST_ASIAN.fullmatch(token):
                parts.append(token)
            elif token in self.months:
                parts.append(f" m{self.months[token]} ")
            elif token in self.ranges:
                parts.append("~")
            elif (weekday := _weekday(token)) is not None:
                weekdays.append(weekday)
                parts.append(" ")
            elif not (token in self.fillers or (at == 0 and after == ",") or (token in _ORDINAL and _after(parts))):
                return None, []
        plain = re.sub(r"(?<![0-9])\.|(?<=m[0-9])\.", " ", "".join(parts).replace(",", " "))
        plain = re.sub(r"(?<=[0-9])\.(?= *m[0-9])", " ", plain)
        plain = re.sub(r"[\u2010-\u2012]", "-", plain)
        plain = re.sub(r" - |[\u2013\u2014\u2212\u301c~]", "~", " ".join(plain.split()))
        if "m" in plain:  # a hyphen parts `4-June-2027`, or days
            plain = re.sub(r"([0-9]) ?- ?(m[0-9]+) ?- ?([0-9]{4})", r"\1 \2 \3", plain).replace("-", "~")
        plain = re.sub(r"(?<=\.)-|(?<=[日일])-|(?<=[0-9]{4})-(?=[0-9]{1,2}\.)", "~", plain)
        return re.sub(r" ?([~()]) ?", r"\1", " ".join(plain.split())), weekdays


def _sides(plain: str) -> tuple[dt.date | None, dt.date | None]:
    """Give the first and the last day."""
    plain = plain.strip("(). ~")
    first, mark, last = plain.partition("~")
    if not mark:
        days = _interval(plain) or (plain, plain)
        return _date(_whole(days[0])), _date(_whole(days[1]))
    begin, end = (_whole(side) or _part(side) for side in (first, last))
    if not begin or not end:
        return None, None
    one, other = _date(end | begin), _date(begin | end)
    if one and other and other < one and "m" in begin and "y" not in begin:
        before = _date(end | begin | {"y": other.year - 1})  # 30 December to 2 January 2028
        one = before if before and other - before <= _TURN_OF_THE_YEAR else one
    return one, other


def _interval(plain: str) -> tuple[str, str] | None:
    """Give the sides of an interval as ISO 8601 has it, with a slash."""
    found = re.fullmatch(r"([0-9]{4}-[0-9]{2}-[0-9]{2})[/-]([0-9]{4}-[0-9]{2}-[0-9]{2})", plain)
    return (found[1], found[2]) if found else None


def _whole(text: str) -> Parts:
    text = text.strip()
    for form in _WHOLE:
        if found := form.fullmatch(text):
            return _numbers(found)
    found = _EITHER.fullmatch(text)
    if not found:
        return {}
    numbers = _numbers(found)
    day, month = numbers["d"], numbers["m"]
    if month > len(_MONTHS) >= day:  # 6/13/2027
        return numbers | {"d": month, "m": day}
    return numbers if day > len(_MONTHS) or day == month else {}


def _part(text: str) -> Parts:
    found = next(filter(None, (form.fullmatch(text.strip()) for form in _PARTS)), None)
    return _numbers(found) if found else {}


def _numbers(found: re.Match[str]) -> Parts:
    return {name: int(number) for name, number in found.groupdict().items()}


def _date(parts: Parts) -> dt.date | None:
    try:
        return dt.date(parts["y"], parts["m"], parts["d"])
    except (KeyError, ValueError):
        return None


def _after(parts: list[str]) -> bool:
    return bool(parts) and parts[-1].isdigit()


def _weekday(word: str) -> int | None:
    found = [at for at, name in enumerate(_WEEKDAYS) if len(word) >= _SHORTEST and name.startswith(word)]
    return found[0] if found else None


def _folded(text: str) -> str:
    """Give a text in small letters without accents, in which words are runs of letters in every script."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return unicodedata.normalize("NFC", "".join(c for c in apart if not unicodedata.category(c).startswith("M")))


def _names(languages: Iterable[Sequence[str]]) -> dict[str, int]:
    """Give the month of every name and of what it can be shortened to, as far as it means one month only."""
    found: dict[str, set[int]] = defaultdict(set)
    for names in languages:
        for month, name in enumerate(names, 1):
            word = _folded(name)
            for length in {*range(_SHORTEST, len(word)), len(word)}:
                found[word[:length]].add(month)
    whole = {_folded(name): month for names in languages for month, name in enumerate(names, 1)}
    return {word: min(months) for word, months in found.items() if len(months) == 1} | whole


def _literals(pattern: str) -> Iterator[str]:
    for text, *_ in string.Formatter().parse(pattern):
        yield from re.findall(r"[^\W\d_]+", _folded(text))

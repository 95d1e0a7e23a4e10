"""Front matter as the values Pelican and the theme work with: each key has one function that reads it."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from plugins.problems import nearest_or_all
from plugins.reading.front_matter import Value
from plugins.speaker import direction

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from zoneinfo import ZoneInfo


LONGEST_TOPIC = 200
STATUSES = ("published", "draft", "hidden")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}([ T]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?([ ]?(Z|[+-]\d{2}(:?\d{2})?))?)?")
_FRACTION = re.compile(r"\.\d+")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_SLUG = re.compile(r"[^\W_A-Z]([\w-]*[^\W_])?")


class WrongValueError(ValueError):
    """A value that cannot be read; its text says what to write instead."""


class Surroundings(NamedTuple):
    """What reading a value may depend on besides the value itself."""

    timezone: ZoneInfo
    language: str
    site_date: dt.date
    is_post: bool


def _text(value: str | list[str], _: Surroundings) -> str:
    if isinstance(value, list):
        raise WrongValueError("this must be one text, not a list; write it without brackets")
    return value


def _texts(value: str | list[str], _: Surroundings) -> list[str]:
    if isinstance(value, str):
        value = value.split(";" if ";" in value else ",")
    return list(dict.fromkeys(text.strip() for text in value if text.strip()))


def _moment(value: str | list[str], around: Surroundings) -> dt.datetime:
    text = _text(value, around)
    wrong = WrongValueError(f"`{text}` is not a date; write one like 2026-01-31 or 2026-01-31 09:30")
    if not _DATE.fullmatch(text):
        raise wrong
    day, _, time = _FRACTION.sub("", text.replace("T", " ")).partition(" ")
    try:
        moment = dt.datetime.fromisoformat(f"{day} {time.replace(' ', '').rjust(5, '0') if time else '00:00'}")
        # One zone for all: a list by year must not jump back and forth around New Year.
        return moment.astimezone(around.timezone) if moment.tzinfo else moment.replace(tzinfo=around.timezone)
    except (ValueError, OverflowError):
        raise wrong from None


def _topic(value: str | list[str], around: Surroundings) -> str:
    text = _text(value, around)
    if len(text) > LONGEST_TOPIC:
        raise WrongValueError(f"the topic is too long for a button; write at most {LONGEST_TOPIC} characters")
    return text


def _status(value: str | list[str], around: Surroundings) -> str:
    status = _text(value, around).lower()
    if status not in STATUSES:
        raise WrongValueError(f"unknown status `{status}`; write one of {', '.join(STATUSES)}")
    return status


def _language(value: str | list[str], around: Surroundings) -> str:
    text = _text(value, around)
    if not _LANGUAGE.fullmatch(text):
        raise WrongValueError(f"`{text}` is not a language tag; write one like en or pt-BR")
    return text


def _direction(value: str | list[str], around: Surroundings) -> str:
    text = _text(value, around)
    if text not in {"ltr", "rtl"}:
        raise WrongValueError(f"`{text}` is not a direction; write ltr or rtl")
    return text


def _slug(value: str | list[str], around: Surroundings) -> str:
    text = _text(value, around)
    if not _SLUG.fullmatch(text) or text != text.lower():
        raise WrongValueError(f"`{text}` cannot be part of an address; write small letters, digits and hyphens")
    return text


KEYS: dict[str, Callable[[str | list[str], Surroundings], Any]] = {
    "title": _text,
    "date": _moment,
    "modified": _moment,
    "category": _text,
    "tags": _texts,
    "summary": _text,
    "status": _status,
    "id": _text,
    "slug": _slug,
    "lang": _language,
    "dir": _direction,
    "image": _text,
    "image_alt": _text,
    "topic": _topic,
    "template": _text,
}


_REQUIRED = (("title", "title: What I saw"), ("date", "date: 2026-01-31"))  # pages need the first only
_ABSENT = Value("", 1)


def metadata(values: Mapping[str, Value], around: Surroundings) -> tuple[dict[str, Any], list[tuple[int, str]]]:
    """Give the values by key, with `lang`, `dir`, `status` and `future` always there, and the problems found.

    `updated` is there where a date is: the moment of the last change.

    A post without a usable title or date gets a stand-in beside its problem, so that Pelican keeps it and every other
    problem in it is found too.
    """
    read: dict[str, Any] = {}
    problems: list[tuple[int, str]] = []
    for key, value in values.items():
        if key not in KEYS:
            problems.append((value.line, f"unknown key `{key}`{nearest_or_all(key, KEYS)}"))
        elif value.text:
            try:
                read[key] = KEYS[key](value.text, around)
            except WrongValueError as wrong:
                problems.append((value.line, str(wrong)))
    for key, example in _REQUIRED[: 2 if around.is_post else 1]:
        value = values.get(key, _ABSENT)
        if not value.text and not (key == "date" and read.get("status") == "draft"):
            problems.append((value.line, f"the {key} is missing; add a line like `{example}`"))
    read["title"] = read.get("title") or "?"
    read.setdefault("lang", around.language)
    read.setdefault("dir", direction(read["lang"]))
    read.setdefault("status", "published")
    if around.is_post:
        read.setdefault("date", dt.datetime.combine(around.site_date, dt.time(), around.timezone))
    if "date" in read:
        read["updated"] = max(read["date"], read.get("modified", read["date"]))
    read["is_post"] = around.is_post
    read["future"] = "date" in read and read["date"].date() > around.site_date
    return read, problems

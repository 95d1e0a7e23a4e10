"""Front matter as the values Pelican and the theme work with: each key has one function that reads it."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any

from plugins.keys import Key, Surroundings, WrongValueError, name, text, texts
from plugins.problems import nearest_or_all
from plugins.reading import foreign
from plugins.reading.front_matter import Value
from plugins.reading.series import part_number
from plugins.speaker import direction

if TYPE_CHECKING:
    from collections.abc import Mapping

    from plugins.keys import Written


LONGEST_TOPIC = 200
STATUSES = ("published", "draft", "hidden")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}([ T]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?([ ]?(Z|[+-]\d{2}(:?\d{2})?))?)?")
_FRACTION = re.compile(r"\.\d+")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_SLUG = re.compile(r"[^\W_A-Z]([\w-]*[^\W_])?")


def _moment(value: Written, around: Surroundings) -> dt.datetime:
    found = text(value, around)
    wrong = WrongValueError(f"`{found}` is not a date; write one like 2026-01-31 or 2026-01-31 09:30")
    if not _DATE.fullmatch(found):
        raise wrong
    day, _, time = _FRACTION.sub("", found.replace("T", " ")).partition(" ")
    try:
        moment = dt.datetime.fromisoformat(f"{day} {time.replace(' ', '').rjust(5, '0') if time else '00:00'}")
        # One zone for all: a list by year must not jump back and forth around New Year.
        return moment.astimezone(around.timezone) if moment.tzinfo else moment.replace(tzinfo=around.timezone)
    except (ValueError, OverflowError):
        raise wrong from None


def _topic(value: Written, around: Surroundings) -> str:
    found = text(value, around)
    if len(found) > LONGEST_TOPIC:
        raise WrongValueError(f"the topic is too long for a button; write at most {LONGEST_TOPIC} characters")
    return found


def _status(value: Written, around: Surroundings) -> str:
    status = text(value, around).lower()
    if status not in STATUSES:
        raise WrongValueError(f"unknown status `{status}`; write one of {', '.join(STATUSES)}")
    return status


def _language(value: Written, around: Surroundings) -> str:
    found = text(value, around)
    if not _LANGUAGE.fullmatch(found):
        raise WrongValueError(f"`{found}` is not a language tag; write one like en or pt-BR")
    return found


def _direction(value: Written, around: Surroundings) -> str:
    found = text(value, around)
    if found not in {"ltr", "rtl"}:
        raise WrongValueError(f"`{found}` is not a direction; write ltr or rtl")
    return found


def _slug(value: Written, around: Surroundings) -> str:
    found = name(value, around)
    if not _SLUG.fullmatch(found) or found != found.lower():
        raise WrongValueError(f"`{found}` cannot be part of an address; write small letters, digits and hyphens")
    return found


EVERYWHERE = {
    "title": Key(text, "title: What I saw"),
    "modified": Key(_moment),
    "status": Key(_status),
    "slug": Key(_slug),
    "lang": Key(_language),
    "dir": Key(_direction),
    "image": Key(name),
    "image_alt": Key(text),
}
"""The keys of every kind of file."""
PAGES = EVERYWHERE | {
    "date": Key(_moment),
    "category": Key(text),
    "tags": Key(texts),
    "summary": Key(text),
    "id": Key(text),
    "topic": Key(_topic),
    "template": Key(text),
}
POSTS = PAGES | {
    "date": Key(_moment, "date: 2026-01-31"),
    "series": Key(text),
    "part": Key(part_number),
}
_ABSENT = Value("", 1)


def metadata(
    values: Mapping[str, Value], around: Surroundings, keys: Mapping[str, Key] = POSTS
) -> tuple[dict[str, Any], list[tuple[int, str]]]:
    """Give the values by key, with `lang`, `dir`, `status` and `future` always there, and the problems found.

    `updated` is there where a date is: the moment of the last change.

    A post without a usable title or date gets a stand-in beside its problem, so that Pelican keeps it and every other
    problem in it is found too.
    """
    read: dict[str, Any] = {}
    problems: list[tuple[int, str]] = []
    for key, value in values.items():
        if key not in keys:
            known = foreign.advice(key, value.text, keys, values)
            problems.append((value.line, f"unknown key `{key}`{f'; {known}' if known else nearest_or_all(key, keys)}"))
        elif value.text:
            try:
                read[key] = keys[key].read(value.text, around)
            except WrongValueError as wrong:
                problems.append((value.line if wrong.item is None else value.items[wrong.item], str(wrong)))
    for key, (_, example) in keys.items():
        value = values.get(key, _ABSENT)
        if example and not value.text and not (key == "date" and read.get("status") == "draft"):
            problems.append((value.line, f"`{key}` is missing; add a line like `{example}`"))
    read["title"] = read.get("title") or "?"
    read.setdefault("lang", around.language)
    read.setdefault("dir", direction(read["lang"]))
    read.setdefault("status", "published")
    if around.is_post:
        read.setdefault("date", dt.datetime.combine(around.site_date, dt.time(), around.timezone))
    if "date" in read:
        read["updated"] = max(read["date"], read.get("modified", read["date"]))
    read["is_post"] = around.is_post
    # A draft stays one on its day.
    waits = read["status"] != "draft" and "date" in read
    read["future"] = waits and read["date"].date() > around.site_date
    return read, problems

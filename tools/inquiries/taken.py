"""Which of the days asked for are taken already: by events, blocked days, or a calendar in the content folder."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from plugins.dates import calendars, events
from plugins.problems import Problem, SiteError
from tools.inquiries.mails import shown

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from plugins.speaker import Speaker
    from tools.inquiries.block import Inquiry


class Taken(NamedTuple):
    """Days that are not free, from `first` to `last` inclusive where the speaker lives, and by what."""

    first: dt.date
    last: dt.date
    by: str
    uid: str = ""


def taken_days(content: Path, speaker: Speaker, asked: Iterable[Inquiry]) -> tuple[Taken, ...]:
    """Give what takes a day near those asked for, the tentative too.

    Raises `SiteError` with every problem of events.toml and of the calendars beside it.
    """
    found: list[Taken] = []
    problems: list[Problem] = []
    days = [day for inquiry in asked for day in inquiry.days or ()]
    sources = [partial(_in_events, content / "events.toml", speaker)]
    if days:
        sources += [partial(_in_calendar, path, speaker, min(days), max(days)) for path in calendars.files(content)]
    for source in sources:
        try:
            found.extend(source())
        except SiteError as error:
            problems.extend(error.problems)
    if problems:
        raise SiteError(problems)
    return tuple(found)


def clashes(inquiry: Inquiry, taken: Iterable[Taken]) -> tuple[str, ...]:
    """Say in a line each what lies on the days asked for."""
    if not inquiry.days:
        return ()
    first, last = inquiry.days
    return tuple(_clash(one, inquiry) for one in taken if one.first <= last and first <= one.last)


def _clash(one: Taken, inquiry: Inquiry) -> str:
    if one.uid.partition("@")[0] == inquiry.id:
        return "this inquiry has been accepted already"
    days = f"{one.first}" if one.first == one.last else f"{one.first} to {one.last}"
    return f"{days}: {one.by}"


def _in_events(path: Path, speaker: Speaker) -> Iterator[Taken]:
    if not path.exists():
        return
    host = urlsplit(speaker.site).hostname or ""
    diary = events.load(path, shown(path), speaker.timezone, host)
    zone = ZoneInfo(speaker.timezone)
    for event in diary.events:
        first, last = events.days_of(event, zone)
        pencilled = " (tentative)" if event.status == "tentative" else ""
        yield Taken(first, last, f"{event.event}{pencilled}", event.uid)
    for blocked in diary.blocked:
        yield Taken(blocked.start, blocked.end, f"blocked ({blocked.note})" if blocked.note else "blocked")


def _in_calendar(path: Path, speaker: Speaker, first: dt.date, last: dt.date) -> Iterator[Taken]:
    zone = ZoneInfo(speaker.timezone)
    spans = calendars.busy(path.read_bytes(), shown(path), speaker.timezone, first, last)
    for days in sorted({events.days(start, end, zone) for start, end in spans}):
        yield Taken(*days, path.name)

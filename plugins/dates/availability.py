"""Which days are taken, and the small file that says so and nothing else."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from plugins.dates.events import days, days_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from plugins.dates.events import Diary

    Run = tuple[dt.date, dt.date]

MONTHS = 18
"""How far ahead organisers plan: the file says nothing of later days."""
_DAY = dt.timedelta(days=1)


def window(day: dt.date) -> Run:
    """Give the first and the last day that the file speaks of: the site's date, and a month's end."""
    months = day.year * 12 + day.month + MONTHS
    return day, dt.date(months // 12, months % 12 + 1, 1) - _DAY


def taken(diary: Diary, timezone: str) -> Iterable[Run]:
    """Yield the first and the last day of what takes the speaker's days: firm events, public or not, and blocked days.

    A tentative one is pencilled in: it takes no day, since it may come to nothing.
    """
    zone = ZoneInfo(timezone)
    yield from (days_of(event, zone) for event in diary.events if event.status == "firm")
    yield from ((blocked.start, blocked.end) for blocked in diary.blocked)


def busy_days(
    spans: Iterable[tuple[dt.date, dt.date | None]], timezone: str, first: dt.date, last: dt.date
) -> tuple[Run, ...]:
    """Give the days from `first` to `last` that any of the spans takes, as runs of days (both ends inclusive).

    A span is (start, end) as in `Event`. It takes every day in `timezone`, the speaker's, of which it takes a second.
    Runs that touch are one, so that nobody can tell one event from the next.
    """
    zone = ZoneInfo(timezone)
    found = sorted(days(start, end, zone) for start, end in spans)
    runs: list[Run] = []
    for start, end in ((max(start, first), min(end, last)) for start, end in found):
        if start > end:
            continue
        if runs and start <= runs[-1][1] + _DAY:
            runs[-1] = runs[-1][0], max(runs[-1][1], end)
        else:
            runs.append((start, end))
    return tuple(runs)


def availability(runs: Iterable[Run], timezone: str, first: dt.date, last: dt.date) -> bytes:
    """Give the file: days only, no titles, no times."""
    data = {
        "version": 1,
        "timezone": timezone,
        "from": first.isoformat(),
        "until": last.isoformat(),
        "taken": [[start.isoformat(), end.isoformat()] for start, end in runs],
    }
    return f"{json.dumps(data, indent=1)}\n".encode()

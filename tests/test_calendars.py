"""Random calendars against the days that dateutil gives for the same series."""

from __future__ import annotations

import datetime as dt
import random
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest
from dateutil import rrule

from plugins.dates import availability, calendars

HOME = "Europe/Berlin"
FIRST, LAST = dt.date(2026, 11, 22), dt.date(2028, 5, 31)
DAY = dt.timedelta(days=1)
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
CUSTOM = """BEGIN:VTIMEZONE
TZID:Customized Time Zone 1
BEGIN:STANDARD
DTSTART:16010101T020000
TZOFFSETFROM:-0400
TZOFFSETTO:-0500
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=1SU;BYMONTH=11
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:-0500
TZOFFSETTO:-0400
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=2SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE
"""
# What stands after the name of a property, and the zone that it means.
ZONES = {
    ";VALUE=DATE": HOME,
    "": HOME,
    "Z": "UTC",
    ";TZID=Europe/Berlin": HOME,
    ";TZID=America/New_York": "America/New_York",
    ";TZID=Asia/Kolkata": "Asia/Kolkata",
    ";TZID=Pacific/Auckland": "Pacific/Auckland",
    ";TZID=W. Europe Standard Time": HOME,
    ";TZID=Tokyo Standard Time": "Asia/Tokyo",
    ";TZID=Customized Time Zone 1": "America/New_York",
}


class Series(NamedTuple):
    """How a series is written, and what it means: its zone, the starts on its wall, how long each lasts."""

    written: str
    lines: list[str]
    starts: list[dt.datetime]
    length: dt.timedelta

    @property
    def whole(self) -> bool:
        return self.written == ";VALUE=DATE"

    def line(self, name: str, *times: dt.datetime) -> str:
        """Return a line as the series itself writes times."""
        texts = [f"{time:%Y%m%d}" if self.whole else f"{time:%Y%m%dT%H%M%S}" for time in times]
        ending = "Z" if self.written == "Z" else ""
        return f"{name}{'' if ending else self.written}:{','.join(text + ending for text in texts)}"

    def utc(self, time: dt.datetime) -> str:
        return f"{time.replace(tzinfo=ZoneInfo(ZONES[self.written])).astimezone(dt.UTC):%Y%m%dT%H%M%SZ}"

    def days(self, begin: dt.datetime, length: dt.timedelta) -> set[dt.date]:
        """Return the days at home of which an occurrence takes a second."""
        if self.whole:
            return {begin.date() + number * DAY for number in range(max(1, length.days))}
        zone, home = ZoneInfo(ZONES[self.written]), ZoneInfo(HOME)
        first = begin.replace(tzinfo=zone).astimezone(dt.UTC)
        last = max(first, (begin + length).replace(tzinfo=zone).astimezone(dt.UTC) - dt.timedelta(seconds=1))
        day, end = first.astimezone(home).date(), last.astimezone(home).date()
        return {day + number * DAY for number in range((end - day).days + 1)}


def a_series(rnd: random.Random) -> Series:
    """Make a series of any kind."""
    written = rnd.choice(list(ZONES))
    whole = written == ";VALUE=DATE"
    start = dt.datetime(rnd.choice([2019, 2026, 2026, 2027]), rnd.randint(1, 12), rnd.randint(1, 28))
    start += dt.timedelta() if whole else dt.timedelta(minutes=rnd.randrange(0, 24 * 60, 15))
    length = rnd.choice([1, 1, 2, 5]) * DAY if whole else dt.timedelta(minutes=rnd.choice([0, 30, 60, 600, 1440, 2900]))
    base = Series(written, [], [], length)
    frequency = rnd.choice(["DAILY", "DAILY", "WEEKLY", "WEEKLY", "MONTHLY", "YEARLY"] + [] * whole)
    parts = {"FREQ": frequency, "INTERVAL": str(rnd.choice([1, 1, 2, 3]))}
    meant: dict[str, object] = {"interval": int(parts["INTERVAL"])}
    kind = rnd.randrange(5)
    if frequency == "WEEKLY" and kind < 3:
        chosen = sorted(rnd.sample(range(7), rnd.randint(1, 3)))
        parts["BYDAY"] = ",".join(WEEKDAYS[day] for day in chosen)
        meant["byweekday"] = chosen
    elif frequency == "MONTHLY" and kind == 0:
        number, day = rnd.choice([-1, 1, 2, 3]), rnd.randrange(7)
        parts["BYDAY"] = f"{number}{WEEKDAYS[day]}"
        meant["byweekday"] = rrule.weekday(day, number)
    elif frequency == "MONTHLY" and kind == 1:
        parts["BYMONTHDAY"], meant["bymonthday"] = "-1", -1
    elif frequency == "MONTHLY" and kind == 2:
        parts |= {"BYDAY": "MO,TU,WE,TH,FR", "BYSETPOS": "-1"}
        meant |= {"byweekday": range(5), "bysetpos": -1}
    elif frequency == "YEARLY" and kind == 0:
        parts["BYMONTH"], meant["bymonth"] = "3,10", (3, 10)
    elif frequency == "DAILY" and kind == 0 and not whole:
        parts["BYHOUR"], meant["byhour"] = "8,20", (8, 20)
    end = rnd.choice(["count", "for ever", "local", "UTC", "date"])
    if end == "count":
        parts["COUNT"] = str(rnd.choice([1, 3, 8, 400]))
        meant["count"] = int(parts["COUNT"])
    elif end != "for ever":
        near = rrule.rrule(getattr(rrule, frequency), start, until=dt.datetime(2028, 9, 1), **meant)
        found = list(near) or [start]
        last = rnd.choice(found)
        meant["until"] = last
        if whole:
            parts["UNTIL"] = base.utc(last) if end == "UTC" else f"{last:%Y%m%d}"
        elif end == "date":
            parts["UNTIL"] = f"{last:%Y%m%d}"
            meant["until"] = last.replace(hour=23, minute=59)
        else:
            parts["UNTIL"] = base.utc(last) if end == "UTC" else f"{last:%Y%m%dT%H%M%S}"
    meant.setdefault("until", dt.datetime(2028, 9, 1)) if end != "count" else None
    starts = list(rrule.rrule(getattr(rrule, frequency), start, **meant))
    order = list(parts.items())
    rnd.shuffle(order)
    lines = [base.line("DTSTART", start), "RRULE:" + ";".join(f"{key}={value}" for key, value in order)]
    if rnd.random() < 0.5 or not length:
        lines.append(base.line("DTEND", start + length))
    elif whole:
        lines.append(f"DURATION:P{length.days}D")
    else:
        lines.append(f"DURATION:PT{length.seconds // 60 + length.days * 1440}M")
    return Series(written, lines, sorted({start, *starts}), length)


def event(lines: list[str], uid: str) -> str:
    return "\n".join(["BEGIN:VEVENT", f"UID:{uid}", "SUMMARY:x", *lines, "END:VEVENT", ""])


def a_calendar(rnd: random.Random) -> tuple[str, set[dt.date]]:
    """Make a series with exceptions, and give the days that it takes."""
    series = a_series(rnd)
    lines = list(series.lines)
    taken = {start: (start, series.length) for start in series.starts}
    near = [start for start in series.starts if start.date() > FIRST - 9 * DAY] or series.starts
    overrides: list[str] = []
    once_a_day = len({start.date() for start in series.starts}) == len(series.starts)

    def name(prefix: str, start: dt.datetime, forms: list[str]) -> str:
        form = rnd.choice(forms)
        if form == "date" and not once_a_day and prefix != "EXDATE":
            form = "own"
        if form == "date":
            for other in list(taken) if prefix == "EXDATE" else ():
                if other.date() == start.date():
                    taken.pop(other)
            return f"{prefix};VALUE=DATE:{start:%Y%m%d}"
        return f"{prefix}:{series.utc(start)}" if form == "UTC" else series.line(prefix, start)

    for start in rnd.sample(near, min(len(near), rnd.randrange(4))):
        lines.append(name("EXDATE", start, ["own", "UTC", "date"]))
        taken.pop(start, None)
    near = [start for start in near if start in taken]
    for _ in range(rnd.randrange(3)):
        extra = dt.datetime(2027, rnd.randint(1, 12), rnd.randint(1, 28), 0 if series.whole else 9)
        lines.append(series.line("RDATE", extra))
        if extra not in series.starts:
            taken[extra] = (extra, series.length)
            once_a_day = False
    if near and rnd.random() < 0.4:
        pivot = rnd.choice(near)
        move = dt.timedelta(days=rnd.randint(-3, 9), hours=0 if series.whole else rnd.randint(-5, 5))
        length = series.length + (DAY if rnd.random() < 0.3 else dt.timedelta())
        cancelled = rnd.random() < 0.2
        for start in [start for start in taken if start >= pivot]:
            taken[start] = (start + move, length)
            if cancelled:
                taken.pop(start)
        identity = name("RECURRENCE-ID;RANGE=THISANDFUTURE", pivot, ["own", "UTC", "date"])
        begin = [series.line("DTSTART", pivot + move), series.line("DTEND", pivot + move + length)]
        overrides.append(event([identity, *begin, *(["STATUS:CANCELLED"] if cancelled else [])], "a"))
        near = [start for start in near if start != pivot and start in taken]
    for start in rnd.sample(near, min(len(near), rnd.randrange(4))):
        identity = name("RECURRENCE-ID", start, ["own", "UTC", "date"])
        moved = start + dt.timedelta(days=rnd.randint(-9, 9), hours=0 if series.whole else rnd.randint(-9, 9))
        what = rnd.choice(["moved", "cancelled", "free", "moved twice"])
        taken.pop(start)
        if what == "moved twice":
            overrides.append(event([identity, series.line("DTSTART", start + 3 * DAY), "SEQUENCE:1"], "a"))
        if what.startswith("moved"):
            length = DAY if series.whole else dt.timedelta(hours=1)
            taken[start] = (moved, length)
            own = [series.line("DTSTART", moved), series.line("DTEND", moved + length), "SEQUENCE:2"]
        else:
            own = [series.line("DTSTART", moved), "STATUS:CANCELLED" if what == "cancelled" else "TRANSP:TRANSPARENT"]
        overrides.append(event([identity, *own], "a"))
    parts = [event(lines, "a"), *overrides]
    days = set().union(*(series.days(*one) for one in taken.values()), set())
    fate = rnd.randrange(8)
    if fate == 0:
        parts.append(event([series.line("DTSTART", series.starts[0]), "SEQUENCE:9", "STATUS:CANCELLED"], "a"))
        days = set()
    elif fate == 1:  # moved as a whole: only the new day counts
        parts = [event(lines, "a"), event([series.line("DTSTART", dt.datetime(2027, 6, 4, 12)), "SEQUENCE:3"], "a")]
        days = series.days(dt.datetime(2027, 6, 4, 12), dt.timedelta())
    parts.append(event(["DTSTART;TZID=Nowhere 1:20270301T100000", "STATUS:CANCELLED"], "b"))
    for number in (1, 2):
        parts.append(event([f"DTSTART;VALUE=DATE:2027080{number}"], ""))
        days.add(dt.date(2027, 8, number))
    rnd.shuffle(parts)
    return "BEGIN:VCALENDAR\n" + CUSTOM + "".join(parts) + "END:VCALENDAR\n", days


@pytest.mark.parametrize("seed", range(500))
def test_a_random_calendar_takes_the_days_that_dateutil_gives(seed: int) -> None:
    text, days = a_calendar(random.Random(seed))
    spans = calendars.busy(text.encode(), "x.ics", HOME, FIRST, LAST)
    runs = availability.busy_days(spans, HOME, FIRST, LAST)
    found = {first + number * DAY for first, last in runs for number in range((last - first).days + 1)}
    assert found == {day for day in days if FIRST <= day <= LAST}, text

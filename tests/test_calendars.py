# ruff: noqa: C901, DTZ001, PLR0912, PLR0915, S311  times on a wall have no zone; chance need not be secret
"""Random calendars against the days that dateutil gives for the same series."""

from __future__ import annotations

import datetime as dt
import os
import random
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest
from dateutil import rrule

from plugins.dates import availability, calendars
from plugins.problems import SiteError
from tests.effort import lines_run

HOME = "Europe/Berlin"
FIRST, LAST = dt.date(2026, 11, 22), dt.date(2028, 5, 31)
DAY = dt.timedelta(days=1)
THOROUGH = bool(os.environ.get("THOROUGH"))
CALENDARS = 3_000 if THOROUGH else 200
EASIER = 1 if THOROUGH else 100
"""How much less than what it may a hostile calendar costs here: lines that are counted take ten times as long."""
MOST_LINES_A_UNIT = 25
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
    frequency = rnd.choice(["DAILY", "DAILY", "WEEKLY", "WEEKLY", "MONTHLY", "YEARLY"])
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
    if rnd.random() < 1 / 2 or not length:
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


@pytest.mark.parametrize("seed", range(CALENDARS))
def test_a_random_calendar_takes_the_days_that_dateutil_gives(seed: int) -> None:
    text, days = a_calendar(random.Random(seed))
    spans = calendars.busy(text.encode(), "x.ics", HOME, FIRST, LAST)
    runs = availability.busy_days(spans, HOME, FIRST, LAST)
    found = {first + number * DAY for first, last in runs for number in range((last - first).days + 1)}
    assert found == {day for day in days if FIRST <= day <= LAST}, text


def days_of(*parts: str) -> list[str]:
    text = "".join(["BEGIN:VCALENDAR\n", *parts, "END:VCALENDAR\n"])
    return runs(text)


def runs(text: str) -> list[str]:
    spans = calendars.busy(text.encode(), "x.ics", HOME, FIRST, LAST)
    found = availability.busy_days(spans, HOME, FIRST, LAST)
    return [f"{first}" if first == last else f"{first} {last}" for first, last in found]


MONDAYS = ["DTSTART;TZID=Europe/Berlin:20261207T100000", "DTEND;TZID=Europe/Berlin:20261207T110000"]
WEEKLY = [*MONDAYS, "RRULE:FREQ=WEEKLY;COUNT=3"]
WHOLE = "DTSTART;VALUE=DATE:20261207"
UNKNOWN = "DTSTART;TZID=Nowhere 1:20261207T100000"


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        pytest.param(
            [[WHOLE, "RRULE:FREQ=DAILY;UNTIL=20261210T230000Z"]], ["2026-12-07 2026-12-11"], id="until, Exchange"
        ),
        pytest.param(
            [[WHOLE, "RRULE:FREQ=DAILY;UNTIL=20261210T000000Z"]], ["2026-12-07 2026-12-10"], id="until 000000Z"
        ),
        pytest.param(
            [["DTSTART;VALUE=DATE:20270601", "RRULE:FREQ=DAILY;UNTIL=20270602T220000Z"]],
            ["2027-06-01 2027-06-03"],
            id="until in summer",
        ),
        pytest.param(
            [[WHOLE, "RRULE:FREQ=DAILY;COUNT=4", "EXDATE:20261208T230000Z"]],
            ["2026-12-07 2026-12-08", "2026-12-10"],
            id="but one, Exchange",
        ),
        pytest.param(
            [[WHOLE, "RRULE:FREQ=DAILY;COUNT=3", "EXDATE;TZID=America/New_York:20261208T000000"]],
            ["2026-12-07", "2026-12-09"],
            id="but a midnight elsewhere",
        ),
        pytest.param(
            [WEEKLY, ["RECURRENCE-ID;VALUE=DATE:20261214", "DTSTART;TZID=Europe/Berlin:20261216T100000"]],
            ["2026-12-07", "2026-12-16", "2026-12-21"],
            id="moved, named by its day",
        ),
        pytest.param(
            [WEEKLY, ["RECURRENCE-ID;TZID=Nowhere:20261214T100000", "STATUS:CANCELLED"]],
            ["2026-12-07", "2026-12-21"],
            id="cancelled, named in an unknown zone",
        ),
        pytest.param(
            [WEEKLY, ["RECURRENCE-ID:20261214T090000Z", "DTSTART:someday", "TRANSP:TRANSPARENT"]],
            ["2026-12-07", "2026-12-21"],
            id="free, and broken",
        ),
        pytest.param(
            [WEEKLY, ["RECURRENCE-ID;RANGE=THISANDFUTURE:20261214T090000Z", "STATUS:CANCELLED"]],
            ["2026-12-07"],
            id="cancelled from then on",
        ),
        pytest.param(
            [
                WEEKLY,
                ["RECURRENCE-ID;RANGE=THISANDFUTURE:20261214T090000Z", "DTSTART:20261216T090000Z"],
                ["RECURRENCE-ID:20261221T090000Z", "DTSTART;VALUE=DATE:20261224"],
            ],
            ["2026-12-07", "2026-12-16", "2026-12-24"],
            id="moved from then on, one of them elsewhere",
        ),
        pytest.param(
            [
                WEEKLY,
                ["RECURRENCE-ID:20261214T090000Z", "DTSTART:20261215T090000Z"],
                ["RECURRENCE-ID:20261214T090000Z", "SEQUENCE:2", "DTSTART:20261217T090000Z"],
            ],
            ["2026-12-07", "2026-12-17", "2026-12-21"],
            id="moved twice",
        ),
        pytest.param([[WHOLE], ["SEQUENCE:1", "DTSTART;VALUE=DATE:20261209"]], ["2026-12-09"], id="moved as a whole"),
        pytest.param(
            [[WHOLE, "SEQUENCE:1"], ["SEQUENCE:0", "STATUS:CANCELLED"]], ["2026-12-07"], id="an old cancelling"
        ),
        pytest.param([WEEKLY, ["SEQUENCE:1", "STATUS:CANCELLED", UNKNOWN]], [], id="cancelled as a whole"),
        pytest.param(
            [[WHOLE, "DTSTAMP:20261101T000000Z"], ["DTSTAMP:20261102T000000Z", "DTSTART;VALUE=DATE:20261209"]],
            ["2026-12-09"],
            id="newer by its stamp",
        ),
        pytest.param([[WHOLE], ["DTSTART;VALUE=DATE:20261209"]], ["2026-12-07", "2026-12-09"], id="two of one age"),
        pytest.param([[WHOLE], ["SEQUENCE:1", "DTSTART;VALUE=DATE:20200101"]], [], id="moved into the past"),
        pytest.param([[UNKNOWN, "TRANSP:TRANSPARENT"]], [], id="free in an unknown zone"),
        pytest.param([[UNKNOWN, "X-MICROSOFT-CDO-BUSYSTATUS:FREE", "DTEND:never"]], [], id="free and broken"),
        pytest.param([[UNKNOWN, "SEQUENCE:0"], [WHOLE, "SEQUENCE:1"]], ["2026-12-07"], id="mended zone"),
        pytest.param(
            [["DTSTART:20270301T220000", "RRULE:FREQ=HOURLY;INTERVAL=6;COUNT=5"]],
            ["2027-03-01 2027-03-02"],
            id="hourly",
        ),
        pytest.param(
            [["DTSTART:20270301T090000", "RRULE:FREQ=HOURLY;BYHOUR=9,10,11;COUNT=6"]],
            ["2027-03-01 2027-03-02"],
            id="hourly by hours",
        ),
        pytest.param(
            [["DTSTART:20270301T100000", "RRULE:FREQ=SECONDLY;COUNT=200000"]], ["2027-03-01 2027-03-03"], id="seconds"
        ),
        pytest.param(
            [["DTSTART;VALUE=DATE:16040301", "RRULE:FREQ=YEARLY"]], ["2027-03-01", "2028-03-01"], id="from 1604"
        ),
        pytest.param([["DTSTART;VALUE=DATE:18960229", "RRULE:FREQ=YEARLY"]], ["2028-02-29"], id="29 February of 1896"),
        pytest.param(
            [["DTSTART:20000131T100000", "RRULE:FREQ=MONTHLY;UNTIL=20270401T000000"]],
            ["2026-12-31", "2027-01-31", "2027-03-31"],
            id="the 31st",
        ),
        pytest.param(
            [
                [
                    "DTSTART:20270301T100000",
                    "RDATE;VALUE=PERIOD:20270305T100000Z/PT50H,20270310T100000Z/20270312T100000Z",
                ]
            ],
            ["2027-03-01", "2027-03-05 2027-03-07", "2027-03-10 2027-03-12"],
            id="periods",
        ),
        pytest.param(
            [["DTSTART:20270301T100000", "RRULE:FREQ=DAILY;UNTIL=99991231T235959Z", "EXDATE:99991231T235959Z"]],
            ["2027-03-01 2028-05-31"],
            id="until the year 9999",
        ),
        pytest.param(
            [["DTSTART:20270301T100000", "RRULE:FREQ=DAILY;UNTIL=20270228T090000Z"]], ["2027-03-01"], id="until before"
        ),
        pytest.param([["DTSTART:20270301T100000", "EXDATE:20270301T090000Z"]], [], id="but the only one"),
        pytest.param([[WHOLE, "RRULE:FREQ=DAILY;COUNT=2", "EXDATE:"]], ["2026-12-07 2026-12-08"], id="but none"),
        pytest.param(
            [["DTSTART:20270301T100000", "DURATION:-P3D"], ["DTSTART:20270305T100000", "DTEND:20270301T100000"]],
            ["2027-03-01", "2027-03-05"],
            id="lasts less than nothing",
        ),
    ],
)
def test_the_days_of_exceptions(events: list[list[str]], expected: list[str]) -> None:
    assert days_of(*(event(lines, "a") for lines in events)) == expected
    assert days_of(*(event(lines, "a") for lines in reversed(events))) == expected


def test_events_without_a_uid_are_different_ones() -> None:
    moved = event(["RECURRENCE-ID;VALUE=DATE:20261207", "DTSTART;VALUE=DATE:20261209"], "")
    assert days_of(event([WHOLE], ""), event(["DTSTART;VALUE=DATE:20261215"], ""), moved) == [
        "2026-12-07",
        "2026-12-09",
        "2026-12-15",
    ]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        pytest.param("FREEBUSY:20261207T090000Z/20261207T100000Z", ["2026-12-07"], id="until"),
        pytest.param("FREEBUSY:20261207T230000Z/PT2H", ["2026-12-08"], id="as long as"),
        pytest.param(
            "FREEBUSY;FBTYPE=BUSY-UNAVAILABLE:20261207T090000Z/PT1H,20261209T090000Z/20261209T100000Z",
            ["2026-12-07", "2026-12-09"],
            id="several",
        ),
        pytest.param("FREEBUSY;FBTYPE=FREE:20261207T090000Z/PT1H", [], id="free"),
        pytest.param("freebusy;fbtype=busy-tentative:20261207T090000Z/PT1H", [], id="tentative"),
        pytest.param("FREEBUSY:20200101T090000Z/PT1H", [], id="over"),
    ],
)
def test_a_list_of_busy_time_takes_its_periods(line: str, expected: list[str]) -> None:
    assert days_of(f"BEGIN:VFREEBUSY\nUID:a\nDTSTART:20261201T000000Z\n{line}\nEND:VFREEBUSY\n") == expected


@pytest.mark.parametrize("period", ["20261207T090000Z", "20261207T090000Z/", "tomorrow/PT1H"])
def test_a_period_that_cannot_be_read_is_told_with_its_line(period: str) -> None:
    with pytest.raises(SiteError) as error:
        days_of(f"BEGIN:VFREEBUSY\nFREEBUSY:{period}\nEND:VFREEBUSY\n")
    assert [problem.line for problem in error.value.problems] == [2]


def test_a_status_beside_a_list_of_busy_time_is_no_period() -> None:
    assert days_of("METHOD:CANCEL\nBEGIN:VFREEBUSY\nFREEBUSY:20261207T090000Z/PT1H\nEND:VFREEBUSY\n") == ["2026-12-07"]


def test_a_mail_that_cancels_takes_no_day() -> None:
    assert days_of("METHOD:CANCEL\n", event([WHOLE], "a")) == []
    sent = f"BEGIN:VCALENDAR\n{event([WHOLE], 'a')}END:VCALENDAR\n"
    cancelled = f"BEGIN:VCALENDAR\nMETHOD:CANCEL\n{event([WHOLE, 'SEQUENCE:1'], 'a')}END:VCALENDAR\n"
    assert runs(sent) == ["2026-12-07"]
    assert runs(sent + cancelled) == []


@pytest.mark.parametrize(
    ("zone", "lines", "expected"),
    [
        pytest.param("America/New_York", ["DTSTART:20270305T230000"], ["2027-03-06"], id="no zone"),
        pytest.param("America/New_York", ["DTSTART;TZID=Europe/Berlin:20270305T230000"], ["2027-03-05"], id="a zone"),
        pytest.param("America/New_York", ["DTSTART;VALUE=DATE:20270305"], ["2027-03-05"], id="a whole day"),
        pytest.param(
            "Asia/Tokyo",
            ["DTSTART;VALUE=DATE:20270301", "RRULE:FREQ=DAILY;UNTIL=20270302T150000Z"],
            ["2027-03-01 2027-03-03"],
            id="midnight in Tokyo",
        ),
        pytest.param("Nowhere/At/All", ["DTSTART:20270305T230000"], ["2027-03-05"], id="unknown"),
        pytest.param("Europe", ["DTSTART:20270305T230000"], ["2027-03-05"], id="a folder"),
        pytest.param("../etc", ["DTSTART:20270305T230000"], ["2027-03-05"], id="a path"),
    ],
)
def test_times_without_a_zone_are_those_of_the_calendar(zone: str, lines: list[str], expected: list[str]) -> None:
    assert days_of(f"X-WR-TIMEZONE:{zone}\n", event(lines, "a")) == expected


@pytest.mark.filterwarnings("error")
def test_a_zone_behind_the_name_of_a_program_is_known() -> None:
    assert days_of(event(["DTSTART;TZID=/example.org/Tzfile/Asia/Tokyo:20270305T070000"], "a")) == ["2027-03-04"]


MARCH = "DTSTART:20270301T100000"


@pytest.mark.parametrize(
    ("count", "lines"),
    [
        pytest.param(3_000, [MARCH, "RRULE:FREQ=MINUTELY"], id="minutely"),
        pytest.param(3_000, [MARCH, "RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"], id="30 February"),
        pytest.param(3_000, [MARCH, "RRULE:FREQ=WEEKLY;BYDAY=MO;BYSETPOS=200"], id="no such position"),
        pytest.param(9_000, [MARCH, "RRULE:FREQ=DAILY;INTERVAL=7;BYDAY=TU"], id="never a Tuesday"),
        pytest.param(3_000, ["DTSTART:19000101T100000", "RRULE:FREQ=DAILY;COUNT=99999"], id="from 1900"),
        pytest.param(1, [MARCH, f"RDATE:{','.join(['20270304T100000'] * (300_000 // EASIER))}"], id="dates"),
        pytest.param(1, [MARCH, *["EXDATE:20270304T100000"] * (300_000 // EASIER)], id="exceptions"),
        pytest.param(1, [MARCH, *["RRULE:FREQ=DAILY"] * (200_000 // EASIER)], id="rules"),
        pytest.param(1, [MARCH] * (200_000 // EASIER), id="starts"),
        pytest.param(60_000, [MARCH], id="events"),
    ],
)
def test_a_hostile_calendar_ends_with_a_line(monkeypatch: pytest.MonkeyPatch, count: int, lines: list[str]) -> None:
    effort = calendars.EFFORT // EASIER
    monkeypatch.setattr(calendars, "EFFORT", effort)
    text = "".join(event(lines, f"{number}") for number in range(max(1, count // EASIER)))
    caught: list[SiteError] = []

    def read() -> None:
        try:
            days_of(text)
        except SiteError as error:
            caught.append(error)

    assert lines_run(read) < MOST_LINES_A_UNIT * effort
    (problem,) = caught[0].problems
    assert "repeats more than can be followed" in problem.message
    assert problem.line > 1 or count == 1


def test_what_nests_without_end_is_no_calendar() -> None:
    with pytest.raises(SiteError, match="11: this is no calendar"):
        days_of("BEGIN:STANDARD\n" * 5_000)


def test_many_people_are_busy() -> None:
    birthdays = [
        event(["DTSTART;VALUE=DATE:19700301", "RRULE:FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=1"], f"{n}") for n in range(500)
    ]
    meetings = [
        event(["DTSTART;TZID=Europe/Berlin:20150302T100000", "RRULE:FREQ=WEEKLY;BYDAY=TU"], f"m{n}") for n in range(100)
    ]
    assert "2027-03-01 2027-03-02" in days_of(*birthdays, *meetings)


def test_a_zone_that_changes_its_clocks_on_no_day_stays_unknown() -> None:
    zone = CUSTOM.replace("BYDAY=1SU;BYMONTH=11", "BYMONTH=2;BYMONTHDAY=30")
    with pytest.raises(SiteError, match="nobody knows the time zone `Customized Time Zone 1`"):
        days_of(zone, event(["DTSTART;TZID=Customized Time Zone 1:20270301T100000"], "a"))

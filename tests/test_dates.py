from __future__ import annotations

import contextlib
import datetime as dt
import itertools
import json
import re
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
from effort import lines_run
from hypothesis import given
from hypothesis import strategies as st
from sites import ROOT, SPEAKER

from plugins.dates import availability, calendars, events, wording
from plugins.problems import SiteError
from plugins.words import load_words

if TYPE_CHECKING:
    from pathlib import Path

    from sites import Site

TODAY = dt.date(2026, 11, 22)
BERLIN = "Europe/Berlin"
MOST_LINES = 1_500_000
"""Of Python for one calendar, some four times what the dearest here takes; a rule without end takes far more."""


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def at(text: str, zone: str = BERLIN) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


@pytest.fixture
def load(tmp_path: Path) -> Any:
    def load(text: str, zone: str = BERLIN) -> events.Diary:
        path = tmp_path / "events.toml"
        path.write_text(text, "utf-8")
        return events.load(path, "content/events.toml", zone, "talks.example.org")

    return load


def event(**lines: str) -> str:
    lines = {"event": '"A meeting"', "place": '"Berlin"', "start": "2027-06-04"} | lines
    return "[[events]]\n" + "".join(f"{key} = {value}\n" for key, value in lines.items() if value)


def wrong(load: Any, text: str) -> list[str]:
    with pytest.raises(SiteError) as caught:
        load(text)
    return [f"{problem.line}: {problem.message}" for problem in caught.value.problems]


def test_an_event_has_few_lines_and_many(load: Any) -> None:
    few, many = load(
        event()
        + """
[[events]]
title = "The Second Row"
event = "Spring \\"meeting\\""
online = true
place = "Hall 3"
start = 2027-06-04T09:30:00
end = 2027-06-04T10:15:00.5
timezone = "America/New_York"
url = "https://example.org/"
talk = "the-second-row"
public = false
status = "tentative"
id = "spring"
"""
    ).events
    assert few[1:] == ("", "A meeting", "Berlin", False, *[day("2027-06-04")] * 2, BERLIN, "", "", "firm", True)
    assert many == events.Event(
        *("spring@talks.example.org", "The Second Row", 'Spring "meeting"', "Hall 3", True),
        *(at(f"2027-06-04T{clock}", "America/New_York") for clock in ("09:30", "10:15")),
        *("America/New_York", "https://example.org/", "the-second-row", "tentative", False),
    )
    assert many.end is not None
    assert many.start.isoformat() == "2027-06-04T09:30:00-04:00"


@pytest.mark.parametrize(
    ("lines", "line", "said"),
    [
        pytest.param(
            {"start": "2027-06-04T09:00:00", "end": "2027-06-04T08:00:00"}, 5, "before `start`", id="ends first"
        ),
        pytest.param({"start": "2027-06-04T09:00:00", "end": "2027-06-04T09:00:00"}, 5, "the same time", id="no time"),
        pytest.param({"end": "2027-06-03"}, 5, "before `start`", id="ends the day before"),
        pytest.param({"end": "2027-06-04T08:00:00"}, 5, "one kind; write both like 2027-06-04", id="day, then time"),
        pytest.param(
            {"start": "2027-06-04T08:00:00+02:00", "end": "2027-06-04T07:00:00Z", "timezone": '"Mars/Base"'},
            6,
            "`Mars/Base` is not a time zone",
            id="unknown zone",
        ),
        pytest.param(
            {"start": "2027-06-04T09:00:00+02:00", "end": "2027-06-04T07:00:00Z"}, 5, "the same time", id="by instants"
        ),
        pytest.param(
            {"start": "2026-10-25T02:50:00", "end": "2026-10-25T02:40:00"}, 5, "before `start`", id="in the double hour"
        ),
        pytest.param({"start": "2027-03-28T02:30:00"}, 4, "02:30 on that day; write 2027-03-28T03:30:00", id="spring"),
        pytest.param(
            {"start": "2027-03-14T02:00:00", "timezone": '"America/New_York"'},
            4,
            "write 2027-03-14T03:00:00",
            id="elsewhere",
        ),
        pytest.param(
            {"start": "2011-12-30T12:00:00", "timezone": '"Pacific/Apia"'},
            4,
            "write 2011-12-31T12:00:00",
            id="no such day",
        ),
        pytest.param({"place": ""}, 1, "`place = …` or `online = true`", id="nowhere"),
        pytest.param({"start": ""}, 1, "`start` is missing", id="no start"),
        pytest.param({"event": ""}, 1, "`event` is missing", id="no event"),
        pytest.param({"start": '"2027-06-04"'}, 4, "is not a date; write one without quotes", id="quoted date"),
        pytest.param({"start": "09:30:00"}, 4, "`09:30:00` is not a date", id="time alone"),
        pytest.param({"start": "0001-01-01T00:00:00"}, 4, "too far off; write one from 1900 to 2199", id="year one"),
        pytest.param({"end": "9999-12-31"}, 5, "the year 9999 is too far off", id="year 9999"),
        pytest.param({"status": '"tentativ"'}, 5, "unknown status `tentativ`; did you mean `tentative`?", id="status"),
        pytest.param({"url": '"example.org"'}, 5, "`example.org` is not a web address", id="url"),
        pytest.param({"places": '"Rome"'}, 5, "unknown key `places`; did you mean `place`?", id="unknown key"),
        pytest.param({"public": '"no"'}, 5, "`public` has the wrong shape; write true or false", id="shape"),
    ],
)
def test_what_is_wrong_is_said_on_its_line(load: Any, lines: dict[str, str], line: int, said: str) -> None:
    (found,) = wrong(load, event(**lines))
    assert found.startswith(f"{line}: ")
    assert said in found


def test_everything_wrong_is_said_at_once(load: Any) -> None:
    text = event(id='"one"') + event(id='"one"', end="2026-01-01", colour='"red"') + event(start="2027-03-28T02:30:00")
    text += "[[blocked]]\nstart = 2026-12-24\nend = 2026-12-23\n[[blocked]]\nstart = 2026-12-24T12:00:00\n"
    found = [line.split(":")[0] for line in wrong(load, text)]
    assert found == ["10", "11", "12", "16", "19", "21"]


def test_the_order_of_days_is_told_whatever_the_zone(load: Any) -> None:
    assert [line.split(" is ")[0] for line in wrong(load, event(end="2027-06-03", timezone='"Nowhere"'))] == [
        "5: this",
        "6: `Nowhere`",
    ]


def test_the_hour_that_comes_twice_is_the_first(load: Any) -> None:
    (one,) = load(event(start="2026-10-25T02:30:00")).events
    assert one.start.isoformat() == "2026-10-25T02:30:00+02:00"


def test_an_offset_is_honoured_and_shown_by_the_clock_there(load: Any) -> None:
    (one,) = load(event(start="2027-06-04T09:30:00Z", end="2027-06-04T16:45:00", timezone='"Asia/Kathmandu"')).events
    assert one.start.isoformat() == "2027-06-04T15:15:00+05:45"
    assert one.end is not None
    assert one.end.isoformat() == "2027-06-04T16:45:00+05:45"


def test_its_name_for_calendars_outlives_a_change_of_time_and_place(load: Any) -> None:
    (one,) = load(event(start="2027-06-04T09:30:00")).events
    (moved,) = load(event(start="2027-06-04T14:00:00", place='"Potsdam"', timezone='"UTC"')).events
    assert one.uid == moved.uid
    assert len({e.uid for e in load(event() * 3 + event(title='"x"')).events}) == 4
    assert load(event(id='"x@y"')).events[0].uid == "x@y"


def test_each_of_many_events_with_problems_costs_the_same(load: Any) -> None:
    def problems_of(count: int) -> list[str]:
        return wrong(load, "\n".join(event(title=f'"{n}"', end="2027-06-03") for n in range(count)))

    found = problems_of(1000)
    assert len(found) == 1000
    assert found[-1].startswith("6999")
    assert lines_run(lambda: problems_of(400)) <= 2.2 * lines_run(lambda: problems_of(200))


def test_a_header_within_a_text_is_no_entry(load: Any) -> None:
    text = 'title = """\n[[events]]\n"""\n'
    assert wrong(load, event() + text + event(end="2027-01-01"))[0].startswith("12: ")


@pytest.mark.parametrize(
    ("start", "end", "zone", "expected"),
    [
        pytest.param(
            at("2027-06-04T23:30"), at("2027-06-05T00:30"), BERLIN, "2027-06-04 2027-06-05", id="past midnight"
        ),
        pytest.param(at("2027-06-04T20:00"), at("2027-06-05T00:00"), BERLIN, "2027-06-04 2027-06-04", id="to midnight"),
        pytest.param(at("2027-06-04T00:00"), None, BERLIN, "2027-06-04 2027-06-04", id="no end"),
        pytest.param(day("2027-06-04"), day("2027-06-06"), "Pacific/Apia", "2027-06-04 2027-06-06", id="whole days"),
        pytest.param(
            at("2027-06-04T20:00", "America/New_York"), None, BERLIN, "2027-06-05 2027-06-05", id="evening elsewhere"
        ),
        pytest.param(
            at("2027-06-04T09:00"), at("2027-06-04T13:01"), "Pacific/Apia", "2027-06-04 2027-06-05", id="Apia"
        ),
        pytest.param(
            at("2027-06-04T18:00", "UTC"),
            at("2027-06-04T18:15", "UTC"),
            "Asia/Kathmandu",
            "2027-06-04 2027-06-04",
            id="quarter",
        ),
        pytest.param(at("2027-03-27T23:30"), at("2027-03-28T03:30"), BERLIN, "2027-03-27 2027-03-28", id="spring"),
        pytest.param(at("2026-10-25T00:00"), at("2026-10-26T00:00"), BERLIN, "2026-10-25 2026-10-25", id="25 hours"),
        pytest.param(
            dt.datetime(2011, 12, 29, 22, tzinfo=ZoneInfo("Pacific/Apia")),
            dt.datetime(2011, 12, 31, 1, tzinfo=ZoneInfo("Pacific/Apia")),
            "Pacific/Apia",
            "2011-12-29 2011-12-31",
            id="over a day that never was",
        ),
    ],
)
def test_the_days_that_an_event_takes(start: dt.date, end: dt.date | None, zone: str, expected: str) -> None:
    assert " ".join(map(str, events.days(start, end, ZoneInfo(zone)))) == expected


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        pytest.param({"place": '"Tokyo"'}, "2027-06-03 2027-06-04", id="there"),
        pytest.param({"place": "", "online": "true"}, "2027-06-03 2027-06-03", id="at home"),
    ],
)
def test_a_journey_takes_the_days_of_both_places(load: Any, lines: dict[str, str], expected: str) -> None:
    diary = load(event(start="2027-06-04T06:00:00", timezone='"Asia/Tokyo"', **lines))
    (taken,) = availability.taken(diary, BERLIN)
    assert " ".join(map(str, taken)) == expected


def test_what_takes_days_and_what_does_not(load: Any) -> None:
    diary = load(
        event(start="2027-06-04", public="false")
        + event(start="2027-06-05", status='"tentative"')
        + event(start="2026-11-21", end="2026-11-23")
        + "[[blocked]]\nstart = 2026-12-24\nend = 2027-01-02\nnote = 'skiing'\n[[blocked]]\nstart = 2027-01-03\n"
    )
    runs = availability.busy_days(availability.taken(diary, BERLIN), BERLIN, *availability.window(TODAY))
    assert [" ".join(map(str, run)) for run in runs] == [
        "2026-11-22 2026-11-23",
        "2026-12-24 2027-01-03",
        "2027-06-04 2027-06-04",
    ]


@pytest.mark.parametrize(
    ("today", "until"), [("2026-11-22", "2028-05-31"), ("2026-06-30", "2027-12-31"), ("2026-08-01", "2028-02-29")]
)
def test_the_window_ends_with_a_month(today: str, until: str) -> None:
    assert availability.window(day(today)) == (day(today), day(until))


WINDOW = st.dates(day("2026-01-01"), day("2026-12-31"))


@given(st.lists(st.tuples(WINDOW, WINDOW)), WINDOW, WINDOW)
def test_runs_hold_every_taken_day_and_no_other(
    spans: list[tuple[dt.date, dt.date]], one: dt.date, two: dt.date
) -> None:
    spans = [(min(span), max(span)) for span in spans]
    first, last = min(one, two), max(one, two)
    every = [first + dt.timedelta(n) for n in range((last - first).days + 1)]
    runs = availability.busy_days(spans, BERLIN, first, last)
    held = [d for d in every if any(a <= d <= b for a, b in runs)]
    assert held == [d for d in every if any(a <= d <= b for a, b in spans)]
    assert all(b + dt.timedelta(1) < c for (_, b), (c, _) in itertools.pairwise(runs))
    assert all(first <= a <= b <= last for a, b in runs)


def test_today_is_to_come_until_it_is_over(load: Any) -> None:
    diary = load(
        event(title='"over"', start="2026-11-20", end="2026-11-21")
        + event(title='"today"', start="2026-11-22T00:10:00", end="2026-11-22T00:20:00")
        + event(title='"lasts"', start="2026-11-19", end="2026-11-22")
        + event(title='"secret"', start="2027-01-01", public="false")
        + event(title='"old"', start="2019-11-19")
        # In Apia it is the 22nd already, here the 21st.
        + event(title='"early"', start="2026-11-22T09:00:00", timezone='"Pacific/Apia"')
    )
    dates = events.public_dates(diary, BERLIN, TODAY)
    assert [one.title for one in dates.coming] == ["lasts", "today"]
    assert [one.title for one in dates.past] == ["early", "over", "old"]


WORDING = wording.Wording(load_words(ROOT / "theme" / "words", "theme/words", "en"))


@pytest.mark.parametrize(
    ("lines", "days", "when", "where"),
    [
        pytest.param({}, "4 June 2027", "4 June 2027", "Berlin", id="a day"),
        pytest.param({"end": "2027-06-06"}, "4–6 June 2027", "4–6 June 2027", "Berlin", id="days"),
        pytest.param({"end": "2027-07-02"}, "4 June to 2 July 2027", "4 June to 2 July 2027", "Berlin", id="months"),
        pytest.param(
            {"end": "2028-01-02"},
            "4 June 2027 to 2 January 2028",
            "4 June 2027 to 2 January 2028",
            "Berlin",
            id="years",
        ),
        pytest.param({"start": "2027-06-04T09:05:00"}, "4 June 2027", "4 June 2027, 9:05", "Berlin", id="time"),
        pytest.param(
            {"start": "2027-06-04T09:30:00", "end": "2027-06-04T10:15:00", "timezone": '"America/New_York"'},
            *("4 June 2027", "4 June 2027, 9:30–10:15", "Berlin"),
            id="times of the place",
        ),
        pytest.param(
            {"start": "2027-06-04T09:30:00", "timezone": '"America/New_York"', "place": "", "online": "true"},
            *("4 June 2027", "4 June 2027, 9:30 New York time", "online"),
            id="times of no place",
        ),
        pytest.param({"online": "true"}, "4 June 2027", "4 June 2027", "Berlin and online", id="both"),
    ],
)
def test_when_and_where_in_words(load: Any, lines: dict[str, str], days: str, when: str, where: str) -> None:
    (one,) = load(event(**lines)).events
    assert (WORDING.days(one), WORDING.when(one), WORDING.where(one)) == (days, when, where)


FIRST, LAST = availability.window(TODAY)


def ics(*lines: str, uid: str = "one") -> str:
    return "\n".join(["BEGIN:VEVENT", f"UID:{uid}", *lines, "END:VEVENT", ""])


def calendar(*parts: str) -> bytes:
    return "".join(["BEGIN:VCALENDAR\n", "VERSION:2.0\n", *parts, "END:VCALENDAR\n"]).replace("\n", "\r\n").encode()


def busy(*parts: str, zone: str = BERLIN, until: dt.date = LAST) -> list[str]:
    spans = calendars.busy(calendar(*parts), "content/x.ics", zone, FIRST, until)
    return [" ".join(map(str, run)) for run in availability.busy_days(spans, zone, FIRST, until)]


ONE_DAY = ["2027-03-01 2027-03-01"]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        pytest.param(
            ["DTSTART;VALUE=DATE:20270301", "DTEND;VALUE=DATE:20270303"], ["2027-03-01 2027-03-02"], id="days"
        ),
        pytest.param(["DTSTART;VALUE=DATE:20270301"], ONE_DAY, id="a day without an end"),
        pytest.param(
            ["DTSTART;VALUE=DATE:20270301", "DTEND;VALUE=DATE:20270301"], ONE_DAY, id="a day that ends as it begins"
        ),
        pytest.param(["DTSTART:20270301T233000Z", "DURATION:PT1H"], ["2027-03-02 2027-03-02"], id="UTC"),
        pytest.param(
            ["DTSTART:20270301T233000", "DURATION:PT1H"], ["2027-03-01 2027-03-02"], id="no zone: the speaker's"
        ),
        pytest.param(["DTSTART;TZID=America/New_York:20270301T200000"], ["2027-03-02 2027-03-02"], id="zone"),
        pytest.param(
            ["DTSTART;TZID=Eastern Standard Time:20270301T200000"], ["2027-03-02 2027-03-02"], id="Outlook's zone"
        ),
        pytest.param(
            ["DTSTART:20270301T100000", "DTEND:99991231T235959"], ["2027-03-01 2028-05-31"], id="the year 9999"
        ),
        pytest.param(["DTSTART:00010101T100000", "RRULE:FREQ=DAILY"], [], id="the year 1"),
        pytest.param(["DTSTART:20270301T100000", "STATUS:CANCELLED"], [], id="cancelled"),
        pytest.param(["DTSTART:20270301T100000", "STATUS:tentative"], [], id="tentative"),
        pytest.param(["DTSTART:20270301T100000", "TRANSP:TRANSPARENT"], [], id="transparent"),
        pytest.param(["DTSTART:20270301T100000", "X-MICROSOFT-CDO-BUSYSTATUS:FREE"], [], id="free for Outlook"),
        pytest.param(
            ["DTSTART:20251130T100000", "RRULE:FREQ=YEARLY"],
            ["2026-11-30 2026-11-30", "2027-11-30 2027-11-30"],
            id="yearly",
        ),
        pytest.param(
            ["DTSTART:20270301T100000", "RRULE:FREQ=WEEKLY;COUNT=3", "EXDATE:20270308T100000"],
            [*ONE_DAY, "2027-03-15 2027-03-15"],
            id="but one",
        ),
        pytest.param(
            ["DTSTART:20270301T100000", "RRULE:FREQ=WEEKLY;COUNT=3", "EXDATE;VALUE=DATE:20270308,20270315"],
            ONE_DAY,
            id="but days",
        ),
        pytest.param(
            ["DTSTART;TZID=America/New_York:20270301T200000", "RRULE:FREQ=DAILY;UNTIL=20270303T010000Z"],
            ["2027-03-02 2027-03-03"],
            id="until, in UTC",
        ),
        pytest.param(
            ["DTSTART;VALUE=DATE:20270301", "RRULE:FREQ=DAILY;UNTIL=20270302"],
            ["2027-03-01 2027-03-02"],
            id="until a day",
        ),
        pytest.param(
            ["DTSTART:20270301T100000", "RDATE:20270310T100000,20270312T100000"],
            [*ONE_DAY, "2027-03-10 2027-03-10", "2027-03-12 2027-03-12"],
            id="listed",
        ),
        pytest.param(
            ["DTSTART:20270301T000000", "DTEND:20270302T000000", "RRULE:FREQ=DAILY;UNTIL=20270331"],
            ["2027-03-01 2027-03-31"],
            id="midnights when the clocks change",
        ),
        pytest.param(
            ["DTSTART:20270301T100000", "RRULE:FREQ=SECONDLY;UNTIL=20270302T100000"],
            ["2027-03-01 2027-03-02"],
            id="secondly",
        ),
        pytest.param(["DTSTART:20270301T100000", "RRULE:FREQ=DAILY"], ["2027-03-01 2028-05-31"], id="for ever"),
        pytest.param(
            ["DTSTART:20270301T100000", "RRULE:FREQ=DAILY;COUNT=999999999"], ["2027-03-01 2028-05-31"], id="nearly"
        ),
        pytest.param(
            ["DTSTART:20270301T100000", "RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"], ONE_DAY, id="30 February"
        ),
        pytest.param(
            ["DTSTART:20270301T100000", "RRULE:FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30"], ONE_DAY, id="its seconds"
        ),
        pytest.param(
            ["DTSTART:20270301T100000", "DESCRIPTION:BEGIN:VEVENT", "BEGIN:VALARM", "DURATION:-PT15M", "END:VALARM"],
            ONE_DAY,
            id="alarm",
        ),
        pytest.param(["DTST", " ART:20270301T1000", "\t00"], ONE_DAY, id="folded anywhere"),
    ],
)
def test_what_a_calendar_takes(lines: list[str], expected: list[str]) -> None:
    days: list[list[str]] = []
    assert lines_run(lambda: days.append(busy(ics(*lines)))) < MOST_LINES
    assert days == [expected]


def test_a_repetition_that_was_moved_or_cancelled() -> None:
    series = ics("DTSTART:20270301T100000", "RRULE:FREQ=WEEKLY;COUNT=4")
    moved = ics("RECURRENCE-ID:20270308T100000", "DTSTART:20270310T100000")
    dropped = ics("RECURRENCE-ID:20270315T090000Z", "DTSTART:20270315T100000", "STATUS:CANCELLED")
    expected = ["2027-03-01 2027-03-01", "2027-03-10 2027-03-10", "2027-03-22 2027-03-22"]
    assert busy(moved, dropped, series) == expected


def test_each_calendar_has_its_own_zones() -> None:
    def zone(offset: str) -> str:
        standard = (
            f"BEGIN:STANDARD\nDTSTART:16010101T000000\nTZOFFSETFROM:{offset}\nTZOFFSETTO:{offset}\nEND:STANDARD\n"
        )
        return f"BEGIN:VTIMEZONE\nTZID:Customized\n{standard}END:VTIMEZONE\n"

    one = ics("DTSTART;TZID=Customized:20270301T120000")
    assert busy(one, zone("+0000")) == ["2027-03-01 2027-03-01"]
    assert busy(one, zone("-1200")) == ["2027-03-02 2027-03-02"]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        pytest.param(b"", "1: this calendar is cut off", id="empty"),
        pytest.param(b"hello", "1: this is no calendar", id="a letter"),
        pytest.param(b"PK\x03\x04\xff", "1: this is no calendar", id="a zip file"),
        pytest.param(b"BEGIN:VCARD\nEND:VCARD\n", "1: this is no calendar", id="a card"),
        pytest.param(calendar("BEGIN:VEVENT\n")[:-20], "3: this calendar is cut off", id="cut off"),
        pytest.param(calendar("BEGIN:VEVENT\nEND:VTODO\n"), "4: this ends what was not begun", id="crossed"),
        pytest.param(calendar(ics("DTSTART:tomorrow")), "3: the DTSTART of this event cannot be read", id="tomorrow"),
        pytest.param(calendar(ics("SUMMARY:x")), "3: nobody can tell when this takes place", id="no start"),
        pytest.param(
            calendar(ics("DTSTART;TZID=Mars:20270301T100000")), "3: nobody knows the time zone `Mars`", id="zone"
        ),
        pytest.param(
            calendar(ics("DTSTART:20270301T100000", "RRULE:FREQ=NOW")), "3: the RRULE of this event", id="rule"
        ),
        pytest.param(
            calendar(ics("DTSTART:20270301T100000", "RRULE:FREQ=DAILY;INTERVAL=0")), "3: nobody can tell", id="0"
        ),
        pytest.param(b"x" * (calendars.LARGEST + 1), "1: this is larger than 20 MB", id="huge"),
    ],
)
def test_a_broken_calendar_is_told_with_its_line(data: bytes, said: str) -> None:
    with pytest.raises(SiteError) as caught:
        calendars.busy(data, "content/x.ics", BERLIN, FIRST, LAST)
    (problem,) = caught.value.problems
    assert str(problem).startswith(f"content/x.ics:{said}")


@given(st.binary(max_size=300), st.integers(0, 20))
def test_no_calendar_breaks_the_reader(noise: bytes, at_: int) -> None:
    lines = calendar(ics("DTSTART:20270301T100000", "DTEND:20270301T110000", "RRULE:FREQ=WEEKLY;COUNT=2")).split(
        b"\r\n"
    )
    data = b"\r\n".join([*lines[:at_], noise, *lines[at_:]])
    with contextlib.suppress(SiteError):
        calendars.busy(data, "x.ics", BERLIN, FIRST, LAST)


def test_years_of_appointments_cost_no_more_for_each_than_a_few() -> None:
    def stretches_since(first_year: int) -> int:
        years = range(first_year, 2028)
        days = [f"{year}{month:02}{day:02}" for year in years for month in range(1, 13) for day in range(1, 29)]
        parts = [ics(f"DTSTART:{d}T100000Z", f"DTEND:{d}T110000Z", f"SUMMARY:{'x' * 300}", uid=d) for d in days]
        return len(busy(*parts))

    assert stretches_since(2010) == 13
    assert lines_run(lambda: stretches_since(2020)) <= 2.2 * lines_run(lambda: stretches_since(2024))


EVENTS = """\
[[events]]
title = "Bridges; arches, \\\\ & <spans>"
event = "A meeting of bridge builders whose name is so long that no line of a calendar could hold it: 🌉🌉🌉"
place = "Hall, 3; left"
start = 2027-06-04T09:30:00
end = 2027-06-04T10:15:00
timezone = "Europe/Berlin"
url = "https://example.org/?a=1&b=2"
id = "bridges"

[[events]]
event = "A fair"
online = true
start = 2027-06-30
end = 2027-07-02
status = "tentative"
public = true

[[events]]
event = "An old fair"
place = "Rome"
start = 2020-06-30

[[events]]
event = "Clandestine gathering"
place = "Undisclosed cellar"
start = 2027-08-01
public = false

[[blocked]]
start = 2026-12-24
note = "surgery"
"""


def test_the_calendar_as_another_program_reads_it(site: Site) -> None:
    site.write("events.toml", EVENTS)
    site.build()
    raw = (site.output / "events.ics").read_bytes()
    assert raw.count(b"\n") == raw.count(b"\r\n")
    assert max(len(line) for line in raw.split(b"\r\n")) <= 75
    read = icalendar.Calendar.from_ical(raw)
    assert str(read["NAME"]) == str(read["X-WR-CALNAME"]) == "Ada Example: dates"
    old, bridges, fair = read.walk("VEVENT")
    assert [e.errors for e in (read, old, bridges, fair)] == [[]] * 4
    assert bridges.start == at("2027-06-04T09:30")
    assert bridges.start.tzinfo == ZoneInfo("UTC")
    assert bridges.end == at("2027-06-04T10:15")
    assert str(bridges["UID"]) == "bridges@ada.example.org"
    assert str(bridges["SUMMARY"]) == "Bridges; arches, \\ & <spans> (Ada Example)"
    assert str(bridges["DESCRIPTION"]).endswith("could hold it: 🌉🌉🌉")
    assert (str(bridges["LOCATION"]), str(bridges["URL"])) == ("Hall, 3; left", "https://example.org/?a=1&b=2")
    assert (str(bridges["STATUS"]), str(fair["STATUS"])) == ("CONFIRMED", "TENTATIVE")
    assert (fair["DTSTART"].dt, fair["DTEND"].dt) == (day("2027-06-30"), day("2027-07-03"))
    assert {e["DTSTAMP"].dt for e in read.walk("VEVENT")} == {dt.datetime(2026, 11, 22, tzinfo=dt.UTC)}


def test_search_engines_are_told_of_what_is_certain_and_to_come(site: Site) -> None:
    site.write("events.toml", EVENTS)
    site.build()
    graph = json.loads(site.page("speaking/dates/").css_first("script[type='application/ld+json']").text())["@graph"]
    (found,) = [node for node in graph if node["@type"] == "Event"]
    assert found["name"] == "Bridges; arches, \\ & <spans>"
    assert (found["startDate"], found["endDate"]) == ("2027-06-04T09:30:00+02:00", "2027-06-04T10:15:00+02:00")
    address = {"@type": "PostalAddress", "addressLocality": "Hall, 3; left"}
    assert found["location"] == {"@type": "Place", "name": "Hall, 3; left", "address": address}
    assert found["eventAttendanceMode"] == "https://schema.org/OfflineEventAttendanceMode"
    assert found["performer"]["@id"] == "https://ada.example.org/#speaker"


def test_the_page_of_dates(site: Site) -> None:
    site.write("events.toml", EVENTS)
    site.build()
    page = site.page("speaking/dates/")
    assert [node.text() for node in page.css("h1, h2")] == [
        "Where Ada speaks",
        "Coming up",
        "2020",
        "For your calendar",
    ]
    assert [node.text() for node in page.css(".events time")] == [
        "4 June 2027",
        "30 June to 2 July 2027",
        "30 June 2020",
    ]
    assert page.css_first(".events time").attributes["datetime"] == "2027-06-04T09:30:00+02:00"
    assert "pencilled in" in page.css(".events li")[1].text()
    for url in ("speaking/dates/", "speaking/"):
        link = site.page(url).css_first("link[type='text/calendar']")
        assert link.attributes["href"] == "https://ada.example.org/events.ics"
    assert len(site.page("speaking/").css("#next-dates")) == 1
    assert "speaking/dates/" in site.read("sitemap.xml")


@pytest.mark.parametrize(
    "text",
    [None, "", re.sub("^public.*", "", EVENTS, flags=re.MULTILINE).replace("event =", "public = false\nevent =")],
)
def test_without_public_events_there_is_no_trace(site: Site, text: str | None) -> None:
    if text is not None:
        site.write("events.toml", text)
    site.build()
    assert not (site.output / "events.ics").exists()
    assert not (site.output / "availability.json").exists()
    assert not (site.output / "speaking" / "dates").exists()
    speaking = site.read("speaking/index.html")
    assert "calendar" not in speaking.partition("</style>")[2]
    assert "availability" not in speaking.partition("</style>")[2]


@pytest.mark.parametrize(
    ("lines", "public", "warned"),
    [
        pytest.param({}, True, False, id="firm"),
        pytest.param({"status": '"firm"', "public": "false"}, False, False, id="firm and private"),
        pytest.param({"status": '"tentative"'}, False, True, id="tentative"),
        pytest.param({"status": '"tentative"', "public": "true"}, True, False, id="tentative and public"),
        pytest.param({"public": "false", "status": '"tentative"'}, False, False, id="as --accept writes it"),
    ],
)
def test_who_sees_a_tentative_event_is_the_same_everywhere(
    site: Site, lines: dict[str, str], public: object, warned: object, caplog: pytest.LogCaptureFixture
) -> None:
    # The firm one before it brings the pages, whatever becomes of the other.
    site.write("events.toml", event() + event(event='"Clandestine"', **lines))
    site.build()
    for name in ("speaking/dates/index.html", "speaking/index.html", "events.ics", "speaker.json", "search/index.html"):
        if (site.output / name).exists():
            expected = public and name != "search/index.html"
            assert ("Clandestine" in site.read(name)) == expected, name
    told = [record.getMessage() for record in caplog.records if "is tentative" in record.getMessage()]
    assert len(told) == bool(warned)
    written = site.content.joinpath("events.toml").read_text("utf-8").splitlines()
    (line,) = [at for at, text in enumerate(written, 1) if text == 'status = "tentative"'] or [0]
    assert all(f"events.toml:{line}: " in message for message in told)


def test_nobody_learns_what_is_private(site: Site) -> None:
    site.write("speaker.toml", SPEAKER + 'timezone = "Europe/Berlin"\navailability = true\n')
    site.write("events.toml", EVENTS)
    site.write("appointments.ics", calendar(ics("DTSTART:20270301T100000", "SUMMARY:Sauna", "LOCATION:Attic")))
    site.build(publish=False)
    everything = "".join(p.read_text("utf-8", "replace") for p in site.output.rglob("*") if p.is_file())
    assert [
        word for word in ("Clandestine", "cellar", "surgery", "Sauna", "Attic", "appointments") if word in everything
    ] == []
    file = json.loads(site.read("availability.json"))
    assert file == {
        "version": 1,
        "timezone": "Europe/Berlin",
        "from": "2026-11-22",
        "until": "2028-05-31",
        "taken": [[d, d] for d in ("2026-12-24", "2027-03-01", "2027-06-04", "2027-08-01")],
    }


def test_problems_of_all_files_come_at_once(site: Site) -> None:
    site.write("speaker.toml", SPEAKER + "availability = true\n")
    site.write("events.toml", event(place="") + event(timezone='"Mars"'))
    site.write("a.ics", b"hello")
    site.write("b.ICS", calendar(ics("DTSTART:tomorrow")))
    assert [line.split(": ")[0] for line in site.problems()] == ["a.ics:1", "b.ICS:3", "events.toml:1", "events.toml:8"]


def test_an_event_names_a_talk_that_there_is(site: Site) -> None:
    site.write("events.toml", event(talk='"no-such-talk"'))
    (problem,) = site.problems()
    assert problem.startswith("events.toml:5: there is no talk `no-such-talk`")

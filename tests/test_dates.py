from __future__ import annotations

import datetime as dt
import itertools
import time
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.dates import availability, events
from plugins.problems import SiteError

if TYPE_CHECKING:
    from pathlib import Path

TODAY = dt.date(2026, 11, 22)
BERLIN = "Europe/Berlin"


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


def test_a_thousand_events_with_problems_take_no_time(load: Any) -> None:
    start = time.perf_counter()
    found = wrong(load, "\n".join(event(title=f'"{n}"', end="2027-06-03") for n in range(1000)))
    assert len(found) == 1000
    assert found[-1].startswith("6999")
    assert time.perf_counter() - start < 5


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


def test_what_takes_days_and_what_does_not(load: Any) -> None:
    diary = load(
        event(start="2027-06-04", public="false")
        + event(start="2027-06-05", status='"tentative"')
        + event(start="2026-11-21", end="2026-11-23")
        + "[[blocked]]\nstart = 2026-12-24\nend = 2027-01-02\nnote = 'skiing'\n[[blocked]]\nstart = 2027-01-03\n"
    )
    runs = availability.busy_days(availability.taken(diary), BERLIN, *availability.window(TODAY))
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

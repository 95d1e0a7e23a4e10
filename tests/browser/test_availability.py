"""Below the reply card's date: what is taken, what is free near it, and a hold for the visitor's own calendar."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import icalendar
import pytest
from axe_playwright_python.sync_playwright import Axe
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Page
    from served import Served

    Visit = Callable[..., Page]

NOW = dt.datetime(2026, 11, 25, 11, tzinfo=dt.UTC)


@pytest.fixture
def card(example: Served, visit: Visit) -> Page:
    """The example's reply card, on a day on which its dates are still to come."""
    return opened(visit, example)


def opened(visit: Visit, example: Served, now: dt.datetime = NOW, **options: Any) -> Page:
    page = visit("about:blank", **options)
    page.clock.set_fixed_time(now)
    page.goto(example.url("speaking/"))
    return page


def ask(page: Page, date: str, until: str = "", *, silent: bool = False) -> str:
    """Fill in the dates and give what is said."""
    if until:
        page.fill("[name=until]", until)
    page.locator("[name=date]").focus()
    page.fill("[name=date]", date)
    if silent:
        page.wait_for_timeout(450)  # the file is asked for when the line is touched
    else:
        page.locator(".free [aria-live]:not(:empty)").wait_for()
    page.wait_for_timeout(50)
    return page.inner_text(".free [aria-live]")


def near(page: Page) -> list[str]:
    return page.locator(".free ul button").all_inner_texts()


def downloaded(page: Page) -> Any:
    with page.expect_download() as download:
        page.click(".free .act button")
    raw = Path(download.value.path()).read_bytes()
    assert raw.count(b"\n") == raw.count(b"\r\n")
    return icalendar.Calendar.from_ical(raw)


def test_a_taken_day_is_said_and_the_nearest_free_ones_offered(card: Page) -> None:
    assert ask(card, "2026-12-24") == "The day is taken. You may ask all the same."
    assert near(card) == [
        *("21 December 2026", "22 December 2026", "23 December 2026"),
        *("7 January 2027", "8 January 2027", "9 January 2027"),
    ]
    assert card.locator(".free .act").is_hidden()
    assert card.get_attribute("[name=date]", "aria-describedby") == card.get_attribute(".free [aria-live]", "id")
    assert card.get_attribute("[name=date]", "aria-invalid") is None
    heard = (
        "document.querySelector('#reply-card form').addEventListener('input', (e) => (window.heard = e.target.name))"
    )
    card.evaluate(heard)
    card.click("text=7 January 2027")
    card.wait_for_timeout(150)
    assert card.input_value("[name=date]") == "2027-01-07"
    assert card.evaluate("[window.heard, document.activeElement.name]") == ["date", "date"]
    assert near(card) == []
    assert card.inner_text(".free [aria-live]") == "So far, nothing stands in the way."


def test_every_label_stays_by_its_line(card: Page) -> None:
    card.set_viewport_size({"width": 1280, "height": 900})
    ask(card, "2026-12-24")
    card.locator("summary").click()
    card.fill("[name=why]", "A line.\n" * 40)
    gaps = card.evaluate("""() => [...document.querySelectorAll(".field > :is(input, select)")].map(
        line => line.getBoundingClientRect().top - line.labels[0].getBoundingClientRect().bottom)""")
    assert max(gaps) < 8


def test_a_range_is_moved_as_a_whole(card: Page) -> None:
    assert "Not all" in ask(card, "2026-12-22", "2026-12-25")
    assert near(card)[2:4] == ["20 December 2026 to 23 December 2026", "7 January 2027 to 10 January 2027"]
    card.click(".free ul button >> nth=2")
    assert card.input_value("[name=until]") == "2026-12-23"


def test_of_several_days_it_is_not_said_that_all_are_taken(card: Page) -> None:
    assert ask(card, "2026-12-20", "2026-12-24") == "Not all of these days are free. You may ask all the same."


@pytest.mark.parametrize("date", ["", "2026-12-24", "2027-03-29"])
def test_what_is_said_moves_no_line_away_from_its_label(example: Served, visit: Visit, date: str) -> None:
    page = opened(visit, example)
    ask(page, date, silent=not date)
    event, place, audience = (page.locator(f".field:has([name={name}])") for name in ("event", "place", "audience"))
    gap = "field => field.lastElementChild.getBoundingClientRect().top - field.querySelector('label').getBoundingClientRect().bottom"
    assert place.evaluate(gap) == pytest.approx(event.evaluate(gap), abs=0.1)
    tops = [field.evaluate("field => field.getBoundingClientRect().top") for field in (place, audience)]
    assert tops[0] == tops[1], "no hole is left beside it"


def test_nothing_is_offered_in_the_visitors_past(example: Served, visit: Visit) -> None:
    page = opened(visit, example, dt.datetime(2026, 12, 22, 23, 30, tzinfo=dt.UTC), timezone_id="Pacific/Apia")
    assert "taken" in ask(page, "2026-12-24")  # where it is the 23rd already
    assert near(page)[0] == "23 December 2026"
    assert len(near(page)) == 4


@pytest.mark.parametrize("date", ["2026-11-22", "2026-11-24", "2028-06-01", "2035-01-01"])
def test_of_other_days_nothing_is_said(card: Page, date: str) -> None:
    assert ask(card, date, silent=True) == ""
    assert card.locator(".free .act").is_hidden()


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Pacific/Apia", "Asia/Kathmandu"])
@pytest.mark.parametrize("date", ["2027-03-27", "2027-03-29", "2027-03-14", "2027-10-31"])
def test_a_free_day_can_be_held(example: Served, visit: Visit, zone: str, date: str) -> None:
    page = opened(visit, example, timezone_id=zone)
    page.fill("[name=event]", "Café; 🎉, \\ & <Söhne>")
    assert ask(page, date) == "So far, nothing stands in the way."
    read = downloaded(page)
    (hold,) = read.walk("VEVENT")
    assert (read.errors, hold.errors) == ([], [])
    first = dt.date.fromisoformat(date)
    assert (hold["DTSTART"].dt, hold["DTEND"].dt) == (first, first + dt.timedelta(1))
    assert (str(hold["STATUS"]), str(hold["TRANSP"])) == ("TENTATIVE", "TRANSPARENT")
    assert str(hold["SUMMARY"]) == "On hold: Café; 🎉, \\ & <Söhne>, Testa Muster-Exampleton"
    assert hold["DTSTAMP"].dt == NOW
    assert downloaded(page).walk("VEVENT")[0]["UID"] == hold["UID"]
    assert str(hold["UID"]).endswith("@talks.example.org/blog")


def test_a_file_that_cannot_be_had_is_nobodys_trouble(example: Served, visit: Visit) -> None:
    page = opened(visit, example)
    page.route("**/availability.json", lambda route: route.fulfill(status=200, body="<!doctype html>"))
    assert ask(page, "2026-12-24", silent=True) == ""
    assert page.locator(".free .act").is_hidden()


def test_the_file_is_asked_for_once_and_not_before(example: Served, visit: Visit) -> None:
    page = opened(visit, example)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.resource_type == "fetch" else None)
    page.locator("[name=event]").focus()
    assert asked == []
    ask(page, "2026-12-24")
    ask(page, "2026-12-25")
    assert [url.rpartition("/")[2] for url in asked] == ["availability.json"]


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("date", ["2026-12-24", "2027-03-29"])
def test_axe_finds_nothing(example: Served, visit: Visit, width: int, date: str) -> None:
    page = opened(visit, example, width=width)
    ask(page, date)
    found = Axe().run(page)
    assert found.response["violations"] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for box in [button.bounding_box() for button in page.locator(".free button:visible").all()]:
        assert box is not None
        assert box["height"] >= 44


@pytest.fixture(scope="module")
def twin(browser: Any, example: Served) -> Iterator[Callable[..., Any]]:
    """Call what the script exports."""
    page = browser.new_page()
    page.goto(example.url("speaking/"))
    src = page.get_attribute("script[src*='availability']", "src")

    def call(name: str, *arguments: object) -> Any:
        # As ASCII: Playwright's own protocol cannot carry a lone surrogate.
        return page.evaluate(
            "async ([src, name, text]) => (await import(src))[name](...JSON.parse(text))",
            [src, name, json.dumps(arguments)],
        )

    yield call
    page.close()


BOLD = settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])


@BOLD
@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from('\\;,:"\n🎉e\u0301'), max_size=300))
def test_any_text_survives_escaping_and_folding(twin: Callable[..., str], text: str) -> None:
    line = twin("fold", f"SUMMARY:{twin('escape', text)}")
    assert all(len(part.encode()) <= 75 for part in line.split("\r\n"))
    read = icalendar.Event.from_ical(f"BEGIN:VEVENT\r\n{line}\r\nEND:VEVENT\r\n")
    assert read.errors == []
    assert str(read["SUMMARY"]) == text


DAYS = st.integers(20_000, 20_060)
RUNS = st.lists(st.tuples(DAYS, st.integers(0, 9)).map(lambda run: (run[0], run[0] + run[1])), max_size=8)


@BOLD
@given(RUNS, DAYS, st.integers(0, 4))
def test_the_nearest_days_are_free_and_none_is_passed_over(
    twin: Callable[..., Any], runs: list[tuple[int, int]], first: int, length: int
) -> None:
    window = (20_000, 20_070)
    found = twin("nearest", runs, first, first + length, window)
    taken = {day for start, end in runs for day in range(start, end + 1)}
    fits = [day for day in range(window[0], window[1] - length + 1) if not taken & set(range(day, day + length + 1))]
    assert found == [*[day for day in fits if day < first][-3:], *[day for day in fits if day > first][:3]]


@BOLD
@given(st.dates(dt.date(1970, 1, 1), dt.date(2199, 12, 31)))
def test_days_are_counted_as_everywhere(twin: Callable[..., Any], day: dt.date) -> None:
    number = (day - dt.date(1970, 1, 1)).days
    assert twin("parse", day.isoformat()) == number
    assert twin("iso", number) == day.isoformat()


@pytest.mark.parametrize(
    "text", ["", "2027-02-30", "2027-13-01", "4 June 2027", "2027-6-4", "0000-00-00", "2027-06-04T10:00"]
)
def test_what_is_no_day_is_none(twin: Callable[..., Any], text: str) -> None:
    assert twin("parse", text) is None

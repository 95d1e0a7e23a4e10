from __future__ import annotations

import base64
import hashlib
import threading
import time
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from patience import PATIENCE

from tools.excerpts import Entry, Line
from tools.live import Live, State
from tools.preview_server import PreviewServer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

WORDS = "<p>words</p>" * 200
STYLE = "@layer one, two; @layer two { h1 { color: rgb(1, 0, 0) } } @layer one { h1 { color: rgb(2, 0, 0) } }"
WRONG = Entry("a.md:7: <b>wrong</b>", (Line(6, "<i>six</i>", marked=False), Line(7, "seven " * 40, marked=True)))


def page_of(heading: str = "Page", *, above: str = "", below: str = WORDS, style: str = STYLE) -> str:
    """Give a page whose policy is as strict as the site's own, long enough to have a place to scroll to."""
    known = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"""<!doctype html><html lang="en"><head><title>Page</title><link rel="icon" href="/icon.svg">
<meta http-equiv="Content-Security-Policy" content="default-src 'self'; style-src 'sha256-{known}'">
<style>{style}</style></head><body><main><h1>{heading}</h1>{above}<details><summary>More</summary><p>Unfolded</p></details>
<label>Name <input></label>{below[: len(below) // 2]}<h2 id="middle">Middle</h2>{below[len(below) // 2 :]}</main></body></html>"""


class Preview:
    """A served folder, and the builds that fill it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "icon.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>', "utf-8")
        self.server = PreviewServer(0, folder, Live())
        self.builds = 0
        self.build(page_of())

    def build(self, page: str) -> None:
        self.builds += 1
        (self.folder / "index.html").write_text(page, "utf-8")
        self.server.live.tell(State(str(self.builds)))

    def fail(self, *problems: Entry) -> None:
        self.server.live.tell(self.server.live.state._replace(problems=problems))


@pytest.fixture
def preview(tmp_path: Path) -> Iterator[Preview]:
    preview = Preview(tmp_path)
    threading.Thread(target=preview.server.serve_forever, args=(0.01,), daemon=True).start()
    yield preview
    preview.server.live.close()
    preview.server.shutdown()
    preview.server.server_close()


@pytest.fixture
def page(preview: Preview, visit: Callable[..., Page]) -> Page:
    """The page, with a mark that a reload would take away."""
    page = visit(preview.server.address)
    page.evaluate("window.same = true")
    return page


def until(page: Page, true: str) -> None:
    """Wait until an expression is true; Playwright's own way of waiting breaks the page's policy."""
    end = time.monotonic() + PATIENCE
    while not page.evaluate(true):
        assert time.monotonic() < end, true
        page.wait_for_timeout(20)


def same(page: Page) -> bool:
    return bool(page.evaluate("window.same === true"))


def test_problems_are_shown_with_their_lines_until_they_are_mended(preview: Preview, page: Page) -> None:
    preview.fail(WRONG, Entry("there is no template `x`"))
    overlay = page.locator("lectern-problems section")
    overlay.get_by_text("a.md:7: <b>wrong</b>").wait_for()
    assert overlay.locator("pre").inner_text().splitlines()[0] == "  6 | <i>six</i>"
    assert overlay.locator("mark").inner_text().startswith("> 7 | seven seven")
    assert overlay.locator("p").count() == 2
    box = overlay.bounding_box()
    assert box
    assert (box["x"], round(box["y"] + box["height"])) == (0, 900)
    preview.fail(Entry("a.md:2: wrong"))
    overlay.get_by_text("a.md:2").wait_for()
    assert overlay.count() == 1
    preview.fail()
    overlay.wait_for(state="detached")
    assert same(page)


@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing_in_problems(preview: Preview, visit: Callable[..., Page], width: int) -> None:
    page = visit(preview.server.address, width)
    preview.fail(WRONG)
    page.locator("lectern-problems pre").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert Axe().run(page).response["violations"] == []


@pytest.mark.parametrize(
    ("page_after", "place"),
    [
        pytest.param(page_of("New"), 700, id="as long as before"),
        pytest.param(page_of("New", below=WORDS * 2), 700, id="longer"),
        pytest.param(page_of("New", below=WORDS[: len(WORDS) // 2]), 700, id="shorter"),
        pytest.param(page_of("New", below=""), 0, id="too short to scroll"),
    ],
)
def test_a_new_build_is_shown_at_the_place_that_was_read(
    preview: Preview, page: Page, page_after: str, place: int
) -> None:
    page.evaluate("scrollTo(0, 700)")
    preview.fail(WRONG)
    page.locator("lectern-problems section").wait_for()
    preview.build(page_after)
    page.get_by_role("heading", name="New").wait_for()
    page.wait_for_load_state()
    until(page, f"scrollY === {place}")
    assert page.locator("lectern-problems").count() == 0


def test_words_added_above_do_not_move_what_is_read(preview: Preview, page: Page) -> None:
    page.evaluate("document.getElementById('middle').scrollIntoView()")
    preview.build(page_of("New", above="<p>added</p>" * 30))
    page.get_by_role("heading", name="New").wait_for()
    until(page, "Math.abs(document.getElementById('middle').getBoundingClientRect().top) < 60")


def test_whoever_came_by_an_anchor_and_read_on_stays_there(preview: Preview, visit: Callable[..., Page]) -> None:
    page = visit(f"{preview.server.address}#middle")
    page.evaluate("scrollTo(0, 300)")
    preview.build(page_of("New"))
    page.get_by_role("heading", name="New").wait_for()
    until(page, "scrollY === 300")
    assert page.url.endswith("#middle")


def test_what_was_unfolded_stays_so(preview: Preview, page: Page) -> None:
    page.get_by_text("More").click()
    preview.build(page_of("New"))
    page.get_by_role("heading", name="New").wait_for()
    page.get_by_text("Unfolded").wait_for()
    assert not same(page)


def test_a_new_style_is_put_on_without_a_reload(preview: Preview, page: Page) -> None:
    color = "getComputedStyle(document.querySelector('h1')).color"
    assert page.evaluate(color) == "rgb(1, 0, 0)"
    page.get_by_label("Name").fill("Ada")
    page.evaluate("scrollTo(0, 700)")
    for number in (3, 4):
        preview.build(page_of(style=STYLE.replace("(1,", f"({number},")))
        until(page, f"{color} === 'rgb({number}, 0, 0)'")
    # The order of the layers is the new sheet's own, and the old sheet has no say.
    preview.build(page_of(style=STYLE.replace("@layer one, two;", "@layer two, one;")))
    until(page, f"{color} === 'rgb(2, 0, 0)'")
    preview.build(page_of(style="h2 { margin: 0 }"))
    until(page, f"{color} === 'rgb(0, 0, 0)'")
    assert (same(page), page.get_by_label("Name").input_value(), page.evaluate("scrollY")) == (True, "Ada", 700)
    preview.build(page_of("New", style="h2 { margin: 0 }"))
    page.get_by_role("heading", name="New").wait_for()


def test_a_build_that_changes_nothing_of_the_page_leaves_it_alone(preview: Preview, page: Page) -> None:
    for _ in range(3):
        with page.expect_response(preview.server.address):
            preview.build(page_of())
    (preview.folder / "feed.xml").write_text("<rss/>", "utf-8")
    with page.expect_response(preview.server.address):
        preview.build(page_of())
    assert same(page)
    (preview.folder / "icon.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"><path/></svg>', "utf-8")
    with page.expect_navigation():
        preview.build(page_of())


def test_until_the_first_good_build_the_problems_are_the_page(preview: Preview, browser: Browser) -> None:
    preview.server.live.tell(State(problems=(WRONG,)))
    # Not by `visit`: Chromium tells of an answer 503 in its console.
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(f"{preview.server.address}some/where/")
    page.get_by_text("a.md:7: <b>wrong</b>").wait_for()
    box = page.locator("lectern-problems section").bounding_box()
    assert box
    assert (box["y"], box["height"]) == (0, 900)
    assert Axe().run(page).response["violations"] == []
    preview.fail()
    page.get_by_role("heading", name="Not built yet").wait_for()
    page.goto(preview.server.address)
    preview.build(page_of("New"))
    page.get_by_role("heading", name="New").wait_for()
    page.close()


def test_a_page_stays_while_the_preview_is_started_anew(preview: Preview, browser: Browser) -> None:
    page = browser.new_page()
    page.goto(preview.server.address)
    page.evaluate("window.same = true")
    preview.server.live.tell(State(problems=(WRONG,)))
    page.locator("lectern-problems section").wait_for()
    assert same(page)
    preview.build(page_of("New"))
    page.get_by_role("heading", name="New").wait_for()
    page.close()


def test_a_page_that_was_out_of_sight_catches_up(preview: Preview, page: Page) -> None:
    hide = "hidden => { Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });"
    hide += " document.dispatchEvent(new Event('visibilitychange')) }"
    page.evaluate(hide, arg=True)
    preview.build(page_of("New"))
    assert page.get_by_role("heading", name="Page").count() == 1
    page.evaluate(hide, arg=False)
    page.get_by_role("heading", name="New").wait_for()

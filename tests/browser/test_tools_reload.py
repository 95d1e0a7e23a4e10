from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from tools.live import Live, State
from tools.preview_server import PreviewServer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Page

# As strict as the site's own, and long enough to have a place to scroll to.
PAGE = """<!doctype html><html lang="en"><head><title>Page</title><link rel="icon" href="/icon.svg">
<meta http-equiv="Content-Security-Policy" content="default-src 'self'; style-src 'none'"></head><body>
<h1>Page</h1>{}</body></html>""".format("<p>words</p>" * 200)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[PreviewServer]:
    (tmp_path / "index.html").write_text(PAGE, "utf-8")
    (tmp_path / "icon.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>', "utf-8")
    server = PreviewServer(0, tmp_path, Live())
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield server
    server.live.close()
    server.shutdown()
    server.server_close()


def test_problems_are_shown_as_text_until_they_are_mended(server: PreviewServer, visit: Callable[..., Page]) -> None:
    page = visit(server.address)
    server.live.tell(State("", "a.md:1: <b>wrong</b>"))
    overlay = page.locator("lectern-problems section")
    overlay.get_by_text("a.md:1: <b>wrong</b>").wait_for()
    box = overlay.bounding_box()
    assert box
    assert (box["x"], round(box["y"] + box["height"])) == (0, 900)
    server.live.tell(State("", "a.md:2: wrong"))
    overlay.get_by_text("a.md:2").wait_for()
    assert overlay.count() == 1
    server.live.tell(State("", ""))
    overlay.wait_for(state="detached")


def test_a_new_build_is_shown_at_the_place_that_was_read(
    server: PreviewServer, visit: Callable[..., Page], tmp_path: Path
) -> None:
    page = visit(server.address)
    page.evaluate("scrollTo(0, 700)")
    server.live.tell(State("1", "a.md:1: wrong"))
    page.locator("lectern-problems section").wait_for()
    (tmp_path / "index.html").write_text(PAGE.replace("<h1>Page", "<h1>New"), "utf-8")
    server.live.tell(State("2"))
    page.get_by_role("heading", name="New").wait_for()
    assert page.evaluate("scrollY") == 700
    assert page.locator("lectern-problems").count() == 0


def test_a_page_that_was_out_of_sight_catches_up(
    server: PreviewServer, visit: Callable[..., Page], tmp_path: Path
) -> None:
    page = visit(server.address)
    hide = "hidden => { Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });"
    hide += " document.dispatchEvent(new Event('visibilitychange')) }"
    page.evaluate(hide, arg=True)
    (tmp_path / "index.html").write_text(PAGE.replace("<h1>Page", "<h1>New"), "utf-8")
    server.live.tell(State("1"))
    assert page.get_by_role("heading", name="Page").count() == 1
    page.evaluate(hide, arg=False)
    page.get_by_role("heading", name="New").wait_for()

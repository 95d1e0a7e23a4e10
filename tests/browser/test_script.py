"""The script of every page: the encoder, and what is copied, printed and shared."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page
    from served import Served

    Visit = Callable[..., Page]

VECTORS = json.loads((Path(__file__).parent.parent / "mailto_vectors.json").read_text("utf-8"))


@pytest.fixture
def card(speaker: Served, visit: Visit) -> Page:
    return visit(speaker.url("speaking/"))


def test_the_encoder_is_the_twin_of_ours(card: Page) -> None:
    code = """async ([src, name, cases]) => {
        const module = await import(src);
        return cases.map(([given]) => module[name](...[given].flat()));
    }"""
    src = card.locator("script[src]").first.get_attribute("src")
    for name, cases in VECTORS.items():
        # Playwright's own protocol cannot carry a lone surrogate: the cases travel as ASCII.
        found = card.evaluate(
            f"([src, name, text]) => ({code})([src, name, JSON.parse(text)])", [src, name, json.dumps(cases)]
        )
        assert found == [expected for _, expected in cases]


def test_the_link_of_a_post_can_be_copied_printed_and_shared(speaker: Served, visit: Visit) -> None:
    page = visit(speaker.url("lite-beer-days/"), permissions=["clipboard-read", "clipboard-write"])
    page.add_init_script(
        "window.print = () => (window.printed = true);"
        "navigator.canShare = () => true; navigator.share = async (what) => { window.shared = what }"
    )
    page.reload()
    page.click("[data-copy]")
    page.get_by_text("Link copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == "https://www.hankblank.com/lite-beer-days/"
    page.click("[data-print]")
    assert page.evaluate("window.printed")
    page.click("[data-share]")
    assert page.evaluate("window.shared.url") == "https://www.hankblank.com/lite-beer-days/"


def test_what_the_browser_cannot_do_is_not_offered(speaker: Served, visit: Visit) -> None:
    page = visit(speaker.url("lite-beer-days/"))
    page.add_init_script(
        "navigator.canShare = undefined; Object.defineProperty(navigator, 'clipboard', { value: undefined })"
    )
    page.reload()
    assert not page.locator("[data-copy]").is_visible()
    assert not page.locator("[data-share]").is_visible()
    assert page.locator("[data-print]").is_visible()


def test_nothing_is_fetched_before_a_click(speaker: Served, visit: Visit) -> None:
    page = visit("about:blank")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(speaker.url("a-card-for-coffee/"), wait_until="networkidle")
    assert all(url.startswith(speaker.origin) for url in asked), asked

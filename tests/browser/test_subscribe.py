"""The page about feeds: addresses to copy, readers to press, and nothing asked of anyone before."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page
    from served import Served

    Visit = Callable[..., Page]


def test_an_address_is_copied_and_said_so(example: Served, visit: Visit) -> None:
    page = visit(example.url("subscribe/"), permissions=["clipboard-read", "clipboard-write"])
    for name, address, said in (
        ("Copy the address: Atom", "atom.xml", "Address copied: Atom"),
        ("Copy the address: Letters about C++", "tag/c-plus-plus/feed.xml", "Address copied: Letters about C++"),
    ):
        button = page.get_by_role("button", name=name)
        button.focus()
        page.keyboard.press("Enter")
        region = button.locator("xpath=ancestor::*[contains(@class, 'told')]").get_by_role("status")
        region.get_by_text(said).wait_for()
        assert page.evaluate("navigator.clipboard.readText()") == f"https://talks.example.org/blog/{address}"


def test_without_a_script_each_address_can_still_be_read_and_taken(example: Served, visit: Visit) -> None:
    page = visit(example.url("subscribe/"), 390, java_script_enabled=False)
    assert page.locator("button:visible").count() == 0
    shown = page.locator("[aria-labelledby=feeds] a").all_inner_texts()
    assert shown == [f"https://talks.example.org/blog/{name}" for name in ("feed.xml", "atom.xml", "feed.json")]


@pytest.mark.parametrize("width", [320, 390])
def test_a_finger_finds_readers_and_addresses(width: int, example: Served, visit: Visit) -> None:
    page = visit(example.url("subscribe/"), width, has_touch=True)
    for control in page.locator(".readers a, .feeds button").all():
        assert control.bounding_box()["height"] >= 44
    rows = [row.bounding_box() for row in page.locator(".feeds li").all()]
    assert all(row["height"] >= 44 for row in rows)


def test_nobody_is_asked_before_a_press(example: Served, visit: Visit) -> None:
    page = visit(example.url("subscribe/"))
    page.wait_for_load_state("networkidle")
    hosts = page.evaluate("performance.getEntriesByType('resource').map(entry => new URL(entry.name).host)")
    assert set(hosts) <= {page.evaluate("location.host")}
    assert page.locator("link[rel=preconnect], link[rel=dns-prefetch]").count() == 0


def test_a_date_in_the_feed_leads_to_its_line(example: Served, visit: Visit) -> None:
    import json

    for item in json.loads((example.folder / "speaking" / "dates" / "feed.json").read_text("utf-8"))["items"]:
        anchor = item["url"].partition("#")[2]
        page = visit(example.url(f"speaking/dates/#{anchor}"))
        assert page.locator(":target").count() == 1
        page.close()

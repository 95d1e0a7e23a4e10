from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page
    from served import Served


@pytest.mark.parametrize("path", ["drafts/", "drafts/the-anniversary/", ""], ids=["list", "waiting", "home"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing(preview: Served, visit: Callable[..., Page], path: str, scheme: str, width: int) -> None:
    page = visit(preview.url(path), width, color_scheme=scheme)
    banner = page.locator(".banner")
    assert banner.count() == (path != "drafts/")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert Axe().run(page).response["violations"] == []


def test_the_list_is_reached_from_a_draft_and_leads_back(preview: Served, visit: Callable[..., Page]) -> None:
    page = visit(preview.url("drafts/talks/draft-on-lecterns/"))
    page.get_by_role("link", name="All that is seen only here").click()
    page.get_by_role("heading", name="Seen only here").wait_for()
    page.get_by_role("link", name="What lecterns are for").click()
    page.get_by_role("heading", name="What lecterns are for").wait_for()

"""Both sites behind their own headers, and a real Chromium to visit them with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from patience import PATIENCE
from playwright.sync_api import sync_playwright
from served import Served, served

from tools import browser as browsers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, Page


# Chromium's own note that a mailto link was handed to a mail program.
_HANDED_ON = "Launched external handler for 'mailto:"


@pytest.fixture(scope="session")
def speaker(speaker_site: Path) -> Iterator[Served]:
    yield from served(speaker_site, "")


@pytest.fixture(scope="session")
def example(example_site: Path) -> Iterator[Served]:
    yield from served(example_site, "/blog")


@pytest.fixture(scope="session")
def preview(example_preview: Path) -> Iterator[Served]:
    yield from served(example_preview, "/blog")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = browsers.find()
    if path is None:
        pytest.fail(f"no browser: run `{browsers.command()}`")
    # Without these, Chromium looks for its maker's hosts at every start.
    quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(path), args=["--no-sandbox", *quiet])
        yield chromium
        chromium.close()


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Open a page in a context of its own; any message in its console fails the test."""
    contexts: list[BrowserContext] = []
    messages: list[str] = []

    def visit(url: str, width: int = 1280, **options: Any) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 900}, **options)
        contexts.append(context)
        context.set_default_timeout(PATIENCE * 1000)
        page = context.new_page()
        page.on(
            "console",
            lambda message: messages.append(message.text) if not message.text.startswith(_HANDED_ON) else None,
        )
        page.on("pageerror", lambda error: messages.append(str(error)))
        page.goto(url)
        return page

    yield visit
    for context in contexts:
        context.close()
    assert messages == []

"""Passing on: a line of a letter, and Mastodon where the reader has it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page
    from served import Served

    Visit = Callable[..., Page]

POST = "lines-worth-passing-on"
ANCHOR = "quote-the-second-row-came-to-hear-something"
OFFICIAL = "https://share.joinmastodon.org/#text="


@pytest.fixture
def letter(example: Served, visit: Visit) -> Page:
    return visit(example.url(example.post(POST)), permissions=["clipboard-read", "clipboard-write"])


def hrefs(page: Page) -> list[str]:
    return [str(link.get_attribute("href")) for link in page.locator("[data-mastodon]").all()]


def open_server(page: Page) -> None:
    page.locator("[data-instance] summary").focus()
    page.keyboard.press("Enter")


def keep(page: Page, typed: str) -> None:
    page.get_by_label("Where you have Mastodon").fill(typed)
    page.keyboard.press("Enter")


def test_a_line_is_passed_on_by_keyboard_and_its_link_leads_to_it(letter: Page) -> None:
    part = letter.get_by_role("group", name="The second row came to hear something.")
    assert not part.get_by_role("link", name="Bluesky").is_visible()
    part.locator("summary").focus()
    letter.keyboard.press("Enter")
    letter.keyboard.press("Tab")
    assert letter.evaluate("document.activeElement.textContent") == "LinkedIn"
    part.get_by_role("button", name="Copy the link to this line").click()
    part.get_by_text("Link copied").wait_for()
    copied = letter.evaluate("navigator.clipboard.readText()")
    assert copied.endswith(f"/{POST}/#{ANCHOR}")
    letter.goto(letter.url.partition("#")[0] + f"#{ANCHOR}")
    assert letter.evaluate("document.querySelector(':target').textContent") == "The second row came to hear something."


def test_the_browser_s_own_sharing_takes_the_letter_s_own_words(example: Served, visit: Visit) -> None:
    page = visit(example.url(example.post(POST)))
    page.add_init_script("navigator.canShare = () => true; navigator.share = async (what) => { window.shared = what }")
    page.reload()
    page.click("[data-share]")
    shared = page.evaluate("window.shared")
    assert shared["title"] == "Lines worth passing on"
    assert shared["url"].endswith(f"/{POST}/")
    assert shared["text"].startswith("Two sentences from")


def test_every_control_of_a_line_is_as_tall_as_a_finger(example: Served, visit: Visit) -> None:
    page = visit(example.url(example.post(POST)), 320, has_touch=True)
    page.locator(".letter summary").first.click()
    open_server(page)
    for control in page.locator("summary:visible, .pass a:visible, .pass button:visible, .pass input:visible").all():
        assert control.bounding_box()["height"] >= 44, control.evaluate("e => e.outerHTML")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_without_a_script_a_line_can_be_passed_on_and_no_server_is_asked_for(example: Served, visit: Visit) -> None:
    page = visit(example.url(example.post(POST)), java_script_enabled=False)
    page.locator(".letter summary").first.click()
    assert page.locator(".letter details").first.get_by_role("link", name="E-mail").is_visible()
    assert page.locator("button:visible").count() == 0
    assert not page.locator("[data-instance]").is_visible()


def test_on_paper_stands_the_line_and_nothing_to_press(letter: Page) -> None:
    letter.emulate_media(media="print")
    assert letter.locator("blockquote.pull").first.is_visible()
    assert not letter.locator(".letter details").first.is_visible()
    assert not letter.locator("[data-instance]").is_visible()


def test_axe_finds_nothing_where_all_is_open(letter: Page) -> None:
    for summary in letter.locator("main summary").all():
        summary.click()
    keep(letter, "not a server")
    for scheme in ("light", "dark"):
        letter.emulate_media(color_scheme=scheme)
        results = Axe().run(letter)
        assert results.violations_count == 0, results.generate_report()


def test_the_reader_s_own_server_is_kept_and_forgotten(letter: Page, example: Served) -> None:
    asked: list[str] = []
    before = hrefs(letter)
    assert len(before) == 3  # the letter's and those of two lines
    assert all(href.startswith(OFFICIAL) for href in before)
    letter.context.on("request", lambda request: asked.append(request.url))
    open_server(letter)
    keep(letter, " @testa@Social.Example ")
    letter.get_by_text("The links to Mastodon lead to social.example.").wait_for()
    after = [href.replace(OFFICIAL, "https://social.example/share?text=") for href in before]
    assert hrefs(letter) == after

    letter.reload()
    assert hrefs(letter) == after
    letter.goto(example.url(example.post("small-rooms")))
    assert hrefs(letter)[0].startswith("https://social.example/share?text=Small%20rooms%20https%3A%2F%2F")
    open_server(letter)
    assert letter.get_by_label("Where you have Mastodon").input_value() == "social.example"
    letter.get_by_role("button", name="Forget it").click()
    letter.get_by_text("Forgotten.").wait_for()
    assert letter.evaluate("document.activeElement.id") == "mastodon-server"
    assert not letter.get_by_role("button", name="Forget it").is_visible()
    assert hrefs(letter)[0].startswith(OFFICIAL)
    assert letter.evaluate("localStorage.length") == 0
    assert all(url.startswith(example.origin) for url in asked), asked


SERVERS = {
    "mastodon.social": "mastodon.social",
    "  HTTPS://Mastodon.Social/@me  ": "mastodon.social",
    "@me@mastodon.social": "mastodon.social",
    "mastodon.social/@me?x#y": "mastodon.social",
    "münchen.example": "xn--mnchen-3ya.example",
    "me@evil.example@mastodon.social": "mastodon.social",
    "a.example?x": "a.example",
    "a.example#x": "a.example",
    "": "",
    "mastodon": "",
    "localhost": "",
    "127.0.0.1": "",
    "10.20.30.40": "",
    "2130706433": "",
    "[::1]": "",
    "mastodon.social:8080": "",
    "mastodon .social": "",
    "-bad.example": "",
    "javascript:alert(1)": "",
    "a..example": "",
    "mastodon.social.": "",
    f"{'x' * 64}.example": "",
    f"{'x.' * 130}example": "",
}


def test_only_the_name_of_a_server_is_taken(letter: Page) -> None:
    src = letter.locator("script[src*='mastodon']").first.get_attribute("src")
    found = letter.evaluate(
        "async ([src, typed]) => typed.map((await import(src)).server)",
        [src, list(SERVERS)],
    )
    assert dict(zip(SERVERS, found, strict=True)) == SERVERS


def test_what_is_no_server_is_said_at_the_field(letter: Page) -> None:
    before = hrefs(letter)
    open_server(letter)
    letter.get_by_label("Where you have Mastodon").fill("mastodon")
    letter.get_by_role("button", name="Keep it").click()
    field = letter.get_by_label("Where you have Mastodon")
    assert field.get_attribute("aria-invalid") == "true"
    assert letter.evaluate("document.activeElement.id") == "mastodon-server"
    assert letter.get_by_text("This is not the name of a server.").is_visible()
    assert hrefs(letter) == before
    field.fill("mastodon.")
    assert field.get_attribute("aria-invalid") == "true"
    field.fill("mastodon.example")
    assert field.get_attribute("aria-invalid") is None, "it goes as soon as it is right"
    assert not letter.get_by_text("This is not the name of a server.").is_visible()
    assert hrefs(letter) == before
    field.fill("mastodon")
    letter.get_by_role("button", name="Keep it").click()
    keep(letter, "mastodon.example")
    assert field.get_attribute("aria-invalid") is None
    assert not letter.get_by_text("This is not the name of a server.").is_visible()


def test_what_stands_in_the_memory_is_looked_at_again(letter: Page) -> None:
    letter.evaluate("localStorage.setItem('lectern.mastodon', 'evil.example/?x=')")
    letter.reload()
    assert all(href.startswith("https://evil.example/share?text=") for href in hrefs(letter))
    letter.evaluate("localStorage.setItem('lectern.mastodon', 'javascript:alert(1)//')")
    letter.reload()
    assert all(href.startswith(OFFICIAL) for href in hrefs(letter))


def test_without_a_memory_it_holds_for_the_page(example: Served, visit: Visit) -> None:
    page = visit("about:blank")
    page.add_init_script("Object.defineProperty(window, 'localStorage', { get() { throw new Error('denied') } })")
    page.goto(example.url(example.post(POST)))
    open_server(page)
    keep(page, "social.example")
    assert all(href.startswith("https://social.example/share?text=") for href in hrefs(page))


def test_the_script_comes_only_with_a_link_to_mastodon(example: Served, visit: Visit) -> None:
    page = visit(example.url("about/"))
    assert page.locator("script[src*='mastodon']").count() == 0

"""The organiser's kit and the introduction: what is copied, taken away, printed, and read from a phone."""

from __future__ import annotations

import io
import tomllib
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from patience import wait_until
from sites import ROOT

from plugins.kit.bios import tidied

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page
    from served import Served

    Visit = Callable[..., Page]

OWNER = tomllib.loads((ROOT / "tests" / "example" / "speaker.toml").read_text("utf-8"))
SPOKEN = tidied(OWNER["introduction"]).replace("{name}", f"{OWNER['name']} (say {OWNER['pronunciation']['plain']})")
# On the page with the quotes of print, in the clipboard as typed.
SHOWN = " ".join(SPOKEN.replace(' "', " “").replace('"', "”").replace("'", "’").split())
NEEDS = ["A lapel microphone, and a hand microphone for questions", "No projector; a lamp that can be dimmed"]
COPIED = {
    "Copy the name": ("Name copied", OWNER["name"]),
    "Copy the pronunciation": ("Pronunciation copied", " ".join(OWNER["pronunciation"].values())),
    "Copy the bio of 78 characters": ("Bio of 78 characters copied", OWNER["bios"]["characters_78"]),
    "Copy the bio of 150 characters": ("Bio of 150 characters copied", OWNER["bios"]["characters_150"]),
    "Copy the bio of 50 words": ("Bio of 50 words copied", tidied(OWNER["bios"]["words_50"])),
    "Copy the bio of 100 words": ("Bio of 100 words copied", tidied(OWNER["bios"]["words_100"])),
    "Copy the bio of 250 words": ("Bio of 250 words copied", tidied(OWNER["bios"]["words_250"])),
    "Copy the introduction": ("Introduction copied", SPOKEN),
    "Copy the credit": ("Credit copied", f"Picture: {OWNER['headshot']['credit']}"),
    "Copy the description": ("Description copied", OWNER["headshot"]["alt"]),
    "Copy the list": ("List copied", "\n".join([*OWNER["av"], "", "The Second Row", *NEEDS])),
    "Copy the fees": ("Fees copied", OWNER["terms"]["fees"]),
    "Copy the travel terms": ("Travel terms copied", OWNER["terms"]["travel"]),
}


@pytest.fixture
def introduction(example: Served, visit: Visit) -> Page:
    return visit(example.url("speaking/introduction/"), 390, has_touch=True)


def place(page: Page) -> float:
    return float(page.evaluate("document.querySelector('.running').scrollTop"))


def test_each_text_is_copied_as_it_was_written_and_says_so(example: Served, visit: Visit) -> None:
    page = visit(example.url("speaking/kit/"), permissions=["clipboard-read", "clipboard-write"])
    for label, (said, text) in COPIED.items():
        button = page.get_by_role("button", name=label, exact=True)
        button.click()
        page.get_by_role("status").filter(has_text=said).wait_for()
        assert page.evaluate("navigator.clipboard.readText()") == text, label
    assert page.locator("[data-copy]:visible").count() == len(COPIED)


def test_what_cannot_be_copied_is_said(example: Served, visit: Visit) -> None:
    page = visit(example.url("speaking/kit/"))
    page.evaluate("() => { navigator.clipboard.writeText = async () => { throw new Error() } }")
    page.get_by_role("button", name="Copy the name").click()
    page.get_by_text("The browser would not copy").wait_for()


def test_everything_can_be_taken_away_without_a_script(example: Served, visit: Visit) -> None:
    page = visit(example.url("speaking/kit/"), java_script_enabled=False)
    links = page.locator("a[download]").all()
    assert len(links) == 11
    for link in links:
        page.reload()  # of one page, Chromium gives ten files and then no more
        with page.expect_download() as download:
            link.click()
        assert download.value.path().stat().st_size > 10_000
    assert "76 characters" in page.inner_text("main")


def test_the_pictures_are_shown_with_their_text(example: Served, visit: Visit) -> None:
    page = visit(example.url("speaking/kit/"))
    for picture in page.locator(".shots img").all():
        picture.scroll_into_view_if_needed()
        assert picture.get_attribute("alt") == OWNER["headshot"]["alt"]
        assert picture.evaluate("async image => { await image.decode(); return image.naturalWidth }") == 800


def test_the_teleprompter_runs_as_fast_as_it_is_read(introduction: Page) -> None:
    page = introduction
    page.get_by_role("button", name="Open the teleprompter").click()
    dialog = page.get_by_role("dialog", name="Teleprompter")
    assert " ".join(dialog.locator(".running").inner_text().split()) == SHOWN
    page.clock.install()
    page.clock.pause_at(page.evaluate("Date.now()") + 60_000)
    page.get_by_role("button", name="Start").click()
    page.clock.run_for(100)
    begun = place(page)
    page.clock.run_for(10_000)
    run = place(page) - begun
    height = page.evaluate("document.querySelector('.running > div').offsetHeight")
    seconds = int(dialog.get_attribute("data-seconds") or 0)
    assert run == pytest.approx(height / seconds * 10, rel=0.02)
    page.get_by_role("button", name="Pause").click()
    stopped = place(page)
    page.clock.run_for(2000)
    assert place(page) == stopped


def test_its_speed_can_be_changed_while_it_runs(introduction: Page) -> None:
    page = introduction
    page.get_by_role("button", name="Open the teleprompter").click()
    page.get_by_role("button", name="Faster").click()
    page.get_by_role("dialog").get_by_text("140 words a minute").wait_for()
    for _ in range(20):
        page.keyboard.press("ArrowLeft")
    page.get_by_role("dialog").get_by_text("70 words a minute").wait_for()
    page.keyboard.press("ArrowRight")
    page.get_by_role("dialog").get_by_text("80 words a minute").wait_for()


@pytest.mark.parametrize("where", [".aloud", ".running"])
def test_how_the_name_is_said_can_be_read_as_far_off(introduction: Page, where: str) -> None:
    introduction.tap("[data-opens=prompter]")
    sizes = "(all) => all.map((one) => parseFloat(getComputedStyle(one).fontSize))"
    words, said = introduction.locator(f"{where}, {where} small").evaluate_all(sizes)
    assert said >= 0.7 * words


def test_from_its_end_it_starts_again(introduction: Page) -> None:
    page = introduction
    page.tap("[data-opens=prompter]")
    page.evaluate("document.querySelector('.running').scrollTop = 1e6")
    end = place(page)
    page.tap("[data-key=run]")
    wait_until(lambda: place(page) < end / 2)
    assert page.locator("[data-key=run]").inner_text() == "Pause"


def test_it_is_run_from_the_keyboard(introduction: Page) -> None:
    page = introduction
    page.locator("[data-opens=prompter]").focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.dataset.key") == "run"
    page.keyboard.press("Space")
    wait_until(lambda: place(page) > 5)
    page.locator(".running").focus()
    page.keyboard.press("Space")
    assert page.locator("[data-key=run]").inner_text() == "Start"
    stopped = place(page)
    page.wait_for_timeout(300)
    assert place(page) == stopped
    page.keyboard.press("Space")
    page.keyboard.press("Escape")
    assert not page.locator("dialog").is_visible()
    assert page.evaluate("document.activeElement.dataset.opens") == "prompter"
    page.keyboard.press("Enter")
    assert place(page) == 0


def test_its_text_never_runs_below_the_keys(introduction: Page) -> None:
    page = introduction
    page.set_viewport_size({"width": 844, "height": 390})
    page.get_by_role("button", name="Open the teleprompter").click()
    edge = "name => document.querySelector(name).getBoundingClientRect()"
    assert page.evaluate(edge, ".running")["bottom"] <= page.evaluate(edge, ".keys")["top"]


def test_a_reader_who_scrolls_is_not_pulled_back(introduction: Page) -> None:
    page = introduction
    page.get_by_role("button", name="Open the teleprompter").click()
    page.get_by_role("button", name="Start").click()
    start = page.evaluate("document.querySelector('.running').scrollTop = 400, performance.now()")
    page.wait_for_timeout(200)
    assert 400 <= place(page) < 400 + (page.evaluate("performance.now()") - start) / 2


def test_who_wants_no_motion_turns_from_paragraph_to_paragraph(example: Served, visit: Visit) -> None:
    page = visit(example.url("speaking/introduction/"), 390, reduced_motion="reduce")
    page.get_by_role("button", name="Open the teleprompter").click()
    assert not page.get_by_role("button", name="Start").is_visible()
    assert not page.get_by_role("button", name="Faster").is_visible()
    tops = page.evaluate("[...document.querySelectorAll('.running p')].map(p => p.getBoundingClientRect().top)")
    page.get_by_role("button", name="Next").click()
    second = page.locator(".running p").nth(1).evaluate("p => p.getBoundingClientRect().top")
    assert second == pytest.approx(tops[0], abs=2)
    page.wait_for_timeout(200)
    assert page.locator(".running p").nth(1).evaluate("p => p.getBoundingClientRect().top") == second
    page.keyboard.press("ArrowLeft")
    assert place(page) == 0


def test_axe_finds_nothing_while_the_teleprompter_is_open(introduction: Page) -> None:
    introduction.get_by_role("button", name="Open the teleprompter").click()
    for scheme in ("light", "dark"):
        introduction.emulate_media(color_scheme=scheme)
        results = Axe().run(introduction)
        assert results.violations_count == 0, results.generate_report()


@pytest.mark.parametrize("width", [320, 390])
def test_a_finger_finds_every_key(width: int, example: Served, visit: Visit) -> None:
    page = visit(example.url("speaking/introduction/"), width, has_touch=True)
    page.get_by_role("button", name="Open the teleprompter").click()
    for button in page.locator("dialog button:visible").all():
        assert button.bounding_box()["height"] >= 44
    assert page.evaluate("document.querySelector('.running').scrollWidth") <= width


def test_the_introduction_stands_there_without_a_script(example: Served, visit: Visit) -> None:
    page = visit(example.url("speaking/introduction/"), java_script_enabled=False)
    assert " ".join(page.inner_text("#spoken").split()) == SHOWN
    assert page.locator("dialog").is_hidden()


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_it_prints_on_one_page_in_large_letters(paper: str, example: Served, visit: Visit) -> None:
    from pypdf import PdfReader

    page = visit(example.url("speaking/introduction/"))
    pages = PdfReader(io.BytesIO(page.pdf(format=paper))).pages
    assert len(pages) == 1
    assert "Please welcome Testa" in " ".join(pages[0].extract_text().split())
    page.emulate_media(media="print")
    size = page.evaluate("getComputedStyle(document.querySelector('#spoken p')).fontSize")
    assert float(size.removesuffix("px")) == pytest.approx(21.33, abs=0.01)  # 16 points: where large print begins

"""Every kind of page of both sites as readers meet it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page
    from served import Served

    Visit = Callable[..., Page]

SITES = ["speaker", "example", "preview"]
# Every kind of page, and each post of the example site that holds something of its own.
KINDS = {
    "speaker": """/ 2026/ archive/ tags/ tag/letters/ categories/ category/gratitude/ about/ speaking/ subscribe/ card/ search/
        404.html a-card-for-coffee lite-beer-days""",
    "example": """/ page/2/ 2023/ 2023/page/2/ archive/ tags/ tag/t1/ categories/ category/craft/page/2/ series/
        series/rooms-how-to-read-them/ small-rooms search/ about/ colophon/
        speaking/ speaking/dates/ speaking/kit/ speaking/introduction/ subscribe/ card/ 404.html qa-fifty-percent-off one-hundred-letters
        silence-before-the-first-word listening-first-ja one-sheet-is-enough-zh reading-code-aloud
        a-table-for-every-room what-the-footnotes-said lines-worth-passing-on
        all-the-parts-of-a-talk the-longest-title
        talks/the-second-row/ talks/questions-and-answers/ talks/silence-ja/ pictures-from-the-stage signs-and-keys two-ways-to-ask thanks""",
    "preview": "/ drafts/draft-on-hats/ drafts/from-the-year-2031/ drafts/talks/draft-on-lecterns/",
}
PAGES = [pytest.param(site, kind.lstrip("/"), id=f"{site} {kind}") for site in SITES for kind in KINDS[site].split()]


@pytest.fixture
def url(request: pytest.FixtureRequest) -> Callable[[str, str], str]:
    def url(site: str, kind: str) -> str:
        served: Served = request.getfixturevalue(site)
        return served.url(kind if not kind or kind.endswith(("/", ".html")) else served.post(kind))

    return url


@pytest.mark.parametrize(("site", "kind"), PAGES)
def test_axe_finds_nothing(site: str, kind: str, url: Callable[[str, str], str], visit: Visit) -> None:
    page = visit(url(site, kind))
    for scheme, rules in (("light", None), ("dark", {"runOnly": ["cat.color"]})):  # the dark changes colours only
        page.emulate_media(color_scheme=scheme)
        results = Axe().run(page, options=rules)
        assert results.violations_count == 0, f"{scheme}: {results.generate_report()}"


@pytest.mark.parametrize(("site", "kind"), PAGES)
def test_nothing_scrolls_sideways_and_nothing_blocks_the_first_paint(
    site: str, kind: str, url: Callable[[str, str], str], visit: Visit
) -> None:
    page = visit(url(site, kind), 320)
    for width in (320, 390, 768, 1280, 1920):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, width
    blocking = page.evaluate(
        "performance.getEntriesByType('resource').filter(r => r.renderBlockingStatus == 'blocking').length"
    )
    assert blocking == 0
    hosts = page.evaluate("performance.getEntriesByType('resource').map(r => new URL(r.name).host)")
    assert set(hosts) <= {page.evaluate("location.host")}


@pytest.mark.parametrize(("site", "kind"), PAGES)
def test_it_is_whole_without_a_script(site: str, kind: str, url: Callable[[str, str], str], visit: Visit) -> None:
    page = visit(url(site, kind), java_script_enabled=False)
    assert page.locator("h1").is_visible()
    assert page.locator("button:visible").count() == 0, "a button that needs a script is shown without one"


@pytest.mark.parametrize("site", SITES)
def test_every_page_is_quiet_in_the_console(site: str, request: pytest.FixtureRequest, visit: Visit) -> None:
    served: Served = request.getfixturevalue(site)
    urls = served.all_urls()
    page = visit(urls[0])
    for one in urls[1:]:
        page.goto(one)


OLD = "thank-you-for-the-chairs/"


@pytest.mark.parametrize("site", ["example", "preview"])
@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_an_old_address_leads_on(site: str, scripts: bool, request: pytest.FixtureRequest, visit: Visit) -> None:  # noqa: FBT001
    served: Served = request.getfixturevalue(site)
    page = visit(served.url(OLD), java_script_enabled=scripts)
    page.wait_for_url(served.url("2024/12/thanks/"))
    assert page.locator("h1").inner_text() == "Thanks"


def test_where_a_browser_does_not_lead_on_the_page_can_be_read(example: Served, visit: Visit) -> None:
    text = (example.folder / OLD / "index.html").read_text("utf-8")
    page = visit(example.url())
    page.route(f"**/{OLD}", lambda route: route.fulfill(body=text.replace('http-equiv="refresh"', 'name="none"')))
    page.goto(example.url(OLD))
    assert Axe().run(page).violations_count == 0
    page.get_by_role("link", name="Thanks").click()
    page.wait_for_url(example.url("2024/12/thanks/"))


def test_the_skip_link_comes_first_and_leads_to_the_letter(speaker: Served, visit: Visit) -> None:
    page = visit(speaker.url("lite-beer-days/"))
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.locator("a.skip").bounding_box()["x"] >= 0
    page.keyboard.press("Enter")
    page.wait_for_url("**#letter")


def test_focus_can_be_seen(speaker: Served, visit: Visit) -> None:
    page = visit(speaker.url("speaking/"))
    for _ in range(12):
        page.keyboard.press("Tab")
        style = page.evaluate(
            "(({outlineStyle, outlineWidth}) => [outlineStyle, outlineWidth])(getComputedStyle(document.activeElement))"
        )
        assert style[0] != "none"
        assert float(style[1].removesuffix("px")) >= 2


def test_print_is_a_letter(speaker: Served, visit: Visit) -> None:
    page = visit(speaker.url("a-card-for-coffee/"))
    page.emulate_media(media="print")
    assert not page.locator("nav").first.is_visible()
    assert page.locator(".signature").is_visible()
    assert not page.locator(".share").is_visible()


@pytest.mark.parametrize("width", [320, 390])
def test_a_finger_finds_every_control(width: int, speaker: Served, visit: Visit) -> None:
    page = visit(speaker.url("speaking/"), width, has_touch=True)
    for control in page.locator("nav a:visible, button:visible, input:visible, .button:visible").all():
        assert control.bounding_box()["height"] >= 44, control.evaluate("e => e.outerHTML")


@pytest.mark.parametrize("kind", ["", "about/", "speaking/"])
def test_the_speakers_picture_stands_in_the_margin_or_by_itself(kind: str, example: Served, visit: Visit) -> None:
    page = visit(example.url(kind), 1280)
    image, words = page.locator(".portrait img"), page.locator("header:has(> .portrait) > div")

    def drawn() -> tuple[dict[str, float], dict[str, float]]:
        one, other = image.bounding_box(), words.bounding_box()
        assert one
        assert other
        assert abs(one["width"] - one["height"]) < 1, "it is square before and after it has come"
        return dict(one), dict(other)

    one, other = drawn()
    assert one["x"] + one["width"] < other["x"], "in the margin"
    assert one["y"] < other["y"] + other["height"], "beside the title"
    page.evaluate("document.querySelectorAll('[dir]').forEach((one) => (one.dir = 'rtl'))")
    one, other = drawn()
    assert one["x"] > other["x"] + other["width"], "at the other side where one reads from the right"
    page.reload()
    for width in (320, 390):
        page.set_viewport_size({"width": width, "height": 900})
        one, other = drawn()
        assert one["y"] >= other["y"] + other["height"], "below the title"
        assert one["width"] <= width / 2
    page.emulate_media(media="print")
    assert image.is_visible()


def test_the_speakers_picture_moves_nothing_when_it_comes(example: Served, visit: Visit) -> None:
    page = visit(example.url("about/"), 1280)
    page.add_init_script(
        "window.moved = 0; new PerformanceObserver((list) => list.getEntries().forEach((one) => (moved += one.value)))"
        ".observe({ type: 'layout-shift', buffered: true })"
    )
    page.reload()
    page.wait_for_timeout(500)
    assert page.evaluate("window.moved") < 0.02

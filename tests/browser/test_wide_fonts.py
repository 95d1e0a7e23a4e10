"""Pages hold their form in a font that is wider than those the theme asks for, whatever is installed where this runs."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import pytest
from sites import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page
    from served import Served

    Visit = Callable[..., Page]

FONT = base64.b64encode((ROOT / "theme/fonts/NotoSerif-Regular.ttf").read_bytes()).decode()
# Noto Serif with air between its letters is about as wide as DejaVu or Verdana.
WIDE = f"""
    @font-face {{ font-family: Wide; src: url(data:font/ttf;base64,{FONT}) }}
    *, ::before, ::after {{ font-family: Wide !important; letter-spacing: %sem !important }}"""
PATHS = [
    *("", "about/", "archive/", "card/", "search/", "subscribe/", "tags/", "speaking/", "404.html"),
    *("speaking/kit/", "speaking/introduction/", "speaking/dates/", "talks/the-second-row/"),
]
WIDTHS = [320, 360, 390, 768, 1280, 1920]
CARD_OPEN = "document.querySelector('details:has([name=why])').open = true"


def widened(visit: Visit, url: str, width: int = 1280, spacing: float = 0.04, **options: object) -> Page:
    """Open a page and set all of it in the wide font."""
    page = visit(url, width, bypass_csp=True, **options)
    page.add_style_tag(content=WIDE % spacing)
    page.evaluate("document.fonts.ready")
    assert page.evaluate("document.fonts.check('16px Wide')")
    return page


@pytest.mark.parametrize("site", ["speaker", "example"])
def test_nothing_runs_out_of_the_page(site: str, request: pytest.FixtureRequest, visit: Visit) -> None:
    served: Served = request.getfixturevalue(site)
    paths = [path for path in PATHS if served.folder.joinpath(path).exists()]
    assert len(paths) > 8
    for path in paths:
        page = widened(visit, served.url(path))
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (path, width)
        page.context.close()


@pytest.mark.parametrize("width", [768, 1024, 1280, 1920])
def test_the_lines_of_the_reply_card_stand_side_by_side(width: int, example: Served, visit: Visit) -> None:
    """A label may wrap, but it stays by its line, and the lines of one row stay level."""
    page = widened(visit, example.url("speaking/"), width, spacing=0.1)
    page.evaluate(CARD_OPEN)
    fields = page.evaluate("""() => [...document.querySelectorAll(".field:not(.tall, .wide)")].map((field) => {
        const line = field.querySelector("input, select").getBoundingClientRect();
        const label = field.querySelector("label").getBoundingClientRect();
        return { top: field.getBoundingClientRect().top, line: line.bottom, gap: line.top - label.bottom, label: label.height };
    })""")
    assert max(field["label"] for field in fields) > 1.5 * min(field["label"] for field in fields), "one of them wraps"
    assert max(field["gap"] for field in fields) < 8
    rows: dict[int, set[int]] = {}
    for field in fields:
        rows.setdefault(round(field["top"]), set()).add(round(field["line"]))
    assert len(rows) < len(fields)
    assert all(len(lines) == 1 for lines in rows.values()), rows


@pytest.mark.parametrize("width", [768, 1280, 1920])
@pytest.mark.parametrize("site", ["speaker", "example"])
def test_the_business_card_stays_5_to_3(site: str, width: int, request: pytest.FixtureRequest, visit: Visit) -> None:
    page = widened(visit, request.getfixturevalue(site).url("card/"), width)
    box = page.locator(".card").bounding_box()
    assert box
    assert box["width"] / box["height"] == pytest.approx(5 / 3, abs=0.01)
    page.emulate_media(media="print")
    lost = """() => [...document.querySelectorAll(".ten > .visit:first-of-type p")].filter((p) => {
        const { right, bottom } = p.parentElement.getBoundingClientRect();
        return [...p.getClientRects()].some((rect) => rect.right > right + 1 || rect.bottom > bottom + 1);
    }).map((p) => p.textContent)"""
    assert page.evaluate(lost) == []


@pytest.mark.parametrize("width", [390, 1280])
def test_the_dots_begin_where_the_title_ends(width: int, example: Served, visit: Visit) -> None:
    """A title that wraps leaves no hole: the dots fill its last line up to the date, which stands on that line."""
    page = widened(visit, example.url(), width)
    entries = page.evaluate("""() => [...document.querySelectorAll(".contents li:has(time)")].map((entry) => {
        const [title, heading, time] = ["h3 > *", "h3", "time"].map((part) => entry.querySelector(part));
        const lines = [...title.getClientRects()];
        const style = getComputedStyle(heading);
        return {
            lines: lines.length,
            dots: style.backgroundImage !== "none" && getComputedStyle(title).backgroundColor !== "rgba(0, 0, 0, 0)",
            room: heading.getBoundingClientRect().right - lines.at(-1).right,
            beside: time.getBoundingClientRect().left - heading.getBoundingClientRect().right,
            off: Math.abs(time.getBoundingClientRect().bottom - heading.getBoundingClientRect().bottom),
            rtl: Boolean(title.closest("[dir=rtl]")),
        };
    })""")
    assert any(entry["lines"] > 1 for entry in entries)
    for entry in entries:
        assert entry["dots"]
        assert entry["room"] >= 20 or entry["rtl"]
        assert 0 <= entry["beside"] <= 16
        assert entry["off"] <= 4


@pytest.mark.parametrize("width", [320, 390, 768, 1280])
@pytest.mark.parametrize("path", ["", "speaking/"])
def test_the_stamp_holds_its_words(path: str, width: int, example: Served, visit: Visit) -> None:
    page = widened(visit, example.url(path), width)
    stamp = page.locator(".stamp").first
    assert stamp.evaluate("e => e.scrollWidth <= e.clientWidth && e.scrollHeight <= e.clientHeight")
    box = stamp.bounding_box()
    assert box
    assert box["width"] / box["height"] == pytest.approx(5 / 6, abs=0.01)


def test_a_line_holds_about_as_much_in_each_font(example: Served, visit: Visit) -> None:
    """Wide fonts have tall small letters: at the same height of these, they are no wider than others."""
    page = widened(visit, example.url("about/"), spacing=0)
    letters = page.locator(".letter p").first.evaluate("""(p) => {
        const line = document.createElement("span");
        line.textContent = "Whoever sits in the second row";
        const { width } = p.getBoundingClientRect();
        p.prepend(line);
        return line.textContent.length * width / line.getBoundingClientRect().width;
    }""")
    assert 65 <= letters <= 75

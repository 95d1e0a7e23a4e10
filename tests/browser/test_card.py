"""The business card, held up and printed: what a phone's camera reads in it."""

from __future__ import annotations

import io
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest
import zxingcpp
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from pypdf import PdfReader

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page
    from served import Served

    Visit = Callable[..., Page]

SITES = [("speaker", "https://www.hankblank.com/"), ("example", "https://talks.example.org/blog/")]


def scanned(picture: Image.Image) -> list[str]:
    return [found.text for found in zxingcpp.read_barcodes(picture, try_invert=False)]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("site", "address"), SITES)
def test_a_phone_held_up_is_read(
    site: str, address: str, scheme: str, request: pytest.FixtureRequest, visit: Visit
) -> None:
    served: Served = request.getfixturevalue(site)
    page = visit(served.url("card/"), 390, color_scheme=scheme, has_touch=True)
    page.set_viewport_size({"width": 390, "height": 844})
    assert scanned(Image.open(io.BytesIO(page.screenshot()))) == [address]
    code, name = page.locator(".card svg").bounding_box(), page.locator(".card h1").bounding_box()
    assert code["width"] >= 300
    assert code["x"] + code["width"] / 2 == pytest.approx(195, abs=2)
    assert 0 < name["y"] < code["y"] + code["height"] <= 844
    for control in page.locator("main a:visible, main button:visible").all():
        assert control.bounding_box()["height"] >= 44, control.evaluate("e => e.outerHTML")


@pytest.mark.parametrize(("site", "address"), SITES)
def test_it_is_read_from_a_desk_and_by_lamplight(
    site: str, address: str, request: pytest.FixtureRequest, visit: Visit
) -> None:
    served: Served = request.getfixturevalue(site)
    page = visit(served.url("card/"))
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert scanned(Image.open(io.BytesIO(page.screenshot()))) == [address]
        assert Axe().run(page).violations_count == 0
    box = page.locator(".card").bounding_box()
    assert box["width"] / box["height"] == pytest.approx(5 / 3, abs=0.2)


@pytest.mark.parametrize("width", [390, 1280])
def test_the_name_stands_above_the_rule_of_the_letterhead(width: int, speaker: Served, visit: Visit) -> None:
    page = visit(speaker.url("card/"), width)
    name, rule = page.locator(".nameplate .name").bounding_box(), page.locator(".nameplate .nav").bounding_box()
    assert 0 < name["y"] < name["y"] + name["height"] <= rule["y"]
    assert page.locator(".nameplate .name").inner_text() == page.locator(".card .name").inner_text()
    assert page.locator(".calling:visible").count() == 1, "the card says it"


def rendered(pdf: bytes, folder: Path) -> Image.Image:
    """Draw the one page of a PDF as a printer would, 200 dots to the inch."""
    program = shutil.which("pdftoppm")
    if program is None:
        pytest.skip("needs pdftoppm, of poppler-utils")
    (folder / "page.pdf").write_bytes(pdf)
    subprocess.run([program, "-r", "200", "-png", "-singlefile", folder / "page.pdf", folder / "page"], check=True)
    return Image.open(folder / "page.png").convert("L")


@pytest.mark.parametrize(("paper", "height"), [("A4", 297), ("Letter", 279.4)])
def test_ten_on_one_sheet(paper: str, height: float, example: Served, visit: Visit, tmp_path: Path) -> None:
    page = visit(example.url("card/"), color_scheme="dark")
    pdf = page.pdf(format=paper, print_background=False)
    (sheet,) = PdfReader(io.BytesIO(pdf)).pages
    assert float(sheet.mediabox.height) / 72 * 25.4 == pytest.approx(height, abs=0.5)
    assert sheet.extract_text().count("Testa Muster-Exampleton") == 10
    assert "Business card" not in sheet.extract_text()
    page.emulate_media(media="print")
    sizes = page.locator(".ten > .visit").evaluate_all("all => all.map(e => [e.offsetWidth, e.offsetHeight])")
    assert {(round(width / 96 * 25.4), round(high / 96 * 25.4)) for width, high in sizes} == {(85, 51)}
    picture = rendered(pdf, tmp_path)
    assert scanned(picture) == ["https://talks.example.org/blog/"] * 10
    # A printer that leaves out 8 mm at the edges loses nothing, and the cards stand in the middle.
    left, top, right, bottom = picture.point(lambda value: 255 if value < 128 else 0).getbbox()
    across, down = picture.width - right, picture.height - bottom
    assert min(left, top, across, down) / 200 * 25.4 >= 8
    assert (left, top) == pytest.approx((across, down), abs=8)


def test_no_card_runs_into_the_next(example: Served, visit: Visit, tmp_path: Path) -> None:
    page = visit(example.url("card/"))
    page.locator(".ten .calling").evaluate_all(
        "all => all.forEach((one) => (one.textContent += ' and more'.repeat(30)))"
    )
    pdf = page.pdf(format="A4")
    assert len(PdfReader(io.BytesIO(pdf)).pages) == 1
    assert len(scanned(rendered(pdf, tmp_path))) == 10
    page.emulate_media(media="print")
    ends = (
        "all => all.map((one) => one.parentElement.getBoundingClientRect().bottom - one.getBoundingClientRect().bottom)"
    )
    assert min(page.locator(".ten .visit > *").evaluate_all(ends)) >= 0


def test_without_a_script_nothing_is_missing(speaker: Served, visit: Visit) -> None:
    page = visit(speaker.url("card/"), 390, java_script_enabled=False)
    assert page.locator(".card svg").is_visible()
    assert page.locator("main a[href$='contact.vcf']").is_visible()
    assert page.locator("main button:visible, .ten:visible").count() == 0


def test_the_contact_is_sent_as_one(example: Served, visit: Visit) -> None:
    page = visit(example.url("card/"))
    answer = page.request.get(example.url("contact.vcf"))
    assert answer.headers["content-type"] == "text/vcard; charset=utf-8"
    assert answer.body().startswith(b"BEGIN:VCARD\r\n")

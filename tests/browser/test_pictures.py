"""A page with twelve photographs, as a phone and a desktop get it."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from PIL import Image
from served import served
from sites import Site

from plugins.images import drawing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page, Response
    from served import Served

    Visit = Callable[..., Page]

COUNT = 12
SHIFTS = """() => new Promise(done => {
    let sum = 0
    const observer = new PerformanceObserver(list => { for (const entry of list.getEntries()) sum += entry.value })
    observer.observe({ type: "layout-shift", buffered: true })
    setTimeout(() => done(sum), 50)
})"""
LOADED = "[...document.querySelectorAll('.letter img')].map(image => image.complete && image.naturalWidth > 0)"


def photograph(number: int) -> bytes:
    """2,100 by 1,400 pixels, as a phone's camera writes them: grainy, and half of them lying on their side."""
    size = (2100, 1400)
    soft = [Image.effect_noise((233, 155), 60 + number).resize(size, Image.Resampling.BICUBIC) for _ in range(2)]
    slow = Image.linear_gradient("L").rotate(number * 30).resize(size)
    grain = Image.effect_noise(size, 20)
    bands = (Image.blend(soft[0], slow, 0.8), Image.blend(soft[1], slow, 0.8), Image.blend(soft[0], slow, 0.7))
    picture = Image.merge("RGB", [Image.blend(band, grain, 0.1) for band in bands])
    notes = Image.Exif()
    notes[0x0112] = 6 if number % 2 else 1
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=92, exif=notes)
    return file.getvalue()


@pytest.fixture(scope="module")
def album(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, Served]]:
    site = Site(tmp_path_factory.mktemp("album"))
    taken = [photograph(number) for number in range(2)]  # each under six names, so that they take less to make
    shown = []
    for number in range(COUNT):
        site.write(f"images/photo-{number}.jpg", taken[number % len(taken)])
        shown.append(
            f'Some words above it.\n\n![Photograph {number}]({{static}}/images/photo-{number}.jpg "No. {number}")\n'
        )
    site.post("album", "\n".join(shown))
    site.build()
    for place in served(site.output, ""):
        yield site, place


def received(page: Page) -> list[Response]:
    """Collect the pictures that the page asks for."""
    found: list[Response] = []
    page.on("response", lambda answer: found.append(answer) if answer.request.resource_type == "image" else None)
    return found


def test_a_phone_gets_what_it_can_show_and_nothing_jumps(album: tuple[Site, Served], browser: Browser) -> None:
    site, place = album
    context = browser.new_context(viewport={"width": 390, "height": 844}, device_scale_factor=3)
    page = context.new_page()
    answers = received(page)
    page.goto(place.url("album/"), wait_until="networkidle")
    at_first = len([answer for answer in answers if "photo" in answer.url])
    assert at_first < COUNT / 2
    for _ in range(60):
        page.mouse.wheel(0, 700)
        page.wait_for_timeout(60)
    page.wait_for_load_state("networkidle")
    assert page.evaluate(LOADED) == [True] * COUNT
    photos = [answer for answer in answers if "photo" in answer.url]
    assert {answer.url.rpartition("-")[2].partition(".")[0] for answer in photos} == {"1080"}
    assert {answer.headers["content-type"] for answer in photos} == {"image/avif"}
    sent = sum(len(answer.body()) for answer in photos)
    before = sum((site.content / f"images/photo-{number}.jpg").stat().st_size for number in range(COUNT))
    assert sent < before / 8, f"{sent:,} bytes of {before:,}"
    assert page.evaluate(SHIFTS) == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    context.close()


def test_only_the_first_is_eager_and_all_are_described(album: tuple[Site, Served], visit: Visit) -> None:
    page = visit(album[1].url("album/"))
    images = page.locator(".letter img").all()
    assert [image.get_attribute("loading") for image in images] == [None] + ["lazy"] * (COUNT - 1)
    assert [image.get_attribute("alt") for image in images] == [f"Photograph {number}" for number in range(COUNT)]
    shapes = [(image.get_attribute("width"), image.get_attribute("height")) for image in images]
    assert shapes == [("2000", "1333"), ("1400", "2100")] * (COUNT // 2)


@pytest.mark.parametrize(
    ("width", "dots", "chosen"),
    [(390, 2, "720"), (360, 3, "1080"), (412, 2.625, "1080"), (1280, 1, "720"), (1280, 2, "1280")],
)
def test_each_screen_takes_the_width_that_its_column_needs(
    width: int, dots: float, chosen: str, album: tuple[Site, Served], visit: Visit
) -> None:
    page = visit(album[1].url("album/"), width, device_scale_factor=dots)
    page.wait_for_load_state("networkidle")
    image = page.locator(".letter img").first
    assert f"-{chosen}." in image.evaluate("image => image.currentSrc")
    # The hint of the width is what the style sheet makes of it, to a tenth.
    hinted = page.evaluate(
        """([width, em]) => width >= 44 * em ? 39.4 * em : .9 * width""",
        [width, 16],
    )
    assert image.bounding_box()["width"] == pytest.approx(hinted, rel=0.1)  # type: ignore[index]


def test_a_printer_gets_them_all(album: tuple[Site, Served], visit: Visit) -> None:
    page = visit(album[1].url("album/"), 390)
    assert len(page.pdf()) > 100_000
    page.wait_for_load_state("networkidle")
    assert page.evaluate(LOADED) == [True] * COUNT


RICH = """<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="400" height="300">
<defs><linearGradient id="g"><stop offset="0" stop-color="red"/><stop offset="1" stop-color="navy"/></linearGradient>
<radialGradient id="h" xlink:href="#g" gradientTransform="rotate(20)"/><clipPath id="c"><circle cx="90" cy="90" r="70"/></clipPath>
<filter id="f"><feGaussianBlur stdDeviation="2"/><feOffset dx="3" dy="3"/></filter><mask id="m"><rect width="300" height="99" fill="#999"/></mask>
<pattern id="p" width="9" height="9" patternUnits="userSpaceOnUse"><circle cx="4" cy="4" r="3" fill="url(#g)"/></pattern>
<marker id="k" markerWidth="6" markerHeight="6" refX="3" refY="3"><path d="M0 0L6 3L0 6z"/></marker>
<symbol id="s" viewBox="0 0 9 9"><path d="M0 0h9v9z"/></symbol><path id="t" d="M20 250q90-90 180 0"/></defs>
<style>text { font: 18px serif } .a { fill: url(#h); stroke: #123 } g > rect:nth-child(2) { opacity: .4 }</style>
<g clip-path="url(#c)"><rect class="a" width="200" height="200"/><rect width="90" height="200" fill="url(#p)"/></g>
<g filter="url(#f)"><text x="210" y="60">A <tspan font-weight="bold">bold</tspan><tspan fill="red">red</tspan> word</text></g>
<text><textPath href="#t">along a path, it goes</textPath></text><text x="9" y="290" xml:space="preserve">a   b</text>
<use href="#s" x="210" y="90" width="60" height="60" transform="rotate(9 240 120)"/><g mask="url(#m)"><circle cx="300" cy="60" r="60"/></g>
<path d="M220 200L280 260L380 210" fill="none" stroke="#000" marker-mid="url(#k)" marker-end="url(#k)" stroke-dasharray="7 3"/>
<switch><text systemLanguage="xx" x="9" y="20">no</text><text x="9" y="20">yes</text></switch></svg>"""


def test_a_good_drawing_looks_the_same(browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 420, "height": 320})
    shots = []
    for text in (RICH, drawing.sanitised(RICH.encode()).data.decode()):
        page.set_content(f"<body>{text}</body>")
        shots.append(page.screenshot())
    page.close()
    assert shots[0] == shots[1]

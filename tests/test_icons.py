from __future__ import annotations

import io
import json
import logging
import math
import re
from typing import TYPE_CHECKING

import pytest
from PIL import Image
from selectolax.lexbor import LexborHTMLParser
from sites import ROOT

from plugins.icons import drawing

if TYPE_CHECKING:
    from pathlib import Path

    from sites import Site

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><path fill="#a00" d="M0 0h8v8H0z"/></svg>'
PAPER = (0xF7, 0xF3, 0xEA, 255)


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data)).convert("RGBA")


@pytest.fixture(scope="module")
def drawn() -> dict[str, bytes]:
    return drawing.icons(SVG.encode())


def test_each_icon_has_the_size_that_its_name_says(drawn: dict[str, bytes]) -> None:
    sizes = {name: opened(drawn[name]).size[0] for name in drawing.PNGS}
    assert sizes == {
        "apple-touch-icon.png": 180,
        "icon-192.png": 192,
        "icon-512.png": 512,
        "icon-maskable-512.png": 512,
    }


def test_the_old_icon_holds_three_sizes(drawn: dict[str, bytes]) -> None:
    with Image.open(io.BytesIO(drawn["favicon.ico"])) as icon:
        assert icon.format == "ICO"
        assert icon.info["sizes"] == {(16, 16), (32, 32), (48, 48)}
        for size in icon.info["sizes"]:
            one = icon.ico.getimage(size).convert("RGBA")
            assert one.size == size
            assert one.getpixel((size[0] // 2, size[1] // 2)) == (0xAA, 0, 0, 255)


@pytest.mark.parametrize("name", ["apple-touch-icon.png", "icon-maskable-512.png"])
def test_what_is_cut_to_a_shape_lies_on_paper(drawn: dict[str, bytes], name: str) -> None:
    picture = opened(drawn[name])
    assert picture.getextrema()[3] == (255, 255), "a phone would put black below it"
    assert picture.getpixel((0, 0)) == PAPER


def test_what_a_launcher_cuts_off_is_paper_only(drawn: dict[str, bytes]) -> None:
    picture = opened(drawn["icon-maskable-512.png"])
    far = max(
        math.dist((x + 0.5, y + 0.5), (256, 256))
        for x in range(512)
        for y in range(512)
        if picture.getpixel((x, y)) != PAPER
    )
    assert 0.3 * 512 < far <= 0.4 * 512


def test_the_others_are_see_through(drawn: dict[str, bytes]) -> None:
    tall = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 2 8"><path d="M0 0h2v8H0z"/></svg>'
    for name in ("icon-192.png", "icon-512.png"):
        picture = opened(drawing.icons(tall.encode())[name])
        assert picture.getpixel((0, 0))[3] == 0
        assert picture.getpixel((picture.width // 2, 1))[3] == 255
        assert opened(drawn[name]).getpixel((0, 0))[3] == 255, "a square one fills it"


def test_the_same_drawing_gives_the_same_bytes(drawn: dict[str, bytes]) -> None:
    assert drawing.icons(SVG.encode()) == drawn


@pytest.mark.parametrize(
    "svg", [ROOT / "theme/static/favicon.svg", ROOT / "content/extra/favicon.svg"], ids=["theme", "owner"]
)
def test_the_icons_that_come_with_it_are_drawn_in_their_colours(svg: Path) -> None:
    assert list(drawing.examine(svg.read_bytes())) == []
    picture = opened(drawing.icons(svg.read_bytes())["icon-512.png"])
    assert (0x1C, 0x3C, 0x8C, 255) in {colour for _, colour in picture.getcolors(1 << 20)}


def test_the_paper_is_the_themes() -> None:
    css = (ROOT / "theme/static/css/main.css").read_text("utf-8")
    head = (ROOT / "theme/templates/partials/head.html").read_text("utf-8")
    assert f"--paper: light-dark({drawing.PAPER}," in css
    assert f'<meta name="theme-color" content="{drawing.PAPER}" media="(prefers-color-scheme: light)">' in head


@pytest.mark.parametrize(("which", "base"), [("speaker_site", "/"), ("example_site", "/blog/")])
def test_pages_name_the_icons_and_the_manifest(which: str, base: str, request: pytest.FixtureRequest) -> None:
    folder: Path = request.getfixturevalue(which)
    page = LexborHTMLParser((folder / "about/index.html").read_text("utf-8"))
    links = {
        (node.attributes["rel"], node.attributes["href"]) for node in page.css("link[rel*=icon], link[rel=manifest]")
    }
    assert links == {
        ("icon", f"{base}favicon.ico"),
        ("icon", f"{base}favicon.svg"),
        ("apple-touch-icon", f"{base}apple-touch-icon.png"),
        ("manifest", f"{base}site.webmanifest"),
    }
    manifest = json.loads((folder / "site.webmanifest").read_bytes())
    assert manifest["start_url"] == manifest["scope"] == manifest["id"] == base
    assert manifest["lang"] == "en"
    assert manifest["dir"] == "ltr"
    assert re.fullmatch(r"#[0-9a-f]{6}", manifest["theme_color"])
    assert [icon.get("purpose") for icon in manifest["icons"]] == [None, None, None, "maskable"]
    for icon in manifest["icons"]:
        assert icon["src"].startswith(base)
        file = folder / icon["src"].removeprefix(base)
        if icon["type"] == "image/png":
            assert icon["sizes"] == "{}x{}".format(*opened(file.read_bytes()).size)
        else:
            assert (icon["sizes"], file.name) == ("any", "favicon.svg")


def test_the_manifest_says_who_speaks(site: Site) -> None:
    site.build()
    manifest = json.loads(site.read("site.webmanifest"))
    assert (manifest["name"], manifest["short_name"]) == ("Ada Example", "Ada")
    assert manifest["description"] == "speaks about bridges"


def test_the_owners_drawing_makes_all_and_the_owners_files_win(site: Site) -> None:
    site.build()
    assert "stamp" in site.read("favicon.svg"), "the theme's own where there is none"
    site.write("extra/favicon.svg", SVG)
    site.write("extra/favicon.ico", b"mine")
    site.write("extra/site.webmanifest", "{}")
    site.build()
    assert site.read("favicon.svg") == SVG
    assert site.read("favicon.ico") == "mine"
    assert site.read("site.webmanifest") == "{}"
    assert (site.output / "icon-192.png").read_bytes() == drawing.icons(SVG.encode())["icon-192.png"]


def test_they_are_drawn_once(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.write("extra/favicon.svg", SVG)
    site.build()

    def again(_: bytes) -> dict[str, bytes]:
        raise AssertionError

    monkeypatch.setattr(drawing, "icons", again)
    site.build(publish=False)
    assert (site.output / "favicon.ico").is_file()


@pytest.mark.parametrize(
    ("svg", "line", "said"),
    [
        ("", 1, "this SVG cannot be read (no element found)"),
        (SVG.replace("><path", ">\n<g><path"), 2, "this SVG cannot be read (mismatched tag)"),
        ("<html>\n<svg/></html>", 1, 'this must begin with <svg xmlns="http://www.w3.org/2000/svg">'),
        (SVG.replace("<path", "\n<script>1</script><path"), 2, "an icon cannot hold a script, and the site's policy would block it; take `script` out"),
        (SVG.replace("<path", "\n\n<path onclick='1'"), 3, "an icon cannot hold a script, and the site's policy would block it; take `onclick` out"),
        ("<svg/>", 1, 'this must begin with <svg xmlns="http://www.w3.org/2000/svg">'),
        (SVG.replace("viewBox=", 'width="0" height="0" id='), 1, "no icon can be drawn of this SVG"),
    ],
    ids=["empty", "half", "a page", "a script", "a handler", "without its namespace", "without a size"],
)  # fmt: skip
def test_a_drawing_that_is_none_is_told_with_its_line(site: Site, svg: str, line: int, said: str) -> None:
    site.write("extra/favicon.svg", svg)
    (problem,) = site.problems()
    assert problem.startswith(f"extra/favicon.svg:{line}: {said}")


def test_what_browsers_know_and_the_drawing_does_not_is_told(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    svg = SVG.replace("#a00", "var(--ink)").replace("<path", "\n<style>:root{--ink:#a00}</style>\n<path")
    site.write("extra/favicon.svg", svg)
    with caplog.at_level(logging.WARNING):
        site.build()
    assert "extra/favicon.svg:3: icons are drawn without `var(…)`; write the colour itself" in caplog.text

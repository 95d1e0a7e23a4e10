from __future__ import annotations

import io
from typing import TYPE_CHECKING

from PIL import Image

if TYPE_CHECKING:
    from sites import Site


def picture(width: int, height: int, kind: str = "png") -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (width, height), "white").save(buffer, kind)
    return buffer.getvalue()


def test_a_picture_alone_is_a_figure_with_its_size(site: Site) -> None:
    site.write("images/a.png", picture(30, 20))
    site.post("p", body='Text\n\n![A & b]({static}/images/a.png "What & <where>")\n')
    site.build()
    figure = site.page("p/").css_first("figure")
    image = figure.css_first("img")
    assert {name: image.attributes[name] for name in ("src", "alt", "width", "height")} == {
        "src": "/images/a.png",
        "alt": "A & b",
        "width": "30",
        "height": "20",
    }
    assert figure.css_first("figcaption").text() == "What & <where>"
    assert "title" not in image.attributes


def test_a_picture_in_a_sentence_stays_there(site: Site) -> None:
    site.write("images/a.png", picture(3, 2))
    site.post("p", body="See ![it]({static}/images/a.png) here.\n")
    site.build()
    assert site.page("p/").css("p > img[alt='it']")
    assert not site.page("p/").css("figure")


def test_the_first_picture_is_not_lazy_and_the_others_are(site: Site) -> None:
    site.write("images/a.jpg", picture(3, 2, "jpeg"))
    site.post("p", body="![one]({static}/images/a.jpg)\n\n[![two]({static}/images/a.jpg)](https://example.org/)\n")
    site.build()
    images = site.page("p/").css("figure img")
    assert [image.attributes.get("loading") for image in images] == [None, "lazy"]


def test_a_path_beside_the_post_and_a_linked_figure(site: Site) -> None:
    site.write("images/x/a.png", picture(7, 5))
    site.write("posts/deep/p.md", "title: P\ndate: 2026-01-01\n\n![a]({static}../../images/x/a.png)\n")
    site.build()
    assert site.page("p/").css_first("img").attributes["width"] == "7"


def test_a_file_that_is_no_picture_names_the_line_that_uses_it(site: Site) -> None:
    site.write("images/a.png", b"this is not a picture")
    site.post("p", body="Text\n\n![a]({static}/images/a.png)\n")
    assert site.problems() == ["posts/p.md:6: the picture a.png cannot be read; save it anew"]

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from selectolax.lexbor import LexborHTMLParser

if TYPE_CHECKING:
    from pathlib import Path

    from sites import Site

HARD = 'Q&A: "50% off" #networking + C++ – naïve café 🎉'


def data(page: LexborHTMLParser) -> dict[str, dict[str, Any]]:
    (script,) = page.css("script[type='application/ld+json']")
    graph = json.loads(script.text())
    assert graph["@context"] == "https://schema.org"
    return {thing["@type"]: thing for thing in graph["@graph"]}


def meta(page: LexborHTMLParser, name: str) -> str | None:
    node = page.css_first(f"meta[property='{name}'], meta[name='{name}']")
    return node.attributes["content"] if node else None


def test_a_post_says_what_it_is(site: Site) -> None:
    site.post(
        "q-a",
        title=HARD,
        summary='</script> & "more"',
        tags="c++, bgp",
        category="Q&A",
        modified="2026-05-06",
        body="One two.\n",
    )
    site.build()
    page = site.page("q-a/")
    url = "https://ada.example.org/q-a/"
    post = data(page)["BlogPosting"]
    assert {
        key: post[key]
        for key in ("headline", "description", "url", "datePublished", "dateModified", "keywords", "wordCount")
    } == {
        "headline": HARD,
        "description": '</script> & "more"',
        "url": url,
        "datePublished": "2026-03-04T00:00:00+00:00",
        "dateModified": "2026-05-06T00:00:00+00:00",
        "keywords": ["c++", "bgp"],
        "wordCount": 2,
    }
    assert post["author"]["name"] == "Ada Example"
    trail = data(page)["BreadcrumbList"]["itemListElement"]
    assert [step["name"] for step in trail] == ["Ada Example", "Q&A", HARD]
    assert trail[-1]["item"] == page.css_first("link[rel=canonical]").attributes["href"] == meta(page, "og:url") == url
    assert meta(page, "og:title") == HARD
    assert meta(page, "description") == meta(page, "og:description") == '</script> & "more"'
    assert meta(page, "og:type") == "article"
    assert meta(page, "article:published_time") == "2026-03-04T00:00:00+00:00"
    assert page.css_first("title").text() == f"{HARD} · Ada Example"


def test_home_is_the_site_and_its_speaker(site: Site) -> None:
    site.build()
    things = data(site.page(""))
    assert things["WebSite"]["url"] == "https://ada.example.org/"
    assert things["Person"]["name"] == "Ada Example"
    assert "sameAs" not in things["Person"]


def test_profiles_are_named(site: Site) -> None:
    toml = (site.content / "speaker.toml").read_text(
        "utf-8"
    ) + '[[profiles]]\nlabel = "P"\nurl = "https://p.example/ada"\n'
    site.write("speaker.toml", toml)
    site.build()
    assert data(site.page(""))["Person"]["sameAs"] == ["https://p.example/ada"]


def test_a_post_shows_its_own_picture_else_the_sites(site: Site) -> None:
    from test_images import picture

    site.write("images/card.png", picture(1200, 630))
    site.write("images/own.png", picture(600, 400))
    site.write("speaker.toml", 'card = "images/card.png"\n' + (site.content / "speaker.toml").read_text("utf-8"))
    site.post("plain")
    site.post("named", image="images/own.png", image_alt="Own & only")
    site.build()
    assert meta(site.page("plain/"), "og:image") == "https://ada.example.org/images/card.png"
    named = site.page("named/")
    assert meta(named, "og:image") == "https://ada.example.org/images/own.png"
    assert meta(named, "og:image:alt") == "Own & only"
    assert data(named)["BlogPosting"]["image"] == ["https://ada.example.org/images/own.png"]
    assert meta(named, "twitter:card") == "summary_large_image"


def test_a_site_without_a_picture_names_none(site: Site) -> None:
    site.post("plain")
    site.build()
    page = site.page("plain/")
    assert meta(page, "og:image") is None
    assert meta(page, "twitter:card") == "summary"


@pytest.mark.parametrize("which", ["speaker_site", "example_site"])
def test_titles_and_descriptions_are_each_pages_own(which: str, request: pytest.FixtureRequest) -> None:
    folder: Path = request.getfixturevalue(which)
    seen: dict[str, Path] = {}
    for path in sorted(folder.rglob("*.html")):
        page = LexborHTMLParser(path.read_text("utf-8"))
        for said in (
            page.css_first("title").text(),
            f"description: {meta(page, 'description')}",
            f"og: {meta(page, 'og:url')}",
        ):
            assert said not in seen, f"{path} says the same as {seen[said]}: {said}"
            seen[said] = path
        assert data(page)

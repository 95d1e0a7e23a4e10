from __future__ import annotations

import io
import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

import pytest
from selectolax.lexbor import LexborHTMLParser
from sites import pages_to_read
from test_images import picture

from plugins.pictures import Picture
from plugins.preview import opengraph

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sites import Site

ROOT = "https://ada.example.org/"
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


def metas(page: LexborHTMLParser, start: str) -> list[tuple[str, str]]:
    """Give the names and values that begin so, in their order."""
    nodes = [node.attributes for node in page.css("meta[content]")]
    pairs = [(node.get("property") or node.get("name") or "", node["content"] or "") for node in nodes]
    return [(name, value) for name, value in pairs if name.startswith(start)]


def with_toml(site: Site, lines: str) -> None:
    site.write("speaker.toml", lines + (site.content / "speaker.toml").read_text("utf-8"))


def test_a_picture_is_described_with_its_size(cards: Site) -> None:
    site = cards
    site.write("images/own.png", picture(600, 400))
    site.post("named", image="images/own.png", image_alt="Own & only")
    site.build()
    named = site.page("named/")
    assert metas(named, "og:image") == [
        ("og:image", f"{ROOT}images/own.png"),
        ("og:image:type", "image/png"),
        ("og:image:width", "600"),
        ("og:image:height", "400"),
        ("og:image:alt", "Own & only"),
        ("og:image", f"{ROOT}cards/named-0123456789.png"),
        ("og:image:type", "image/png"),
        ("og:image:width", "1200"),
        ("og:image:height", "630"),
        ("og:image:alt", "Card of named"),
    ]
    assert metas(named, "twitter:") == [
        ("twitter:card", "summary_large_image"),
        ("twitter:title", "Named"),
        ("twitter:description", "Some words."),
        ("twitter:image", f"{ROOT}images/own.png"),
        ("twitter:image:alt", "Own & only"),
    ]


def saved(kind: str, size: tuple[int, int] = (800, 500)) -> bytes:
    from PIL import Image

    file = io.BytesIO()
    Image.new("RGB", size, "red").save(file, kind)
    return file.getvalue()


@pytest.mark.parametrize("kind", ["avif", "webp", "gif"])
def test_networks_readers_and_search_engines_get_a_format_that_they_show(kind: str, cards: Site) -> None:
    site = cards
    site.write(f"images/own.{kind}", saved(kind))
    site.post("named", image=f"images/own.{kind}", image_alt="Own")
    site.post("shows", body=f"![First]({{static}}/images/own.{kind})\n", date="2026-03-03")
    site.build()
    url = meta(site.page("named/"), "og:image") or ""
    assert re.fullmatch(rf"{ROOT}assets/pictures/own-800\.[0-9a-f]{{10}}\.png", url)
    made = (site.output / url.removeprefix(ROOT)).read_bytes()
    assert made.startswith(b"\x89PNG")
    assert metas(site.page("named/"), "og:image")[:5] == [
        ("og:image", url),
        ("og:image:type", "image/png"),
        ("og:image:width", "800"),
        ("og:image:height", "500"),
        ("og:image:alt", "Own"),
    ]
    assert meta(site.page("named/"), "twitter:image") == url
    assert data(site.page("named/"))["BlogPosting"]["image"][0] == url
    of_text = url if kind == "avif" else f"{ROOT}images/own.{kind}"
    for name, shown in (("named", url), ("shows", of_text)):
        (pin,) = site.page(f"{name}/").css(".share a[href*='pinterest']")
        assert f"media={quote(shown, safe='')}" in (pin.attributes["href"] or "")
        assert f'<enclosure url="{shown}"' in site.read("feed.xml")


@pytest.mark.parametrize(
    ("name", "picture_of", "said"),
    [
        pytest.param(
            "own.svg",
            b"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'/>",
            "is a drawing (SVG), which no network shows; save it as PNG too, 1200 wide, and name that",
            id="SVG",
        ),
        pytest.param(
            "own.png",
            saved("png", (100, 50)),
            "is 100×50 pixels, and networks show none below 200×200; save it larger, 1200×630 is best",
            id="small",
        ),
    ],
)
def test_of_a_picture_that_no_network_shows_it_is_said_and_the_card_is_shared(
    name: str, picture_of: bytes, said: str, cards: Site, caplog: pytest.LogCaptureFixture
) -> None:
    site = cards
    site.write(f"images/{name}", picture_of)
    site.post("named", image=f"images/{name}", image_alt="Own")
    site.build()
    assert f"posts/named.md:3: the picture {name} {said}; until then the card is shared" in caplog.text
    page = site.page("named/")
    assert [value for key, value in metas(page, "og:image") if key == "og:image"] == [
        f"{ROOT}cards/named-0123456789.png"
    ]
    assert meta(page, "twitter:image") == f"{ROOT}cards/named-0123456789.png"
    assert not page.css(".share a[href*='pinterest']")


@pytest.mark.parametrize(("kind", "size"), [("png", (100, 50)), ("avif", (120, 90)), ("jpeg", (3000, 150))])
def test_a_picture_too_small_for_networks_stands_for_no_post(kind: str, size: tuple[int, int], cards: Site) -> None:
    site = cards
    site.write(f"images/small.{kind}", saved(kind, size))
    site.write("images/large.avif", saved("avif"))
    site.post("alone", body=f"![Small]({{static}}/images/small.{kind})\n")
    site.post("beside", body=f"![Small]({{static}}/images/small.{kind})\n\n![L]({{static}}/images/large.avif)\n")
    site.post("named", image=f"images/small.{kind}", image_alt="Small")
    site.build()
    for name in ("alone", "named"):
        assert not site.page(f"{name}/").css(".share a[href*='pinterest']")
        assert data(site.page(f"{name}/"))["BlogPosting"]["image"] == [f"{ROOT}cards/{name}-0123456789.png"]
    (pin,) = site.page("beside/").css(".share a[href*='pinterest']")
    assert re.search(r"media=[^&]*large-800\.[0-9a-f]{10}\.png", unquote(pin.attributes["href"] or ""))
    assert site.read("feed.xml").count("<enclosure ") == 1


def test_a_picture_that_was_made_larger_is_shown_by_the_next_build(cards: Site) -> None:
    site = cards
    site.post("shows", body="![A]({static}/images/a.png)\n")
    for size, count in (((100, 50), 0), ((800, 500), 1)):
        site.write("images/a.png", saved("png", size))
        site.build()
        assert len(site.page("shows/").css(".share a[href*='pinterest']")) == count


def test_a_file_that_is_no_picture_is_called_so(site: Site) -> None:
    site.write("extra/x.txt", b"x")
    site.post("a", image="extra/x.txt", image_alt="Own")
    assert [problem for problem in site.problems() if "a.md" in problem] == [
        "posts/a.md:3: extra/x.txt is no picture that can be shared; name a JPEG or PNG, like images/letter.png"
    ]


def drawn(subject: Any) -> Picture | None:
    name = getattr(subject, "slug", None) or getattr(subject, "kind", None) or "sheet"
    return Picture(f"cards/{name}-0123456789.png", f"Card of {name}")


@pytest.fixture
def cards(site: Site) -> Iterator[Site]:
    """A site for which a room draws cards."""
    from pelican.plugins import signals

    def offer(pelican: Any) -> None:
        pelican.settings["CARD_PICTURE"] = drawn

    signals.get_generators.connect(offer)  # after all that rooms offer; signals hold their receivers weakly
    yield site
    signals.get_generators.disconnect(offer)


def test_a_drawn_card_follows_what_the_author_named(cards: Site) -> None:
    site = cards
    site.write("images/own.png", picture(600, 400))
    site.write("images/first.png", picture(300, 200))
    site.post("plain")
    site.post("named", image="images/own.png", image_alt="Own")
    site.post("shows", body="![First]({static}/images/first.png)\n")
    site.build()
    shown = {
        name: [value for key, value in metas(site.page(f"{name}/"), "og:image") if key == "og:image"]
        for name in ("plain", "named", "shows")
    }
    assert shown == {
        "plain": [f"{ROOT}cards/plain-0123456789.png"],
        "named": [f"{ROOT}images/own.png", f"{ROOT}cards/named-0123456789.png"],
        "shows": [f"{ROOT}cards/shows-0123456789.png"],
    }
    assert ("og:image:width", "1200") in metas(site.page("plain/"), "og:image:")
    assert meta(site.page("named/"), "twitter:image") == f"{ROOT}images/own.png"
    told = data(site.page("shows/"))["BlogPosting"]["image"]
    assert [url.rpartition("/")[2] for url in told] == ["first.png", "shows-0123456789.png"], (
        "a picture says more than a card"
    )
    assert meta(site.page(""), "og:image") == f"{ROOT}cards/home-0123456789.png"
    assert meta(site.page("card/"), "og:image") == f"{ROOT}cards/sheet-0123456789.png"


def test_the_owners_card_stands_before_the_drawn_one_but_not_on_posts(site: Site) -> None:
    site.write("images/card.png", picture(1200, 630))
    with_toml(site, 'card = "images/card.png"\n')
    site.post("plain")
    site.build()
    for url in ("", "2026/", "card/"):
        assert meta(site.page(url), "og:image") == f"{ROOT}images/card.png"
    assert (meta(site.page("plain/"), "og:image") or "").startswith(f"{ROOT}cards/plain-")


def test_a_page_that_is_not_there_has_no_picture(site: Site) -> None:
    site.write("pages/404.md", "title: Gone\nslug: 404\nstatus: hidden\ntemplate: not_found\n\nGone.\n")
    site.post("plain")
    site.build()
    page = site.page("404.html")
    assert metas(page, "og:image") == []
    assert meta(page, "twitter:card") == "summary"
    assert meta(page, "twitter:image") is None


def test_a_post_tells_its_times_its_author_and_its_place(site: Site) -> None:
    with_toml(site, 'fediverse = "@ada@social.example"\ntimezone = "Europe/Berlin"\n')
    site.post("a", date="2026-03-04 09:30", modified="2026-05-06", category="Q&A", tags="b, c")
    site.build()
    page = site.page("a/")
    assert metas(page, "article:") == [
        ("article:published_time", "2026-03-04T09:30:00+01:00"),
        ("article:modified_time", "2026-05-06T00:00:00+02:00"),
        ("article:author", ROOT),
        ("article:section", "Q&A"),
        ("article:tag", "b"),
        ("article:tag", "c"),
    ]
    assert meta(page, "author") == "Ada Example"
    assert meta(page, "fediverse:creator") == meta(site.page(""), "fediverse:creator") == "@ada@social.example"
    assert page.css_first("link[rel=author]").attributes["href"] == "/"


@pytest.mark.parametrize(
    ("name", "given", "expected"),
    [
        ("Ada Example", "Ada", [("profile:first_name", "Ada"), ("profile:last_name", "Example")]),
        ("Dr. Ada Example", "Ada", [("profile:first_name", "Ada")]),
        ("Ada", "Ada", [("profile:first_name", "Ada")]),
    ],
)
def test_the_page_about_the_speaker_is_a_profile(
    site: Site, name: str, given: str, expected: list[tuple[str, str]]
) -> None:
    toml = (site.content / "speaker.toml").read_text("utf-8")
    site.write("speaker.toml", toml.replace('"Ada Example"', f'"{name}"').replace('"Ada"', f'"{given}"'))
    site.write("pages/about.md", "title: About\n\nAda.\n")
    site.build()
    page = site.page("about/")
    assert meta(page, "og:type") == "profile"
    assert metas(page, "profile:") == expected
    assert metas(site.page("speaking/"), "profile:") == []


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "en_US"), ("en-GB", "en_GB"), ("de", "de_DE"), ("de-AT", "de_AT"), ("ja", "ja_JP"), ("ar", "ar_AR"),
        ("zh-Hant-TW", "zh_TW"), ("zh", "zh_CN"), ("sr-Latn", "sr_RS"), ("uk", "uk_UA"), ("gsw", ""), ("eo", ""),
    ],
)  # fmt: skip
def test_languages_as_open_graph_writes_them(language: str, expected: str) -> None:
    assert opengraph.locale(language) == expected


def test_a_post_in_another_language_says_so(site: Site) -> None:
    site.post("a", lang="ja")
    site.post("b", lang="eo")
    site.build()
    assert meta(site.page("a/"), "og:locale") == "ja_JP"
    assert meta(site.page("b/"), "og:locale") is None
    assert meta(site.page(""), "og:locale") == "en_US"


def test_what_is_not_listed_is_not_to_be_found(site: Site) -> None:
    site.post("shown")
    site.post("hidden", status="hidden")
    site.post("later", date="2031-01-01")
    site.post("draft", status="draft")
    site.write("pages/404.md", "title: Nothing here\ntemplate: not_found\nstatus: hidden\n\nNothing.\n")
    site.build(publish=False)
    found = {
        url: meta(site.page(url), "robots")
        for url in ("", "shown/", "hidden/", "drafts/later/", "drafts/draft/", "404.html", "card/", "2026/")
    }
    assert {url for url, said in found.items() if said} == {"hidden/", "drafts/later/", "drafts/draft/", "404.html"}
    assert {said for said in found.values() if said} == {"noindex"}


def test_search_engines_are_offered_no_search_box(example_site: Path) -> None:
    assert "SearchAction" not in (example_site / "index.html").read_text("utf-8")


@pytest.mark.parametrize("which", ["speaker_site", "example_site", "example_preview"])
def test_every_page_has_one_address_and_says_it_alike(which: str, request: pytest.FixtureRequest) -> None:
    folder: Path = request.getfixturevalue(which)
    for path in pages_to_read(folder):
        page = LexborHTMLParser(path.read_text("utf-8"))
        (canonical,) = page.css("link[rel=canonical]")
        url = canonical.attributes["href"] or ""
        assert url.startswith("https://")
        assert meta(page, "og:url") == url
        assert url.endswith(path.relative_to(folder).as_posix().removesuffix("index.html"))
        assert len(page.css("meta[name=theme-color]")) == 2
        names = [name for name, _ in metas(page, "") if not name.startswith(("og:image", "article:tag", "theme-color"))]
        assert len(names) == len(set(names)), f"{path} says one thing twice"
        assert all(value.strip() for _, value in metas(page, ""))


@pytest.mark.parametrize("which", ["speaker_site", "example_site"])
def test_titles_and_descriptions_are_each_pages_own(which: str, request: pytest.FixtureRequest) -> None:
    folder: Path = request.getfixturevalue(which)
    seen: dict[str, Path] = {}
    for path in pages_to_read(folder):
        page = LexborHTMLParser(path.read_text("utf-8"))
        for said in (
            page.css_first("title").text(),
            f"description: {meta(page, 'description')}",
            f"og: {meta(page, 'og:url')}",
        ):
            assert said not in seen, f"{path} says the same as {seen[said]}: {said}"
            seen[said] = path
        assert data(page)

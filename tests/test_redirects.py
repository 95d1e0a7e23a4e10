"""Addresses that were left: what stands there leads on to where it is now."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote, urljoin

import pytest
from selectolax.lexbor import LexborHTMLParser
from sites import DAY, ROOT, SPEAKER, Site, leads_on, pages_to_read

from plugins.addresses.redirects import MOST_RULES, Moved, moved, own_sources, rules
from plugins.ledger import Present, Published, written
from tools.announcing import builds
from tools.build import build

if TYPE_CHECKING:
    from pathlib import Path

A, B = Present("posts/a.md", "now/"), Present("posts/b.md", "other/")
TAKEN = ("now/index.html", "other/index.html", "index.html", "404.html", "images/a.png")


def entry(*addresses: str, gone: bool = False) -> Published:
    return Published(f"https://ada.example.org/{addresses[0]}", addresses, gone=gone)


def found(*presents: Present, taken: tuple[str, ...] = TAKEN, **entries: Published) -> dict[str, tuple[str, str]]:
    """Give the new address and the page by the old address."""
    ledger = {f"posts/{name}.md": one for name, one in entries.items()}
    return {each.old: (each.new, each.page) for each in moved(ledger, presents, taken)}


@pytest.mark.parametrize(
    ("addresses", "expected"),
    [
        pytest.param(["now/"], {}, id="never moved"),
        pytest.param(["one/", "now/"], {"one/": "one/index.html"}, id="moved"),
        pytest.param(["one/"], {"one/": "one/index.html"}, id="moved and not yet announced"),
        pytest.param(
            ["one/", "2/two/", "now/"], {"one/": "one/index.html", "2/two/": "2/two/index.html"}, id="twice, at once"
        ),
        pytest.param(["now/", "one/"], {"one/": "one/index.html"}, id="and back"),
        pytest.param(["2012/one.html", "one.php", "one"], dict(zip(["2012/one.html", "one.php", "one"], ["2012/one.html", "", "one/index.html"], strict=True)), id="as other software has it"),
        pytest.param(["other/", "images/a.png"], {}, id="where something else stands now"),
        pytest.param(["NOW/", "Other/"], {}, id="other in capitals only"),
        pytest.param(["images/", "images/a.png/b/"], {"images/": "images/index.html"}, id="above and below a file"),
        pytest.param(["404.html"], {}, id="the page for what is nowhere"),
        pytest.param(["..", "a/../../b/", "./c/", "/d/", "a//b/", ".git/", "e./", "a|b/", "a\nb/"], {}, id="no place for a file"),
        pytest.param(["naïve/日本/"], {"naïve/日本/": "naïve/日本/index.html"}, id="not ASCII"),
    ],
)  # fmt: skip
def test_what_was_left(addresses: list[str], expected: dict[str, str]) -> None:
    assert found(A, a=entry(*addresses)) == {old: ("now/", page) for old, page in expected.items()}


def test_an_address_that_two_have_left_leads_to_the_later_one() -> None:
    one, two = entry("x/", "y/", "now/"), entry("x/", "other/")
    assert found(A, B, a=one, b=two) == {"x/": ("other/", "x/index.html"), "y/": ("now/", "y/index.html")}
    assert found(A, B, a=entry("X/", "now/"), b=two) == {"X/": ("now/", "X/index.html")}, "one name for a file system"


def test_nothing_leads_to_what_is_not_shown() -> None:
    assert found(A, b=entry("one/", "other/")) == {}
    assert found(A, b=entry("one/", "other/", gone=True)) == {}


def move(old: str, new: str = "now/") -> Moved:
    return Moved("posts/a.md", old, new, "")


def test_rules_are_of_one_line_each_in_ascii() -> None:
    moves = [move("one/"), move("caf\u00e9 & more/", "日本/"), move("a*b/"), move("x" * 1000)]
    assert rules(moves, "/blog").splitlines() == [
        "/blog/one/ /blog/now/ 301",
        "/blog/caf%C3%A9%20&%20more/ /blog/%E6%97%A5%E6%9C%AC/ 301",
    ]
    assert rules([], "") == ""


def test_the_owners_rules_go_first_and_patterns_last() -> None:
    own = "# mine\n/mine /there 302\n\n/news/* /blog/:splat\n/late /there\n"
    assert rules([move("one/")], "", own) == (
        "# mine\n/mine /there 302\n\n/one/ /now/ 301\n/news/* /blog/:splat\n/late /there\n"
    )
    assert own_sources(own + "/b/caf%C3%A9/ /x\n/b/:year/x /y\n", "/b") == {"/mine", "/late", "café"}


def test_no_more_rules_than_a_host_takes() -> None:
    own = "# mine\n/mine /there\n"
    made = rules([move(f"{at}/") for at in range(3000)], "", own).splitlines()
    assert len(made) == 1 + MOST_RULES
    assert made[-1] == f"/{MOST_RULES - 2}/ /now/ 301"


def publish(site: Site, **entries: Published) -> None:
    ledger = {name.replace("__", "/") + ".md": one for name, one in entries.items()}
    site.write("published.toml", written(ledger))


def test_the_page_leads_on_and_can_be_read(site: Site) -> None:
    site.write("speaker.toml", SPEAKER.replace("ada.example.org", "ada.example.org/blog"))
    site.post("now", title='Cats & "dogs"', slug="日本")
    publish(site, posts__now=entry("old/", "日本/"))
    site.build()
    text = site.read("old/index.html")
    page = LexborHTMLParser(text)
    (refresh,) = page.css("meta[http-equiv=refresh]")
    assert refresh.attributes["content"] == "0; url=/blog/%E6%97%A5%E6%9C%AC/"
    assert page.css_first("link[rel=canonical]").attributes["href"] == "https://ada.example.org/blog/日本/"
    assert page.css_first("meta[name=robots]").attributes["content"] == "noindex"
    assert page.css_first("h1").text() == "This page has moved"
    (link,) = page.css("a")
    assert urljoin("/blog/old/", link.attributes["href"]) == "/blog/%E6%97%A5%E6%9C%AC/"
    assert link.text() == "Cats & “dogs”"
    assert not page.css("script, style, [style], img")
    assert len(text) < 2_000
    assert site.read("_redirects") == "/blog/old/ /blog/%E6%97%A5%E6%9C%AC/ 301\n"


def test_talks_and_pages_lead_on_too_and_drafts_never(site: Site) -> None:
    talk = "---\ntitle: T\npromise: P.\ntakeaways: [a, b, c]\n---\nText\n"
    site.write("talks/t.md", talk)
    site.write("pages/about.md", "title: About\n\nText\n")
    site.post("draft", status="draft")
    site.post("later", date="2031-01-02")
    site.post("hidden", status="hidden")
    moved = ("talks__t", "pages__about", "posts__draft", "posts__later", "posts__hidden", "posts__vanished")
    publish(site, **{name: entry(f"old-{name.partition('__')[2]}/") for name in moved})
    for public in (True, False):
        site.build(publish=public)
        pages = {path.parent.name for path in site.output.rglob("*.html") if leads_on(path)}
        assert pages == {"old-t", "old-about", "old-hidden"}
        assert site.read("_redirects") == "/old-about/ /about/ 301\n/old-t/ /talks/t/ 301\n", "all can read this file"
        assert "/old-" not in site.read("sitemap.xml")


def test_an_address_that_is_anothers_now_stays_with_it(site: Site) -> None:
    site.post("a", slug="new")
    site.post("b", slug="old", id="https://ada.example.org/b")
    site.write("extra/file.html", "<!doctype html><title>Mine</title>")
    publish(site, posts__a=entry("old/", "file.html", "tags/", "Speaking/", "new/"))
    assert site.problems() == []
    assert not [path for path in site.output.rglob("*.html") if leads_on(path)]
    assert not (site.output / "_redirects").exists()


def test_the_owners_rules_stand_in_one_file_with_ours(site: Site) -> None:
    site.post("a", slug="new")
    own = "/mine /there\n/first/ https://elsewhere.example/ 302\n/* /404.html 404\n"
    site.write("extra/_redirects", own)
    assert site.problems() == []
    assert site.read("_redirects") == own
    publish(site, posts__a=entry("first/", "old/"))
    assert site.problems() == []
    lines = own.splitlines()
    assert site.read("_redirects").splitlines() == [*lines[:2], "/old/ /new/ 301", lines[2]]
    assert not (site.output / "first").exists(), "a page would go before the owner's rule"


def test_the_address_book_has_them_for_whoever_publishes(site: Site, tmp_path: Path) -> None:
    site.post("a", slug="日本")
    publish(site, posts__a=entry("old/", "2012/a.html", "a.php"))
    config = tmp_path / "publishconf.py"
    config.write_text(f"import runpy\nglobals().update(runpy.run_path({str(ROOT / 'publishconf.py')!r}))\n", "utf-8")
    build(config, site.content, site.output)
    book = builds.last(tmp_path, site.output)
    assert book is not None
    to = "https://ada.example.org/%E6%97%A5%E6%9C%AC/"
    assert book.moved == (("2012/a.html", to), ("old/index.html", to))
    assert unquote(to) in book.pages


@pytest.mark.parametrize("which", ["example_site", "example_preview"])
def test_the_example_leads_on_to_thanks(which: str, request: pytest.FixtureRequest) -> None:
    folder: Path = request.getfixturevalue(which)
    pages = [path for path in folder.rglob("*.html") if leads_on(path)]
    assert sorted(path.parent.relative_to(folder).as_posix() for path in pages) == [
        "2024/12/thank-you-for-the-chairs",
        "thank-you-for-the-chairs",
    ]
    for path in pages:
        link = LexborHTMLParser(path.read_text("utf-8")).css_first("a").attributes["href"]
        assert (folder / link.removeprefix("/blog/") / "index.html") in pages_to_read(folder)
    assert (folder / "_redirects").read_text("utf-8").splitlines() == [
        "/blog/2024/12/thank-you-for-the-chairs/ /blog/2024/12/thanks/ 301",
        "/blog/thank-you-for-the-chairs/ /blog/2024/12/thanks/ 301",
    ]


def test_a_large_ledger_takes_a_moment() -> None:
    ledger = {f"posts/{at}.md": entry(*(f"{at}-{n}/" for n in range(10))) for at in range(2000)}
    presents = [Present(f"posts/{at}.md", f"{at}/", "", DAY) for at in range(2000)]
    assert len(moved(ledger, presents, [f"{at}/index.html" for at in range(2000)])) == 20_000

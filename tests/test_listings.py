from __future__ import annotations

import gzip
import hashlib
from typing import TYPE_CHECKING

import pytest
from test_site import PAGE_BUDGET

from plugins.listings.pages import pages_of

if TYPE_CHECKING:
    from sites import Site


@pytest.mark.parametrize(
    ("count", "sizes"),
    [(0, [0]), (1, [1]), (20, [20]), (21, [20, 1]), (45, [20, 20, 5])],
)
def test_pages(count: int, sizes: list[int]) -> None:
    pages = list(pages_of("tag", "x", "tag/x/", range(count), 20))
    assert [len(page.entries) for page in pages] == sizes
    assert [page.page for page in pages] == list(range(1, len(sizes) + 1))
    assert {page.pages for page in pages} == {len(sizes)}


def test_pages_lead_to_each_other() -> None:
    first, second, third = pages_of("home", "", "", range(45), 20)
    assert (first.url, first.save_as, first.newer_url, first.older_url) == ("", "index.html", None, "page/2/")
    assert (second.url, second.save_as, second.newer_url, second.older_url) == (
        "page/2/",
        "page/2/index.html",
        "",
        "page/3/",
    )
    assert (third.newer_url, third.older_url) == ("page/2/", None)


def test_every_list_is_drawn(site: Site) -> None:
    for n in range(1, 25):
        site.post(f"p{n:02}", date=f"20{20 + n % 2}-01-{n:02}", tags="t1, C++" if n > 2 else "t12, C", category="Q&A")
    site.build()
    assert len(site.page("").css("main a[href^='/p']:not([href^='/page'])")) >= 20
    assert len(site.page("page/2/").css("ol.contents > li")) == 4
    assert len(site.page("tag/t1/page/2/").css("ol.contents > li")) == 2
    assert len(site.page("tag/t12/").css("ol.contents > li")) == 2
    assert len(site.page("tag/c-plus-plus/").css("ol.contents > li")) == 20
    assert len(site.page("tag/c/").css("ol.contents > li")) == 2
    assert len(site.page("2021/").css("ol.contents > li")) == 12
    archive = site.page("archive/")
    assert [a.attributes["href"] for a in archive.css("main h2 a[href^='/20']")] == ["/2021/", "/2020/"]
    assert len(archive.css("ol.contents > li.h-entry")) == 24, "few letters stand there themselves"
    assert site.page("category/qa/").css("ol.contents > li")
    names = [a.text() for a in site.page("tags/").css("main li a[href^='/tag/']")]
    assert names == ["C", "C++", "t1", "t12"]


@pytest.mark.parametrize("count", [1, 49, 50])
def test_few_letters_are_listed_whole_and_many_by_year(count: int, site: Site) -> None:
    for n in range(count):
        title = " ".join(hashlib.sha256(f"{n} {at}".encode()).hexdigest()[:7] for at in range(7))
        site.post(f"p{n:02}", date=f"20{20 + n % 3}-01-{n % 28 + 1:02}", title=title)
    site.build()
    page = site.page("archive/")
    years = [f"/{year}/" for year in (2022, 2021, 2020)[-min(count, 3) :]]
    letters = [a.attributes["href"] for a in page.css("ol.contents h3 a")]
    if count < 50:
        assert sorted(letters) == [f"/p{n:02}/" for n in range(count)]
        assert [a.attributes["href"] for a in page.css("h2.year a")] == years
        assert page.css("main.h-feed")
        assert len(page.css(".h-entry .dt-published")) == count
        assert len(gzip.compress(site.read("archive/index.html").encode(), 9, mtime=0)) < PAGE_BUDGET
    else:
        assert not letters
        assert [a.attributes["href"] for a in page.css("ol.counts h2 a")] == years
        assert [span.text() for span in page.css("ol.counts span")] == ["16", "17", "17"]
    assert not (site.output / "archive/page").exists()


def test_a_blog_without_posts_is_whole(site: Site) -> None:
    site.build()
    for url in ("", "archive/", "tags/", "categories/"):
        assert len(site.page(url).css("h1")) == 1
        assert "The first letter is still being written" in site.page(url).css_first("main").text()


def test_a_series_has_a_page_in_its_own_order(site: Site) -> None:
    site.post("a", date="2024-01-01", series="Bridges & tunnels", part="2")
    site.post("b", date="2023-01-01", series="Bridges & tunnels")
    site.post("c", date="2022-01-01", series="Bridges & tunnels")
    site.post("d", date="2021-01-01", series="Bridges & tunnels", status="draft")
    site.post("e", date="2031-01-01", series="Bridges & tunnels")
    site.post("f")
    site.build()
    page = site.page("series/bridges-tunnels/")
    assert [h.text().strip() for h in page.css("ol.contents h2")] == ["1. C", "2. A", "3. B"]
    terms = site.page("series/").css("ol.contents li")
    assert [" ".join(term.text().split()) for term in terms] == ["Bridges & tunnels 3"]
    assert site.page("archive/").css_first("main a[href='/series/']")
    sitemap = site.read("sitemap.xml")
    assert "<loc>https://ada.example.org/series/bridges-tunnels/</loc><lastmod>2024-01-01</lastmod>" in sitemap.replace(
        "\n", ""
    )


def test_a_long_series_counts_on_over_its_pages_in_whatever_languages(site: Site) -> None:
    for n in range(1, 31):
        site.post(f"p{n:02}", date=f"2026-01-{n:02}", series="三つの橋", lang="ja" if n % 2 else "ar", part=str(31 - n))
    site.build()
    page = site.page("series/san-tsunoqiao/page/2/")
    assert (page.css_first("ol.contents h2").text() or "").strip() == "21. P10"
    assert page.css("ol.contents h2 a")[-1].attributes["lang"] == "ja"
    assert (
        site.page("p30/").css_first(".masthead a[href='/series/san-tsunoqiao/']").text() == "Part 1 of 30 of “三つの橋”"
    )


def test_without_a_series_nothing_speaks_of_one(site: Site) -> None:
    site.post("a")
    site.build()
    assert not (site.output / "series").exists()
    assert "series" not in site.read("archive/index.html")


def test_every_list_counts_its_letters(site: Site) -> None:
    for name, head in {
        "a": {"tags": "x, y"},
        "b": {"tags": "x", "category": "Steel"},
        "c": {"date": "2020-01-01"},
    }.items():
        site.post(name, **head)
    site.post("draft", status="draft", tags="x", category="Steel")
    site.build()
    counts = {
        url: {li.css_first("a").text(): li.css_first("span").text() for li in site.page(url).css("ol.contents li")}
        for url in ("tags/", "categories/")
    }
    assert counts == {
        "tags/": {"x": "2", "y": "1"},
        "categories/": {"Observations": "2", "Steel": "1"},
    }

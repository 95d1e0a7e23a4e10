from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

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
    assert [a.attributes["href"] for a in site.page("archive/").css("main li a[href^='/20']")] == ["/2021/", "/2020/"]
    assert site.page("category/qa/").css("ol.contents > li")
    names = [a.text() for a in site.page("tags/").css("main li a[href^='/tag/']")]
    assert names == ["C", "C++", "t1", "t12"]


def test_a_blog_without_posts_is_whole(site: Site) -> None:
    site.build()
    for url in ("", "archive/", "tags/", "categories/"):
        assert len(site.page(url).css("h1")) == 1

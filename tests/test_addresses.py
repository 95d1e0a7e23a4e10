from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

if TYPE_CHECKING:
    from sites import Site

NAMES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}


def test_the_sitemap_names_what_is_published_and_when_it_changed(site: Site) -> None:
    site.post("a", modified="2026-05-06")
    site.post("b", date="2026-01-02")
    site.post("c", status="hidden")
    site.write("pages/about.md", "title: About\ndate: 2026-02-03\n\nText\n")
    site.build()
    root = etree.fromstring(site.read("sitemap.xml").encode())
    found = {url.findtext("s:loc", namespaces=NAMES): url.findtext("s:lastmod", namespaces=NAMES) for url in root}
    assert found == {
        "https://ada.example.org/": "2026-05-06",
        "https://ada.example.org/a/": "2026-05-06",
        "https://ada.example.org/b/": "2026-01-02",
        "https://ada.example.org/about/": "2026-02-03",
        "https://ada.example.org/card/": None,
        "https://ada.example.org/speaking/": None,
        "https://ada.example.org/subscribe/": None,
    }


def test_robots_names_the_sitemap_unless_the_owner_has_another(site: Site) -> None:
    site.build()
    assert "Sitemap: https://ada.example.org/sitemap.xml\n" in site.read("robots.txt")
    site.write("extra/robots.txt", "User-agent: *\nDisallow: /\n")
    site.build()
    assert site.read("robots.txt") == "User-agent: *\nDisallow: /\n"

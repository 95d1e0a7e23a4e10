from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser
    from sites import Site

TALK = "---\ntitle: Piers\nstatus: draft\npromise: It stands.\ntakeaways: [a, b, c]\n---\nWords.\n"


def written(site: Site) -> None:
    site.post("seen")
    site.post("half", title="Half & half", status="draft")
    site.post("later", date="2027-02-03")
    site.post("sooner", date="2026-11-23")
    site.post("later-still-a-draft", date="2027-02-03", status="draft")
    site.write("pages/about.md", "title: About\nstatus: draft\n\nWords.\n")
    site.write("pages/then.md", "title: Then\ndate: 2026-12-24\n\nWords.\n")
    site.write("talks/piers.md", TALK)


def listed(page: LexborHTMLParser, shelf: str) -> list[tuple[str | None, str]]:
    links = page.css(f"section[aria-labelledby='{shelf}'] li")
    return [(li.css_first("a").attributes["href"], li.css_first("time, h3 + span").text()) for li in links]


def test_the_preview_lists_drafts_and_what_waits_apart(site: Site) -> None:
    written(site)
    site.build(publish=False)
    page = site.page("drafts/")
    assert listed(page, "drafts") == [
        ("/drafts/half/", "Letter"),
        ("/drafts/later-still-a-draft/", "Letter"),
        ("/drafts/about/", "Page"),
        ("/drafts/talks/piers/", "Talk"),
    ]
    assert listed(page, "waiting") == [
        ("/drafts/sooner/", "23 November 2026"),
        ("/drafts/then/", "24 December 2026"),
        ("/drafts/later/", "3 February 2027"),
    ]
    home = site.page("").css_first(".banner")
    assert home.text().startswith("Drafts: 4. Waiting for their day: 3.")
    assert home.css_first("a[href='/drafts/']")
    assert "/drafts/" not in site.read("sitemap.xml")


def test_each_of_them_says_so_and_leads_to_the_list(site: Site) -> None:
    written(site)
    site.build(publish=False)
    for name in ("half", "later-still-a-draft", "about", "talks/piers"):
        banner = site.page(f"drafts/{name}/").css_first("main .banner")
        assert banner.text().startswith("A draft.")
        assert banner.css_first("a[href='/drafts/']")
    assert "on 23 November 2026." in site.page("drafts/sooner/").css_first("main .banner").text()
    assert "on 24 December 2026." in site.page("drafts/then/").css_first("main .banner").text()
    assert not site.page("seen/").css_first(".banner")
    assert not site.page("drafts/").css_first(".banner")


def test_where_there_are_none_the_list_says_so(site: Site) -> None:
    site.post("seen")
    site.build(publish=False)
    assert [p.text() for p in site.page("drafts/").css("section p")] == ["There is nothing here."] * 2
    assert not site.page("").css_first(".banner")


def test_the_published_site_has_nothing_of_it(site: Site) -> None:
    written(site)
    site.build()
    assert not (site.output / "drafts").exists()
    pages = "".join(path.read_text("utf-8") for path in site.output.rglob("*.html"))
    assert 'href="/drafts/' not in pages
    assert 'class="banner' not in pages


def test_a_page_at_the_lists_address_is_told(site: Site) -> None:
    site.write("pages/drafts.md", "title: Drafts\n\nBeer, mostly.\n")
    assert site.problems() == []
    (problem,) = site.problems(publish=False)
    assert "the preview's list of drafts" in problem


def test_what_is_wrong_in_a_draft_with_a_day_to_come_stops_no_publish(site: Site) -> None:
    site.post("half", "[a](/none/)\n", status="draft", date="2027-02-03")
    assert site.problems() == []
    assert len(site.problems(publish=False)) == 1

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import feedparser
import pytest
from lxml import etree

from plugins.feeds import formats
from plugins.feeds.entries import Entry, Feed, absolute

if TYPE_CHECKING:
    from pathlib import Path

    from sites import Site

HARD = 'Q&A: "50% off" #networking + C++ – naïve café 🎉'
NAMES = {"content": "http://purl.org/rss/1.0/modules/content/", "atom": "http://www.w3.org/2005/Atom"}
PARSER = etree.XMLParser(resolve_entities=False, no_network=True)


def strict(text: str | bytes) -> etree._Element:
    return etree.fromstring(text.encode() if isinstance(text, str) else text, PARSER)


@pytest.mark.parametrize("name", ["feed.xml", "atom.xml"])
def test_a_reader_gets_the_whole_post(site: Site, name: str) -> None:
    site.post(
        "q-a",
        title=HARD,
        summary="One & <two>",
        tags="c++, bgp",
        category="Q&A",
        body='It\'s "here" -- [x]({filename}b.md#y).\n',
    )
    site.post("b", body="## Y\n\ntext\n", date="2026-01-01 10:00")
    site.build()
    feed = feedparser.parse(site.read(name))
    assert not feed.bozo
    assert feed.feed.title == "Ada Example: letters"
    assert feed.feed.language == "en" or feed.feed.title_detail.language == "en"
    first, second = feed.entries
    assert first.title == HARD
    assert "“here” – " in first.content[0].value
    assert 'href="https://ada.example.org/b/#y"' in first.content[0].value
    assert first.author == "Ada Example"
    assert [tag.term for tag in first.tags] == ["Q&A", "c++", "bgp"]
    assert first.link == "https://ada.example.org/q-a/"
    assert (first.published_parsed[:5], second.published_parsed[:5]) == ((2026, 3, 4, 0, 0), (2026, 1, 1, 10, 0))


def test_rss_by_the_letter(site: Site) -> None:
    site.post("a", summary="One & <two>", modified="2026-05-06")
    site.post("b", id="https://old.example.org/?p=17")
    site.post("c", id="17")
    site.build()
    root = strict(site.read("feed.xml"))
    assert root.findtext("channel/language") == "en"
    assert root.find("channel/atom:link[@rel='self']", NAMES).get("href") == "https://ada.example.org/feed.xml"
    assert root.findtext("channel/lastBuildDate") == "Wed, 06 May 2026 00:00:00 +0000"
    items = {item.findtext("link"): item for item in root.iterfind("channel/item")}
    guids = {
        link.split("/")[-2]: (item.findtext("guid"), item.find("guid").get("isPermaLink"))
        for link, item in items.items()
    }
    assert guids == {
        "a": ("https://ada.example.org/a/", "true"),
        "b": ("https://old.example.org/?p=17", "false"),
        "c": ("17", "false"),
    }
    assert items["https://ada.example.org/a/"].findtext("description") == "One &amp; &lt;two&gt;"
    assert items["https://ada.example.org/a/"].findtext("content:encoded", namespaces=NAMES) == "<p>Some words.</p>"


def test_atom_by_the_letter(site: Site) -> None:
    site.post("a", modified="2026-05-06")
    site.post("c", id="17")
    site.build()
    root = strict(site.read("atom.xml"))
    assert root.findtext("atom:updated", namespaces=NAMES) == "2026-05-06T00:00:00+00:00"
    ids = [entry.findtext("atom:id", namespaces=NAMES) for entry in root.iterfind("atom:entry", NAMES)]
    assert ids[0] == "https://ada.example.org/a/"
    assert ids[1].startswith("urn:uuid:")


def test_an_empty_blog_has_a_valid_feed_dated_by_the_site(site: Site) -> None:
    site.build()
    root = strict(site.read("feed.xml"))
    assert root.findtext("channel/lastBuildDate") == "Sun, 22 Nov 2026 00:00:00 +0000"
    assert not feedparser.parse(site.read("atom.xml")).bozo


@pytest.mark.parametrize("written", [formats.rss, formats.atom])
def test_what_xml_cannot_hold_is_left_out(written: object) -> None:
    day = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    text = "a\x00b\x0bc\ufffed\ud800e"
    entry = Entry(text, "https://x.example/a/", text, text, f"<p>{text}</p>", "A", day, day, ())
    feed = Feed(text, text, "https://x.example/", "https://x.example/f", "en", "A", day, (entry,))
    parsed = feedparser.parse(written(feed))
    assert not parsed.bozo
    assert parsed.entries[0].title == parsed.feed.title == "abcde"


@pytest.mark.parametrize(
    ("markup", "whole"),
    [
        ('<a href="/blog/a/">', 'href="https://x.example/blog/a/"'),
        ('<a href="../b/?c=d&amp;e#f">', 'href="https://x.example/blog/b/?c=d&amp;e#f"'),
        ('<a href="#fn:1">', 'href="https://x.example/blog/here/#fn:1"'),
        ('<a href="mailto:a@b.example?body=%20">', 'href="mailto:a@b.example?body=%20"'),
        ('<img src="/blog/i.png" alt="a &quot;b&quot;">', 'src="https://x.example/blog/i.png"'),
        ('<a href="https://y.example/z">', 'href="https://y.example/z"'),
    ],
)
def test_addresses_become_absolute(markup: str, whole: str) -> None:
    assert whole in absolute(f"<p>{markup}</p>", "https://x.example/blog/here/")


def test_other_text_comes_through_as_it_was() -> None:
    markup = "<p>a &amp; b &lt;tag&gt; é 🎉</p>\n<pre><code>x &lt; y\n\n z</code></pre>\n<ul><li>1</li></ul>"
    assert absolute(markup, "https://x.example/") == markup


def test_every_page_names_both_feeds(example_site: Path) -> None:
    from selectolax.lexbor import LexborHTMLParser

    for path in example_site.rglob("*.html"):
        links = LexborHTMLParser(path.read_text("utf-8")).css("link[rel=alternate][type$=xml]")
        assert [link.attributes["href"].rpartition("/")[2] for link in links] == ["feed.xml", "atom.xml"], path


@pytest.mark.parametrize("name", ["feed.xml", "atom.xml"])
@pytest.mark.parametrize("which", ["speaker_site", "example_site"])
def test_the_feeds_of_both_sites(which: str, name: str, request: pytest.FixtureRequest) -> None:
    data = (request.getfixturevalue(which) / name).read_bytes()
    strict(data)
    feed = feedparser.parse(data)
    assert not feed.bozo
    assert len(feed.entries) >= 10
    assert len({entry.id for entry in feed.entries}) == len(feed.entries)
    for entry in feed.entries:
        assert entry.content[0].value
        for attribute in ('href="/', 'src="/', "{filename}", "{static}"):
            if attribute not in ("{filename}", "{static}"):
                assert attribute not in entry.content[0].value
        assert "<span" not in entry.title
        assert "&#" not in entry.title

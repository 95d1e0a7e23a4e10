from __future__ import annotations

import datetime as dt
import html
import json
import re
from email.utils import parsedate_to_datetime
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import feedparser
import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from pelican.plugins import signals
from selectolax.lexbor import LexborHTMLParser
from sites import SPEAKER, pages_to_read

from plugins.feeds import formats
from plugins.feeds.entries import Author, Entry, Feed, Media
from plugins.feeds.readers import READERS
from plugins.feeds.rewriting import Shown, for_readers

if TYPE_CHECKING:
    from sites import Site

HARD = 'Q&A: "50% off" #networking + C++ – naïve café 🎉'
NAMES = {
    "content": "http://purl.org/rss/1.0/modules/content/",
    "atom": "http://www.w3.org/2005/Atom",
    "dc": "http://purl.org/dc/elements/1.1/",
    "media": "http://search.yahoo.com/mrss/",
}
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
PARSER = etree.XMLParser(resolve_entities=False, no_network=True)
SCHEMA = json.loads(Path(__file__).with_name("json_feed.schema.json").read_text("utf-8"))
FILES = ("feed.xml", "atom.xml", "feed.json")
DAY = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
FEED = Feed("T", "D", "https://x.example/", "https://x.example/f", "en", Author("A", "https://x.example/"), DAY, ())
EVENTS = """
[[events]]
event = "Spring meeting"
title = "Bridges & tunnels"
place = "Berlin"
start = 2026-03-04T09:30:00
id = "spring"

[[events]]
event = "Winter meeting"
online = true
start = 2026-12-04
url = "https://winter.example.org/"
status = "tentative"
public = true
"""


def strict(text: str | bytes) -> etree._Element:
    return etree.fromstring(text.encode() if isinstance(text, str) else text, PARSER)


def entry(**values: Any) -> Entry:
    said = {
        "title": "t",
        "url": "https://x.example/a/",
        "id": "https://x.example/a/",
        "summary": "s",
        "html": "<p>h</p>",
    }
    return Entry(**({**said, "language": "en", "published": DAY, "updated": DAY} | values))


def ids(folder: Path, place: str = "") -> dict[str, dict[str, str]]:
    """Give, by format, the id of each entry by its title."""
    rss = strict((folder / place / "feed.xml").read_bytes())
    atom = strict((folder / place / "atom.xml").read_bytes())
    items = json.loads((folder / place / "feed.json").read_text("utf-8"))["items"]
    return {
        "rss": {item.findtext("title"): item.findtext("guid") for item in rss.iter("item")},
        "atom": {
            e.findtext("atom:title", "", NAMES): e.findtext("atom:id", "", NAMES)
            for e in atom.iterfind("atom:entry", NAMES)
        },
        "json": {item["title"]: item["id"] for item in items},
    }


def places(folder: Path) -> list[str]:
    return sorted(path.parent.relative_to(folder).as_posix() for path in folder.rglob("feed.xml"))


# What readers get of a post


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


def test_json_feed_says_the_same(site: Site) -> None:
    site.post("q-a", title=HARD, summary="One & <two>", tags="c++, bgp", category="Q&A", modified="2026-05-06")
    site.build()
    feed = json.loads(site.read("feed.json"))
    assert feed["items"] == [
        {
            "id": "https://ada.example.org/q-a/",
            "url": "https://ada.example.org/q-a/",
            "title": HARD,
            "content_html": "<p>Some words.</p>",
            "summary": "One & <two>",
            "date_published": "2026-03-04T00:00:00+00:00",
            "date_modified": "2026-05-06T00:00:00+00:00",
            "tags": ["Q&A", "c++", "bgp"],
            "language": "en",
        }
    ]
    assert feed["authors"] == [{"name": "Ada Example", "url": "https://ada.example.org/"}]
    assert "hubs" not in feed


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
    site.post("a", modified="2026-05-06", summary="One & <two>")
    site.post("c", id="17")
    site.build()
    root = strict(site.read("atom.xml"))
    assert root.findtext("atom:updated", namespaces=NAMES) == "2026-05-06T00:00:00+00:00"
    ids = [entry.findtext("atom:id", namespaces=NAMES) for entry in root.iterfind("atom:entry", NAMES)]
    assert ids[0] == "https://ada.example.org/a/"
    assert ids[1].startswith("urn:uuid:")
    assert root.findtext("atom:entry/atom:summary", namespaces=NAMES) == "One & <two>"


def test_a_post_in_another_language_says_so(site: Site) -> None:
    site.post("a", lang="ar", body="نص\n")
    site.post("b", date="2026-01-01")
    site.build()
    rss, atom = strict(site.read("feed.xml")), strict(site.read("atom.xml"))
    assert [one.text for one in rss.iterfind(".//item/dc:language", NAMES)] == ["ar", "en"]
    assert [one.get(XML_LANG) for one in atom.iterfind("atom:entry", NAMES)] == ["ar", "en"]
    items = json.loads(site.read("feed.json"))["items"]
    assert [item["language"] for item in items] == ["ar", "en"]
    assert items[0]["content_html"] == '<div lang="ar" dir="rtl">\n<p>نص</p>\n</div>'
    assert items[1]["content_html"] == "<p>Some words.</p>"


def test_a_hub_stands_in_all_three(site: Site) -> None:
    site.write(
        "speaker.toml", (site.content / "speaker.toml").read_text() + 'hub = "https://hub.example.org/?a=1&b=2"\n'
    )
    site.post("a")
    site.build()
    hub = "https://hub.example.org/?a=1&b=2"
    assert strict(site.read("feed.xml")).find("channel/atom:link[@rel='hub']", NAMES).get("href") == hub
    assert strict(site.read("atom.xml")).find("atom:link[@rel='hub']", NAMES).get("href") == hub
    assert json.loads(site.read("feed.json"))["hubs"] == [{"type": "WebSub", "url": hub}]


def test_an_empty_blog_has_valid_feeds_dated_by_the_site(site: Site) -> None:
    site.build()
    root = strict(site.read("feed.xml"))
    assert root.findtext("channel/lastBuildDate") == "Sun, 22 Nov 2026 00:00:00 +0000"
    assert not feedparser.parse(site.read("atom.xml")).bozo
    feed = json.loads(site.read("feed.json"))
    jsonschema.validate(feed, SCHEMA)
    assert feed["items"] == []
    assert places(site.output) == ["."]


def test_a_post_without_a_text_is_an_item_all_the_same(site: Site) -> None:
    site.post("a", body="")
    site.build()
    feed = json.loads(site.read("feed.json"))
    jsonschema.validate(feed, SCHEMA)
    assert feed["items"][0]["content_html"] == ""


@given(text=st.text(st.characters(), max_size=30))
def test_what_a_format_cannot_hold_is_left_out(text: str) -> None:
    text = f"a\x00b\x0bc\ufffed\ud800{text}e"
    feed = FEED._replace(
        title=text, description=text, entries=(entry(title=text, summary=text, html=text, categories=(text,)),)
    )
    rss, atom = strict(formats.rss(feed)), strict(formats.atom(feed))
    item = json.loads(formats.json_feed(feed))["items"][0]
    # A parser makes one line end of each kind (XML 1.0, section 2.11).
    said = item["title"].replace("\r\n", "\n").replace("\r", "\n")
    assert said.startswith("abcd")
    assert rss.findtext("channel/item/title") == atom.findtext("atom:entry/atom:title", namespaces=NAMES) == said
    assert re.sub("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "", text) == item["title"]


# Ids are for ever


def ledger(known: dict[str, str]) -> Any:
    """Give what puts a ledger into a build's settings, over the one that the site may have."""

    def put(generators: list[Any]) -> None:
        generators[0].settings["LEDGER"] = {source: SimpleNamespace(id=name) for source, name in known.items()}

    return put


def test_an_id_outlives_title_slug_date_and_host(site: Site) -> None:
    keep = ledger({"posts/a.md": "https://first.example.org/2020/a/"})
    signals.all_generators_finalized.connect(keep)
    site.post("a", category="Notes", tags="bridges")
    site.post("b", id="urn:uuid:3f2504e0-4f89-41d3-9a0c-0305e82c3301", category="Notes")
    site.write("speaker.toml", (site.content / "speaker.toml").read_text() + 'feed_tags = ["bridges"]\n')
    site.build()
    before = {kind: set(known.values()) for kind, known in ids(site.output).items()}
    site.post("a", title="Another", slug="elsewhere", date="2026-05-05", category="Notes", tags="bridges")
    site.post("b", title="And another", slug="b2", id="urn:uuid:3f2504e0-4f89-41d3-9a0c-0305e82c3301", category="Notes")
    speaker = (site.content / "speaker.toml").read_text()
    site.write("speaker.toml", speaker.replace("https://ada.example.org", "https://new.example.com/blog"))
    site.build()
    wanted = {"https://first.example.org/2020/a/", "urn:uuid:3f2504e0-4f89-41d3-9a0c-0305e82c3301"}
    assert before == dict.fromkeys(("rss", "atom", "json"), wanted)
    assert {kind: set(known.values()) for kind, known in ids(site.output).items()} == before
    for place in ("category/notes", "tag/bridges"):
        for known in ids(site.output, place).values():
            assert known["Another"] == "https://first.example.org/2020/a/", place
    guid = strict(site.read("feed.xml")).xpath("//item[title='Another']/guid")[0]
    assert guid.get("isPermaLink") == "false"


def test_what_front_matter_says_comes_before_the_ledger(site: Site) -> None:
    keep = ledger({"posts/a.md": "https://first.example.org/a/"})
    signals.all_generators_finalized.connect(keep)
    site.post("a", id="tag:ada.example.org,2020:a")
    site.build()
    assert ids(site.output)["json"] == {"A": "tag:ada.example.org,2020:a"}


def test_an_event_keeps_its_id_when_it_moves_and_when_the_site_does(site: Site) -> None:
    site.write("events.toml", EVENTS)
    site.build()
    before = ids(site.output, "speaking/dates")
    speaker = (site.content / "speaker.toml").read_text()
    site.write("speaker.toml", speaker.replace("https://ada.example.org", "https://new.example.com"))
    site.write("events.toml", EVENTS.replace("2026-03-04T09:30:00", "2026-03-05T10:00:00").replace("Berlin", "Bonn"))
    site.build()
    after = ids(site.output, "speaking/dates")
    assert {kind: set(known.values()) for kind, known in before.items()} == {
        kind: set(known.values()) for kind, known in after.items()
    }
    assert before["rss"] == before["atom"] == before["json"] != after["rss"]
    assert len(set(after["rss"].values())) == 2


# Appearances


def test_appearances_have_feeds_of_their_own(site: Site) -> None:
    site.write("events.toml", EVENTS)
    site.build()
    rss, atom = strict(site.read("speaking/dates/feed.xml")), strict(site.read("speaking/dates/atom.xml"))
    titles = ["Winter meeting: 4 December 2026, online", "Bridges & tunnels: 4 March 2026, Berlin"]
    assert [item.findtext("title") for item in rss.iter("item")] == titles
    # Nobody wrote down when it was announced: readers go by when they first see it.
    assert [item.findtext("pubDate") for item in rss.iter("item")] == [None, "Wed, 04 Mar 2026 09:30:00 +0000"]
    updated = [one.findtext("atom:updated", "", NAMES) for one in atom.iterfind("atom:entry", NAMES)]
    assert updated == ["2026-12-04T00:00:00+00:00", "2026-03-04T09:30:00+00:00"]
    assert rss.findtext("channel/lastBuildDate") == "Wed, 04 Mar 2026 09:30:00 +0000"
    html = rss.findtext("channel/item/content:encoded", "", NAMES)
    assert "(pencilled in)" in html
    assert '<a href="https://winter.example.org/">Winter meeting</a>' in html
    anchors = {node.attributes["id"] for node in site.page("speaking/dates/").css(".events li")}
    assert {item.findtext("link").partition("dates/#")[2] for item in rss.iter("item")} == anchors


def test_dates_stand_from_the_farthest_to_the_longest_ago(example_site: Path) -> None:
    entries = strict((example_site / "speaking/dates/atom.xml").read_bytes()).iterfind("atom:entry", NAMES)
    days = [dt.datetime.fromisoformat(entry.findtext("atom:updated", "", NAMES)) for entry in entries]
    assert len(days) > 3
    assert days == sorted(days, reverse=True)


def test_a_feed_of_what_is_to_come_is_the_same_every_day(site: Site) -> None:
    site.write("events.toml", EVENTS.partition("\n\n")[2])
    site.build()
    assert (
        strict(site.read("speaking/dates/atom.xml")).findtext("atom:updated", "", NAMES) == "2026-12-04T00:00:00+00:00"
    )


def test_private_appearances_stay_private(site: Site) -> None:
    site.write("events.toml", EVENTS.replace("public = true", "public = false"))
    site.build()
    assert "Winter" not in site.read("speaking/dates/feed.xml") + site.read("speaking/dates/feed.json")


# Pictures


def prepared(site: Site) -> Site:
    from PIL import Image

    for name, size in (("a.png", (300, 200)), ("b.jpg", (40, 10)), ("named.png", (600, 315))):
        path = site.content / "images" / name
        path.parent.mkdir(exist_ok=True)
        Image.new("RGB", size).save(path)
    site.write("images/c.svg", "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'/>")
    site.post(
        "p", body="![one]({static}/images/a.png)\n\n![two & 2]({static}/images/b.jpg) ![three]({static}/images/c.svg)\n"
    )
    site.post(
        "n", date="2026-01-01", image="images/named.png", image_alt="named", body="![one]({static}/images/a.png)\n"
    )
    return site


def test_pictures_are_named_with_what_is_delivered(site: Site) -> None:
    prepared(site).build()
    first, second = strict(site.read("feed.xml")).iter("item")
    media = [dict(one.attrib) for one in first.iterfind("media:content", NAMES)]
    assert [(urlsplit(one["url"]).path, one["type"], one.get("width"), one.get("height")) for one in media] == [
        ("/images/a.png", "image/png", "300", "200"),
        ("/images/b.jpg", "image/jpeg", "40", "10"),
        ("/images/c.svg", "image/svg+xml", None, None),
    ]
    assert [one.text for one in first.iterfind("media:content/media:description", NAMES)] == ["one", "two & 2", "three"]
    assert first.find("enclosure").get("url") == "https://ada.example.org/images/a.png"
    assert second.find("enclosure").get("url") == "https://ada.example.org/images/named.png"
    atom = strict(site.read("atom.xml")).find("atom:entry", NAMES)
    assert atom.find("atom:link[@rel='enclosure']", NAMES).get("length") == first.find("enclosure").get("length")
    items = json.loads(site.read("feed.json"))["items"]
    assert [item["image"].rpartition("/")[2] for item in items] == ["a.png", "named.png"]
    assert [one["url"].rpartition("/")[2] for one in items[1]["attachments"]] == ["named.png", "a.png"]


def rewrite_pictures(generator: Any, *_: Any) -> None:
    """Make another file of a picture while the site is written, as a room that turns or strips it would."""
    path = Path(generator.output_path, "images", "a.png")
    if path.is_file():
        path.write_bytes(path.read_bytes() + b"more")


def test_lengths_are_those_of_the_written_files(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    from pelican.generators import StaticGenerator

    written = StaticGenerator.generate_output
    monkeypatch.setattr(
        StaticGenerator, "generate_output", lambda self, writer: (written(self, writer), rewrite_pictures(self))[0]
    )
    prepared(site).build()
    for element in strict(site.read("feed.xml")).xpath("//enclosure | //media:content", namespaces=NAMES):
        size = (site.output / urlsplit(element.get("url")).path[1:]).stat().st_size
        assert int(element.get("length") or element.get("fileSize")) == size


def test_icons_are_named_where_the_site_has_them(site: Site) -> None:
    site.build()
    assert json.loads(site.read("feed.json"))["icon"] == "https://ada.example.org/icon-512.png"
    assert strict(formats.rss(FEED)).find("channel/image") is None
    assert "icon" not in json.loads(formats.json_feed(FEED))
    feed = FEED._replace(icon="https://x.example/icon-512.png", small_icon="https://x.example/apple-touch-icon.png")
    image = strict(formats.rss(feed)).find("channel/image")
    assert [(one.tag, one.text) for one in image] == [
        ("url", "https://x.example/icon-512.png"),
        ("title", "T"),
        ("link", "https://x.example/"),
        ("width", "144"),
        ("height", "144"),
    ]
    assert strict(formats.atom(feed)).findtext("atom:icon", namespaces=NAMES) == feed.small_icon
    assert json.loads(formats.json_feed(feed))["favicon"] == feed.small_icon


def test_a_picture_without_text_or_size_is_still_named() -> None:
    picture = Media("https://x.example/i.svg", "image/svg+xml", "", 7)
    made = strict(formats.rss(FEED._replace(entries=(entry(pictures=(picture,)),)))).find(".//media:content", NAMES)
    assert dict(made.attrib) == {"url": picture.url, "type": picture.type, "medium": "image", "fileSize": "7"}
    assert len(made) == 0


# Rewriting


@pytest.mark.parametrize(
    ("markup", "whole"),
    [
        ('<a href="/blog/a/">x</a>', '<a href="https://x.example/blog/a/">x</a>'),
        ('<a href="../b/?c=d&amp;e#f">x</a>', '<a href="https://x.example/blog/b/?c=d&amp;e#f">x</a>'),
        ('<a href="#fn:1">x</a>', '<a href="https://x.example/blog/here/#fn:1">x</a>'),
        ('<a href="mailto:a@b.example?body=%20">x</a>', '<a href="mailto:a@b.example?body=%20">x</a>'),
        ('<img src="/blog/i.png" alt="a &quot;b&quot;">', '<img src="https://x.example/blog/i.png" alt="a &quot;b&quot;">'),
        ('<a href="https://y.example/z">x</a>', '<a href="https://y.example/z">x</a>'),
        ('<q cite="/blog/s/">x</q>', '<q cite="https://x.example/blog/s/">x</q>'),
        ('<video src="/v.mp4" poster="/v.png" controls></video>', '<video src="https://x.example/v.mp4" poster="https://x.example/v.png" controls=""></video>'),
    ],
)  # fmt: skip
def test_addresses_become_absolute(markup: str, whole: str) -> None:
    assert for_readers(f"<p>{markup}</p>", "https://x.example/blog/here/")[0] == f"<p>{whole}</p>"


@pytest.mark.parametrize(
    ("markup", "left"),
    [
        ("<p>a<script>alert(1)</script>b</p>", "<p>ab</p>"),
        ("<p>a<button>x</button></p><form><input></form>", "<p>a</p>"),
        ('<p onclick="x()" style="color:red" class="y" id="z" aria-hidden="true" data-a="1">a</p>', "<p>a</p>"),
        ('<p>a</p><ul data-page-only><li><a href="https://x.example">Share</a></li></ul>', "<p>a</p>"),
        ("<p>a</p><iframe src=https://y.example></iframe><dialog open>c</dialog><p hidden>b</p>", "<p>a</p>"),
        ('<figure class="quote" id="q"><blockquote><p>a</p></blockquote><p data-page-only>x</p></figure>', "<blockquote><p>a</p></blockquote>"),
        ("<figure><blockquote><p>a</p></blockquote><figcaption>b</figcaption></figure>", "<figure><blockquote><p>a</p></blockquote><figcaption>b</figcaption></figure>"),
        ('<p>a <span class="caps">BBC</span> <span lang="ar">c</span></p>', '<p>a BBC <span lang="ar">c</span></p>'),
        ("<pre><span></span><code><span class=k>if</span> x\n</code></pre>", "<pre><code>if x\n</code></pre>"),
        ('<picture><source srcset="/a.avif 1x" type="image/avif"><img src="/a.png" srcset="/a2.png 2x" sizes="9px" alt="x" width="3" height="4" loading="lazy" decoding="async"></picture>', '<img src="https://x.example/a.png" alt="x" width="3" height="4">'),
        ('<svg viewBox="0 0 9 9" onload="x()"><path id="p" d="M0"></path><use href="#p"></use></svg>', '<svg viewBox="0 0 9 9"><path id="p" d="M0"></path><use href="#p"></use></svg>'),
    ],
    ids=["script", "form", "attributes", "share-row", "frame", "quote", "figure", "spans", "code", "picture", "drawing"],
)  # fmt: skip
def test_what_only_a_page_can_do_is_gone(markup: str, left: str) -> None:
    assert for_readers(markup, "https://x.example/p/")[0] == left


def test_tasks_are_signs_in_a_reader_and_numbers_stay(site: Site) -> None:
    site.post("p", body="- [ ] to ~~do~~\n- [x] done\n\n3. three\n7. seven\n")
    site.build()
    (item,) = json.loads(site.read("feed.json"))["items"]
    assert "<li>☐ to <del>do</del></li>\n<li>☑ done</li>" in item["content_html"]
    assert '<ol start="3">\n<li>three</li>\n<li value="7">seven</li>' in item["content_html"]
    assert item["summary"] == "☐ to do ☑ done three seven"


def test_other_text_comes_through_as_it_was() -> None:
    markup = "<p>a &amp; b &lt;tag&gt; é 🎉</p>\n<pre><code>x &lt; y\n\n z</code></pre>\n<ul><li>1</li></ul>"
    assert for_readers(markup, "https://x.example/") == (markup, ())


def test_pictures_are_found_where_they_stand() -> None:
    found = for_readers(
        '<p><img src="/a.png" alt="x"><picture><img src="b.png"></picture></p>', "https://x.example/p/"
    )[1]
    assert found == (Shown("https://x.example/a.png", "x"), Shown("https://x.example/p/b.png", ""))


# Which feeds there are, and where pages name them


def test_a_listed_tag_that_no_post_has_is_an_error_with_its_line(site: Site) -> None:
    site.post("a", tags="bridges")
    site.write(
        "speaker.toml",
        (site.content / "speaker.toml").read_text()
        + 'feed_tags = [\n  "bridge",\n  "bridges",\n  "Bridges",\n  "qqq",\n]\n',
    )
    assert site.problems() == [
        "speaker.toml:8: no published post has the tag `bridge`; did you mean `bridges`?",
        "speaker.toml:10: the tag `Bridges` stands twice in `feed_tags`; take one out",
        "speaker.toml:11: no published post has the tag `qqq`; take it out until one has",
    ]  # fmt: skip


def test_each_part_has_its_own_feeds(example_site: Path) -> None:
    categories = [f"category/{slug}" for slug in ("craft", "notes", "on-the-road", "qa")]
    tags = [f"tag/{slug}" for slug in ("c-plus-plus", "questions", "ri-ben-yu")]
    assert places(example_site) == [".", *categories, "speaking/dates", *tags]
    for place in places(example_site):
        assert all((example_site / place / name).is_file() for name in FILES)


def named_by(path: Path) -> list[str]:
    types = [f"[type='application/{kind}']" for kind in ("rss+xml", "atom+xml", "feed+json")]
    selector = ", ".join(f"link[rel=alternate]{kind}" for kind in types)
    tree = LexborHTMLParser(path.read_text("utf-8"))
    return [
        (link.attributes["href"] or "").removeprefix("https://talks.example.org/blog/") for link in tree.css(selector)
    ]


def test_every_page_names_the_feeds_of_the_site_and_its_own_first(example_site: Path) -> None:
    with_own = set(places(example_site)) - {"."}
    for path in pages_to_read(example_site):
        place = re.sub(r"/page/\d+$", "", path.parent.relative_to(example_site).as_posix())
        own = [f"{place}/{name}" for name in FILES] if place in with_own else []
        assert named_by(path) == [*own, *FILES], path
    assert named_by(example_site / "tag" / "questions" / "index.html")[0] == "tag/questions/feed.xml"


# Every feed of both sites


def feeds(folder: Path) -> list[Path]:
    return sorted(path for name in FILES for path in folder.rglob(name))


def no_relative_address(html: str) -> None:
    tree = LexborHTMLParser(html)
    for name in ("href", "src", "poster", "cite"):
        for node in tree.css(f"body [{name}]"):
            assert urlsplit(node.attributes[name] or "").scheme in {"https", "http", "mailto"}, node.html
    assert not tree.css(
        "[srcset], script, form, button, input, iframe, [style], [class], [onclick], body [data-page-only]"
    )
    assert "{filename}" not in "".join(node.attributes["href"] or "" for node in tree.css("a[href]"))


@pytest.mark.parametrize("which", ["speaker_site", "example_site"])
def test_every_feed_is_read_by_a_reader_and_by_a_strict_parser(which: str, request: pytest.FixtureRequest) -> None:
    folder: Path = request.getfixturevalue(which)
    for path in (path for path in feeds(folder) if path.suffix == ".xml"):
        data = path.read_bytes()
        strict(data)
        feed = feedparser.parse(data)
        assert not feed.bozo, path
        assert feed.entries
        assert len({entry.id for entry in feed.entries}) == len(feed.entries)
        for entry in feed.entries:
            no_relative_address(entry.content[0].value)
            assert "<span" not in entry.title
            assert "&#" not in entry.title


@pytest.mark.parametrize("which", ["speaker_site", "example_site"])
def test_every_json_feed_is_valid(which: str, request: pytest.FixtureRequest) -> None:
    folder: Path = request.getfixturevalue(which)
    validator = jsonschema.Draft202012Validator(SCHEMA, format_checker=jsonschema.FormatChecker())
    for path in (path for path in feeds(folder) if path.suffix == ".json"):
        feed = json.loads(path.read_text("utf-8"))
        validator.validate(feed)
        assert feed["feed_url"].endswith(path.relative_to(folder).as_posix())
        assert len({item["id"] for item in feed["items"]}) == len(feed["items"])
        for item in feed["items"]:
            no_relative_address(item["content_html"])


@pytest.mark.parametrize("wrong", [{"title": 1}, {"items": [{"id": "x", "url": "https://x.example/"}]}, {"feed_url": "/feed.json"}, {"author": "x"}])  # fmt: skip
def test_the_schema_would_say_so(wrong: dict[str, Any]) -> None:
    feed = json.loads(formats.json_feed(FEED._replace(entries=(entry(),))))
    jsonschema.validate(feed, SCHEMA)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(feed | wrong, SCHEMA)


def test_rss_is_what_its_validator_asks_for(example_site: Path) -> None:
    """What validator.w3.org/feed complains of, by its own list of errors and warnings."""
    for path in example_site.rglob("feed.xml"):
        channel = strict(path.read_bytes()).find("channel")
        for name in ("title", "link", "description", "language"):
            assert channel.findtext(name), (path, name)
        own = channel.find("atom:link[@rel='self']", NAMES)
        assert own.get("href").endswith(f"/{path.relative_to(example_site).as_posix()}")
        parsedate_to_datetime(channel.findtext("lastBuildDate"))
        for image in channel.iterfind("image"):
            assert image.findtext("title") == channel.findtext("title")
            assert image.findtext("link") == channel.findtext("link")
        for item in channel.iterfind("item"):
            assert item.findtext("link").isascii()
            assert len(item.findall("guid")) == 1
            assert (item.find("guid").get("isPermaLink") == "true") == (item.findtext("guid") == item.findtext("link"))
            assert len(item.findall("enclosure")) <= 1
            assert len(item.findall("category")) == len({one.text for one in item.iterfind("category")})
            if item.findtext("pubDate"):
                assert parsedate_to_datetime(item.findtext("pubDate")).tzinfo


def test_atom_is_what_its_rules_ask_for(example_site: Path) -> None:
    """RFC 4287, section 4.1: what a feed and an entry must have, once."""
    homes = []
    for path in example_site.rglob("atom.xml"):
        feed = strict(path.read_bytes())
        assert len(feed.findall("atom:author/atom:name", NAMES)) == 1
        links = [link.get("rel") for link in feed.iterfind("atom:link", NAMES)]
        assert links == ["alternate", "self", "hub"]
        homes.append(feed.findtext("atom:id", namespaces=NAMES))
        for element in [feed, *feed.iterfind("atom:entry", NAMES)]:
            for name in ("id", "title", "updated"):
                assert len(element.findall(f"atom:{name}", NAMES)) == 1
            assert urlsplit(element.findtext("atom:id", namespaces=NAMES)).scheme in {"https", "urn"}
            assert dt.datetime.fromisoformat(element.findtext("atom:updated", namespaces=NAMES)).tzinfo
        for entry in feed.iterfind("atom:entry", NAMES):
            assert len(entry.findall("atom:link[@rel='alternate']", NAMES)) == 1
    assert len(set(homes)) == len(homes)


def test_all_formats_and_parts_know_a_post_by_one_id(example_site: Path) -> None:
    whole = ids(example_site)
    assert whole["rss"] == whole["atom"] == whole["json"]
    for place in places(example_site):
        for known in ids(example_site, place).values():
            assert all(name == whole["rss"].get(title, name) for title, name in known.items())


def test_every_picture_that_a_feed_names_is_there(example_site: Path) -> None:
    named = {
        element.get("url")
        for path in example_site.rglob("feed.xml")
        for element in strict(path.read_bytes()).xpath("//enclosure | //media:content", namespaces=NAMES)
    }
    assert len(named) >= 5
    for url in named:
        assert (example_site / unquote(url.removeprefix("https://talks.example.org/blog/"))).is_file()


# The page about feeds


def test_a_person_is_told_in_four_sentences(speaker_site: Path, example_site: Path) -> None:
    for folder in (speaker_site, example_site):
        letter = LexborHTMLParser((folder / "subscribe" / "index.html").read_text("utf-8")).css_first(".letter")
        assert len(re.findall(r"[.?](?:\s|$)", " ".join(letter.text().split()))) == 4


def test_the_page_offers_every_feed_and_well_known_readers(example_site: Path) -> None:
    tree = LexborHTMLParser((example_site / "subscribe" / "index.html").read_text("utf-8"))
    copied = [button.attributes["data-copy"] for button in tree.css("button[data-copy]")]
    root = "https://talks.example.org/blog/"
    assert copied[:3] == [root + name for name in FILES]
    assert copied[3:] == [f"{root}{place}/feed.xml" for place in places(example_site) if place.startswith("category")] + [
        f"{root}tag/{slug}/feed.xml" for slug in ("questions", "c-plus-plus", "ri-ben-yu")
    ] + [f"{root}speaking/dates/feed.xml"]  # fmt: skip
    links = {
        link.text(strip=True): link.attributes["href"] for link in tree.css("[aria-labelledby=feed-readers] .readers a")
    }
    assert list(links) == [reader.label for reader in READERS]
    assert (
        links["Feedly"] == "https://feedly.com/i/subscription/feed%2Fhttps%3A%2F%2Ftalks.example.org%2Fblog%2Ffeed.xml"
    )


def test_the_letter_asks_to_be_put_on_the_list(example_site: Path) -> None:
    tree = LexborHTMLParser((example_site / "subscribe" / "index.html").read_text("utf-8"))
    letter = tree.css_first(
        'a[href^="mailto:testa+speaking@example.org?"], a[href^="mailto:testa%2Bspeaking@example.org?"]'
    )
    address = letter.attributes["href"]
    assert "subject=Please%20put%20me%20on%20your%20list" in address
    assert "body=Dear%20Testa%2C%0D%0A%0D%0APlease%20put%20me" in address


@pytest.mark.parametrize("line", ["", "mailing_list = false\n"], ids=["not a word", "false"])
def test_without_a_list_nobody_is_asked_onto_one(site: Site, line: str) -> None:
    site.write("speaker.toml", SPEAKER + line)
    site.build()
    assert not site.page("subscribe/").css("#feed-mail")
    assert "your%20list" not in site.read("subscribe/index.html")
    site.write("speaker.toml", f"{SPEAKER}mailing_list = true\n")
    site.build()
    (section,) = site.page("subscribe/").css("section[aria-labelledby=feed-mail]")
    assert "takes you off again" in section.text()


def test_the_first_owner_keeps_no_list(speaker_site: Path) -> None:
    assert "feed-mail" not in (speaker_site / "subscribe" / "index.html").read_text("utf-8")


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.label)
def test_a_reader_gets_back_the_feeds_address(reader: Any) -> None:
    feed = "https://x.example/blog/tag/a/feed.xml?b=c&d=é"
    link = reader.link(feed)
    assert unquote(link.removeprefix(reader.address)) == feed
    assert not set("&?#") & set(link.removeprefix(reader.address))
    assert reader.source


@pytest.mark.parametrize(("day", "old"), [("2027-11-22", False), ("2027-11-23", True)])
def test_links_to_readers_that_nobody_has_looked_at_for_a_year_are_told(
    day: str,
    old: bool,  # noqa: FBT001  a column of the table
    site: Site,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr("plugins.feeds.CHECKED", dt.date(2026, 11, 22))
    monkeypatch.setattr("sites.EPOCH", str(int(dt.datetime.fromisoformat(f"{day}T12:00Z").timestamp())))
    site.build()
    assert ("plugins/feeds/readers.py:1: the links to feed readers" in caplog.text) is old


UNREADABLE = ("http://[", "//[", "http://[::1", "//a@b@c:[", "http://a\u2100b/", "/.//[", "http://ℂ℀.example/")


@settings(deadline=None)
@given(st.sampled_from(UNREADABLE) | st.text(), st.sampled_from(["longdesc", "cite", "href", "src", "poster"]))
def test_whatever_stands_in_an_attribute_readers_get_an_address_or_none(value: str, name: str) -> None:
    markup = for_readers(f'<p><q {name}="{html.escape(value)}">a</q></p>', "https://x.example/blog/here/")[0]
    address = LexborHTMLParser(markup).css_first("q").attributes.get(name)
    assert address is None or urlsplit(address)


@pytest.mark.parametrize("value", UNREADABLE[:5])
def test_what_is_no_address_is_left_out(value: str) -> None:
    found = for_readers(f'<img src="/a.png" alt="A" longdesc="{value}">', "https://x.example/p/")[0]
    assert found == '<img src="https://x.example/a.png" alt="A">'

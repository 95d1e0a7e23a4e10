"""The rules over the drawn site, by plain calls: what each takes for wrong, and what only looks so."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from drawing import drawn, found
from sites import ROOT, SPEAKER

from plugins.mailto import mailto
from plugins.sharing.links import Shared, share_links
from plugins.sharing.networks import NETWORKS
from tools.inspection import colours, feeds, leftovers, mail, sharing, structured, tokens
from tools.inspection.colours import Declared
from tools.inspection.targets import Target, Targets

if TYPE_CHECKING:
    from pathlib import Path

    from sites import Site

FILES = {"index.html", "a/index.html", "Case/index.html", "x y.pdf", "images/é.png", "feed.xml"}


@pytest.fixture
def targets() -> Targets:
    return Targets(FILES, "/blog", "https://ada.example.org/blog")


@pytest.mark.parametrize(
    ("value", "target"),
    [
        pytest.param("/blog/a/#b", Target("a/index.html", "b"), id="from the root"),
        pytest.param("../a/", Target("a/index.html", ""), id="relative"),
        pytest.param("#b", Target("c/index.html", "b"), id="an anchor alone"),
        pytest.param("?q=1#b", Target("c/index.html", "b"), id="a query"),
        pytest.param("https://ada.example.org/blog/a/", Target("a/index.html", ""), id="whole"),
        pytest.param("http://ADA.example.org/blog/a/", Target("a/index.html", ""), id="whole, in capitals"),
        pytest.param("//ada.example.org/blog/a/", Target("a/index.html", ""), id="without a scheme"),
        pytest.param("https://ada.example.org/blog", Target("index.html", ""), id="home without its slash"),
        pytest.param("/blog/x%20y.pdf#page=2", Target("x y.pdf", "page=2"), id="percent-encoded"),
        pytest.param("/blog/a/#:~:text=words", Target("a/index.html", ""), id="a text fragment"),
        pytest.param("/blog/a/#b:~:text=words", Target("a/index.html", "b"), id="an anchor and a text fragment"),
        pytest.param("/other/", Target("/other/", ""), id="out of the site"),
        pytest.param("https://ada.example.org/other/", None, id="another site of the host"),
        pytest.param("https://example.net/blog/a/", None, id="another host"),
        pytest.param("mailto:ada@example.org", None, id="mail"),
        pytest.param("https://[::1", None, id="no address"),
        pytest.param("tel:+4930", None, id="telephone"),
    ],
)
def test_where_an_address_leads(value: str, target: Target | None, targets: Targets) -> None:
    assert targets.target(value, "/blog/c/") == target


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("a/index.html", None),
        ("x y.pdf", None),
        ("a", "leads to a page without the slash at the end of its address; write /blog/a/"),
        ("case/index.html", "leads nowhere, since capitals count; write /blog/Case/"),
        (
            "images/e\u0301.png",
            "leads nowhere, since its letters are put together as only Macs do; write /blog/images/é.png",
        ),
        ("images/É.png", "leads nowhere, since capitals count; write /blog/images/é.png"),
        ("feed.xlm", "leads nowhere: there is no file /blog/feed.xlm on this site; did you mean /blog/feed.xml?"),
        ("zzz/index.html", "leads nowhere: there is no page /blog/zzz/ on this site"),
        ("/other/", "leads out of this site, which lives below /blog/; write /blog/other/"),
    ],
)
def test_what_is_missing(name: str, said: str | None, targets: Targets) -> None:
    assert targets.missing(Target(name, "")) == said


@pytest.mark.parametrize(("anchor", "wrong"), [("", False), ("top", False), ("b", False), ("c", True), ("B", True)])
def test_which_anchors_are_there(anchor: str, wrong: bool, targets: Targets) -> None:  # noqa: FBT001  a column
    ids = {"a/index.html": {"b"}}
    assert bool(targets.no_anchor(Target("a/index.html", anchor), ids)) is wrong
    assert targets.no_anchor(Target("x y.pdf", "page=2"), ids) is None


@pytest.mark.parametrize(
    ("link", "said"),
    [
        ("mailto:ada@example.org", None),
        ("mailto:ada+talks@example.org", None),
        ("mailto:?subject=A%20b&body=c%0D%0Ad", None),
        ("mailto:j%C3%B6rg@example.org", None),
        ("MAILTO:ada@example.org?Subject=A", None),
        ("mailto:ada@example.org?subject=1%2B1", None),
        ("mailto:ada", "no address that mail can reach"),
        ("mailto:ada@example", "no address that mail can reach"),
        ("mailto:ada%40example.org", "no address that mail can reach"),
        ("mailto://ada@example.org", "no address that mail can reach"),
        ("mailto:ada@example.org,bob@example.org", "several addresses"),
        ("mailto:jörg@example.org", "has `ö` as it stands; write %C3%B6"),
        ("mailto:ada@example.org?subject=A b", "has a space in it; write %20"),
        ("mailto:ada@example.org?subject=A+b", "has a `+`"),
        ("mailto:ada@example.org?subject=50%", "write %25"),
        ("mailto:ada@example.org?subject=%FF", "are no UTF-8"),
        ("mailto:ada@example.org?subject=A&subject=b", "twice"),
        ("mailto:ada@example.org?subject=A&SUBJECT=b", "twice"),
        ("mailto:ada@example.org?subject=A%0D%0Ab", "only body= may have one"),
        ("mailto:ada@example.org?body=A%0Ab", "not %0D%0A"),
        ("mailto:ada@example.org?body=A%0Db", "not %0D%0A"),
        ("mailto:ada@example.org?to=bob@example.org", "before the question mark"),
        ("mailto:ada@example.org?attach=/etc/passwd", "do not take"),
        ("mailto:ada@example.org?subject", "do not take"),
        (f"mailto:ada@example.org?body={'a' * 2_000}", "characters, of at most 2,000"),
    ],
)
def test_mail_links_by_rfc_6068(link: str, said: str | None) -> None:
    found = mail.wrong(link)
    assert (found is None) if said is None else (found is not None and said in found), found


def test_what_our_own_encoder_writes_is_right() -> None:
    vectors = json.loads((ROOT / "tests" / "mailto_vectors.json").read_text("utf-8"))["encode"]
    assert len(vectors) > 15
    for text, _ in vectors:
        assert mail.wrong(mailto("ada@example.org", text, f"{text}\nmore + more\r\n")) is None


@pytest.mark.parametrize("key", NETWORKS)
def test_share_links_of_our_own_carry_what_they_should(key: str) -> None:
    url, title = "https://ada.example.org/a/", "Q&A: 50% off #networking + C++ – naïve café 🎉 " * 30
    (link,) = share_links(Shared(title, url, "https://ada.example.org/a.png"), [key])
    carried = sharing.carried_by(link.url, NETWORKS[key])
    assert carried is not None
    assert carried.url == url
    assert sharing.wrong(carried, url, NETWORKS[key]) is None
    assert sharing.wrong(carried, "https://ada.example.org/", NETWORKS[key])


def test_a_share_text_that_a_network_refuses() -> None:
    carried = sharing.Carried("a" * 300, "https://ada.example.org/a/")
    said = sharing.wrong(carried, "https://ada.example.org/a/", NETWORKS["bluesky"])
    assert said is not None
    assert said.startswith(
        "the share text for Bluesky is longer than 300 characters as readers see them and 3000 bytes"
    )
    assert sharing.wrong(carried, "https://ada.example.org/a/", NETWORKS["telegram"]) is None


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ((0, 0, 0), (255, 255, 255), 21),
        ((255, 255, 255), (255, 255, 255), 1),
        ((0x76, 0x76, 0x76), (255, 255, 255), 4.54),
        ((0x77, 0x77, 0x77), (255, 255, 255), 4.48),
        ((0x1E, 0x1A, 0x15), (0xF7, 0xF3, 0xEA), 15.6),
    ],
)
def test_contrast_as_wcag_has_it(one: colours.Colour, other: colours.Colour, ratio: float) -> None:
    assert colours.contrast(one, other) == pytest.approx(ratio, abs=0.05)
    assert colours.contrast(other, one) == colours.contrast(one, other)


def test_custom_properties_with_their_lines() -> None:
    sheet = (
        "/* --a: no;\n */\n@layer tokens {\n  :root {\n    --a: #fff; /* c */\n\n    --b: light-dark(#000, rgb(1, 2, 3))\n  }\n"
        "  @media (prefers-color-scheme: dark) { :root { --a: #000 } }\n"
        "  @media print { :root { --a: red } }\n  .card { --a: blue }\n}\n:root, [lang] { --c: var(--b) }\n"
    )
    assert colours.declared(sheet) == [
        Declared("a", "#fff", 5),
        Declared("b", "light-dark(#000, rgb(1, 2, 3))", 7),
        Declared("a", "#000", 9, dark=True),
        Declared("c", "var(--b)", 13),
    ]


@pytest.mark.parametrize(
    ("value", "dark", "seen"),
    [
        ("#fff", False, (255, 255, 255)),
        ("light-dark(#000, rgb(1, 2, 3))", True, (1, 2, 3)),
        ("light-dark(hsl(0, 100%, 50%), #000)", False, (255, 0, 0)),
        ("var(--y)", False, (0, 0, 255)),
        ("var(--x)", False, None),
        ("#0008", False, None),
        ("oklch(50% .2 30)", False, None),
        ("color-mix(in srgb, red, blue)", False, None),
    ],
)
def test_which_colours_are_understood(value: str, dark: bool, seen: colours.Colour | None) -> None:  # noqa: FBT001  a column
    assert colours.colour("x", {"x": value, "y": "blue"}, dark=dark) == seen


def test_every_pair_of_colours_is_one_of_the_theme() -> None:
    sheet = (ROOT / "theme" / "static" / "css" / "main.css").read_text("utf-8")
    values = {one.name: one.value for one in colours.declared(sheet)}
    for pair in tokens.PAIRS:
        assert colours.colour(pair.front, values, dark=True)
        assert colours.colour(pair.behind, values, dark=True)


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("TODO", ["leftovers"]),
        ("We met (TODO: where?).", ["leftovers"]),
        ("FIXME later", ["leftovers"]),
        ("Lorem ipsum", ["leftovers"]),
        ("TKTK people came", ["leftovers"]),
        ("Dear [insert name]", ["leftovers"]),
        ("Dear [Your name here]", ["leftovers"]),
        ("In 19??? she", ["doubtful-marks"]),
        ("we met XXX there", ["doubtful-marks"]),
        ("my TODO list", []),
        ("a “TODO” in the margin", []),
        ("TODO ES POSIBLE", []),
        ("Todo está bien", []),
        ("slides full of lorem ipsum", []),
        ("Super Bowl XXX", []),
        ("Really?? Yes.", []),
        ("she praised [your work]", []),
        ("[Insert coin](https://ada.example.org/)", []),
        ("The TKO came late", []),
        ("AUTODOC", []),
    ],
)
def test_what_was_left_over(text: str, rules: list[str]) -> None:
    assert [problem.rule for problem in leftovers.in_text(text, "a.md", 1)] == rules


HARMLESS = """\
Write `TODO` or `???` in code, and nobody minds.

    TODO indented XXX

```
FIXME lorem ipsum dolor
```

<!-- TODO before Friday -->

I had had enough; that that is, is. Vitamin A a day. The `a` the other day. “The,” the man said. An [an]({filename}b.md).

[A list](https://todo.ada.example.net/TODO?x=???#XXX), [one](https://ada.example.net/example.com/).

<a href="{filename}b.md" title="TODO">Two</a> words: [the]({filename}b.md) the.
"""


def test_what_only_looks_like_a_leftover(site: Site, tmp_path: Path) -> None:
    site.post("a", HARMLESS)
    site.post("b", "[Back]({filename}a.md#top), and [on]({filename}a.md#:~:text=words).\n")
    site.write("speaker.toml", f"{SPEAKER}# TODO: a photograph\n")
    assert found(drawn(site.content, tmp_path / "drawn"), site.content) == set()


@pytest.mark.parametrize(
    ("document", "rules"),
    [
        ({"@type": "Person", "name": "Ada"}, []),
        ({"@type": "Persn"}, ["structured-data"]),
        ({"@id": "https://ada.example.org/blog/#me"}, ["structured-links"]),
        ([{"@type": "Person", "@id": "#a"}], ["structured-links"]),
        ([{"@type": "Person", "@id": "https://x.example/#a"}, {"@type": "Review", "author": {"@id": "https://x.example/#a"}}], []),
        ({"@type": "Event", "startDate": "2026-06-04T09:30:00+02:00", "endDate": "2026-06-05"}, []),
        ({"@type": "Event", "startDate": "2026-06-31"}, ["structured-dates"]),
        ({"@type": "Event", "startDate": "4 June"}, ["structured-dates"]),
        ({"@type": "Event", "startDate": "2026-06-04", "endDate": "2026-06-03"}, ["structured-dates"]),
        ({"@type": "WebPage", "url": "https://ada.example.org/blog/a/#x"}, []),
        ({"@type": "WebPage", "url": "https://ada.example.org/blog/b/"}, ["structured-links"]),
        ({"@type": "WebPage", "url": "/blog/a/"}, ["structured-links"]),
        ({"@type": "WebPage", "image": ["https://ada.example.org/blog/images/%C3%A9.png", "https://ada.example.org/blog/i.png"]}, ["structured-links"]),
    ],
)  # fmt: skip
def test_structured_data(document: object, rules: list[str], targets: Targets) -> None:
    whole = {"@context": "https://schema.org", "@graph": document}
    assert [rule for rule, _ in structured.judged(whole, "/blog/a/", targets)] == rules


ATOM = '<feed xmlns="http://www.w3.org/2005/Atom"><id>i</id><title>t</title>{}</feed>'


@pytest.mark.parametrize(
    ("name", "raw", "lacks"),
    [
        ("feed.xml", '<rss version="2.0"><channel><title>t</title><link>l</link></channel></rss>', ["<description>"]),
        ("feed.xml", '<rss version="0.9"/>', ["<channel>"]),
        ("atom.xml", ATOM.format(""), ["<updated>"]),
        (
            "atom.xml",
            ATOM.format('<updated>u</updated><entry><link href="l"/><title/></entry>'),
            ["<updated> of the entry l", "an author of the entry l"],
        ),
        ("feed.json", '{"version": "https://jsonfeed.org/version/1.1", "items": [{"url": "l"}]}', ["`title`", "a text of the entry l"]),
        ("feed.json", "{}", ["`version`", "`title`", "`items`"]),
    ],
)  # fmt: skip
def test_what_feeds_lack(name: str, raw: str, lacks: list[str]) -> None:
    feed = feeds.read(name, raw.encode())
    assert feed is not None
    assert feed.lacks == lacks


@pytest.mark.parametrize(("name", "raw"), [("sitemap.xml", "<urlset/>"), ("speaker.json", '{"version": 1}')])
def test_what_is_no_feed(name: str, raw: str) -> None:
    assert feeds.read(name, raw.encode()) is None

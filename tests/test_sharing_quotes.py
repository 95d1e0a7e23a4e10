from __future__ import annotations

import datetime as dt
import logging
import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

import feedparser
import pytest

from plugins.markup import normal
from plugins.sharing import networks
from plugins.sharing.networks import NETWORKS, Network
from plugins.sharing.quotes import anchor, marks, passages, place
from plugins.text import typeset_html

if TYPE_CHECKING:
    from sites import Site

LINE = "The second row came to hear something."
NAME = "quote-the-second-row-came-to-hear-something"


def quote(text: str = LINE, **more: str) -> str:
    return "\n".join(["/// quote", f"text: {text}", *(f"{key}: {value}" for key, value in more.items()), "///", ""])


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        pytest.param(LINE, NAME, id="its words"),
        pytest.param(f" {LINE.upper()}  ", NAME, id="no matter how large, and where"),
        pytest.param("The second row: came to hear something!", NAME, id="nor how punctuated"),
        pytest.param("cafe\u0301 tables", "quote-café-tables", id="an accent however typed"),
        pytest.param("هل تسمع", "quote-هل-تسمع", id="Arabic"),
        pytest.param("🎉", "quote-614629", id="no word at all"),
        pytest.param("one " * 30, "quote-one-one-one-one-one-one-one-one-one-one-one-one-be8f23", id="many words"),
    ],
)
def test_an_anchor_comes_from_the_words(line: str, expected: str) -> None:
    assert anchor(line) == expected


def test_long_lines_that_begin_alike_have_anchors_of_their_own() -> None:
    start = "Some sentences are remembered by people who have forgotten the"
    assert anchor(f"{start} talk.") != anchor(f"{start} hall.")
    assert anchor("東京の第二列は静かに聞いている人たちの列である") != anchor(
        "東京の第二列は静かに聞いている人たちの列だった"
    )
    assert all(len(anchor(line)) <= 64 for line in (start * 9, "x" * 999, "東京" * 99))


@pytest.mark.parametrize(
    ("language", "expected"),
    [("en", "“”"), ("de-AT", "„“"), ("fr", "«»"), ("ja", "「」"), ("ar", "”“"), ("zh-Hant", "「」"), ("xx", "“”")],
)
def test_a_line_stands_in_the_marks_of_its_language(language: str, expected: str) -> None:
    assert "".join(marks(language)) == expected


@pytest.mark.parametrize("line", ['He said "a > b" & <i>left</i> -- 50%', 'data-quote="x">', "🎉 الصمت", "a\\b"])
def test_what_was_typed_survives_being_typeset(line: str) -> None:
    from xml.etree import ElementTree as ET

    from plugins.sharing.quotes import block

    drawn = typeset_html(normal(ET.tostring(block({"text": line}), "unicode", "html")), "en")
    placed = place(drawn, ())
    assert list(placed.lines.values()) == [line]
    assert "data-quote=" not in placed.markup.partition("<p>")[0]


def test_a_text_comes_in_passages() -> None:
    html = '<p>a</p><blockquote class="pull" id="x"><p>b</p></blockquote><p>c</p>'
    assert list(passages(html, ["x"])) == [(html.removesuffix("<p>c</p>"), "x"), ("<p>c</p>", "")]
    assert list(passages(html, [])) == [(html, "")]
    assert list(passages("", ["x"])) == [("", "")]


@pytest.mark.parametrize("kind", ["posts", "pages", "talks"])
def test_a_quote_has_its_own_anchor_and_links(kind: str, site: Site) -> None:
    heads = {
        "posts": "title: A letter\ndate: 2026-03-04\n\n",
        "pages": "title: A page\n\n",
        "talks": "---\ntitle: A talk\npromise: It holds.\ntakeaways:\n  - a\n  - b\n  - c\n---\n",
    }
    site.write(f"{kind}/x.md", f"{heads[kind]}Before.\n\n{quote()}\nAfter.\n")
    site.build()
    url = "talks/x/" if kind == "talks" else "x/"
    page = site.page(url)
    (shown,) = page.css("blockquote.pull")
    assert shown.id == NAME
    assert shown.text() == LINE
    link = page.css_first(f"[aria-labelledby='{NAME}'] a[href^='mailto:']").attributes["href"] or ""
    assert unquote(link).endswith(f"body=“{LINE}”\r\nhttps://ada.example.org/{url}#{NAME}")
    assert [a.text() for a in page.css("details.pass a")] == ["LinkedIn", "E-mail"]
    assert page.css_first(".letter").text().index("Pass this line on") < page.css_first(".letter").text().index(
        "After."
    )


def test_in_feeds_a_quote_is_a_plain_blockquote(site: Site) -> None:
    site.post("x", body=f"Before.\n\n{quote()}\nAfter.\n")
    site.build()
    (entry,) = feedparser.parse(site.read("feed.xml")).entries
    assert re.search(rf"<blockquote[^>]*><p>{LINE}</p></blockquote>", entry.content[0].value)
    assert "Pass this line on" not in entry.content[0].value
    assert "data-quote" not in site.read("feed.xml")


def test_a_quote_in_the_preview_leads_to_the_draft(site: Site) -> None:
    site.post("x", body=quote(), status="draft")
    site.build(publish=False)
    assert f"https%3A%2F%2Fada.example.org%2Fdrafts%2Fx%2F%23{NAME}" in site.read("drafts/x/index.html")


def test_moving_a_quote_changes_nothing_and_an_id_holds_whatever_it_says(site: Site) -> None:
    site.post("x", body=f"{quote()}\n{quote('Another.', id='held')}")
    site.build()
    before = [each.id for each in site.page("x/").css("blockquote.pull")]
    site.post("x", body=f"First.\n\n{quote('Something else.', id='held')}\nMore.\n\n{quote()}")
    site.build()
    assert sorted(each.id or "" for each in site.page("x/").css("blockquote.pull")) == sorted(map(str, before))


@pytest.mark.parametrize(
    ("body", "line", "message"),
    [
        pytest.param("/// quote\n///\n", 4, "quotes nothing; add a line like `text:", id="no text"),
        pytest.param('/// quote\ntext: ""\n///\n', 5, "quotes nothing", id="only marks"),
        pytest.param("/// quote\nid: x\n///\n", 4, "quotes nothing", id="only an anchor"),
        pytest.param(quote(id="Two words"), 6, "cannot be part of an address", id="an anchor with a space"),
        pytest.param(f"{quote()}\n{quote()}", 9, "is that of another quote", id="the same words twice"),
        pytest.param(
            f"{quote()}\n{quote(f'  “{LINE}”')}",
            9,
            "is that of another quote",
            id="twice, with marks that are not told",
        ),
        pytest.param(
            f"{quote(id='a')}\n{quote('Else', id='a')}", 11, "is that of another quote", id="the same id twice"
        ),
        pytest.param(f"## So it is\n\n{quote(id='so-it-is')}", 8, "another place on this page", id="a heading's"),
        pytest.param(quote(id="ps"), 6, "another place on this page", id="one of the theme's"),
        pytest.param("/// quote\nwords: x\n///\n", 5, "has no option `words`", id="a mistyped option"),
    ],
)
def test_a_quote_that_cannot_stand_is_a_problem_with_its_line(body: str, line: int, message: str, site: Site) -> None:
    site.post("x", body=body)
    (found,) = [problem for problem in site.problems() if message in problem] or site.problems()
    assert found.startswith(f"posts/x.md:{line}: ")
    assert message in found
    assert len(site.problems()) == 1


def test_a_letter_is_shared_with_words_of_its_own(site: Site) -> None:
    site.post("own", share="Read this: it's 50% off")
    site.post("empty", share="")
    site.build()
    for name, words in (("own", "Read this: it's 50% off"), ("empty", "Empty")):
        link = site.page(f"{name}/").css_first(".share a[href^='mailto:']").attributes["href"] or ""
        assert f"body={words}\r\n" in unquote(link)


def test_only_letters_have_words_to_be_shared_with(site: Site) -> None:
    site.write("pages/about.md", "title: About\nshare: x\n\nWords.\n")
    assert "unknown key `share`" in site.problems()[0]


@pytest.mark.parametrize("key", NETWORKS)
def test_every_network_says_who_says_so_and_when_that_was_read(key: str) -> None:
    network = NETWORKS[key]
    assert all(source.startswith("https://") for source in network.sources)
    assert dt.date(2026, 11, 1) <= network.checked <= dt.date.today()  # noqa: DTZ011
    assert networks.TABLE.read_text("utf-8").splitlines()[networks.line_of(key) - 1].startswith(f"{key} = ")
    assert network.ways or "{text}" not in network.link or key in {"whatsapp", "email"}


@pytest.mark.parametrize(
    ("checked", "day", "old"),
    [
        ("2026-11-22", "2027-11-22", False),
        ("2026-11-22", "2027-11-23", True),
        ("2028-02-29", "2029-02-28", False),
        ("2028-02-29", "2029-03-01", True),
    ],
)
def test_what_was_not_looked_up_for_twelve_months_is_old(checked: str, day: str, old: bool) -> None:  # noqa: FBT001
    network = Network("N", "https://n.example/?u={url}", dt.date.fromisoformat(checked), ("https://n.example/",))
    assert network.is_old(dt.date.fromisoformat(day)) is old


def test_a_warning_names_what_is_old_among_the_networks_in_use(
    site: Site, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    site.post("x")
    with caplog.at_level(logging.WARNING):
        site.build()
        assert not [record for record in caplog.records if "looked up" in record.getMessage()]
        monkeypatch.setattr("sites.EPOCH", str(int(dt.datetime(2028, 1, 1, tzinfo=dt.UTC).timestamp())))
        site.build()
    told = [record.getMessage() for record in caplog.records if "looked up" in record.getMessage()]
    assert len(told) == 3  # the speaker has LinkedIn, Pinterest and e-mail
    line = networks.line_of("linkedin")
    assert told[0].startswith(f"plugins/sharing/networks.toml:{line}: what LinkedIn takes was looked up on 2026-11-22")
    assert NETWORKS["linkedin"].sources[0] in told[0]


def test_a_network_leaves_by_its_line(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(NETWORKS, "pinterest")
    problems = site.problems()
    assert len(problems) == 1
    assert "unknown network `pinterest`" in problems[0]
    site.write("speaker.toml", (site.content / "speaker.toml").read_text().replace('"pinterest", ', ""))
    site.post("x", body=quote())
    assert site.problems() == []


def test_a_network_without_a_drawing_has_an_arrow(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(
        NETWORKS,
        "newest",
        Network("Newest", "https://n.example/?u={url}", dt.date(2026, 11, 22), ("https://n.example/",)),
    )
    site.write("speaker.toml", (site.content / "speaker.toml").read_text().replace("pinterest", "newest"))
    site.post("x")
    site.build()
    (link,) = site.page("x/").css("a[href^='https://n.example/']")
    assert link.css_first("path").attributes["d"]
    assert link.text(strip=True) == "Newest"


def test_the_table_shows_every_network(capsys: pytest.CaptureFixture[str]) -> None:
    from tools.networks import print_networks

    print_networks()
    shown = capsys.readouterr().out
    for key, network in NETWORKS.items():
        (row,) = [line for line in shown.splitlines() if line.startswith(f"{key} ")]
        assert network.checked.isoformat() in row
        assert all(source in row for source in network.sources)
    assert "280 (letters of most alphabets 1" in shown

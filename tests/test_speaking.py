from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from plugins.speaker import Speaker
from plugins.speaking import inquiry
from plugins.words import load_words

if TYPE_CHECKING:
    from sites import Site

HARD = 'Q&A: "50% off" #networking + C++ – naïve café 🎉'
SPEAKER = Speaker("Ada Example", "Ada", "speaks", "ada+talks@example.org", "https://ada.example.org/blog/")


@pytest.fixture
def words(pytestconfig: pytest.Config) -> object:
    return load_words(pytestconfig.rootpath / "theme" / "words", "theme/words", "en")


def letter(uri: str) -> tuple[str, str, str]:
    """Read a mailto link as a mail program does: address, subject, body."""
    parts = urlsplit(uri)
    assert parts.scheme == "mailto"
    assert "+" not in parts.path + parts.query, "a plus would be read as a plus or as a space"
    fields = parse_qs(parts.query, strict_parsing=True)
    return unquote(parts.path), fields["subject"][0], fields["body"][0]


def test_the_invitation_knows_the_post_it_stands_under(words: object) -> None:
    asked = inquiry.invitation(SPEAKER, words, HARD, (HARD, "2026/q-a/"))
    assert asked.label == f"Ask Ada to speak about {HARD}"
    assert parse_qs(urlsplit(asked.url).query) == {"topic": [HARD], "post": ["/2026/q-a/"]}
    assert urlsplit(asked.url).path == "speaking/"
    assert urlsplit(asked.url).fragment == "reply-card"
    to, subject, body = letter(asked.mailto)
    assert (to, subject) == ("ada+talks@example.org", f"Will you speak about {HARD}?")
    assert f"I have read “{HARD}” (https://ada.example.org/blog/2026/q-a/)." in body.split("\r\n")


def test_without_a_topic_it_is_the_plain_invitation(words: object) -> None:
    asked = inquiry.invitation(SPEAKER, words)
    assert (asked.label, asked.url) == ("Ask Ada to speak", "speaking/#reply-card")


def test_the_letter_lays_out_every_question(words: object) -> None:
    asked = inquiry.questions(SPEAKER, words)
    _, subject, body = letter(asked.mailto)
    assert subject == "Will you speak to us?"
    assert body.startswith("Dear Ada,\r\n")
    for field in asked.fields:
        assert f"\r\n{field.label}: \r\n" in body
        assert bool(field.error) is field.required


def test_a_letter_stays_short_enough_for_every_mail_program(words: object) -> None:
    asked = inquiry.invitation(SPEAKER, words, HARD, (HARD, "2026/q-a/"))
    assert len(asked.mailto) <= 1800


def test_every_post_ends_with_the_invitation(site: Site) -> None:
    site.post("plain")
    site.post("known", topic="bridges & <roads>")
    site.build()
    assert "/speaking/?post=%2Fplain%2F#reply-card" in site.read("plain/index.html")
    known = site.page("known/")
    (button,) = known.css(".postscript a.button")
    assert button.text() == "Ask Ada to speak about bridges & <roads>"
    assert parse_qs(urlsplit(button.attributes["href"]).query)["topic"] == ["bridges & <roads>"]
    assert letter(known.css_first(".postscript a[href^='mailto:']").attributes["href"])[0] == "ada@example.org"


def test_a_block_anywhere_in_the_page_and_in_the_feed(site: Site) -> None:
    site.post("hello", body="Before\n\n/// speaking-request\n    topic: Q&A: 50% off #1 + more?\n///\n\nAfter\n")
    site.build()
    block = site.page("hello/").css_first("p.invitation")
    button, address = block.css("a")
    assert parse_qs(urlsplit(button.attributes["href"]).query)["topic"] == ["Q&A: 50% off #1 + more?"]
    assert letter(address.attributes["href"])[1] == "Will you speak about Q&A: 50% off #1 + more??"
    assert (
        "https://ada.example.org/speaking/?topic=Q%26A%3A%2050%25%20off%20%231%20%2B%20more%3F#reply-card"
        in site.read("feed.xml")
    )


def test_a_mistyped_block_stops_the_build_with_its_line(site: Site) -> None:
    site.post("hello", body="Before\n\n/// speaking-reqest\n///\n\n/// speaking-request\ntopik: x\n///\n")
    assert site.problems() == [
        "posts/hello.md:6: `/// speaking-reqest` is not a block; did you mean `speaking-request`?; the blocks are `/// speaking-request`",
        "posts/hello.md:10: `/// speaking-request` has no option `topik`; did you mean `topic`?; it has `topic: …`",
    ]


def test_the_speaking_page_works_without_a_script(site: Site) -> None:
    site.build()
    page = site.page("speaking/")
    assert "ada@example.org" in page.css_first("main").text()
    assert (
        letter(page.css_first("main #reply-card a.button[href^='mailto:']").attributes["href"])[1]
        == "Will you speak to us?"
    )
    assert page.css_first("form").attributes.keys() >= {"hidden"}
    assert "action" not in page.css_first("form").attributes

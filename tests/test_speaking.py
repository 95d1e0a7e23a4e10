from __future__ import annotations

import re
from types import SimpleNamespace
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, unquote, urlsplit

import msgspec
import pytest

from plugins.speaker import Speaker
from plugins.speaking import inquiry
from plugins.words import load_words

if TYPE_CHECKING:
    from sites import Site

    from plugins.words import Words

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


def test_a_talk_is_asked_for_by_its_name(words: object) -> None:
    asked = inquiry.invitation(SPEAKER, words, "a topic", (HARD, "2026/q-a/"), ("q-a", HARD))
    assert (asked.label, asked.talk, asked.topic) == (f"Ask Ada for “{HARD}”", HARD, "")
    assert parse_qs(urlsplit(asked.url).query) == {"talk": ["q-a"], "post": ["/2026/q-a/"]}
    _, subject, body = letter(asked.mailto)
    assert subject == f"Will you give “{HARD}”?"
    assert f"\r\nTalk: {HARD}\r\n" in body


def test_the_letter_lays_out_every_question(words: object) -> None:
    asked = inquiry.questions(SPEAKER, words)
    _, subject, body = letter(asked.mailto)
    assert subject == "Will you speak to us?"
    assert body.startswith("Dear Ada,\r\n")
    assert len(asked.asked) + len(asked.folded) == 16
    for field in asked.asked + asked.folded:
        label = f"{field.label}, like 2027-06-0" if field.name in {"date", "until"} else field.label
        assert f"\r\n{label}" in body
        assert field.error or not field.required


def test_each_talk_on_offer_has_a_letter(words: object) -> None:
    talk = SimpleNamespace(slug="q-a", title=HARD, lang="en", dir="ltr")
    asked = inquiry.questions(SPEAKER, words, [talk])
    assert "talk" in {field.name for field in asked.asked}
    assert [(choice.slug, letter(choice.mailto)[1]) for choice in asked.talks] == [("q-a", f"Will you give “{HARD}”?")]


@pytest.mark.parametrize(
    "title", [HARD, "x" * 1000, "講演と沈黙" * 40, "🎉" * 200], ids=["hard", "long", "Japanese", "emoji"]
)
def test_a_letter_stays_short_enough_for_every_mail_program(title: str, words: object) -> None:
    url = "2026/" + "x" * 200 + "/"
    for talk, topic in ((None, title), (("x", title), ""), (None, "")):
        asked = inquiry.invitation(SPEAKER, words, topic, (title, url), talk)
        assert len(asked.mailto) <= 1800
        to, subject, body = letter(asked.mailto)
        assert to == SPEAKER.email
        assert subject.startswith("Will you")
        assert "\r\nYour e-mail address: \r\n" in body


def test_where_letters_take_more_room_fewer_questions_are_laid_out(words: Words) -> None:
    texts = {
        key: re.sub("[a-z]", "講", text) if key.startswith("field_") else text for key, text in words.words.items()
    }
    wide = inquiry.invitation(SPEAKER, msgspec.structs.replace(words, words=texts), HARD, (HARD, "2026/q-a/"))
    assert len(wide.mailto) <= 1800
    assert texts["field_audience"] in letter(wide.mailto)[2]
    assert texts["field_travel"] not in letter(wide.mailto)[2]


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


def test_a_post_offers_the_talk_it_belongs_to(site: Site) -> None:
    head = "promise: Half of it is questions.\ntakeaways:\n  - one\n  - two\n  - three\n"
    site.write("talks/q-a.md", f"title: {HARD}\n{head}\nText.\n")
    site.post("known", topic="bridges", talk="q-a")
    site.build()
    button = site.page("known/").css_first(".postscript a.button")
    assert button.text() == "Ask Ada for “Q&A: “50% off” #networking + C++ – naïve café 🎉”"
    assert parse_qs(urlsplit(button.attributes["href"]).query) == {"talk": ["q-a"], "post": ["/known/"]}
    assert "bridges" not in site.page("known/").css_first(".postscript").text()
    for page in ("known/", "talks/q-a/"):
        uri = site.page(page).css_first("main a[href^='mailto:']").attributes["href"]
        assert letter(uri)[1] == f"Will you give “{HARD}”?"
    (option,) = site.page("speaking/").css("select option[value='q-a']")
    assert option.text() == HARD


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
        "posts/hello.md:6: `/// speaking-reqest` is not a block; did you mean `speaking-request`?",
        "posts/hello.md:10: `/// speaking-request` has no option `topik`; did you mean `topic`?",
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

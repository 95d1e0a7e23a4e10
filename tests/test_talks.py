from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from plugins.keys import Surroundings, WrongValueError
from plugins.problems import Edit, SiteError
from plugins.talks import keys
from plugins.talks.keys import TALK, talk_name

if TYPE_CHECKING:
    from sites import Site

AROUND: Any = Surroundings(None, "en", None, is_post=False)  # none of these keys asks for it
HEAD = """---
title: The Second Row
promise: Where people sit says what they came for.
takeaways: [One, Two, Three]
{}---
The *abstract*.
"""
FULL = """formats: ["Keynote, 45 minutes"]
audience: People who run meetings
av: [A lamp]
language: English
slides: https://slides.example.org/x
recording: https://video.example.org/watch?v=1&t=2
recording_image: images/still.png
recording_alt: A hall
testimonials:
  - words: 'She said "no" & stopped'
    name: Ada
    role: chair
"""


def talk(site: Site, name: str = "the-second-row", more: str = "") -> None:
    site.write(f"talks/{name}.md", HEAD.format(more))


def picture(site: Site) -> None:
    Image.new("RGB", (64, 36), "grey").save(site.write("images/still.png", b""))


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        pytest.param("promise", "x" * 151, "the promise has 151 characters; write one sentence of 150", id="too long"),
        pytest.param("takeaways", ["a", "b"], "`takeaways` has 2; write three", id="two takeaways"),
        pytest.param("takeaways", "a, b, c", "`takeaways` has 1; write three", id="commas are no list"),
        pytest.param("takeaways", [{"a": "b"}], "the colon parts this entry in two", id="tables"),
        pytest.param("recording", "youtube", "`youtube` is not a web address", id="no address"),
        pytest.param("slides", "javascript:alert(1)", "is not a web address", id="code"),
        pytest.param("slides", "https://[", "is not a web address", id="broken address"),
        pytest.param("order", "first", "is not a place in the list", id="order"),
        pytest.param("testimonials", "Great", "`testimonials` must be a list", id="a testimonial alone"),
        pytest.param("testimonials", ["Great"], "needs words and a name", id="words alone"),
        pytest.param("testimonials", [{"words": "Great"}], "has no name", id="nobody"),
        pytest.param("testimonials", [{"word": "x"}], "unknown key `word`; did you mean `words`?", id="mistyped"),
        pytest.param("audience", ["a"], "must be one text", id="list for a text"),
    ],
)
def test_a_wrong_value_is_told(key: str, value: Any, message: str) -> None:
    with pytest.raises(WrongValueError) as wrong:
        TALK[key].read(value, AROUND)
    assert message in str(wrong.value)


def test_right_values() -> None:
    assert TALK["promise"].read("x" * 150, AROUND) == "x" * 150
    assert TALK["formats"].read("Keynote, 45 minutes", AROUND) == ("Keynote, 45 minutes",)
    assert TALK["testimonials"].read([{"words": "w", "name": "n"}], AROUND) == (keys.Testimonial("w", "n"),)
    assert talk_name("the-second-row.md", AROUND) == "the-second-row"


def test_a_talk_has_a_page_of_its_own(site: Site) -> None:
    picture(site)
    talk(site, more=FULL)
    site.build()
    page = site.page("talks/the-second-row/")
    text = page.css_first("main").text()
    for said in (
        "Where people sit",
        "The abstract.",
        "One",
        "Two",
        "Three",
        "Keynote, 45 minutes",
        "People who run",
        "A lamp",
    ):
        assert said in text
    still = page.css_first("a[href='https://video.example.org/watch?v=1&t=2'] img")
    assert (still.attributes["alt"], still.attributes["width"], still.attributes["height"]) == ("A hall", "64", "36")
    assert page.css_first(".testimonial blockquote").text() == "She said “no” & stopped"
    assert page.css_first(".testimonial figcaption").text() == "Ada, chair"
    graph = json.loads(page.css_first("script[type='application/ld+json']").text())["@graph"]
    work = next(node for node in graph if node["@type"] == "CreativeWork")
    assert work["teaches"] == ["One", "Two", "Three"]
    assert work["review"][0]["reviewBody"] == 'She said "no" & stopped'
    assert "https://ada.example.org/talks/the-second-row/" in site.read("sitemap.xml")


def test_what_was_left_out_leaves_no_heading(site: Site) -> None:
    talk(site)
    site.build()
    page = site.page("talks/the-second-row/")
    assert [heading.text() for heading in page.css("main h2")] == ["To take home", "Ask"]
    assert not page.css("dl, figure, img")
    assert not site.page("speaking/").css("#talks ~ ol span")


def test_a_talk_without_an_abstract_leaves_no_gap(site: Site) -> None:
    site.write("talks/short.md", HEAD.format("").removesuffix("The *abstract*.\n"))
    site.build()
    assert not site.page("talks/short/").css(".letter")


def test_a_talk_says_its_language_wherever_it_is_listed(site: Site) -> None:
    site.write("talks/x.md", HEAD.format("lang: de\nformats: [Vortrag]\n").replace("The Second Row", "A -- B"))
    site.write("events.toml", '[[events]]\nevent = "Fair"\nplace = "Bonn"\ntalk = "x"\nstart = 2027-06-04\n')
    site.build()
    page = site.page("speaking/")
    told = [(node.attributes.get("lang"), node.text()) for node in page.css(".contents :is(h3 a, h3 bdi, span)")]
    assert told == [("de", "A -- B"), ("de", "Vortrag"), (None, "A -- B"), ("de", "A -- B")]


def test_talks_are_listed_in_their_order_and_nowhere_without_any(site: Site) -> None:
    site.build()
    assert not site.page("speaking/").css("#talks")
    talk(site, "a-last")
    talk(site, "z-first", "order: 1\n")
    talk(site, "draft", "status: draft\n")
    talk(site, "hidden", "status: hidden\n")
    site.build()
    links = [node.attributes["href"] for node in site.page("speaking/").css("ol.contents a")]
    assert links == ["/talks/z-first/", "/talks/a-last/"]
    assert (site.output / "talks/hidden/index.html").is_file()
    assert not (site.output / "talks/draft").exists()
    site.build(publish=False)
    assert (site.output / "drafts/talks/draft/index.html").is_file()


def test_posts_and_talks_link_to_each_other(site: Site) -> None:
    talk(site, more="")
    site.write("talks/other.md", HEAD.format("") + "\n[The letter]({filename}/posts/hello.md)\n")
    site.post("hello", body="[The talk]({filename}/talks/the-second-row.md)\n", talk="the-second-row")
    site.build()
    assert site.page("hello/").css_first(".letter a").attributes["href"] == "/talks/the-second-row/"
    assert site.page("talks/other/").css_first(".letter a").attributes["href"] == "/hello/"
    (letter,) = site.page("talks/the-second-row/").css("section[aria-labelledby=letters] a")
    assert letter.attributes["href"] == "/hello/"
    assert not site.page("talks/other/").css("#letters")


def test_every_mistake_is_told_at_once_with_its_line(site: Site) -> None:
    site.post("hello", talk="the-secnd-row")
    site.post("bye", talk="resting")
    site.post("draft", talk="nowhere", status="draft")
    talk(site, "resting", "status: draft\npromise: \n")
    talk(site, more="recording_image: images/none.png\nformat: Keynote\n")
    site.write("talks/bare.md", "title: Bare\ntestimonials:\n  - words: w\n    name: n\n  - words: w\n\nText.\n")
    site.write("talks/colon.md", HEAD.replace("One", "One: x").format("testimonials:\n  - Well done\n") + "\nText.\n")
    site.write("talks/notes.txt", "x")
    assert site.problems() == [
        "posts/bye.md:3: the talk `resting` is a draft, so nobody can ask for it yet; take this line out until then",
        "posts/hello.md:3: there is no talk `the-secnd-row`; did you mean `the-second-row`?",
        "talks/bare.md:1: `promise` is missing; add a line like `promise: What people will know when they go home.`",
        "talks/bare.md:1: `takeaways` is missing; add a line like `takeaways:` with three lines like `  - One thing to do on Monday`",
        "talks/bare.md:5: this testimonial has no name; write `- words: …`, and below it `name: …`, `role: …` and `event: …`",
        "talks/colon.md:4: the colon parts this entry in two; put the whole of it in 'quotes'",
        "talks/colon.md:6: a testimonial needs words and a name; write `- words: …`, and below it `name: …`, `role: …` and `event: …`",
        "talks/notes.txt:1: only .md files are read here; rename it, or move it to images/ or extra/",
        "talks/the-second-row.md:5: the picture has no text for those who don't see it; add a line `recording_alt: what it shows`",
        "talks/the-second-row.md:5: there is no picture images/none.png; write the path of one, like images/recording.png",
        "talks/the-second-row.md:5: this picture leads nowhere; add a line `recording: https://…`",
        "talks/the-second-row.md:6: unknown key `format`; did you mean `formats`?",
    ]


def test_what_has_the_wrong_shape_is_not_called_missing(site: Site) -> None:
    head = "title: X\npromise: Y\ntakeaways: {a: b}\ntestimonials:\n  - words: w\n    name: [n]\n  - Great"
    site.write("talks/x.md", f"---\n{head}\n---\nText.\n")
    site.write("talks/y.md", "Only text.\n")
    assert [problem.partition("; ")[0] for problem in site.problems()] == [
        "talks/x.md:4: the colon parts this entry in two",
        "talks/x.md:7: this must be a line like `name: one text`",
        "talks/x.md:8: a testimonial needs words and a name",
        "talks/y.md:1: the file must begin with lines like `title: What I saw`, then a blank line",
    ]


@pytest.mark.filterwarnings("error")
def test_two_talks_of_one_address_are_told_once(site: Site) -> None:
    talk(site, "a", "slug: the-second-row\n")
    talk(site)
    (problem,) = site.problems()
    assert problem.startswith("talks/a.md:5: the slug `the-second-row` is also that of ")


def test_without_any_talk_a_named_one_is_told_how_to_write_it(site: Site) -> None:
    site.post("hello", talk="bridges")
    assert site.problems() == [
        "posts/hello.md:3: there is no talk `bridges`; write it as talks/bridges.md, or take this line out"
    ]


def test_a_talk_in_other_capitals_is_meant_before_one_like_it(site: Site) -> None:
    talk(site)
    talk(site, "The-Second-Rows", "slug: the-second-rows\n")
    site.post("hello", talk="The-Second-ROW")
    with pytest.raises(SiteError) as stopped:
        site.build()
    (problem,) = stopped.value.problems
    assert problem.message.endswith("did you mean `the-second-row`?")
    assert problem.fix == (Edit(3, "The-Second-ROW", "the-second-row"),)


def test_rules_for_texts_hold_for_talks(site: Site) -> None:
    site.write("talks/x.md", HEAD.format("") + "\n# A title\n\n[x]({filename}none.md)\n")
    lines = [problem.split(": ")[0] for problem in site.problems()]
    assert lines == ["talks/x.md:8", "talks/x.md:10"]

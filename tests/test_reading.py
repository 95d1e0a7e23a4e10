from __future__ import annotations

import datetime as dt
import html
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

import pytest
from effort import lines_run
from hypothesis import given
from hypothesis import strategies as st
from markdown import Markdown
from selectolax.lexbor import LexborHTMLParser
from sites import ROOT

from plugins import blocks, text
from plugins.keys import Surroundings
from plugins.markup import parsed
from plugins.reading import front_matter, opening
from plugins.reading.metadata import PAGES, POSTS, metadata
from plugins.reading.shelf import Shelf, newest_first

if TYPE_CHECKING:
    from sites import Site


def texts(head: front_matter.Head) -> dict[str, Any]:
    return {key: value.text for key, value in head.values.items()}


@pytest.mark.parametrize(
    ("text", "values", "body", "body_line"),
    [
        pytest.param("Title: a: b\nTags: x, y\n\nBody\n", {"title": "a: b", "tags": "x, y"}, "\nBody\n", 3, id="keys"),
        pytest.param("\n\ntitle: a\n\nBody", {"title": "a"}, "\nBody", 4, id="blank lines first"),
        pytest.param("title: a\n    b\n\nB", {"title": "a b"}, "\nB", 3, id="a value goes on"),
        pytest.param("title:\ndate: d\n\nB", {"title": "", "date": "d"}, "\nB", 3, id="empty value"),
        pytest.param(
            "---\ntitle: a\ntags: [x, 'y, z']\n---\nBody", {"title": "a", "tags": ["x", "y, z"]}, "Body", 5, id="yaml"
        ),
        pytest.param(
            "---\ndate: 2026-01-02\nstatus: no\n...\nB",
            {"date": "2026-01-02", "status": "no"},
            "B",
            5,
            id="yaml stays text",
        ),
        pytest.param("---\ntags:\n  - x\n  - 'y'\n---\nB", {"tags": ["x", "y"]}, "B", 6, id="yaml list"),
        pytest.param("---\ntitle:\n---\nB", {"title": ""}, "B", 4, id="yaml nothing"),
        pytest.param("---\nsummary: >\n  one\n  two\n---\nB", {"summary": "one two"}, "B", 6, id="yaml folded"),
        pytest.param("---\n---\nB", {}, "B", 3, id="yaml empty"),
    ],
)
def test_front_matter(text: str, values: dict[str, Any], body: str, body_line: int) -> None:
    head = front_matter.parse(text)
    assert (texts(head), head.body, head.body_line, head.problems) == (values, body, body_line, [])
    assert text.split("\n")[body_line - 1 :] == body.split("\n")


@pytest.mark.parametrize(
    "text",
    [
        "title: a\nparts:\n  - x: 1\n    y: a, b\n  - x: no\ntags: t\n\nB",
        "---\nparts:\n- x: 1\n  y: a, b\n- x: no\n---\nB",
    ],
)
def test_a_list_of_tables_in_both_styles(text: str) -> None:
    head = front_matter.parse(text)
    value = head.values["parts"]
    assert (value.text, head.problems) == ([{"x": "1", "y": "a, b"}, {"x": "no"}], [])
    assert [text.split("\n")[line - 1].strip(" -")[:1] for line in value.items] == ["x", "x"]


def test_a_broken_list_names_its_line() -> None:
    found = front_matter.parse('title: a\nparts:\n  - "open\n  - x\n\nB').problems
    assert [(line, said[:24]) for line, said in found] == [(3, "this line cannot be read")]


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        pytest.param("Just a letter.\n", 1, "must begin with lines like", id="no head"),
        pytest.param("", 1, "the file is empty", id="empty"),
        pytest.param("title: a\nstray text\n\nB", 2, "`stray text` is not a `key: value` line", id="stray"),
        pytest.param("title: a\ntitle: b\n\nB", 2, "`title` stands twice, first on line 1", id="twice"),
        pytest.param("---\ntitle: a\ntitle: b\n---\nB", 3, "`title` stands twice, first on line 2", id="yaml twice"),
        pytest.param('---\ndate: x\ntitle: Q&A: "50%"\n---\nB', 3, "; write `title: 'Q&A: \"50%\"'`", id="yaml colon"),
        pytest.param('---\ntitle: "a\ntags: b\n---\nB', 2, "add the quotation mark at its end", id="yaml quote"),
        pytest.param("---\ntitle:a\ntags: b\n---\nB", 3, "a space behind the colon in the line above", id="yaml space"),
        pytest.param("---\ntitle: a\n tags: b\n---\nB", 3, "exactly below the beginning", id="yaml indented"),
        pytest.param("---\nx:\n  - y: a\n  z: b\n---\nB", 4, "below the word behind the hyphen", id="yaml entry"),
        pytest.param("---\ntitle: a\n\nBody", 1, "never closed", id="yaml open"),
        pytest.param("---\n- a\n---\nB", 2, "must be lines like", id="yaml list at the top"),
        pytest.param("---\ntitle: a\x00\n---\n", 2, "YAML does not allow", id="yaml control character"),
    ],
)
def test_a_wrong_head_names_its_line(text: str, line: int, message: str) -> None:
    found = front_matter.parse(text).problems
    assert [at for at, said in found if message in said] == [line], found


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("title: a\n\ntags: b\n", 3),
        ("Title: a\n\n\nTags: b\n", 4),
        ("title: a\n tags: b\n\nText", 2),
        ("title: a\n\nTags: a word about them.\n", None),
        ("title: a\n    tagged: b\n\nText: b", None),
    ],
)
def test_a_key_in_the_wrong_place_is_not_taken_for_text(text: str, line: int | None) -> None:
    found = front_matter.parse(text, POSTS.keys()).problems
    assert [at for at, _ in found] == ([line] if line else [])


@given(st.text())
def test_any_text_is_taken_apart(text: str) -> None:
    for start in ("", "---\n", "title: "):
        front_matter.parse(start + text)


@given(
    st.dictionaries(st.sampled_from(sorted(POSTS)), st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1))
)
def test_key_lines_come_back(values: dict[str, str]) -> None:
    text = "".join(f"{key}: {value}\n" for key, value in values.items()) + "\nBody"
    if values:
        assert texts(front_matter.parse(text)) == values


AROUND = Surroundings(ZoneInfo("Europe/Berlin"), "en", dt.date(2026, 11, 22), is_post=True)


def read(**values: str | list[str]) -> tuple[dict[str, Any], list[tuple[int, str]]]:
    given_ = {"title": "A", "date": "2026-01-02"} | values
    return metadata({key: front_matter.Value(text, 10 + at) for at, (key, text) in enumerate(given_.items())}, AROUND)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-06-04", "2026-06-04T00:00:00+02:00"),
        ("2026-06-04 09:30", "2026-06-04T09:30:00+02:00"),
        ("2026-06-04 9:30", "2026-06-04T09:30:00+02:00"),
        ("2026-06-04T09:30:15", "2026-06-04T09:30:15+02:00"),
        ("2026-01-04 09:30 +05:30", "2026-01-04T05:00:00+01:00"),
        ("2026-01-04T09:30:15.000Z", "2026-01-04T10:30:15+01:00"),
        ("2026-01-04 09:30 +02", "2026-01-04T08:30:00+01:00"),
        ("2026-01-04T09:30Z", "2026-01-04T10:30:00+01:00"),
    ],
)
def test_dates(text: str, moment: str) -> None:
    values, problems = read(date=text)
    assert (values["date"].isoformat(), problems) == (moment, [])


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("date", "4 June 2026", "`4 June 2026` is not a date; write one like 2026-01-31"),
        ("date", "2026-02-30", "`2026-02-30` is not a date"),
        ("date", "2026-01-02 25:00", "is not a date"),
        ("modified", "yesterday", "is not a date"),
        ("status", "drafft", "unknown status `drafft`; write one of published, draft, hidden"),
        ("lang", "english!", "is not a language tag"),
        ("dir", "left", "write ltr or rtl"),
        ("slug", "A/B", "cannot be part of an address"),
        ("slug", "../x", "cannot be part of an address"),
        ("title", ["a", "b"], "must be one text"),
        ("titel", "x", "unknown key `titel`; did you mean `title`?"),
    ],
)
def test_wrong_values(key: str, value: str | list[str], message: str) -> None:
    assert any(message in said for _, said in read(**{key: value})[1])


def test_what_is_missing_is_said_once() -> None:
    assert [said[:18] for _, said in metadata({}, AROUND)[1]] == ["`title` is missing", "`date` is missing;"]
    assert len(read(date="soon")[1]) == 1


def test_a_draft_needs_no_date_and_a_page_none_at_all() -> None:
    values = {"title": front_matter.Value("A", 1), "status": front_matter.Value("draft", 2)}
    assert metadata(values, AROUND)[1] == []
    assert metadata({"title": values["title"]}, AROUND._replace(is_post=False), PAGES)[1] == []


@pytest.mark.parametrize(
    ("date", "future"), [("2026-11-22 23:59", False), ("2026-11-23", True), ("2026-11-22T23:30Z", True)]
)
def test_the_future_begins_after_the_sites_date(date: str, *, future: bool) -> None:
    assert read(date=date)[0]["future"] is future


@pytest.mark.parametrize(
    ("given_", "tags"),
    [("a, b,, a", ["a", "b"]), ("a; b, c", ["a", "b, c"]), (["x, y", "z"], ["x, y", "z"])],
)
def test_tags(given_: str | list[str], tags: list[str]) -> None:
    assert read(tags=given_)[0]["tags"] == tags


def test_direction_follows_the_language_unless_it_is_given() -> None:
    assert read()[0]["dir"] == "ltr"
    assert read(lang="ar-EG")[0]["dir"] == "rtl"
    assert read(lang="ar", dir="ltr")[0]["dir"] == "ltr"


# --- blocks ---------------------------------------------------------------------------------------------------------


def draw(options: Any) -> ET.Element:
    element = ET.Element("p", {"class": "drawn"})
    element.text = repr(options.get("topic"))
    return element


BLOCKS = {"ask": blocks.Block(("topic",), draw)}


def convert(text: str) -> tuple[str, list[tuple[str, int, str]]]:
    extensions = {"plugins.reading.markup": {"blocks": BLOCKS}}
    md = Markdown(extensions=["extra", *extensions], extension_configs=extensions)
    return md.convert(text), md.problems  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Write \\<name> here.", "<p>Write &lt;name&gt; here.</p>"),
        ("\\<b>x\\</b>", "<p>&lt;b&gt;x&lt;/b&gt;</p>"),
        ("\\<div>x", "<p>&lt;div&gt;x</p>"),
        ("\\<script>x", "<p>&lt;script&gt;x</p>"),
        ("- \\<li>", "<ul>\n<li>&lt;li&gt;</li>\n</ul>"),
        ("[\\<x>](y)", '<p><a href="y">&lt;x&gt;</a></p>'),
        ("`\\<b>`", "<p><code>\\&lt;b&gt;</code></p>"),
        ("    \\<b>", "<pre><code>\\&lt;b&gt;\n</code></pre>"),
        ("\\\\<b>x</b>", "<p>\\<b>x</b></p>"),
        ("![\\<b>](x)", '<p><img alt="&lt;b&gt;" src="x" /></p>'),
    ],
)
def test_a_backslash_before_an_angle_bracket_makes_text_of_it(text: str, html: str) -> None:
    assert convert(text)[0] == html


@pytest.mark.parametrize(
    "topic",
    [
        "BGP",
        "Q&A: 50% off",
        "#networking",
        "2026",
        "a: b: c",
        '"quoted" <b>',
        "C++ – naïve 🎉",
        "[x](y)",
        "*a*",
        "{filename}x",
    ],
)
def test_a_block_takes_any_text(topic: str) -> None:
    html, problems = convert(f"Before\n\n/// ask\n    topic: {topic}\n///\n\nAfter")
    assert problems == []
    root = ET.fromstring(f"<x>{html}</x>")  # noqa: S314  our own text
    assert root[1].text == repr(topic)
    assert [child.get("class") for child in root] == [None, "drawn", None]


def test_a_block_stands_alone_even_between_lines_of_text() -> None:
    assert convert("Before\n/// ask\n///\nAfter")[0] == '<p>Before</p>\n<p class="drawn">None</p>\n<p>After</p>'


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("/// aks\n///", "/// aks", "`/// aks` is not a block; did you mean `ask`?"),
        ("/// xyz\n///", "/// xyz", "`/// xyz` is not a block; the blocks are `/// ask`"),
        ("/// ask\ntopics: a\n///", "topics: a", "`/// ask` has no option `topics`; did you mean `topic`?"),
        ("/// ask\nBGP\n///", "BGP", "`BGP` is not an option of `/// ask`; write `topic: …`"),
        ("/// ask\ntopic: a\ntopic: b\n///", "topic: b", "`topic` stands twice"),
        ("/// ask\ntopic: a\n", "/// ask", "is never closed"),
        ("///\n", "///", "this `///` closes nothing"),
        ("/// ask: BGP\n///", "/// ask: BGP", "`/// ask: BGP` is not a block"),
    ],
)
def test_a_mistyped_block_is_a_problem(text: str, line: str, message: str) -> None:
    html, problems = convert(f"Before\n\n{text}\n")
    assert problems[0][0] == line
    assert message in problems[0][2]
    assert "///" not in html


def test_an_open_block_is_told_from_the_one_below_it() -> None:
    _, problems = convert("/// ask\n///\n\n/// ask\ntopic: a\n\n/// Ask\n///\n")
    assert [(line, nth) for line, nth, _ in problems] == [("/// ask", 1), ("/// Ask", 2)]


def test_blocks_in_code_are_code() -> None:
    html, problems = convert("```\n/// ask\n///\n```\n\n    /// ask\n\n`/// aks`")
    assert problems == []
    assert html.count("///") == 4


@pytest.mark.parametrize(
    ("text", "html"),
    [
        pytest.param("Street 1\\\nTown", "<p>Street 1<br />\nTown</p>", id="a break"),
        pytest.param("Street 1\\\\\nTown", "<p>Street 1\\\nTown</p>", id="no break behind an escape"),
        pytest.param("`a\\`\nb", "<p><code>a\\</code>\nb</p>", id="no break in code"),
        pytest.param(
            "<a+b_c@example.org>",
            '<p><a href="mailto:a%2Bb_c@example.org">a+b_c@example.org</a></p>',
            id="an address with a plus",
        ),
        pytest.param(
            "<mailto:a+b@example.org?subject=1+1&body=x>",
            '<p><a href="mailto:a%2Bb@example.org?subject=1+1&amp;body=x">a+b@example.org?subject=1+1&amp;body=x</a></p>',
            id="an address with fields",
        ),
        pytest.param("`<a+b@example.org>`", "<p><code>&lt;a+b@example.org&gt;</code></p>", id="an address in code"),
        pytest.param("~~old~~ new", "<p><del>old</del> new</p>", id="strike"),
        pytest.param("~old~ new, ~/x and ~5 to ~10", "<p><del>old</del> new, ~/x and ~5 to ~10</p>", id="one tilde"),
        pytest.param("~~a **b** c~~", "<p><del>a <strong>b</strong> c</del></p>", id="strike with emphasis"),
        pytest.param("**a ~~b~~**", "<p><strong>a <del>b</del></strong></p>", id="strike in emphasis"),
        pytest.param("~~ a ~~ b~~", "<p>~~ a ~~ b~~</p>", id="no strike with a space"),
        pytest.param("`~~a~~` ~~b", "<p><code>~~a~~</code> ~~b</p>", id="no strike in code, or with one half"),
        pytest.param("\\~~a~~", "<p>~~a~~</p>", id="no strike behind a backslash"),
        pytest.param('\\"a\\" \\@ \\= \\: \\% \\d', '<p>"a" @ = : % \\d</p>', id="escapes"),
        pytest.param(
            '![a](x.png "The \\"big\\" day")',
            '<p><img alt="a" src="x.png" title="The &quot;big&quot; day" /></p>',
            id="quotes in a caption",
        ),
    ],
)
def test_marks_of_commonmark_and_github(text: str, html: str) -> None:
    assert convert(text)[0] == html


def test_tasks_are_boxes_named_by_their_text() -> None:
    html, _ = convert("- [ ] to *do*\n- [X] done\n    - [x] within\n- [ ]\n- [y] no\n\n1. [x] a\n\n    b\n")
    root = LexborHTMLParser(html)
    assert [
        (label.text().strip(), "checked" in label.css_first("input").attributes)
        for label in root.css("li.task > label, li.task > p > label")
    ] == [
        ("to do", False),
        ("done", True),
        ("within", True),
        ("a", True),
    ]
    assert [item.text().strip() for item in root.css("li:not(.task)")] == ["[ ]", "[y] no"]
    assert all("disabled" in box.attributes for box in root.css("input"))


@pytest.mark.parametrize(
    ("text", "inner"),
    [
        pytest.param(
            "<details><summary>More</summary>\n\nInside *text*.\n\n</details>", "More Inside <text>.", id="one line"
        ),
        pytest.param(
            "<details open>\n<summary>More</summary>\n\n**Bold**\n\n- a\n\n</details>", "More <Bold> a", id="lines"
        ),
        pytest.param(
            "- a\n\n  <details><summary>More</summary>\n\n  ~~x~~\n\n  </details>\n", "More <x>", id="in a list"
        ),
        pytest.param(
            "<details>\n\n<details>\n\n*in*\n\n</details>\n\n*out*\n</details>", "<in> <out>", id="in another"
        ),
        pytest.param("<details markdown='1'>\n*a*\n</details>", "<a>", id="said by the author"),
        pytest.param("<details>\n\n*a*", "<a>", id="never closed"),
        pytest.param("<details>\n\n<div>\n\n*a*", "<a>", id="two never closed"),
    ],
)
def test_markdown_in_details_is_read(text: str, inner: str) -> None:
    details = LexborHTMLParser(convert(text)[0]).css_first("details")
    for element in details.css("em, strong, del"):
        element.replace_with(f"<{element.text()}>")
    assert " ".join(details.text(separator=" ").split()).replace(" .", ".") == inner
    assert "markdown" not in details.attributes


@pytest.mark.parametrize("marks", ["~~a ", "~a ", "\\\n", "- [ ] a\n"])
def test_many_marks_are_work_by_their_number(marks: str) -> None:
    convert(marks)  # what is done once
    effort = [lines_run(lambda count=count: convert(marks * count)) for count in (200, 400)]
    assert effort[1] < 2.3 * effort[0]


def test_tables_scroll_by_themselves_and_are_aligned_by_class() -> None:
    html, _ = convert("| a | b | c |\n|:--|:-:|--:|\n| 1 | 2 | 3 |\n")
    assert "style=" not in html
    assert html.startswith('<div aria-label="Table" class="scroll" role="group" tabindex="0">')
    assert [html.count(f'class="align-{side}"') for side in ("left", "center", "right")] == [2, 2, 2]


# --- shelf ----------------------------------------------------------------------------------------------------------


def post(name: str, *tags: str) -> SimpleNamespace:
    return SimpleNamespace(source_path=name, tags=[SimpleNamespace(slug=tag) for tag in tags])


def test_neighbours_in_time() -> None:
    newest, middle, oldest = posts = [post("c"), post("b"), post("a")]
    shelf = Shelf(posts)
    assert shelf.neighbours(middle) == (oldest, newest)
    assert shelf.neighbours(newest) == (middle, None)
    assert shelf.neighbours(oldest) == (None, middle)
    assert shelf.neighbours(post("a draft")) == (None, None)


def test_rare_tags_bind_more_than_common_ones() -> None:
    here = post("here", "common", "rare")
    common = [post(f"c{n}", "common") for n in range(9)]
    rare = post("r", "rare")
    related = Shelf([*common[:5], here, *common[5:], rare]).related(here)
    assert related[0] is rare
    assert len(related) == 3
    assert here not in related


def test_nothing_is_related_without_a_shared_tag() -> None:
    assert Shelf([post("a", "x"), post("b", "y"), post("c")]).related(post("a", "x")) == ()


def test_of_equally_related_posts_the_newer_come_first() -> None:
    posts = [post(name, "x") for name in "edcba"]
    assert [p.source_path for p in Shelf(posts).related(posts[2])] == ["e", "d", "b"]


def test_a_draft_has_related_posts_too() -> None:
    assert [p.source_path for p in Shelf([post("a", "x"), post("b", "y")]).related(post("d", "y"))] == ["b"]


def test_the_order_of_one_moment_is_that_of_the_files() -> None:
    day = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    contents = [SimpleNamespace(date=day, source_path=name) for name in "cab"]
    contents.append(SimpleNamespace(date=day + dt.timedelta(1), source_path="z"))
    assert [c.source_path for c in sorted(contents, key=newest_first)] == ["z", "a", "b", "c"]


# --- the shell, by a real tiny site ---------------------------------------------------------------------------------


def test_the_address_comes_from_the_files_name(site: Site) -> None:
    site.post("2026-03-04-first-words", title="A better title")
    site.post("second", slug="chosen")
    site.build()
    assert (site.output / "first-words/index.html").is_file()
    assert (site.output / "chosen/index.html").is_file()


def test_bytes_of_other_systems_are_read(site: Site) -> None:
    site.write("posts/bom.md", b"\xef\xbb\xbfTitle: Caf\xc3\xa9\r\nDate: 2026-01-02\r\n\r\n## Two\r\n\r\nText\r\n")
    site.build()
    page = site.page("bom/")
    assert page.css_first("h1").text() == "Café"
    assert page.css_first("main h2#two").text() == "Two"


def test_drafts_and_posts_of_the_future_are_for_the_preview_only(site: Site) -> None:
    site.post("today", date="2026-11-22 23:00")
    site.post("tomorrow", date="2026-11-23")
    site.post("half", status="draft")
    site.post("unlisted", status="hidden")
    site.build()
    for name in ("tomorrow", "half"):
        assert not list(site.output.rglob(f"*{name}*"))
        assert name not in site.read("index.html") + site.read("feed.xml") + site.read("sitemap.xml")
    assert "unlisted" not in site.read("index.html") + site.read("feed.xml") + site.read("sitemap.xml")
    assert (site.output / "unlisted/index.html").is_file()
    assert (site.output / "today/index.html").is_file()


def test_the_preview_shows_them_with_a_banner(site: Site) -> None:
    site.post("today")
    site.post("tomorrow", date="2026-11-23")
    site.post("half", status="draft")
    site.build(publish=False)
    assert site.page("drafts/half/").css_first(".banner")
    assert site.page("drafts/tomorrow/").css_first(".banner")
    assert not site.page("today/").css_first(".banner")


def test_a_post_in_another_language_says_so(site: Site) -> None:
    site.post("shalom", title="שלום", lang="he")
    site.build()
    article = site.page("shalom/").css_first("article")
    assert (article.attributes["lang"], article.attributes["dir"]) == ("he", "rtl")


def test_reading_a_post_without_a_summary(site: Site) -> None:
    site.post("plain", body="One *two*.\n\n" + "word " * 100)
    site.build()
    description = site.page("plain/").css_first("meta[name=description]").attributes["content"]
    assert description.startswith("One two. word")
    assert len(description) <= 160


def test_headings_are_places_whatever_their_script_and_keep_out_of_the_themes_way(site: Site) -> None:
    site.post(
        "p", body="## Related\n\nText\n\n## 話す前に\n\nText\n\n## C & D\n\n[a](#related-1) [b](#話す前に) [c](#c-d)\n"
    )
    site.build()
    ids = [heading.attributes["id"] for heading in site.page("p/").css(".letter h2")]
    assert ids == ["related-1", "話す前に", "c-d"]


def test_a_letter_knows_its_place_in_its_series(site: Site) -> None:
    site.post("one", date="2026-01-01", series="Bridges")
    site.post("two", date="2026-01-02", series="Bridges")
    site.post("three", date="2026-01-03", series="Bridges")
    site.post("alone", series="Tunnels")
    site.build()
    page = site.page("two/")
    assert page.css_first(".masthead a[href='/series/bridges/']").text() == "Part 2 of 3 of “Bridges”"
    beside = page.css("nav[aria-labelledby=in-series] a")
    assert [(a.attributes["href"], " ".join(a.text().split())) for a in beside] == [
        ("/one/", "Part 1 One"),
        ("/three/", "Part 3 Three"),
    ]
    assert len(site.page("one/").css("nav[aria-labelledby=in-series] a")) == 1
    alone = site.page("alone/")
    assert "Part 1 of 1 of “Tunnels”" in alone.css_first(".masthead").text()
    assert not alone.css("nav[aria-labelledby=in-series]")


@pytest.mark.parametrize(
    ("heads", "problem"),
    [
        pytest.param(
            [{"part": "2"}], "p0.md:3: this part belongs to no series; add a line like `series: Its name`", id="alone"
        ),
        pytest.param(
            [{"series": "S", "part": "0"}], "p0.md:4: `0` is not the number of a part; write 1, 2, 3 …", id="nought"
        ),
        pytest.param(
            [{"series": "S", "part": "two"}], "p0.md:4: `two` is not the number of a part; write 1, 2, 3 …", id="word"
        ),
        pytest.param(
            [{"series": "S", "part": "²"}], "p0.md:4: `²` is not the number of a part; write 1, 2, 3 …", id="raised"
        ),
        pytest.param(
            [{"series": "!?"}], "p0.md:3: `!?` gives no address; write a name with letters or digits", id="no slug"
        ),
    ],
)
def test_a_series_that_cannot_be_read(heads: list[dict[str, str]], problem: str, site: Site) -> None:
    for at, head in enumerate(heads):
        site.post(f"p{at}", **head)
    assert site.problems() == [f"posts/{problem}"]


def test_two_letters_of_one_number_and_two_names_of_one_address(site: Site) -> None:
    site.post("a", date="2026-01-02", series="Long bridges", part="1")
    site.post("b", date="2026-01-01", series="Long bridges", part="1")
    site.post("c", date="2025-01-01", series="Long Bridges")
    site.post("hidden", series="Long bridges", part="1", status="hidden")
    assert site.problems() == [
        f"posts/b.md:4: {site.content}/posts/a.md is part 1 of `Long bridges` already; write another number",
        f"posts/c.md:3: `Long Bridges` has the same address as `Long bridges`, as in {site.content}/posts/a.md; write both alike",
    ]


def test_apostrophes_turn_alike_wherever_a_text_is_shown(site: Site) -> None:
    said = "I *can*'t, (*'tis*), `code`'s, '[Link](https://www.debian.org)'"
    body = f"{said}[^1]\n\n> {said}\n\n## {said}\n\n| a | b |\n|---|---|\n| {said} | 6'2\" |\n\n[^1]: {said}\n\n"
    body += "![A room]({static}/images/x.png \"The 'room' in the '90s\")\n\n/// quote\ntext: They're \"'em\"\n///\n"
    site.post("quotes", body, title="Rock 'n' roll", summary="It's \"'so' she said\"", topic="the '90s")
    site.write("images/x.png", (ROOT / "tests/example/images/lamp.png").read_bytes())
    site.build()
    page, feed = site.read("quotes/index.html"), site.read("feed.xml")
    for shown in (page, feed):
        printed = parsed(html.unescape(shown)).text()
        assert printed.count("I can’t, (’tis), code’s, ‘Link’") == 5
        assert "6’2”" in printed
        assert "They’re “’em”" in printed
        assert "‘room’ in the ’90s" in printed
    assert "Rock ’n’ roll" in text.plain(page)
    assert "It’s “‘so’ she said”" in text.plain(page)
    postscript = parsed(page).css_first(".postscript")
    assert postscript.text().count("the ’90s") == 2


INVITATION = '<p class="invitation"><a class="button" href="/s/">Ask</a> <span>or write to a@b.c</span></p>'


@pytest.mark.parametrize(
    ("body", "shown", "whole"),
    [
        pytest.param(f"<p>One.</p>{INVITATION}", "<p>One.</p>", True, id="an invitation is no part of it"),
        pytest.param(f"{INVITATION}<p>One.</p><hr><p>Two.</p>", "<p>One.</p><p>Two.</p>", True, id="nor at its head"),
        pytest.param("<p>One.</p><p>Two.</p><p>Three.</p>", "<p>One.</p><p>Two.</p>", False, id="two paragraphs"),
        pytest.param("<p>One.</p><ul><li>a</li></ul><p>Two.</p>", "<p>One.</p>", False, id="a list between them"),
        pytest.param("<p>One.</p><h2>So</h2><p>Two.</p>", "<p>One.</p>", False, id="a heading between them"),
        pytest.param("<h2 id='a'>So</h2><p id='b'>One.</p>", "<p>One.</p>", False, id="a heading first"),
        pytest.param('<p>One.</p><blockquote class="pull"><p>Q</p></blockquote>', "<p>One.</p>", False, id="a quote"),
        pytest.param("<p>One.</p><details><summary>a</summary><p>b</p></details>", "<p>One.</p>", False, id="details"),
        pytest.param('<figure><img src="/a.png"></figure><p>One.</p>', "<p>One.</p>", False, id="a picture first"),
        pytest.param('<p>One <img src="/a.png">.</p>', "<p>One .</p>", False, id="a picture within"),
        pytest.param(
            '<p>One<sup id="fnref:1">1</sup>.</p><div class="footnote"><ol><li><p>F</p></li></ol></div>',
            "<p>One.</p>",
            False,
            id="a footnote",
        ),
        pytest.param("<ul><li>a &amp;b</li></ul>", "<p>a &amp;b</p>", False, id="nothing but a list"),
        pytest.param(INVITATION, "", True, id="nothing but an invitation"),
        pytest.param(
            '<p>One <a href="#x">x</a></p>', '<p>One <a href="/blog/p/#x">x</a></p>', True, id="a link within"
        ),
    ],
)
def test_how_a_letter_begins(body: str, shown: str, *, whole: bool) -> None:
    content = SimpleNamespace(
        content=body, _content=body, url="p/", settings={"SITEURL": "/blog"}, metadata={}, lang="en"
    )
    found = opening(content)
    assert (str(found.html), found.whole) == (shown, whole)


def test_home_shows_no_invitation_of_a_letter_and_no_way_on_where_there_is_nothing(site: Site) -> None:
    site.post("new", "One *para*.\n\n/// speaking-request\n///\n")
    site.build()
    lead = site.page("").css_first(".lead")
    assert "One para." in lead.text()
    assert not lead.css(".invitation, .button")
    assert "Read the rest" not in lead.text()
    assert site.page("new/").css(".letter .invitation")
    for shown in (site.read("index.html"), site.read("archive/index.html")):
        assert "One para. Ask" not in text.plain(shown)
    assert site.page("new/").css_first("meta[name=description]").attributes["content"] == "One para."
    site.post("new", "One.\n\nTwo.\n\nThree.\n")
    site.build()
    assert "Read the rest" in site.page("").css_first(".lead").text()

"""Lists as CommonMark reads them, held against GitHub's own parser; and what in a text's structure is told instead."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import cmarkgfm
import pytest
from cmarkgfm.cmark import Options
from effort import lines_run
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown import Markdown
from selectolax.lexbor import LexborHTMLParser

from plugins.block_structure import DEEPEST, read

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

_EXTENSIONS = {"plugins.reading.markup": {}, "markdown.extensions.codehilite": {"guess_lang": False}}
PARSER = Markdown(extensions=["extra", *_EXTENSIONS], extension_configs=_EXTENSIONS)
_SHOWN = {"p", "pre", "h2", "hr", "table", "blockquote", "br"}


def converted(text: str) -> str:
    return PARSER.reset().convert(text)


def problems(text: str) -> list[tuple[int, str, str]]:
    return read(text.split("\n")).problems


def tree(html: str) -> list[Any]:
    """The lists of a page: type, start, items; and in and around them what else stands there, and the words."""
    body = LexborHTMLParser(f"<body>{html}</body>").body
    assert body
    return list(_nodes(body))


def _nodes(parent: LexborNode) -> Any:
    for node in parent.iter(include_text=True):
        if node.tag in {"ul", "ol"}:
            yield (
                node.tag,
                node.attributes.get("start", "1"),
                [list(_nodes(each)) for each in node.iter() if each.tag == "li"],
            )
        elif node.tag == "pre":
            yield "pre", node.text().split()
        elif node.tag in _SHOWN:
            yield node.tag, list(_nodes(node))
        elif node.tag == "-text":
            if words := (node.text() or "").split():
                yield words
        else:
            yield from _nodes(node)


def github(text: str) -> str:
    return cmarkgfm.github_flavored_markdown_to_html(text, options=Options.CMARK_OPT_UNSAFE)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("1. one\n2. two\n\nA word between.\n\n3. three\n4. four", id="a start of its own"),
        pytest.param("1. Stand still.\n\n   Count.\n\n2. Look.\n\n   Then.\n\n3. Begin.", id="indented by three"),
        pytest.param("- a\n\n1. b\n2. c\n\n- d", id="bullets and numbers"),
        pytest.param("1. a\n- b\n2. c", id="numbers and bullets without blank lines"),
        pytest.param("- a\n* b\n+ c", id="another sign begins another list"),
        pytest.param("1. a\n2) b", id="another sign behind the number, too"),
        pytest.param("- a\n  - b\n    - c\n   - d", id="by two"),
        pytest.param("1. a\n   1. b\n   2. c\n2. d", id="by three"),
        pytest.param("- a\n    - b\n        - c", id="by four"),
        pytest.param("- a\n\t- b\n\n\t  c", id="by tabs"),
        pytest.param("8. a\n9. b\n10. c\n\n    d\n11. e\n    - f", id="two digits"),
        pytest.param("- a\nb\n  c", id="lazy"),
        pytest.param("> - a\nb\n> - c\n\n- > d\n  > - e", id="quotes and lists"),
        pytest.param("- a\n\n      code\n\n  ```\n  - fenced\n\n  ```\n- b", id="code"),
        pytest.param("- ## a\n  b\n- ---\n- | a | b |\n  |---|---|\n  | 1 | 2 |", id="other blocks"),
        pytest.param("Shopping:\n- a\n- b\n\nSteps:\n1. c\n2. d", id="right below a paragraph"),
        pytest.param("It was said in\n1985. Or so.", id="a number that begins none there"),
        pytest.param("1986. A great year", id="a year"),
        pytest.param("-\n- a\n-\n\n  b", id="empty items"),
        pytest.param("- a\n\n- b\n- c\n\nText\n\n- d\n  - e\n\n  f", id="loose"),
        pytest.param("- a\n  - b\n\n    c\n- d", id="loose within tight"),
        pytest.param("- a\n<!-- -->\n- b", id="a comment between"),
        pytest.param("- a\n***\n- b\n- - - c\n- - -", id="rules and bullets"),
        pytest.param("0. a\n1. b\n\n\n003. c", id="nought"),
        pytest.param("-   a\n\n    b\n-     c", id="wide marks"),
        pytest.param("1.a\n-b\n1234567890. c\n\\- d", id="no lists"),
        pytest.param("- a\n===\n\n- b\n---", id="lines below headings"),
        pytest.param("<div>\n\n- a\n\n</div>\n\n- <div>b</div>\n\n  c", id="within HTML"),
        pytest.param("a  \nb\\\nc\n- d  \n  e  \n- f\n\n> g   \nh  ", id="lines that end in a break"),
        pytest.param("| a | b |\n|---|---|\n| `x\\|y` | ``z\\|`\\|`` c\\|d |", id="code with a line in a table"),
        pytest.param("- ~~~\n  a\n ~~~\n- b", id="a fence that the item ends"),
    ],
)
def test_lists_are_as_github_reads_them(text: str) -> None:
    assert tree(converted(text)) == tree(github(text))


_MARKS = ["- ", "* ", "+ ", "1. ", "2. ", "3. ", "10. ", "1) ", "-   ", "-", "1."]
_INSETS = ["", " ", "  ", "   ", "    ", "      ", "\t", "> ", ">"]
# No rules: GitHub's parser takes a list for tight after one, CommonMark's own does not.
_LEAVES = ["a", "b c", "e  ", "## h", "```", "| a | b |\n| - | - |\n| 1 | 2 |", "1986. d"]
_LINES = st.tuples(
    st.lists(st.sampled_from(_INSETS), max_size=2),
    st.lists(st.sampled_from(_MARKS), max_size=2),
    st.sampled_from(["", *_LEAVES]),
).map(lambda parts: "".join([*parts[0], *parts[1], parts[2]]))
DOCUMENTS = st.lists(st.one_of(st.just(""), _LINES), min_size=1, max_size=12).map(
    # GitHub's parser keeps an empty item open over a line of spaces, and editors leave none.
    lambda lines: "\n".join(line if line.strip() else "" for line in lines)
)


@settings(deadline=None, max_examples=int(os.environ.get("LIST_EXAMPLES", "200")))
@given(DOCUMENTS)
@example("- a\n\n  > b\n\n- c")
def test_any_list_is_as_github_reads_it_or_is_told(text: str) -> None:
    if tree(converted(text)) != tree(github(text)):
        assert problems(text), (tree(converted(text)), tree(github(text)))


@settings(deadline=None)
@given(DOCUMENTS)
def test_few_lists_are_told_instead(text: str) -> None:
    for _, message, _ in problems(text):
        assert any(
            said in message
            for said in (
                *(
                    "never closed",
                    "middle of a paragraph",
                    "makes a heading",
                    "within a paragraph",
                    "no table is drawn",
                ),
                *("what is too much", "does not open code", "are no table"),
            )
        )


def test_numbers_that_are_left_out_stay_left_out() -> None:
    html = converted("1. a\n2. b\n10. c\n11. d\n\nText\n\n1. e\n1. f\n1. g\n")
    assert [node.attributes.get("value") for node in LexborHTMLParser(html).css("li")] == [
        None,
        None,
        "10",
        *[None] * 4,
    ]


@pytest.mark.parametrize(
    ("text", "first", "rest"),
    [
        pytest.param(
            "A[^1]\n\n[^1]: b\n\n    - c\n      - d\n", ".footnote > ol > li > ul > li > ul > li", "d", id="footnote"
        ),
        pytest.param("Term\n:   - a\n    - b\n\n    - c\n", "dd > ul > li:nth-child(3)", "c", id="definition"),
        pytest.param(
            "<details>\n\n3. a\n4. b\n\n</details>\n", "details > ol[start='3'] > li:last-child", "b", id="details"
        ),
        pytest.param("- a\n- b\n{: .pull }\n", "ul > li.pull", "b", id="attributes"),
        pytest.param("Term\n:   a\n\n    > b:\n    > - c\n", "dd blockquote li", "c", id="quote in a definition"),
    ],
)
def test_lists_stand_in_what_github_does_not_know(text: str, first: str, rest: str) -> None:
    (found,) = LexborHTMLParser(converted(text)).css(first)
    assert (found.text().strip(), problems(text)) == (rest, [])


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        pytest.param("The sum of 3\n+ 4 is 7.\n", 1, "write `\\+`", id="a sum"),
        pytest.param("We met in room\n1. It was cold.\n", 1, "write `1\\.`", id="the end of a sentence"),
        pytest.param("Steps:\n2. two\n3. three\n", 1, "put a blank line above it", id="numbers that begin none"),
        pytest.param("Bring\n• a\n• b\n", 1, "`•` begins no list", id="bullets of another program"),
        pytest.param("-one\n-two\n", 0, "with a space behind it", id="no space"),
        pytest.param("One\ntwo\n---\nthree\n", 2, "makes a heading", id="a rule below two lines"),
        pytest.param("One thing.\n---\nthree\n", 1, "makes a heading", id="a rule below a sentence"),
        pytest.param("One\n-\n", 1, "makes a heading", id="an empty item"),
        pytest.param("a | b\n--|--\n1 | 2 | 3\n", 2, "3 cells and the table 2 columns", id="a cell too many"),
        pytest.param("- a | b\n  --|--\n  1 | 2 | 3\n", 2, "3 cells", id="the same in a list"),
        pytest.param(
            "| a | b |\n|---|\n| 1 | 2 |\n", 1, "1 parts and the one above it 2", id="a column without a line"
        ),
        pytest.param("- > - a\n  > /// ask\n  > ///\n", 1, "at the left margin", id="a block in a quote"),
        pytest.param("<p>a\n\n- b\n", 0, "write `</p>`", id="an element that swallows the rest"),
        pytest.param("> " * (DEEPEST + 2) + "a", 0, f"more than {DEEPEST} deep", id="deep"),
        pytest.param("| a | b |\n| 1 | 2 |\n", 0, "are no table", id="a table without its line"),
        pytest.param(
            "<details>\n<summary>a</summary>\nSome *text*.\n</details>\n", 2, "behind a blank line", id="HTML"
        ),
        pytest.param("<div>\n- a\n- b\n</div>\n", 1, "behind a blank line", id="a list in HTML"),
        pytest.param("<div>\n\n" * (DEEPEST + 1), 2 * DEEPEST, f"more than {DEEPEST} deep", id="deep HTML"),
        pytest.param("```\na\n", 0, "never closed", id="open code"),
        pytest.param("We bring:\n– water\n– bread\n", 1, "`–` begins no list", id="dashes of another program"),
        pytest.param("-\xa0one\n-\xa0two\n", 0, "hard one", id="a hard space behind the sign"),
        pytest.param("1.\xa0one\n2.\xa0two\n", 0, "hard one", id="a hard space behind the number"),
        pytest.param("- one\n\xa0\xa0- two\n", 1, "type them anew", id="hard spaces before an item"),
        pytest.param("\xa0 \xa0• one\n", 0, "type them anew", id="hard spaces before a bullet"),
        pytest.param("First:\na) one\nb) two\n", 1, "write `1)` in its place", id="letters"),
        pytest.param("a\n\n" + "[a](b " * 400, 2, "never closed", id="a riddle of brackets"),
        pytest.param("- ~~~\n  a\n\nb\n", 0, "never closed", id="open code in a list"),
    ],
)
def test_what_is_read_otherwise_than_meant_is_told(text: str, line: int, message: str) -> None:
    assert [at for at, said, _ in problems(text) if message in said] == [line], problems(text)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a | b\n- | -\n1 | 2\n", id="a short line below a table's head"),
        pytest.param("a | b\n--|--\n- | 1. x\n* y | z\n", id="cells that begin like items"),
        pytest.param("| a |\n|---|\n| - |\n\n| - | 1. |\n|---|---|\n| `a|b` | \\| |\n", id="signs in cells"),
        pytest.param("| a | b |\n|---|---|\n| 1 |\n", id="a row with fewer cells"),
        pytest.param("– Hello, said he.\n– Hello, said she.\n", id="a dialogue"),
        pytest.param("Bring:\n- water\n\nOutside:\n\n- tea\n", id="one thing to bring"),
        pytest.param("• one\\\n• two  \n• three\n", id="bullets below each other"),
        pytest.param("I met\nA. Smith and\nJ. Roe on the\n1.\xa0May.\n", id="initials and a date"),
        pytest.param("```\n- a\n1. b\n* c\n```\n\n    - d\n    -e\n    -f\n", id="lists in code"),
        pytest.param("5 * 3 * 2 and\n-5 degrees,\n3.5 more, a | b\n", id="sums"),
        pytest.param("Title\n-----\n\nWhat I saw?\n---\n\nText\n", id="headings with a line below"),
        pytest.param("- a\n  - b\n- c\n", id="one item within an item"),
        pytest.param("<div>\nFive * three\n<b>2*3</b>\nsnake_case, a*b\n</div>\n", id="signs in HTML"),
        pytest.param("<p>One\ntwo\n</p>\n\n<hr>\n\n<table><tr><td>a</table>\n", id="HTML that a browser ends"),
    ],
)
def test_what_only_looks_odd_passes(text: str) -> None:
    assert problems(text) == []


@pytest.mark.parametrize(
    ("text", "place"),
    [
        pytest.param(
            "A[^1]\n\n[^1]: b\n\n    ```python\n    - a\n\n\n    *b*\n    ```\n", ".footnote li", id="footnote"
        ),
        pytest.param("Term\n:   b\n\n    ~~~\n    - a\n\n\n    *b*\n    ~~~\n", "dd", id="definition"),
        pytest.param(
            "- c\n\n    Term\n    :   b\n\n        ```\n        - a\n\n\n        *b*\n", "li dd", id="in a list"
        ),
    ],
)
def test_code_in_a_note_is_code(text: str, place: str) -> None:
    (code,) = LexborHTMLParser(converted(text)).css(f"{place} pre")
    assert code.text() == "- a\n\n\n*b*\n"


def test_a_table_keeps_its_rows_whatever_they_begin_with() -> None:
    html = converted("a | b\n- | -\n- | 1. x\n| 3 | 4 |\n\nText\n| c | d |\n|---|---|\n* e | f\n- g\n")
    rows = [[cell.text() for cell in row.css("td, th")] for row in LexborHTMLParser(html).css("tr")]
    assert rows == [["a", "b"], ["-", "1. x"], ["3", "4"], ["c", "d"], ["* e", "f"]]
    assert LexborHTMLParser(html).css_first("ul > li").text() == "g"


@pytest.mark.parametrize(
    "piece",
    [
        "- ",
        "> ",
        "1. a\n",
        "- a\n\n  b\n\n",
        "a\n- ",
        "| a ",
        "`|",
        "<div>\n",
        "- - - x\n",
        "- ~~~\n",
        "- a | b\n  - | -\n",
    ],
)
def test_reading_is_work_by_the_length_of_the_text(piece: str) -> None:
    def effort(size: int) -> int:
        lines = (piece * (size // len(piece))).split("\n")
        return lines_run(lambda: read(lines))

    assert effort(4_000) < 2.3 * effort(2_000)


def test_brackets_beyond_all_measure_are_shown_as_typed() -> None:
    assert converted("[a](b " * 400).count("&#91;a](b") == 400

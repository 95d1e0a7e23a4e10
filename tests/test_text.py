from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins import text


@pytest.mark.parametrize(
    ("markup", "plain"),
    [
        pytest.param("<p>One</p><p>two</p>", "One two", id="blocks stay apart"),
        pytest.param("wo<b>r</b>d", "word", id="inline tags leave no gap"),
        pytest.param("<em>So</em>&nbsp;long &amp; thanks", "So long & thanks", id="typogrified"),
        pytest.param("a<script>var x = '<p>'</script>b", "ab", id="script"),
        pytest.param('<p>Said<sup id="fnref:1"><a href="#fn:1">1</a></sup>.</p>', "Said.", id="footnote mark"),
        pytest.param('<p>Said.</p>\n<div class="footnote"><ol><li>Where</li></ol></div>', "Said.", id="footnotes"),
        pytest.param("line<br>break", "line break", id="br"),
        pytest.param(
            '<li><label><input disabled="" type="checkbox"> a</label></li>'
            '<li><label><input checked="" disabled="" type="checkbox"> b</label></li>',
            "☐ a ☑ b",
            id="tasks",
        ),
    ],
)
def test_plain(markup: str, plain: str) -> None:
    assert text.plain(markup) == plain


@pytest.mark.parametrize(
    ("whole", "limit", "part"),
    [
        pytest.param("short", 10, "short", id="fits"),
        pytest.param("exactly ten", 11, "exactly ten", id="fits to the letter"),
        pytest.param("one two three", 9, "one two…", id="at a word"),
        pytest.param("one two, three", 10, "one two…", id="no comma before the ellipsis"),
        pytest.param("あいうえおかきくけこ", 5, "あいうえ…", id="no spaces"),
        pytest.param("abc👩‍👧xyz", 6, "abc…", id="an emoji of several characters is kept whole or left out"),
        pytest.param("abce\u0301\u0301xyz", 6, "abc…", id="so is a letter with its accents"),
    ],
)
def test_cut(whole: str, limit: int, part: str) -> None:
    assert text.cut(whole, limit) == part


@given(st.text(), st.integers(2, 50))
def test_cut_keeps_the_limit(whole: str, limit: int) -> None:
    assert len(text.cut(whole, limit)) <= limit


def test_reading_time_counts_words_and_the_characters_of_unspaced_scripts() -> None:
    assert text.reading_minutes("") == 1
    assert text.reading_minutes("word " * 230) == 1
    assert text.reading_minutes("word " * 2300) == 10
    assert text.reading_minutes("字" * 5000) == 10


@pytest.mark.parametrize(
    ("title", "language", "markup"),
    [
        ('Q&A: "50% off"', "en", "Q&amp;A: &#8220;50% off&#8221;"),
        ("<tips> -- 'x'", "en-GB", "&lt;tips&gt; &#8211; &#8216;x&#8217;"),
        ("1990--2010 --- the '90s", "en", "1990&#8211;2010 &#8212; the &#8217;90s"),
        ("C:\\.config", "en", "C:&#92;.config"),
        ("NATO & all", "en", '<span class="caps">NATO</span> <span class="amp">&amp;</span> all'),
        ('»Ja« & "nein"', "de", '»Ja« &amp; "nein"'),
    ],
)
def test_typeset(title: str, language: str, markup: str) -> None:
    assert text.typeset(title, language) == markup


@pytest.mark.parametrize("tag", ["code", "pre", "kbd", "samp", "svg", "textarea", "math"])
def test_code_is_not_typeset(tag: str) -> None:
    markup = f'<{tag}>a -- "b" NATO</{tag}>'
    assert text.typeset_html(f"{markup}'s it's", "en") == f"{markup}&#8217;s it&#8217;s"


def test_a_plain_text_set_for_print_stays_plain() -> None:
    assert text.typeset_plain('"Q&A" -- <now>', "en") == "“Q&A” – <now>"


def test_what_readers_take_for_one_character_is_one() -> None:
    assert text.clusters("a👩‍👧e\u0301") == ["a", "👩‍👧", "e\u0301"]
    assert text.clusters("a\r\nb") == ["a", "\r\n", "b"]

from __future__ import annotations

import re

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
        ("C:\\.config", "en", "C:\\.config"),
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


@pytest.mark.parametrize(
    ("markup", "printed"),
    [
        pytest.param(
            "<em>can</em>'t <a>we</a>'ll the <a>Millers</a>' hats", "can’t we’ll the Millers’ hats", id="after a tag"
        ),
        pytest.param("<code>x</code>'s, <kbd><kbd>a</kbd>'</kbd>'s", "x’s, a'’s", id="after code, and none within"),
        pytest.param(
            "(<em>'tis</em>) <b>'em</b> '90s' '62 '62'", "(’tis) ’em ’90s’ ’62 ‘62’", id="left out at the beginning"
        ),
        pytest.param("'10 years' in '62, 'so' of '69.", "‘10 years’ in ’62, ‘so’ of ’69.", id="a number, and a year"),
        pytest.param(
            "rock 'n' <b>roll</b>, Rock'n'Roll, 'n roll, 'n'",
            "rock ’n’ roll, Rock’n’Roll, ’n roll, ‘n’",
            id="left out on both sides",
        ),
        pytest.param("6'2\" and <b>6</b>'2<i>\"</i>", "6’2” and 6’2”", id="feet and inches"),
        pytest.param(
            '\'<a>Link</a>\', "<img src=x>" <b>"</b>so<b>"</b>',
            "‘Link’, “” “so”",
            id="around a link, a picture, a word",
        ),
        pytest.param("\"'so' she\" '\"So,\" he.' \"'...so'\"", "“‘so’ she” ‘“So,” he.’ “‘…so’”", id="nested"),
        pytest.param(
            "\"Hamlet\"'s 'it's' James's' hat", "“Hamlet”’s ‘it’s’ James’s’ hat", id="behind a quote, and twice on end"
        ),
        pytest.param("--'so'--\"so\"—'so'—\"(so)\"", "–‘so’–“so”—‘so’—“(so)”", id="after a dash"),
        pytest.param("<p>'But--' \"But—\" 'pre-' and/'or'</p>", "‘But–’ “But—” ‘pre-’ and/‘or’", id="before a dash"),
        pytest.param(
            '("so") [\'so\'] "(so) $5" "$5" &lt;\'so\'&gt;', "(“so”) [‘so’] “(so) $5” “$5” <‘so’>", id="brackets, sums"
        ),
        pytest.param(
            "a&nbsp;\"so\" a&nbsp;'so' a\u2060'so", "a “so” a ‘so’ a\u2060’so", id="no-break space, word joiner"
        ),
        pytest.param("“'so' she” ‘\"so\"’", "“‘so’ she” ‘“so”’", id="within quotes that were typed curly"),
        pytest.param("so.'<sup>1</sup> so\"<sup>2</sup>", "so.’1 so”2", id="before a footnote"),
        pytest.param('a<br>"so"<br>\'so\'\n"so\nlong"', "a “so” ‘so’ “so long”", id="across lines"),
        pytest.param('<td>"a</td><td>\'b\'</td><li>"c"</li>', "“a ‘b’ “c”", id="each block by itself"),
        pytest.param("<p title=\"it's\">it's</p>", "it’s", id="no attribute"),
        pytest.param(
            "&amp;#8217; \"so\" &amp;mdash;'so'", "&#8217; “so” &mdash;’so’", id="what looks like a reference"
        ),
    ],
)
def test_quotes_turn_as_the_running_text_has_them(markup: str, printed: str) -> None:
    assert text.plain(text.typeset_html(markup, "en")) == printed


_WORDS = st.sampled_from(
    ["so", "6", "s", "em", "90s", "'", '"', "--", "-", "...", " ", "\n", ".", ",", "(", ")", "—", "&amp;"]
)
_INLINE = st.sampled_from(["<em>", "</em>", '<a href="/it\'s">', "</a>", "<b>", "</b>", "<span>", "</span>", "<wbr>"])


@given(st.lists(st.one_of(_WORDS, _INLINE)))
def test_inline_tags_turn_no_quote(parts: list[str]) -> None:
    bare = "".join(part for part in parts if not part.startswith("<"))
    directions = lambda markup: re.findall("&#82(?:16|17|20|21);", text.typeset_html(markup, "en"))  # noqa: E731
    assert directions("".join(parts)) == directions(bare)
    assert len(directions(bare)) == bare.count("'") + bare.count('"')


@pytest.mark.parametrize("tag", ["code", "pre", "kbd", "script", "math"])
def test_nothing_within_code_changes(tag: str) -> None:
    inner = "\"a\" it's -- ... NATO & <b>'b'</b>"
    assert f"<{tag}>{inner}</{tag}>" in text.typeset_html(f"<p>it's <{tag}>{inner}</{tag}> it's</p>", "en")


def test_a_plain_text_set_for_print_stays_plain() -> None:
    assert text.typeset_plain('"Q&A" -- <now>', "en") == "“Q&A” – <now>"


def test_what_readers_take_for_one_character_is_one() -> None:
    assert text.clusters("a👩‍👧e\u0301") == ["a", "👩‍👧", "e\u0301"]
    assert text.clusters("a\r\nb") == ["a", "\r\n", "b"]

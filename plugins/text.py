"""Plain text: out of HTML, cut at a word, counted as it is read."""

from __future__ import annotations

import functools
import html
import math
import re
import unicodedata

CONTROL = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
"""Characters that neither HTML nor XML can hold (XML 1.0, section 2.2)."""
_TAG = re.compile(r"<[^>]*>")
_SKIPPED = re.compile(r"<(script|style|template)\b.*?</\1\s*>", re.DOTALL | re.IGNORECASE)
_FOOTNOTE_MARK = re.compile(r"<sup\b[^>]*\bid=\"fnref.*?</sup>", re.DOTALL)
_FOOTNOTES = re.compile(r"<div class=\"footnote\">.*", re.DOTALL)
_BLOCK_END = re.compile(r"</(?:p|h\d|li|div|tr|td|th|dt|dd|blockquote|pre|figure|figcaption)>|<br\b", re.IGNORECASE)
# Written without spaces between words: Thai, Lao, Tibetan, Myanmar, Khmer, kana, Han and its extensions.
UNSPACED = re.compile(
    r"[\u0e00-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff]"
)

_NOT_PROSE = ["kbd", "samp", "svg", "math", "textarea", "title", "option", "template", "var", "tt"]
# An opening quote where only an apostrophe can stand: '90s, 'tis, and 's after a word that is marked up.
_APOSTROPHE = re.compile(r"&#8216;(?=\d\ds\b|t(?:is|was)\b)|^&#8216;(?=s\b)|(?<=>)&#8216;(?=s\b)", re.IGNORECASE)
# What typesetting changes: quotes, dashes, dots, ampersands, backslashes, capitals. Most titles have none of it.
_CAPITALS = re.compile(r"[A-Z](?:\d*|\.\s?)[A-Z]")
_TO_SET = re.compile(rf"""["'&\\]|--|\. ?\.|{_CAPITALS.pattern}""")
_BETWEEN_PARAGRAPHS = re.compile(r"(?<=</p>)(?=\n)")

WORDS_A_MINUTE = 230
CHARACTERS_A_MINUTE = 500
"""Reading speeds near those of Brysbaert 2019 (English), and Trauzettel-Klosinski and Dietz 2012 (Chinese)."""


@functools.lru_cache(maxsize=1024)  # a page asks for it several times, and lists ask again
def plain(markup: str) -> str:
    """Give the text of an HTML fragment in one line: no tags, no footnotes, entities resolved."""
    without = _FOOTNOTE_MARK.sub("", _FOOTNOTES.sub("", _SKIPPED.sub("", markup)))
    return " ".join(html.unescape(_TAG.sub("", _BLOCK_END.sub(r" \g<0>", without))).split())


def cut(text: str, limit: int) -> str:
    """Give at most `limit` characters of the text, ended at a word with an ellipsis where it was longer."""
    if len(text) <= limit:
        return text
    at = text.rfind(" ", 0, limit)
    if at < limit // 2:
        # No space in reach: Chinese, or one very long word. Never leave half a letter behind.
        at = limit - 1
        while at > 1 and _joined(text[at - 1], text[at]):
            at -= 1
    return text[:at].rstrip(" ,;:–—-") + "…"


def _joined(before: str, after: str) -> bool:
    """Tell whether the two characters belong to one letter or emoji."""
    return before == "\u200d" or after in "\u200d\ufe0e\ufe0f" or unicodedata.combining(after) > 0


def counts(text: str) -> tuple[int, int]:
    """Give the words of a plain text, and the characters of scripts that leave no spaces between words."""
    return len(UNSPACED.sub(" ", text).split()), len(UNSPACED.findall(text))


def reading_minutes(text: str) -> int:
    """Give whole minutes, one at least, that a plain text takes to read; unspaced scripts count by character."""
    words, characters = counts(text)
    return max(1, math.ceil(words / WORDS_A_MINUTE + characters / CHARACTERS_A_MINUTE - 0.25))


@functools.lru_cache(maxsize=4096)
def typeset(text: str, language: str) -> str:
    """Give a plain text as HTML, with the quotes and dashes of English print; other languages as written."""
    return typeset_html(html.escape(text, quote=False), language)


def typeset_plain(text: str, language: str) -> str:
    """Give a plain text with the quotes and dashes of print, still plain, in one line."""
    return plain(typeset(text, language))


def clusters(text: str) -> list[str]:
    """Give the extended grapheme clusters (UAX #29), what a reader takes for characters."""
    if text.isascii() and "\r" not in text:  # cheaper, and `regex` need not be loaded; CRLF is one cluster
        return list(text)
    import regex

    return regex.findall(r"\X", text)


def typeset_html(markup: str, language: str) -> str:
    """Give an HTML fragment typeset for print: curly quotes, dashes, marked capitals. Code and drawings are left alone.

    `--` is an en dash and `---` an em dash, as in Pandoc, kramdown and Hugo.
    """
    if not language.lower().startswith("en") or not _TO_SET.search(markup):
        return markup
    from typogrify.filters import process_ignores  # slow to import: only for what is read or drawn

    pieces = process_ignores(markup, _NOT_PROSE)
    return "".join(
        _typeset_piece(part) if is_prose and _TO_SET.search(part) else part
        for piece, is_prose in pieces
        for part in _BETWEEN_PARAGRAPHS.split(piece)
    )


def _typeset_piece(markup: str) -> str:
    import smartypants
    from typogrify.filters import amp, caps

    how = smartypants.Attr.q | smartypants.Attr.D | smartypants.Attr.e
    # The library takes a backslash for a mark of its own.
    marked = amp(markup) if "&" in markup else markup
    curled = _APOSTROPHE.sub("&#8217;", smartypants.smartypants(marked.replace("\\", "&#92;"), how))
    return str(caps(curled)) if _CAPITALS.search(curled) else curled

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
_INVITATION = re.compile(r"<p class=\"invitation\">.*?</p>", re.DOTALL)
# As `plugins.reading.markup` writes them.
_BOX = re.compile(r'<input(?: checked="")? disabled="" type="checkbox">')
_BLOCK_END = re.compile(r"</(?:p|h\d|li|div|tr|td|th|dt|dd|blockquote|pre|figure|figcaption)>|<br\b", re.IGNORECASE)
# Written without spaces between words: Thai, Lao, Tibetan, Myanmar, Khmer, kana, Han and its extensions.
UNSPACED = re.compile(
    r"[\u0e00-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff]"
)

_MARKUP = re.compile(r"(<[^>\"]*(?:\"[^\"]*\"[^>\"]*)*>)")
_NAME = re.compile(r"<(/?)([a-z][a-z0-9]*)", re.IGNORECASE)
_NOT_PROSE = frozenset("code kbd samp tt var pre math svg script style template textarea title option".split())
# Within a line of text: what stands beside it goes on across it.
_INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite data del dfn em font i ins label mark picture q s small source span strike "
    "strong sub sup time u wbr".split()
)
_REPLACED = frozenset("audio button canvas embed iframe img input meter object progress select video".split())
_LETTER, _BREAK, _DASH = "x", "\n", "&mdash;"
# What smartypants doesn't know to stand before an opening quote, as what it knows; and what nobody sees.
_CONTEXT = str.maketrans(
    dict.fromkeys("-‐‑‒–—―−/", _DASH)
    | dict.fromkeys("‘“‚„«‹¿¡", "(")
    | dict.fromkeys("\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\u2066\u2067\u2068\u2069\ufeff", "")
)
_QUOTE = re.compile("['\"]")
_CURLED = re.compile("&#82(?:16|17|20|21);")
# What the library turns the wrong way: the inner one of two that open, one between a dash and a bracket, and what
# follows a letter or a full stop, as in 6'2" or "Hamlet"'s.
_BEHIND = r"[\w.,!?)]"
_TURNED = re.compile(
    rf"(?<=&#8220;)&#8217;(?=\S)|(?<=&#8216;)&#8221;(?=\S)|(?<={_DASH})&#82(?:17|21);(?=[(\[{{$£€])|"
    rf"(?<={_BEHIND})(?:&#8216;|&#8220;(?=&#8216;))|(?<={_BEHIND}&#8220;)&#8216;|(?<={_BEHIND}&#8216;)&#8220;"
)
_OTHER_WAY = {"&#8216;": "&#8217;", "&#8217;": "&#8216;", "&#8220;": "&#8221;", "&#8221;": "&#8220;"}
# Where only an apostrophe can stand: '90s and '62, 'tis and 'em, rock 'n' roll.
_APOSTROPHE = re.compile(
    r"&#8216;(?=\d\ds\b|\d\d\b(?!(?:(?!&#8216;).){0,60}?&#8217;(?!\w))|(?:em|til|twixt|neath|gainst|cos|coz|s)\b(?!&#8217;(?!\w))|"
    r"n(?:\s|&#8217;\W)|t(?:is|was|were|ill|would|isn|wasn)\b)",
    re.IGNORECASE,
)
_CAPITALS = re.compile(r"[A-Z]\d*[A-Z]|[A-Z]\.\s?[A-Z]")
# What typesetting changes: quotes, dashes, dots, ampersands, capitals. Most titles have none of it.
_TO_SET = re.compile(rf"""["'&]|--|\. ?\.|{_CAPITALS.pattern}""")

WORDS_A_MINUTE = 230
CHARACTERS_A_MINUTE = 500
"""Reading speeds near those of Brysbaert 2019 (English), and Trauzettel-Klosinski and Dietz 2012 (Chinese)."""


@functools.lru_cache(maxsize=1024)  # a page asks for it several times, and lists ask again
def plain(markup: str) -> str:
    """Give the text of an HTML fragment in one line: no tags, footnotes or invitations, tasks with a sign."""
    markup = _FOOTNOTE_MARK.sub("", _FOOTNOTES.sub("", _SKIPPED.sub("", markup)))
    without = boxes_as_signs(_INVITATION.sub("", markup))
    return " ".join(html.unescape(_TAG.sub("", _BLOCK_END.sub(r" \g<0>", without))).split())


def boxes_as_signs(markup: str) -> str:
    """Return an HTML fragment with a sign for each checkbox of a list of tasks, for where no form can stand."""
    return _BOX.sub(lambda box: "☑" if "checked" in box[0] else "☐", markup)


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
    if not UNSPACED.search(text):
        return len(text.split()), 0
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
    """Return an HTML fragment typeset for print: curly quotes, dashes, marked capitals. Code and drawings stay as is.

    Which way a quote turns is decided by the running text of its block, as if there were no tags within it. `--` is an
    en dash and `---` an em dash, as in Pandoc, kramdown and Hugo.
    """
    if not language.lower().startswith("en") or not _TO_SET.search(markup):
        return markup
    pieces = _MARKUP.split(markup)  # texts, and between each two a tag
    prose, running = _prose(pieces)
    quotes = iter(_directions(running) if _QUOTE.search(running) else ())
    for at in prose:
        pieces[at] = _typeset_piece(_QUOTE.sub(lambda _: next(quotes), pieces[at]))
    return "".join(pieces)


def _prose(pieces: list[str]) -> tuple[list[int], str]:
    """Return which of the pieces are prose, and the text that runs through them: a line for each block."""
    prose, running, depth = [], [_BREAK], 0
    for at, piece in enumerate(pieces):
        if at % 2 == 0:
            if piece and not depth:
                prose.append(at)
                running.append(piece)
            continue
        found = _NAME.match(piece)
        closes, name = (found[1], found[2].lower()) if found else ("", "")
        if name in _NOT_PROSE:
            if not depth and not closes:
                running.append(_BREAK if name == "pre" else _LETTER)
            depth = max(0, depth - 1) if closes else depth + 1
        elif depth or name in _INLINE:
            continue
        elif name not in _REPLACED:
            running.append(_BREAK)
        elif not closes:
            running.append(_LETTER)
    return prose, "".join(running)


def _directions(running: str) -> list[str]:
    """Return, for each straight quote of a running text in HTML, the curly one that takes its place."""
    from smartypants import convert_ellipses, convert_quotes  # slow to import: only for what is read or drawn

    # No reference is left that could be taken for one that the library has set.
    text = running.replace("&nbsp;", " ").replace("&lt;", "(").replace("&", "+")
    text = convert_quotes(convert_ellipses(text).translate(_CONTEXT))
    text = _TURNED.sub(lambda found: _OTHER_WAY[found[0]], text)
    return _CURLED.findall(_APOSTROPHE.sub("&#8217;", text))


def _typeset_piece(piece: str) -> str:
    import smartypants
    from typogrify.filters import amp, caps

    if "--" in piece:
        piece = smartypants.convert_dashes_oldschool(piece)
    if "..." in piece or ". . ." in piece:
        piece = smartypants.convert_ellipses(piece)
    if "&amp;" in piece:
        piece = str(amp(piece))
    return str(caps(piece)) if _CAPITALS.search(piece) else piece

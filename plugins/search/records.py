"""What can be found: each post, page and talk as plain text, with the little that a list of results shows of it."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any

import msgspec

from plugins import text
from plugins.markup import parsed, written

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

NO_SPACE = "\u2060"
"""The word joiner, which Pagefind passes over. It stands before a piece that no space parts from the one before it, and
at the end of a paragraph, heading or entry, since a sentence ends there."""
MARK = 0x20000
"""Pagefind leaves marks out, and then misses runs of letters. So a mark behind a letter of a script without spaces
becomes a letter, so far above it: a Han character, none of which stands within a piece."""
FOLDED = (
    "ßss ẞss œoe Œoe æae Æae ǽae Ǽae øo Øo ǿo Ǿo łl Łl đd Đd ðd Ðd þth Þth ŋn Ŋn ħh Ħh ĸk ŧt Ŧt ıi İi əe Əe ŀl Ŀl "
    "ĳij Ĳij ŉn ſs ﬀff ﬁfi ﬂfl ﬃffi ﬄffl"
)
"""Letters that Unicode doesn't take apart, each with what people type who don't have it; Pagefind folds the others."""
_PLAIN = {pair[0]: pair[1:] for pair in FOLDED.split()}
# What loses its vowel before a word that begins with one, in French, Italian and Catalan.
ELIDED = (
    "l|d|j|m|t|s|c|n|v|qu|jusqu|lorsqu|puisqu|quoiqu|"
    "un|gl|dell|all|nell|sull|dall|coll|quell|quest|bell|sant|grand|tutt|senz|"
    "degl|agl|negl|dagl|sugl|ch|com|dov|cos|anch|nient|mezz"
)
_FOLD = re.compile(rf"[{''.join(_PLAIN)}]|(?<![^\W_])(?<!['’])(?i:{ELIDED})['’‘ʼ＇´`′](?=[^\W\d_])")
_AROUND = re.compile(r"^\W+|\W+$")
_BLOCK_END = re.compile(r"(?=</(?:p|h\d|li|dt|dd|td|th|figcaption)>)")
_ASIDE = "nav, form, button, script, style, svg, .quiet, .invitation, .footnote-ref, .footnote-backref"
_HAS_ASIDE = re.compile(r"<(?:nav|form|button|script|style|svg)\b|\b(?:quiet|invitation|footnote-(?:back)?ref)\b")
# Punctuation stays with the letter: alone it would be counted as a piece, and be in the way of a run of letters.
_UNSPACED_MARKED = rf"(?:{text.UNSPACED.pattern})[\p{{M}}\p{{P}}]*"


class Record(msgspec.Struct, frozen=True):
    """One page that can be found. `url` is below the site's root; `day` is written out, `date` as ISO 8601.

    `year` and `category` are what the list can be narrowed to; a page or talk has neither, nor a day.
    """

    url: str
    title: str
    text: str
    lang: str
    dir: str
    date: str = ""
    day: str = ""
    category: str = ""

    @property
    def year(self) -> str:
        """The year of a post, or nothing."""
        return self.date[:4]


def record_of(content: Any, long_date: Callable[[datetime], str]) -> Record:
    """Give the record of a post, page or talk."""
    values = content.metadata
    parts = [str(values.get("summary", "")), prose(content._content), *values.get("takeaways", ())]  # noqa: SLF001  before links are resolved
    title = text.typeset_plain(content.title, content.lang)
    about = {"url": content.url, "title": title, "text": f"{NO_SPACE} ".join(filter(None, parts))}
    about |= {"lang": content.lang, "dir": content.dir}
    if values["is_post"]:
        day = content.date.strftime("%Y-%m-%d")
        about |= {"date": day, "day": long_date(content.date), "category": content.category.name}
    return Record(**about)


def prose(markup: str) -> str:
    """Give the text that the author wrote, footnotes too; without buttons, rows of links and drawings."""
    if _HAS_ASIDE.search(markup):
        tree = parsed(markup)
        for aside in tree.css(_ASIDE):
            aside.decompose()
        markup = written(tree)
    markup = _BLOCK_END.sub(NO_SPACE, markup)
    plain = " ".join(text.plain(part) for part in markup.replace('<div class="footnote">', "\0<div>").split("\0"))
    return re.sub(rf" ?{NO_SPACE}[{NO_SPACE} ]*", f"{NO_SPACE} ", plain).strip()


def apart(plain: str) -> str:
    """Give a text whose every piece can be found: scripts without spaces between words are parted letter by letter.

    Dictionaries that part words disagree, and those of browsers change; letters and their order do not. Before a word
    that is looked for in another spelling too stands that spelling, behind two joiners: it is never shown.
    """
    uncommon = (word for word in plain.split() if not (word.isascii() and word.isalnum()))
    if not any(text.UNSPACED.search(word) or _FOLD.search(word) for word in uncommon):
        return plain
    import regex  # slow to load: only for these scripts

    pieces = []
    for word in plain.split():
        plainer = folded(word)
        if plainer != word:
            pieces.append(2 * NO_SPACE + _AROUND.sub("", plainer))
        split = regex.split(rf"({_UNSPACED_MARKED})", word)
        found = [_lettered(piece) if at % 2 else piece for at, piece in enumerate(split) if piece]
        pieces += [found[0], *(f"{NO_SPACE}{piece}" for piece in found[1:])]
    return " ".join(pieces)


def folded(plain: str) -> str:
    """Return a text as it is looked for: Straße as Strasse, cœur as coeur, l'harmonie as harmonie."""
    return _FOLD.sub(lambda found: _PLAIN.get(found[0], ""), plain)


def _lettered(piece: str) -> str:
    """Give a letter and its marks as letters."""
    bare = unicodedata.normalize("NFD", piece)
    return bare[0] + "".join(chr(ord(one) + MARK) if unicodedata.category(one)[0] == "M" else one for one in bare[1:])

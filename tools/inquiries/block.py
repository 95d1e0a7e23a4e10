"""The block at the end of an inquiry: `key: value` lines between two marks, as mail programs leave it.

The keys stand in one order, that of `Inquiry`. Only `why` and `other` may have several lines; each after the first
begins with `|`, so that no text in them can pass for a key. Mail quotes lines with `>` and breaks long ones: a line
that is neither a later key nor begins with `|` goes on where the one before it ended.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import unicodedata
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from tools.inquiries.dates import DateReader
from tools.inquiries.links import unwrapped

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


class Inquiry(msgspec.Struct, frozen=True):
    """What an organiser has asked, in their own words: data, never to be trusted. Empty where nothing was said."""

    event: str = ""
    date: str = ""
    until: str = ""
    when: str = ""
    place: str = ""
    audience: str = ""
    talk: str = ""
    topic: str = ""
    slot: str = ""
    length: str = ""
    budget: str = ""
    travel: str = ""
    organisation: str = ""
    name: str = ""
    email: str = ""
    why: str = ""
    other: str = ""
    post: str = ""

    @property
    def days(self) -> tuple[dt.date, dt.date] | None:
        """Give the first and the last day asked for; None where no day is fixed or it cannot be one."""
        first, last = _day(self.date), _day(self.until)
        if first is None:
            return None
        return first, last if last and dt.timedelta(0) <= last - first <= _LONGEST else first

    @property
    def id(self) -> str:
        """Give a name made of all that was said but its white space: quoting and wrapping change nothing else."""
        said = "\0".join(squeezed(value) for value in msgspec.structs.astuple(self))
        return f"inquiry-{hashlib.sha256(said.encode('utf-8', 'surrogatepass')).hexdigest()[:20]}"


class Asked(NamedTuple):
    """How a site asks: the keys by its labels in small letters, and the reader of days in its language."""

    labels: Mapping[str, str]
    dates: DateReader


class Block(NamedTuple):
    """An inquiry as one text holds it: how deep it is quoted, whether its end is there, and what is odd about it."""

    inquiry: Inquiry
    depth: int
    whole: bool
    notes: tuple[str, ...]


KEYS = Inquiry.__struct_fields__
LETTERS = frozenset({"why", "other"})
"""What may have several lines."""
IN_ENGLISH = Asked({}, DateReader())
"""How the block itself asks, whatever the site."""
MOST_BLOCKS = 100
"""In one text: nobody forwards more at once, and a hostile mail could hold a million."""

MOST_LINES = 3_000
"""Of one block: what goes on longer was not written with the form."""

_LONGEST = dt.timedelta(days=366)
_LIMITS = {True: 20_000, False: 1_000}
_YEARS = range(1900, 2200)
_DATES = ("date", "until")
_ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
# Programs that correct what is typed make one long dash of several short ones.
_DASHES = r"[-\u2010-\u2015\u2212]{1,9}"
_BLANKS = " \t\xa0"
_START = re.compile(rf"{_DASHES}[ \xa0]?inquiry(?:[ \xa0]?\d{{1,3}})?[ \xa0]?{_DASHES}", re.IGNORECASE)
_END = re.compile(rf"{_DASHES}[ \xa0]?end[ \xa0]?{_DASHES}", re.IGNORECASE)
_LONGEST_MARK = 40
_KEY = re.compile(rf"({'|'.join(KEYS)}):(.*)", re.DOTALL)
_QUOTED = re.compile(r"[ \t\xa0]*>")
# Programs that make plain text of a link write its address twice, or between signs.
_LINKED = re.compile(
    r"(\S+?)\s*<(?:mailto:)?\1/?>|\[(\S+)\]\((?:mailto:)?\2/?\)|<?(?:mailto:)?([^\s<>]+)>?", re.IGNORECASE
)
_WRAPPED_FROM = 60
_WRAPPED_TIMES = 10  # a wrapped address is as much longer, at most


def blocks(text: str, asked: Asked = IN_ENGLISH) -> Iterator[Block]:
    """Yield the inquiries in a plain text, in its order; a day that can be read is given as ISO 8601 has it.

    A letter from a page without a script asks with labels in place of the keys they stand for.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    starts = [at for at, line in enumerate(lines) if _is_mark(line, _START)]
    for count, (start, stop) in enumerate(zip(starts[:MOST_BLOCKS], [*starts[1:], len(lines)], strict=False), 1):
        depth = _quotes(lines[start])
        rows = [_row(line, depth, asked.labels) for line in lines[start + 1 : min(stop, start + MOST_LINES)]]
        end = next((at for at, row in enumerate(rows) if _is_mark(row.text, _END)), None)
        notes = [] if end is not None else ["the block has no end; what stood there may be missing"]
        if count == MOST_BLOCKS < len(starts):
            notes.append(f"this is the last of {len(starts):,} blocks that was read; no letter holds so many")
        values = _values(rows[: _broken_off(rows, depth) if end is None else end], depth, notes)
        found = {key: _value(key, value, notes) for key, value in values.items()}
        inquiry = Inquiry(**(found | _days(found, asked.dates)))
        if any(msgspec.structs.astuple(inquiry)):
            yield Block(inquiry, depth, end is not None, (*notes, *_date_notes(inquiry)))


def begins(line: str, labels: Mapping[str, str]) -> bool:
    """Tell whether a line of a letter begins something: a block, its end, a value, or a further line of one."""
    text = line.strip(_BLANKS)
    own = text.startswith("|") or _KEY.match(text) or text.partition(":")[0].casefold() in labels
    return bool(own) or _is_mark(line, _START) or _is_mark(line, _END)


def squeezed(text: str) -> str:
    """Give a text without any white space, its letters composed (Unicode NFC)."""
    return "".join(unicodedata.normalize("NFC", text).split())


class _Row(NamedTuple):
    """A line of the block without its quoting; `lost` tells that it is quoted less deeply than the block."""

    text: str
    lost: bool
    length: int


def _row(line: str, depth: int, labels: Mapping[str, str]) -> _Row:
    """Take at most as many quoting marks away as the block's first line has: what is left is the organiser's."""
    at = found = 0
    while found < depth and (mark := _QUOTED.match(line, at)):
        at, found = mark.end(), found + 1
    text = line[at:].strip(_BLANKS)
    label, colon, said = text.partition(":")
    key = labels.get(label.casefold()) if colon else None
    return _Row(f"{key}:{said}" if key else text, found < depth, len(line))


def _quotes(line: str) -> int:
    return line[: len(line) - len(line.lstrip(_BLANKS + ">"))].count(">")


def _is_mark(line: str, mark: re.Pattern[str]) -> bool:
    bare = line.strip(_BLANKS).lstrip(_BLANKS + ">")
    return len(bare) < _LONGEST_MARK and mark.fullmatch(bare) is not None


def _broken_off(rows: list[_Row], depth: int) -> int:
    """Give how many lines belong to a block without an end: to a gap that no key follows, or to an answer below it."""
    gap = False
    for at, row in enumerate(rows):
        own = row.text.startswith("|") or _KEY.match(row.text)
        if row.text and ((gap and not own) or (depth and row.lost)):
            return at
        gap = not row.text
    return len(rows)


def _values(rows: list[_Row], depth: int, notes: list[str]) -> dict[str, list[str]]:
    """Give the pieces of each value; what is odd goes to `notes`."""
    values: dict[str, list[str]] = {}
    last, before, odd = "", 0, set()
    for row in rows:
        found = _KEY.match(row.text)
        if found and (not last or KEYS.index(found[1]) > KEYS.index(last)):
            last = found[1]
            values[last] = [found[2]]
        elif last and row.text.startswith("|"):
            values[last].append(f"\n{_after_blank(row.text[1:])}")
        elif last and row.text and depth and row.lost and not _could_be_wrapped(row, before):
            odd.add("words of an answer stand inside the block; they were left out")
        elif last and row.text:
            values[last].append(f" {row.text}")
            if found:
                odd.add(f"`{found[1]}:` stands again or out of order; it was read as part of `{last}`")
        before = row.length
    notes.extend(sorted(odd))
    return values


def _could_be_wrapped(row: _Row, before: int) -> bool:
    """Tell whether a line that lost its quoting is the rest of a line too long, not a remark below a short one."""
    return before + len(row.text.split(maxsplit=1)[0]) >= _WRAPPED_FROM


def _value(key: str, pieces: list[str], notes: list[str]) -> str:
    """Give the value as the form would: one line, or lines without trailing blanks."""
    limit = _LIMITS[key in LETTERS]
    text = "".join(pieces)
    text = _after_blank(text).strip("\n") if key in LETTERS else " ".join(text.split())
    if key == "post" or (key in _DATES and _ISO_DAY.fullmatch(squeezed(text))):
        text = "".join(text.split())
    if len(text) <= _WRAPPED_TIMES * limit:
        text = unwrapped(text)
    if len(text) > limit:
        notes.append(f"`{key}` has {len(text):,} characters; it was cut after {limit:,}")
        text = text[:limit]
    linked = _LINKED.fullmatch(text) if key in {"email", "post"} else None
    return next(filter(None, linked.groups())) if linked else text


def _after_blank(text: str) -> str:
    """Give what follows a mark: one blank parts them, and further ones indent."""
    return text[1:] if text.startswith(tuple(_BLANKS)) else text


def _days(values: Mapping[str, str], dates: DateReader) -> dict[str, str]:
    """Give the days that were written in another way than the form's own; one line may name the last day too."""
    found: dict[str, str] = {}
    for key in _DATES:
        days = dates.read(values.get(key, "")) if values.get(key) and not _ISO_DAY.fullmatch(values[key]) else None
        if days and key == "date":
            found["date"] = f"{days[0]}"
            if days[0] != days[1] and not values.get("until"):
                found["until"] = f"{days[1]}"
        elif days:
            found[key] = f"{days[1]}"
    return found


def _day(text: str) -> dt.date | None:
    if not _ISO_DAY.fullmatch(text):
        return None
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.year in _YEARS else None


def _date_notes(inquiry: Inquiry) -> Iterator[str]:
    """Yield what is wrong with the dates; ISO 8601 days are the only ones that a program reads."""
    first, last = _day(inquiry.date), _day(inquiry.until)
    for key, day in (("date", first), ("until", last)):
        if getattr(inquiry, key) and day is None:
            yield f"`{key}` is no day that can be read: {getattr(inquiry, key)}"
    if first and last and not dt.timedelta(0) <= last - first <= _LONGEST:
        yield f"`until` does not fit `date`: {inquiry.date} to {inquiry.until}"

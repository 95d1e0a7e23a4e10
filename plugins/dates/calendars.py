"""Calendars exported as `.ics` files (RFC 5545), read as busy time: when the speaker is taken, and nothing else.

Such a file holds what anybody could write into an invitation: little of it is looked at, and nothing goes on for ever.
"""

from __future__ import annotations

import datetime as dt
import functools
import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple
from zoneinfo import ZoneInfo

from plugins.dates.events import YEARS, days
from plugins.dates.repeats import starts, wall
from plugins.problems import Problem, SiteError

if TYPE_CHECKING:
    from collections.abc import Iterator

    Span = tuple[dt.date, dt.date | None]

LARGEST = 20_000_000
"""Bytes of a file that are read; a life's appointments take less."""
# The lines that say when, and whether it takes time at all: a title is never even read.
_WANTED = {
    *("BEGIN", "END", "UID", "DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID"),
    *("STATUS", "TRANSP", "X-MICROSOFT-CDO-BUSYSTATUS"),
}
_LINE = re.compile(r"([A-Za-z0-9-]+)[:;]")
# The rule of a time zone that changes its clocks on a day of the year, as all do.
_CLOCKS = re.compile(r"RRULE:(?=.*FREQ=YEARLY)(?!.*BY(?:HOUR|MINUTE|SECOND|SETPOS))", re.IGNORECASE)
_DAY = dt.timedelta(days=1)
_LONGEST = dt.timedelta(days=100_000)  # some calendars end in the year 9999
_UNREADABLE = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)


class _Part(NamedTuple):
    """An event or a time zone: the line on which it begins, and its lines, unfolded."""

    kind: str
    line: int
    lines: list[str]


class _Entry(NamedTuple):
    """An event as icalendar reads it, and the line on which it begins."""

    line: int
    event: Any


class _Broken(Exception):  # noqa: N818  it never leaves this module
    def __init__(self, line: int, message: str) -> None:
        self.line, self.message = line, message


@functools.lru_cache(maxsize=8)  # the preview builds anew whenever a file is saved, and mostly another one
def busy(data: bytes, shown: str, timezone: str, first: dt.date, last: dt.date) -> tuple[Span, ...]:
    """Give (start, end) of what the calendar has between the days, both inclusive, in the speaker's `timezone`.

    Cancelled and tentative events and those marked as free take no time; times without a zone are the speaker's. What
    repeats more often than daily takes the whole of its days. `shown` is the path in messages. Raises `SiteError`.
    """
    problems: list[Problem] = []
    spans: list[Span] = []
    reader = _Reader(ZoneInfo(timezone), first, last)
    try:
        for entries in _series(data, first):
            try:
                spans += reader.spans(entries)
            except _Broken as broken:
                problems.append(Problem(shown, broken.line, broken.message, "calendar"))
    except _Broken as broken:
        problems.append(Problem(shown, broken.line, broken.message, "calendar"))
    if problems:
        raise SiteError(problems)
    return tuple(spans)


def _series(data: bytes, first: dt.date) -> Iterator[list[_Entry]]:
    """Yield each event with those that share its id: they stand in for some of its repetitions.

    What was over before the day `first` is left out, which is most of a calendar that was kept for years.
    """
    import icalendar

    icalendar.use_zoneinfo()  # type: ignore[no-untyped-call]  # forgets the zones of the calendar before, which may have the same names
    if len(data) > LARGEST:
        raise _Broken(1, f"this is larger than {LARGEST // 1_000_000} MB; export fewer years")
    parts = list(_parts(data.decode("utf-8-sig", "replace")))
    for part in parts:
        if part.kind == "VTIMEZONE":
            _learn(part)
    series: dict[str, list[_Entry]] = defaultdict(list)
    for part in parts:
        if part.kind == "VEVENT" and not _is_over(part, f"{first - 2 * _DAY:%Y%m%d}"):
            try:
                event = icalendar.Event.from_ical("\r\n".join(part.lines))
            except _UNREADABLE:
                raise _Broken(part.line, "this event cannot be read; take it out of the calendar") from None
            series[str(event.get("UID", part.line))].append(_Entry(part.line, event))
    yield from series.values()


def _parts(text: str) -> Iterator[_Part]:
    """Take the file apart into its events and time zones. Raises `_Broken` where it is cut off or no calendar."""
    inside: list[str] = []
    part: _Part | None = None
    number = 1
    for number, line in _unfolded(text):
        found = _LINE.match(line)
        name = found[1].upper() if found else ""
        value = line.partition(":")[2].strip().upper()
        if name == "BEGIN":
            inside.append(value)
            if inside in (["VCALENDAR", "VEVENT"], ["VCALENDAR", "VTIMEZONE"]):
                part = _Part(value, number, [])
        if inside[:1] != ["VCALENDAR"]:
            raise _Broken(number, "this is no calendar; export it anew, as an .ics file")
        if part and (part.kind == "VTIMEZONE" or (inside[-1] == "VEVENT" and name in _WANTED)):
            part.lines.append(line)
        if name == "END":
            if inside.pop() != value:
                raise _Broken(number, "this ends what was not begun; export the calendar anew")
            if part and len(inside) == 1:
                yield part
                part = None
    if inside or number == 1:
        raise _Broken(number, "this calendar is cut off; export it anew")


def _unfolded(text: str) -> Iterator[tuple[int, str]]:
    """Yield each line with its number; one that begins with a space goes on with the line before (section 3.1)."""
    start, held = 1, ""
    for number, line in enumerate(re.split(r"\r\n|\n|\r", text), 1):
        if line[:1] in {" ", "\t"}:
            held += line[1:]
        else:
            if held.strip():
                yield start, held
            start, held = number, line
    if held.strip():
        yield start, held


def _is_over(part: _Part, day: str) -> bool:
    """Tell whether the event neither repeats nor reaches the day, going by how dates are written (section 3.3.4)."""
    if any(line.upper().startswith(("RRULE", "RDATE", "RECURRENCE-ID", "DURATION")) for line in part.lines):
        return False
    written = [line.rpartition(":")[2][:8] for line in part.lines if line.upper().startswith("DT")]
    return bool(written) and all(len(date) == len(day) and date.isdigit() and date < day for date in written)


def _learn(part: _Part) -> None:
    """Let icalendar know the zone; a broken or an odd one stays unknown, and the events that name it say so."""
    import icalendar

    rules = [line for line in part.lines if line.upper().startswith("RRULE")]
    if all(_CLOCKS.match(rule) for rule in rules):
        try:
            icalendar.Timezone.from_ical("\r\n".join(part.lines))
        except _UNREADABLE:
            return


class _Reader:
    """Finds the time that events take in a window of days. Its methods raise `_Broken` for what cannot be read."""

    def __init__(self, zone: ZoneInfo, first: dt.date, last: dt.date) -> None:
        self.zone = zone
        self.first, self.last = first, last

    def spans(self, entries: list[_Entry]) -> Iterator[Span]:
        """Yield the spans of one event with those that stand in for some of its repetitions."""
        for entry in entries:
            if entry.event.errors:
                name = entry.event.errors[0][0] or "time"
                message = f"the {name} of this event cannot be read; take it out, or write it into events.toml"
                raise _Broken(entry.line, message)
        for entry in entries:
            try:
                instead = {self._moment(e, "RECURRENCE-ID") for e in entries if "RECURRENCE-ID" in e.event}
                yield from self._spans(entry, instead)
            except _UNREADABLE:
                message = "nobody can tell when this takes place; take it out, or write it into events.toml"
                raise _Broken(entry.line, message) from None

    def _spans(self, entry: _Entry, instead: set[dt.date]) -> Iterator[Span]:
        event = entry.event
        start = self._moment(entry, "DTSTART")
        if start.year not in YEARS or not _takes_time(event):
            return
        length = self._length(entry, start)
        repeats = ("RRULE" in event or "RDATE" in event) and "RECURRENCE-ID" not in event
        # Room on both sides for the clocks elsewhere, and for what began before.
        low = dt.datetime.combine(self.first, dt.time()) - length - 2 * _DAY
        high = dt.datetime.combine(self.last, dt.time()) + 2 * _DAY
        for one in starts(event, start, low, high, instead) if repeats else [start]:
            over = one + length if isinstance(one, dt.datetime) else one + max(length - _DAY, dt.timedelta())
            span = one, over if length else None
            begin, end = days(*span, self.zone)
            if begin <= self.last and end >= self.first:
                yield span

    def _moment(self, entry: _Entry, name: str) -> dt.date:
        """Give the whole day or the aware time of a line."""
        found = entry.event[name]
        moment: dt.date = found.dt
        if not isinstance(moment, dt.datetime) or moment.tzinfo:
            return moment
        if "TZID" in found.params:
            message = f"nobody knows the time zone `{found.params['TZID']}`; write one like Europe/Berlin"
            raise _Broken(entry.line, message)
        return moment.replace(tzinfo=self.zone)

    def _length(self, entry: _Entry, start: dt.date) -> dt.timedelta:
        """Give how long it lasts by the clock on the wall; without times a whole day at least (section 3.6.1)."""
        event, length = entry.event, dt.timedelta()
        timed = isinstance(start, dt.datetime)
        if "DTEND" in event:
            length = wall(self._moment(entry, "DTEND"), start) - wall(start, start)
        elif "DURATION" in event:
            length = event["DURATION"].dt
        return min(max(length, dt.timedelta() if timed else _DAY), _LONGEST)


def _takes_time(event: Any) -> bool:
    """Tell whether the event keeps the speaker from coming; a tentative one may come to nothing."""
    return (
        str(event.get("STATUS", "")).upper() not in {"CANCELLED", "TENTATIVE"}
        and str(event.get("TRANSP", "")).upper() != "TRANSPARENT"
        and str(event.get("X-MICROSOFT-CDO-BUSYSTATUS", "")).upper() not in {"FREE", "TENTATIVE"}
    )

"""Calendars exported as `.ics` files (RFC 5545), read as busy time: when the speaker is taken, and nothing else.

Such a file holds what anybody could write into an invitation: little of it is looked at, and nothing goes on for ever.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import functools
import re
import warnings
from collections import defaultdict
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar
from zoneinfo import ZoneInfo

from plugins.dates.events import days
from plugins.dates.recurrence import Component, Effort, TooMuchError, Wall, Window, expand
from plugins.problems import Problem, SiteError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    Span = tuple[dt.date, dt.date | None]

_Read = TypeVar("_Read")

LARGEST = 20_000_000
"""Bytes of a file that are read; a life's appointments take less."""
YEARS = range(1600, 2200)
"""Of the day on which an event begins: programs write others for "never"."""
EFFORT = 10_000_000
"""What a file may cost, in units of about a microsecond."""

# The lines that say when, and those that say whether it takes time at all: a title is never even read.
_WHEN = {"DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID"}
_RULES = {"RRULE", "RDATE", "EXDATE"}
_WANTED = {
    "VEVENT": _WHEN | {"UID", "SEQUENCE", "DTSTAMP", "LAST-MODIFIED", "STATUS", "TRANSP", "X-MICROSOFT-CDO-BUSYSTATUS"},
    "VFREEBUSY": {"FREEBUSY"},
}
_LINE = re.compile(r"([A-Za-z0-9-]+)[:;]")
# The zone of the whole calendar, as Google and Apple write it.
_OWN_ZONE = re.compile(r"^X-WR-TIMEZONE:[ \t]*(\S+)", re.IGNORECASE | re.MULTILINE)
# The rule of a time zone that changes its clocks on a day that most years have, as all do.
_CLOCKS = re.compile(
    r"RRULE:(?=.*FREQ=YEARLY)(?!.*BY(?:HOUR|MINUTE|SECOND|SETPOS|YEARDAY|WEEKNO))"
    r"(?!.*BYMONTHDAY=(?:-?(?:29|3\d),?)+(?:;|$))(?!.*BYDAY=[^;]*(?:[6-9]|\d\d)[A-Z])",
    re.IGNORECASE,
)
# Of a list of busy time, what keeps nobody from coming (section 3.2.9).
_NOT_BUSY = re.compile(r';FBTYPE="?(?:FREE|BUSY-TENTATIVE)"?(?:;|$)', re.IGNORECASE)
_DEEPEST = 10
_LONGEST_LINE = 2_000
_MOST_ZONE_RULES = 100
_DAY = dt.timedelta(days=1)
_LONGEST = dt.timedelta(days=100_000)  # some calendars end in the year 9999
_UNREADABLE = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
# What the parts of a file cost.
_ZONE, _EVENT, _DATE, _ZONE_RULE = 2_000, 500, 60, 100


class _Broken(Exception):  # noqa: N818  it never leaves this module
    def __init__(self, line: int, message: str) -> None:
        self.line, self.message = line, message


class _Part(NamedTuple):
    """An event, a zone or a list of busy time: the line on which it begins, and its unfolded lines with their names."""

    kind: str
    line: int
    lines: list[tuple[str, str]]

    def raw(self, name: str) -> str:
        """Return the value of a line as it is written; empty where there is no such line."""
        return next((line.partition(":")[2].strip() for own, line in reversed(self.lines) if own == name), "")

    def wants(self, name: str, within: str) -> bool:
        """Tell whether it holds a line of that name within a component of that kind."""
        return self.kind == "VTIMEZONE" or name in _WANTED.get(within, ())

    def names(self) -> set[str]:
        """Return what lines it has."""
        return {name for name, _ in self.lines}


class _Event:
    """An event that is parsed only where it matters when it takes place. Methods raise `_Broken` for bad lines."""

    def __init__(self, part: _Part) -> None:
        self.part = part
        self.line = part.line
        self.is_override = "RECURRENCE-ID" in part.names()
        self.repeats = not self.is_override and bool(part.names() & _RULES)
        number = part.raw("SEQUENCE")
        self.sequence = int(number) if re.fullmatch("[0-9]{1,9}", number) else 0

    @property
    def revision(self) -> tuple[int, str, str]:
        """How new it is among those with its UID (RFC 5546, section 2.1.5)."""
        return self.sequence, self.part.raw("DTSTAMP"), self.part.raw("LAST-MODIFIED")

    @property
    def cancelled(self) -> bool:
        """Whether it does not take place."""
        return self.part.raw("STATUS").upper() == "CANCELLED"

    @property
    def busy(self) -> bool:
        """Whether it keeps the speaker from coming; a tentative one may come to nothing."""
        return (
            self.part.raw("STATUS").upper() not in {"CANCELLED", "TENTATIVE"}
            and self.part.raw("TRANSP").upper() != "TRANSPARENT"
            and self.part.raw("X-MICROSOFT-CDO-BUSYSTATUS").upper() not in {"FREE", "TENTATIVE"}
        )

    def is_over(self, first: dt.date) -> bool:
        """Tell whether it neither repeats nor reaches the day, going by how dates are written (section 3.3.4)."""
        if self.part.names() & {"RRULE", "RDATE", "RECURRENCE-ID", "DURATION"}:
            return False
        day = f"{first - 2 * _DAY:%Y%m%d}"
        written = [line.rpartition(":")[2][:8] for name, line in self.part.lines if name in {"DTSTART", "DTEND"}]
        return bool(written) and all(len(date) == len(day) and date.isdigit() and date < day for date in written)

    @functools.cached_property
    def parsed(self) -> Any:
        """The event as icalendar reads it."""
        import icalendar

        # An override has no rules, and of one that takes no time only matters what it replaces.
        wanted = (_WHEN - _RULES if self.is_override else _WHEN) if self.busy else {"RECURRENCE-ID"}
        lines = [line for name, line in self.part.lines if name in wanted]
        if any(len(line) > _LONGEST_LINE for line in lines if line.upper().startswith("RRULE")):
            raise _Broken(self.line, "the RRULE of this event is longer than any that can be meant; take it out")
        try:
            with warnings.catch_warnings(action="ignore"):  # that a name like /example.org/Europe/Berlin was understood
                event = icalendar.Event.from_ical("\r\n".join(["BEGIN:VEVENT", *lines, "END:VEVENT"]))
        except _UNREADABLE:
            raise _Broken(self.line, "this event cannot be read; take it out of the calendar") from None
        if event.errors:
            name = event.errors[0][0] or "time"
            message = f"the {name} of this event cannot be read; take it out, or write it into events.toml"
            raise _Broken(self.line, message)
        for name in ("DTSTART", "DTEND", "RDATE"):
            self._refuse_unknown_zones(event.get(name, []))
        return event

    def _refuse_unknown_zones(self, found: Any) -> None:
        for one in found if isinstance(found, list) else [found]:
            moments = [one.dt] if hasattr(one, "dt") else [each.dt for each in one.dts]
            begins = [moment[0] if isinstance(moment, tuple) else moment for moment in moments]
            if "TZID" in one.params and any(isinstance(begin, dt.datetime) and not begin.tzinfo for begin in begins):
                message = f"nobody knows the time zone `{one.params['TZID']}`; write one like Europe/Berlin"
                raise _Broken(self.line, message)

    def length(self, wall: Wall) -> dt.timedelta:
        """Return how long it lasts by the clock on the wall; without times a whole day at least (section 3.6.1)."""
        start, length = self.parsed["DTSTART"].dt, dt.timedelta()
        if "DTEND" in self.parsed:
            length = wall.time(self.parsed["DTEND"].dt) - wall.time(start)
        elif "DURATION" in self.parsed:
            length = self.parsed["DURATION"].dt
        return min(max(length, dt.timedelta() if isinstance(start, dt.datetime) else _DAY), _LONGEST)


def files(content: Path) -> list[Path]:
    """Return the calendars in the content folder, sorted by name."""
    return sorted(path for path in content.glob("*.[iI][cC][sS]") if path.is_file())


@functools.lru_cache(maxsize=8)  # the preview builds anew whenever a file is saved, and mostly another one
def busy(data: bytes, shown: str, timezone: str, first: dt.date, last: dt.date) -> tuple[Span, ...]:
    """Return (start, end) of what the calendar has between the days, both inclusive, in the speaker's `timezone`.

    Cancelled and tentative events and those marked as free take no time; times without a zone are the calendar's
    (X-WR-TIMEZONE), else the speaker's. What repeats more often than can be followed takes the whole of its days.
    `shown` is the path in messages. Raises `SiteError`.
    """
    problems: list[Problem] = []
    spans: list[Span] = []
    reader = _Reader(ZoneInfo(timezone), first, last)
    try:
        for events in _by_uid(data, reader):
            try:
                spans += reader.spans(events)
            except _Broken as broken:
                problems.append(Problem(shown, broken.line, broken.message, "calendar"))
    except _Broken as broken:
        problems.append(Problem(shown, broken.line, broken.message, "calendar"))
    except TooMuchError:
        message = "from here on the calendar repeats more than can be followed; take this out, or export fewer years"
        problems.append(Problem(shown, reader.line, message, "calendar"))
    if problems:
        raise SiteError(problems)
    return tuple(spans)


def _by_uid(data: bytes, reader: _Reader) -> Iterator[list[_Event]]:
    """Yield the events of each UID; each that has none is by itself."""
    import icalendar

    icalendar.use_zoneinfo()  # type: ignore[no-untyped-call]  # forgets the zones of the calendar before, which may have the same names
    if len(data) > LARGEST:
        raise _Broken(1, f"this is larger than {LARGEST // 1_000_000} MB; export fewer years")
    text = data.decode("utf-8-sig", "replace")
    if own := _OWN_ZONE.search(text):
        with contextlib.suppress(OSError, *_UNREADABLE):
            reader.clock = ZoneInfo(own[1])
    parts = list(_parts(text))
    for part in parts:
        if part.kind == "VTIMEZONE":
            reader.learn(part)
    series: dict[str | int, list[_Event]] = defaultdict(list)
    for part in parts:
        if part.kind == "VEVENT":
            series[part.raw("UID") or part.line].append(_Event(part))
    yield from series.values()
    for part in parts:
        if part.kind == "VFREEBUSY":
            reader.line = part.line
            for period in _periods(part):
                reader.effort.spend(_DATE)
                yield [period]


def _periods(part: _Part) -> Iterator[_Event]:
    """Yield an event for each period of a list of busy time (section 3.6.4)."""
    for line in (line for name, line in part.lines if name == "FREEBUSY"):
        parameters, _, value = line.partition(":")
        for period in () if _NOT_BUSY.search(parameters) else value.split(","):
            begin, _, end = period.strip().partition("/")
            name = "DTEND" if end[:1].isdigit() else "DURATION"
            yield _Event(_Part("VEVENT", part.line, [("DTSTART", f"DTSTART:{begin}"), (name, f"{name}:{end}")]))


def _parts(text: str) -> Iterator[_Part]:
    """Take the file apart into what it consists of. Raises `_Broken` where it is cut off or no calendar."""
    inside: list[str] = []
    part: _Part | None = None
    method = ""
    number = 1
    for number, line in _unfolded(text):
        name, value = _name_and_value(line)
        if name == "BEGIN":
            inside.append(value)
            if inside[:-1] == ["VCALENDAR"] and value in {"VTIMEZONE", *_WANTED}:
                part = _Part(value, number, [])
        if inside[:1] != ["VCALENDAR"] or len(inside) > _DEEPEST:
            raise _Broken(number, "this is no calendar; export it anew, as an .ics file")
        method = value if name == "METHOD" and len(inside) == 1 else method
        if part and value and part.wants(name, inside[-1]):  # some write an EXDATE that excludes nothing
            part.lines.append((name, line))
        if name != "END":
            continue
        if inside.pop() != value:
            raise _Broken(number, "this ends what was not begun; export the calendar anew")
        if part and len(inside) == 1:
            # A mail that cancels a meeting holds it as it was.
            yield part._replace(lines=[*part.lines, ("STATUS", "STATUS:CANCELLED")]) if method == "CANCEL" else part
            part = None
        method = method if inside else ""
    if inside or number == 1:
        raise _Broken(number, "this calendar is cut off; export it anew")


def _name_and_value(line: str) -> tuple[str, str]:
    found = _LINE.match(line)
    return found[1].upper() if found else "", line.partition(":")[2].strip().upper()


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


class _Reader:
    """Finds the time that events take in a window of days. Methods raise `_Broken` for what cannot be read."""

    def __init__(self, home: ZoneInfo, first: dt.date, last: dt.date) -> None:
        self.home = self.clock = home
        self.first, self.last = first, last
        self.effort = Effort(EFFORT)
        self.zone_rules: dict[str, int] = {}
        self.line = 1

    def learn(self, part: _Part) -> None:
        """Let icalendar know a zone; a broken or an odd one stays unknown, and the events that name it say so."""
        import icalendar

        self.line = part.line
        self.effort.spend(_ZONE + len(part.lines) * _DATE)
        rules = [line for name, line in part.lines if name == "RRULE"]
        # What nests deeper than a zone's halves nests without end.
        nested = sum(name == "BEGIN" for name, _ in part.lines) - sum(name == "DTSTART" for name, _ in part.lines) > 1
        longest = max(len(line) for _, line in part.lines)
        if len(rules) > _MOST_ZONE_RULES or nested or longest > _LONGEST_LINE or not all(map(_CLOCKS.match, rules)):
            return
        self.zone_rules[part.raw("TZID")] = len(rules)
        try:
            icalendar.Timezone.from_ical("\r\n".join(line for _, line in part.lines))
        except _UNREADABLE:
            return

    def spans(self, events: list[_Event]) -> Iterator[Span]:
        """Yield the spans of the events that share a UID: a series, and what stands for some of its occurrences."""
        self.line = events[0].line
        masters = _newest([event for event in events if not event.is_override])
        overrides = [event for event in events if event.is_override]
        if masters and masters[0].cancelled:
            overrides = [event for event in overrides if event.sequence >= masters[0].sequence]
        found = [event for event in masters if event.busy and not event.is_over(self.first)]
        for event in (*found, *overrides):
            listed = sum(line.count(",") + 1 for name, line in event.part.lines if name in _WHEN)
            self.effort.spend(_EVENT + listed * _DATE)
        masters_or_none: list[_Event | None] = [*found] or [None]
        for master in masters_or_none:
            yield from self._spans(master, overrides)

    def _spans(self, master: _Event | None, overrides: list[_Event]) -> Iterator[Span]:
        # Room on both sides for the clocks elsewhere.
        low = dt.datetime.combine(self.first - 2 * _DAY, dt.time())
        high = dt.datetime.combine(self.last + 3 * _DAY, dt.time())
        window = Window(low, high, self.effort)
        wall = Wall(self.clock, self.clock)
        sources: list[_Event] = []
        components: list[Component] = []
        start, zone = self._read(master, _start) if master else (dt.date.max, "")
        if master and start.year in YEARS:
            wall = Wall((start.tzinfo or self.clock) if isinstance(start, dt.datetime) else None, self.clock)
            window = window._replace(weight=self.zone_rules.get(zone, 0) * _ZONE_RULE)
            sources.append(master)
            components.append(self._read(master, lambda event: _component(event, wall, high)))
        replaced: dict[dt.datetime, list[_Event]] = defaultdict(list)
        for event in overrides:
            replaced[self._read(event, lambda one: _replaces(one, wall, components))].append(event)
        for at, group in replaced.items():
            for number, event in enumerate(_newest(group)):
                component = self._read(event, partial(_component, wall=wall, high=high, replaces=at))
                sources.append(event)
                # Of two that claim the same occurrence one replaces it, and the other takes place as well.
                alone = number > 0 or at.year not in YEARS
                components.append(component._replace(replaces=None) if alone else component)
        found = self._read(sources[0], lambda _: list(expand(components, wall, window))) if sources else []
        for one in found:
            event = sources[one.component]
            if event.busy:
                span = _span(one.begin, one.end, event, wall)
                begin, end = days(*span, self.home)
                if begin <= self.last and end >= self.first:
                    yield span

    def _read(self, event: _Event, read: Callable[[_Event], _Read]) -> _Read:
        """Return what is read of an event; what fails is said with its line."""
        try:
            return read(event)
        except _UNREADABLE:
            message = "nobody can tell when this takes place; take it out, or write it into events.toml"
            raise _Broken(event.line, message) from None


def _newest(events: list[_Event]) -> list[_Event]:
    """Return the latest revision; where several events claim to be it, all of them."""
    newest = max((event.revision for event in events), default=None)
    return [event for event in events if event.revision == newest]


def _start(event: _Event) -> tuple[dt.date, str]:
    """Give when it begins and the name of the zone that is written there."""
    found = event.parsed["DTSTART"]
    return found.dt, found.params.get("TZID", "")


def _component(event: _Event, wall: Wall, high: dt.datetime, replaces: dt.datetime | None = None) -> Component:
    """Give the event on the wall of its series; one that takes no time only takes the place of what it replaces."""
    onwards = replaces is not None and str(event.parsed["RECURRENCE-ID"].params.get("RANGE")).upper() == "THISANDFUTURE"
    start = event.parsed["DTSTART"].dt if event.busy else dt.date.max
    if replaces and start.year not in YEARS:
        return Component(replaces, replaces, replaces, onwards)
    own = _own_wall(event, wall)
    begin = own.time(start)
    end = min(begin + event.length(own), max(begin, high))
    return Component(begin, end, replaces, onwards, event.parsed if event.repeats else None)


def _replaces(event: _Event, wall: Wall, components: Sequence[Component]) -> dt.datetime:
    """Give the start of the occurrence that an event stands for; a mere day is meant at the time of the series."""
    found: dt.date = event.parsed["RECURRENCE-ID"].dt
    if components and wall.zone and not isinstance(found, dt.datetime):
        return dt.datetime.combine(found, components[0].begin.time())
    return wall.time(found)


def _own_wall(event: _Event, wall: Wall) -> Wall:
    """Give the wall for an event: one at a time of day may stand for a whole day."""
    timed = isinstance(event.parsed["DTSTART"].dt, dt.datetime)
    return Wall(wall.home, wall.home) if timed and not wall.zone else wall


def _span(begin: dt.datetime, end: dt.datetime, event: _Event, wall: Wall) -> Span:
    if isinstance(event.parsed["DTSTART"].dt, dt.datetime):
        zone = _own_wall(event, wall).zone
        return begin.replace(tzinfo=zone), end.replace(tzinfo=zone)
    return begin.date(), max(begin, end - _DAY).date()

"""`content/events.toml` as frozen values: where the speaker was and will be, and the days that are blocked.

A local time that a clock shows twice, in autumn, is the first of the two (RFC 5545, section 3.3.5); one that it leaps
over, in spring, is a problem. Whole days are the same days everywhere.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from plugins import toml_file
from plugins.problems import nearest_or_all
from plugins.speaker import Text, time_zone, web_address

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from plugins.toml_file import Keys, Rule

    Finding = tuple[Keys, str]

STATUSES = ("firm", "tentative")
YEARS = range(1900, 2200)
"""Far from where arithmetic with dates ends, whatever the time zone."""


class Event(NamedTuple):
    """An appearance: `title` is what the speaker gives there, `event` what the occasion is called.

    `start` and `end` are aware times in `timezone`, or whole days (`end` is then the last one). `end` is None where no
    time was set. `talk` is a slug, `status` is `firm` or `tentative`; texts are empty where nothing was written. Where
    the file says nothing of `public`, what is firm is public and what is tentative is not.
    """

    uid: str
    title: str
    event: str
    place: str
    online: bool
    start: dt.date
    end: dt.date | None
    timezone: str
    url: str
    talk: str
    status: str
    public: bool

    @property
    def anchor(self) -> str:
        """Where it stands on a page: an id that stays while the event's own does."""
        return f"on-{hashlib.sha256(self.uid.encode()).hexdigest()[:8]}"


class Blocked(NamedTuple):
    """Days, from `start` to `end` inclusive, on which the speaker cannot come. The note is nobody else's business."""

    start: dt.date
    end: dt.date
    note: str


class Diary(NamedTuple):
    """All that events.toml holds, in the order of the file."""

    events: tuple[Event, ...] = ()
    blocked: tuple[Blocked, ...] = ()


class Dates(NamedTuple):
    """The public events: those to come, soonest first, and those that are over, newest first."""

    coming: tuple[Event, ...] = ()
    past: tuple[Event, ...] = ()


class _Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    event: Text
    start: Any
    end: Any = None
    timezone: str = ""
    title: str = ""
    place: str = ""
    online: bool = False
    url: str = ""
    talk: str = ""
    status: str = "firm"
    public: bool | None = None
    id: str = ""


class _BlockedEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    start: Any
    end: Any = None
    note: str = ""


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    events: tuple[_Entry, ...] = ()
    blocked: tuple[_BlockedEntry, ...] = ()


def load(path: Path, shown: str, timezone: str, host: str) -> Diary:
    """Read and check the file; `timezone` is the speaker's, `host` the site's, and `shown` the path in messages.

    Raises `SiteError` with every problem and its line.
    """
    rules: dict[str, Rule] = {
        "events[].start": _moment,
        "events[].end": _moment,
        "events[].timezone": time_zone,
        "events[].url": lambda value: web_address(value) if value else None,
        "events[].status": _status,
        "events[]": lambda entry: list(_entry_findings(entry, timezone)),
        "events": lambda entries: list(_ids_twice(entries)),
        "blocked[].start": _day,
        "blocked[].end": _day,
        "blocked[]": lambda entry: list(_order_findings(entry.get("start"), entry.get("end"))),
    }
    file = toml_file.load(path, shown, _File, rules, rule="events")
    names: Counter[str] = Counter()
    events = tuple(_event(entry, timezone, host, names) for entry in file.events)
    return Diary(events, tuple(Blocked(one.start, one.end or one.start, one.note) for one in file.blocked))


def in_zone(moment: dt.date, zone: dt.tzinfo) -> dt.date:
    """Give a whole day as it is, a time with an offset as the clock of the zone shows it, any other as of that zone."""
    if not isinstance(moment, dt.datetime):
        return moment
    moment = moment.replace(microsecond=0)
    return moment.astimezone(zone) if moment.tzinfo else moment.replace(tzinfo=zone)


def instant(moment: dt.date, zone: dt.tzinfo) -> dt.datetime:
    """Give the point in time in UTC; a whole day begins at midnight in the zone.

    Only so can times be compared: Python takes two times of one zone by what the clock shows, summer or winter.
    """
    if not isinstance(moment, dt.datetime):
        moment = dt.datetime.combine(moment, dt.time(), zone)
    return moment.astimezone(dt.UTC)


def days(start: dt.date, end: dt.date | None, zone: dt.tzinfo) -> tuple[dt.date, dt.date]:
    """Give the first and the last day that an event takes in the zone; what ends at midnight leaves the next free."""
    if not isinstance(start, dt.datetime):
        return start, end or start
    first = start.astimezone(zone).date()
    if not isinstance(end, dt.datetime):
        return first, first
    last = (end.astimezone(dt.UTC) - dt.timedelta(seconds=1)).astimezone(zone).date()
    return first, max(first, last)


def days_of(event: Event, zone: dt.tzinfo) -> tuple[dt.date, dt.date]:
    """Give the first and the last day that an event takes from a speaker at home in `zone`.

    Who travels to a place is there on the days of its calendar, too: a morning in Tokyo is evening in Berlin.
    """
    first, last = days(event.start, event.end, zone)
    if event.place:
        begin, end = days(event.start, event.end, ZoneInfo(event.timezone))
        first, last = min(first, begin), max(last, end)
    return first, last


def public_dates(diary: Diary, timezone: str, day: dt.date) -> Dates:
    """Sort the public events into coming and past; what takes place on `day` is still to come."""
    zone = ZoneInfo(timezone)
    public = sorted(
        (event for event in diary.events if event.public),
        key=lambda event: (instant(event.start, zone), event.event, event.title, event.uid),
    )
    over = [days(event.start, event.end, zone)[1] < day for event in public]
    coming = [event for event, is_over in zip(public, over, strict=True) if not is_over]
    past = [event for event, is_over in zip(public, over, strict=True) if is_over]
    return Dates(tuple(coming), tuple(reversed(past)))


def _event(entry: _Entry, timezone: str, host: str, names: Counter[str]) -> Event:
    name = entry.timezone or timezone
    zone = ZoneInfo(name)
    return Event(
        uid=_uid(entry, host, names),
        title=entry.title,
        event=entry.event,
        place=entry.place,
        online=entry.online,
        start=in_zone(entry.start, zone),
        end=in_zone(entry.end, zone) if entry.end else _last_day(entry.start),
        timezone=name,
        url=entry.url,
        talk=entry.talk,
        status=entry.status,
        public=entry.status == "firm" if entry.public is None else entry.public,
    )


def _last_day(start: dt.date) -> dt.date | None:
    return None if isinstance(start, dt.datetime) else start


def _uid(entry: _Entry, host: str, names: Counter[str]) -> str:
    """Give the id as written, or one made of the day and the names, so that a time or a place can be mended."""
    if entry.id:
        return entry.id if "@" in entry.id else f"{entry.id}@{host}"
    text = "\n".join([entry.start.isoformat()[:10], entry.event, entry.title])
    names[text] += 1  # the same talk twice on one day
    text += f"\n{names[text]}" if names[text] > 1 else ""
    return f"{hashlib.sha256(text.encode()).hexdigest()[:20]}@{host}"


def _moment(value: object) -> str | None:
    if not isinstance(value, dt.date):
        return f"`{value}` is not a date; write one without quotes, like 2027-06-04 or 2027-06-04T09:30:00"
    if value.year not in YEARS:
        return f"the year {value.year} is too far off; write one from {YEARS[0]} to {YEARS[-1]}"
    return None


def _day(value: object) -> str | None:
    if isinstance(value, dt.datetime):
        return f"only whole days can be blocked; write {value.date()}"
    return _moment(value)


def _status(value: object) -> str | None:
    if value in STATUSES:
        return None
    return f"unknown status `{value}`{nearest_or_all(str(value), STATUSES)}"


def _ids_twice(entries: list[dict[str, Any]]) -> Iterator[Finding]:
    seen: set[object] = set()
    for at, entry in enumerate(entries):
        name = entry.get("id")
        if name and name in seen:
            yield (at, "id"), f"another event has the id `{name}` already; calendars would show only one of them"
        seen.add(name)


def _entry_findings(entry: dict[str, Any], timezone: str) -> Iterator[Finding]:
    """Yield what is wrong between the lines of one event, as far as each by itself is right."""
    if not entry.get("place") and not entry.get("online"):
        yield (), "nobody knows where this is; add a line `place = …` or `online = true`"
    start, end, name = entry.get("start"), entry.get("end"), entry.get("timezone") or timezone
    if time_zone(name):  # another rule says so
        yield from _order_findings(start, end)
        return
    zone = ZoneInfo(name)
    for key, moment in (("start", start), ("end", end)):
        if isinstance(moment, dt.datetime) and _moment(moment) is None:
            placed = in_zone(moment, zone)
            shown = in_zone(instant(placed, zone), zone)
            if moment.tzinfo is None and placed.isoformat() != shown.isoformat():
                right = shown.isoformat()[:19]
                yield (key,), f"in {name} the clocks leap over {moment:%H:%M} on that day; write {right}"
    yield from _order_findings(start, end, zone)


def _order_findings(start: object, end: object, zone: dt.tzinfo = dt.UTC) -> Iterator[Finding]:
    if _moment(start) or _moment(end) or not (isinstance(start, dt.date) and isinstance(end, dt.date)):
        return
    timed = isinstance(start, dt.datetime)
    if timed != isinstance(end, dt.datetime):
        like = "2027-06-04T09:30:00" if timed else "2027-06-04"
        yield ("end",), f"`start` and `end` must be of one kind; write both like {like}"
        return
    first, last = instant(in_zone(start, zone), zone), instant(in_zone(end, zone), zone)
    if last < first:
        yield ("end",), "this is before `start`; write the day or time at which it is over"
    elif timed and last == first:
        yield ("end",), "this is the same time as `start`; write a later one, or leave `end` out"

"""Series of events (RFC 5545, section 3.8.5), expanded by recurring-ical-events within a window of time.

The library gets a series as the clock on the wall shows it where the series takes place, with rules that end with the
window, and nothing that it would follow for ever.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import math
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_DAY = dt.timedelta(days=1)
_TO_MIDNIGHT = dt.timedelta(hours=23, minutes=59, seconds=59)
_SECONDS = {"SECONDLY": 1, "MINUTELY": 60, "HOURLY": 3_600, "DAILY": 86_400, "WEEKLY": 604_800}
_OFTEN = ("SECONDLY", "MINUTELY", "HOURLY")
_TIMES = ("BYHOUR", "BYMINUTE", "BYSECOND")
# Rules with one of these may match nothing for years, or ever.
_SPARSE = ("BYMONTH", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYSETPOS")
_MOST_TIMES = 5_000
_LAST_YEAR = 9_998
# Years that four divides and that have no 29 February nonetheless.
_ODD, _NEXT_ODD, _LAST_ODD = 1_900, 2_100, 9_900
_CYCLE = 28
_COMPONENT, _OCCURRENCE, _SEARCHED = 1_000, 100, 3
_SEARCH = {"YEARLY": 3_000, "MONTHLY": 3_000, "WEEKLY": 10_000, "DAILY": 30_000}


class TooMuchError(Exception):
    """Following the calendar further would take too long."""


class Effort:
    """The work that may still go into a file, in units of about a microsecond."""

    def __init__(self, units: int) -> None:
        """Start with so many units."""
        self.left = units

    def spend(self, units: float) -> None:
        """Take units away. Raises `TooMuchError` where fewer are left."""
        self.left -= int(units)
        if self.left < 0:
            raise TooMuchError


class Component(NamedTuple):
    """A series, or what stands for one of its occurrences, on the wall of the series.

    `replaces` is the start of that occurrence, None for the series itself and for what stands by itself; `onwards`
    says that all after it move alike (RANGE=THISANDFUTURE). `rules` holds RRULE, RDATE and EXDATE as icalendar does.
    """

    begin: dt.datetime
    end: dt.datetime
    replaces: dt.datetime | None = None
    onwards: bool = False
    rules: Any = None


class Occurrence(NamedTuple):
    """The time of an occurrence on the wall of the series, and which of the components it is of."""

    begin: dt.datetime
    end: dt.datetime
    component: int


class Wall(NamedTuple):
    """The clock on the wall of a series in `zone`; one of whole days has none, but for times in UTC the `home` zone."""

    zone: dt.tzinfo | None
    home: dt.tzinfo

    def time(self, moment: dt.date) -> dt.datetime:
        """Return what the clock shows, the midnight for a whole day; a time without a zone is meant by this clock."""
        if not isinstance(moment, dt.datetime):
            return dt.datetime.combine(moment, dt.time())
        zone = self.zone
        # Exchange writes the midnights of whole days in UTC; others add 000000Z to the day.
        if not zone and str(moment.tzinfo) == "UTC" and moment.time() != dt.time():
            zone = self.home
        if zone and moment.tzinfo:
            with contextlib.suppress(OverflowError):  # the last hours of the year 9999 are as good as any
                moment = moment.astimezone(zone)
        moment = moment.replace(tzinfo=None)
        return moment if self.zone else dt.datetime.combine(moment, dt.time())


class Window(NamedTuple):
    """The time, on the wall of a series, that is looked at, and what that may cost.

    `weight` is the cost of an occurrence beyond the usual.
    """

    low: dt.datetime
    high: dt.datetime
    effort: Effort
    weight: int = 0


def expand(components: Sequence[Component], wall: Wall, window: Window) -> Iterator[Occurrence]:
    """Yield the occurrences that have time in common with the window; the first component is the series, if any is.

    What repeats too often to be followed takes the whole of its days. Raises `TooMuchError`, and `ValueError` and its
    like for rules that make no sense.
    """
    if len(components) == 1 and not components[0].rules:
        yield Occurrence(components[0].begin, components[0].end, 0)
        return
    import icalendar
    import recurring_ical_events

    low, high = window.low, window.high
    # An occurrence elsewhere may be moved into the window, or last until then.
    reach = max(one.end - one.begin for one in components)
    reach += max((abs(one.begin - one.replaces) for one in components if one.onwards and one.replaces), default=_DAY)
    wider = window._replace(low=low - reach, high=high + reach)
    components = [_followed(one, wall, wider) if one.rules else one for one in components]
    times = [time for one in components for time in (one.begin, one.replaces or one.begin)]
    years = _years_later(min(wider.low, *times).year - 1, max(wider.high, *times).year + 1)
    calendar = icalendar.Calendar()
    for at, one in enumerate(components):
        window.effort.spend(_COMPONENT + window.weight)
        event = icalendar.Event()
        event.add("UID", "series" if at == 0 or one.replaces else f"{at}")
        event.add("DTSTART", _later(one.begin, years))
        event.add("DTEND", _later(one.end, years))
        if one.replaces:
            event.add("RECURRENCE-ID", _later(one.replaces, years), {"RANGE": "THISANDFUTURE"} if one.onwards else {})
        for name, value in (one.rules or {}).items():
            event.add(name, _later(value, years))
        event["X-COMPONENT"] = at
        calendar.add_component(event)
    found = recurring_ical_events.of(calendar).between(_later(low, years), _later(high, years))
    window.effort.spend(len(found) * (_OCCURRENCE + window.weight))
    for event in found:
        yield Occurrence(_later(event.start, -years), _later(event.end, -years), event["X-COMPONENT"])


def _followed(series: Component, wall: Wall, window: Window) -> Component:
    """Give the series with rules that the library can follow: a mapping of names to rules and naive times."""
    event = series.rules
    rules = [_rule(dict(rule), wall, window.high) for rule in _all(event, "RRULE")]
    # One that ends before the series begins leaves its first date, which always counts.
    earliest = max(window.low, series.begin)
    rules = [rule for rule in rules if rule.get("UNTIL", earliest) >= earliest]
    nearer = len(rules) == 1 and "COUNT" not in rules[0]
    begin = _nearer(rules[0], series.begin, window.low) if nearer else series.begin
    length = series.end - series.begin
    if sum(_slowed(rule, begin, window) for rule in rules):
        begin, length = dt.datetime.combine(begin, dt.time()), length + _DAY
    listed = {name: list(_listed(event, name, wall, window)) for name in ("RDATE", "EXDATE")}
    return series._replace(begin=begin, end=begin + length, rules={"RRULE": rules, **listed})


def _rule(rule: dict[str, Any], wall: Wall, high: dt.datetime) -> dict[str, Any]:
    """Give a rule with an end on the wall, as the library wants it."""
    rule["INTERVAL"] = int(rule.get("INTERVAL", [1])[0])
    if rule["INTERVAL"] < 1:
        raise ValueError("an interval is a positive number (section 3.3.10)")
    rule["FREQ"] = rule["FREQ"][0].upper()
    if not wall.zone:
        rule = {name: value for name, value in rule.items() if name not in _TIMES}
    if "UNTIL" in rule:
        (until,) = rule["UNTIL"]
        # A mere day is meant to its end, also where the series has times.
        day = not isinstance(until, dt.datetime) or not wall.zone
        rule["UNTIL"] = min(wall.time(until) + (_TO_MIDNIGHT if day else dt.timedelta()), high)
    elif "COUNT" not in rule:
        rule["UNTIL"] = high
    return rule


def _nearer(rule: dict[str, Any], begin: dt.datetime, low: dt.datetime) -> dt.datetime:
    """Give a start as near before `low` as whole rounds of the rule lead, from which it is the same."""
    if begin >= low - _DAY:
        return begin
    if rule["FREQ"] in _SECONDS:
        seconds = _SECONDS[rule["FREQ"]] * rule["INTERVAL"]
        return begin + dt.timedelta(seconds=(low - _DAY - begin) // dt.timedelta(seconds=1) // seconds * seconds)
    years = 4 * rule["INTERVAL"]  # as far apart as the days of 29 February
    try:
        return begin.replace(year=begin.year + max(low.year - 1 - begin.year, 0) // years * years)
    except ValueError:
        return begin  # 29 February 1896


def _slowed(rule: dict[str, Any], begin: dt.datetime, window: Window) -> bool:
    """Make a rule for more times than can be followed one for whole days, and tell whether it was one."""
    rank = _OFTEN.index(rule["FREQ"]) if rule["FREQ"] in _OFTEN else len(_OFTEN)
    last = min(rule.get("UNTIL", window.high), window.high)
    days = max(0, (last - begin) // _DAY + 1)
    times = math.prod(len(set(rule.get(name, [0]))) for name in _TIMES[len(_OFTEN) - rank :])
    step = min(_SECONDS.get(rule["FREQ"], 86_400), 86_400) * rule["INTERVAL"]
    found = days * 86_400 // step * times
    count = int(rule["COUNT"][0]) if "COUNT" in rule else found
    slow = min(found, count) > _MOST_TIMES and (rank < len(_OFTEN) or times > 1)
    if slow:
        if rule.pop("COUNT", None) and rank == len(_OFTEN):
            rule["COUNT"] = count // times + 1
        elif count < found and not any(name.startswith("BY") for name in rule):
            rule["UNTIL"] = begin + dt.timedelta(seconds=count * step)
        for name in (*_TIMES, *(("BYSETPOS",) if rank < len(_OFTEN) else ())):
            rule.pop(name, None)
        if rank < len(_OFTEN):
            rule |= {"FREQ": "DAILY", "INTERVAL": 1}
    # dateutil looks for days that never come, such as the 30th of February, as long as there are years.
    sparse = any(name in rule for name in _SPARSE) or ("BYDAY" in rule and rule["FREQ"] != "WEEKLY")
    search = min(1, 86_400 / step) * _SEARCH.get(rule["FREQ"], _SEARCH["DAILY"]) if sparse else 0
    window.effort.spend(_SEARCHED * days + search + (0 if slow else min(found, count)))
    return slow


def _all(event: Any, name: str) -> list[Any]:
    found = event.get(name, [])
    return found if isinstance(found, list) else [found]


def _listed(event: Any, name: str, wall: Wall, window: Window) -> Iterator[Any]:
    """Yield the days, times and periods of RDATE or EXDATE in the window; a period is (start, length)."""
    for one in (one for several in _all(event, name) for one in several.dts):
        start, *rest = one.dt if isinstance(one.dt, tuple) else (one.dt,)
        time = wall.time(start)
        if not window.low <= time <= window.high:
            continue
        if rest:
            yield time, rest[0] if isinstance(rest[0], dt.timedelta) else wall.time(rest[0]) - time
        elif name == "EXDATE" and wall.zone and not isinstance(start, dt.datetime):
            yield start  # all that begins on the day
        else:
            yield time


def _years_later(first: int, last: int) -> int:
    """Give how many years later the calendar is the same, as near to its end as can be.

    In the 20th and 21st centuries, and between 9900 and 9999, all years that four divides are leap years.
    """
    if first > _ODD and last < _NEXT_ODD:
        for years in range((_LAST_YEAR - last) // 4 * 4, _LAST_ODD - first, -4):
            if dt.date(last + years, 1, 1).weekday() == dt.date(last, 1, 1).weekday():
                return years
    return (_LAST_YEAR - last) // 400 * 400  # the whole cycle of the Gregorian calendar


def _later(value: Any, years: int) -> Any:
    """Give a day, a time, a period or a rule so many years later; everything else stays."""
    if isinstance(value, dt.date):
        return value.replace(year=value.year + years)
    if isinstance(value, tuple):
        return tuple(_later(one, years) for one in value)
    if isinstance(value, list):
        return [_later(one, years) for one in value]
    return {name: _later(one, years) for name, one in value.items()} if isinstance(value, dict) else value

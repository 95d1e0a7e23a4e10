"""What repeats in a calendar (RFC 5545, section 3.3.10), followed within a window and never for ever."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

_OFTEN = {"SECONDLY", "MINUTELY", "HOURLY"}
_WITHIN_A_DAY = ("BYHOUR", "BYMINUTE", "BYSECOND")
_DAY = dt.timedelta(days=1)
_TO_MIDNIGHT = dt.timedelta(hours=23, minutes=59, seconds=59)
# Rules are followed this much later, where the calendar is the same (it repeats every 400 years): dateutil looks on to
# the year 9999 for a day that never comes, such as the 30th of February, and from here that is not far.
_LATER = 7600


def starts(
    event: Any, start: dt.date, low: dt.datetime, high: dt.datetime, instead: Collection[dt.date]
) -> Iterator[dt.date]:
    """Yield when the repetitions of an event of icalendar begin that lie between two times on the wall.

    `instead` are those for which another event stands in. What repeats within a day begins as a whole day. Raises
    `ValueError` and its like for what cannot be followed.
    """
    rules = _all(event, "RRULE")
    often = [_slowed(rule) for rule in rules]
    found = {wall(start, start), *(wall(moment, start) for moment in _listed(event, "RDATE"))}
    for rule in rules:
        found.update(_followed(rule, start, low, high))
    excepted = list(_listed(event, "EXDATE"))
    found -= {wall(moment, start) for moment in (*excepted, *instead)}
    whole = {moment for moment in excepted if not isinstance(moment, dt.datetime)}
    zone = start.tzinfo if isinstance(start, dt.datetime) and not any(often) else None
    for one in sorted(one for one in found if one.date() not in whole):
        yield one.replace(tzinfo=zone) if zone else one.date()


def wall(moment: dt.date, start: dt.date) -> dt.datetime:
    """Give what a clock on the wall shows where the event begins: what repeats does so by that clock."""
    if not isinstance(moment, dt.datetime):
        return dt.datetime.combine(moment, dt.time())
    if isinstance(start, dt.datetime):
        return (moment.astimezone(start.tzinfo) if moment.tzinfo else moment).replace(tzinfo=None)
    return dt.datetime.combine(moment.date(), dt.time())


def _all(event: Any, name: str) -> list[Any]:
    found = event.get(name, [])
    return found if isinstance(found, list) else [found]


def _listed(event: Any, name: str) -> Iterator[dt.date]:
    for one in (one for several in _all(event, name) for one in several.dts):
        yield one.dt[0] if isinstance(one.dt, tuple) else one.dt  # a period


def _slowed(rule: Any) -> bool:
    """Make a rule for times within a day one for days, and tell whether it was such a rule."""
    if int(rule.get("INTERVAL", [1])[0]) < 1:
        raise ValueError("an interval is a positive number (section 3.3.10)")
    short = rule["FREQ"][0].upper() in _OFTEN
    often = short or any(len(rule.get(name, ())) > 1 for name in _WITHIN_A_DAY)
    for name in (*_WITHIN_A_DAY, *(("INTERVAL", "BYSETPOS") if short else ())) if often else ():
        rule.pop(name, None)
    if short:
        rule["FREQ"] = ["DAILY"]
    return often


def _followed(rule: Any, start: dt.date, low: dt.datetime, high: dt.datetime) -> Iterator[dt.datetime]:
    """Yield the repetitions between two times on the wall (section 3.3.10)."""
    from dateutil.rrule import rrulestr

    (until,) = rule.pop("UNTIL", [high])
    last = min(high, wall(until, start) + (dt.timedelta() if isinstance(until, dt.datetime) else _TO_MIDNIGHT))
    begin = wall(start, start)
    if last < low:
        return
    if "COUNT" not in rule:
        begin = max(begin, begin + _leap(rule, low - begin))
    for one in rrulestr(rule.to_ical().decode(), dtstart=begin.replace(year=begin.year + _LATER)):
        found = one.replace(year=one.year - _LATER)
        if found > last:
            return
        if found >= low:
            yield found


def _leap(rule: Any, time: dt.timedelta) -> dt.timedelta:
    """Give the whole rounds of a daily or weekly rule that fit into the time and need not be gone through."""
    days_a_round = {"DAILY": 1, "WEEKLY": 7}.get(str(rule["FREQ"][0]).upper(), 0) * int(rule.get("INTERVAL", [1])[0])
    return dt.timedelta(time.days // days_a_round * days_a_round) if days_a_round else dt.timedelta()

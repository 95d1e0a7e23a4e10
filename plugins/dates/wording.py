"""When and where an event takes place, in a reader's words: `4–6 June 2027`, `9:30–10:15`, `Berlin`."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from plugins.dates.events import Event
    from plugins.words import Words


class Wording:
    """The filters that draw an event in one language; days and times are those where it takes place."""

    def __init__(self, words: Words) -> None:
        """Keep the words."""
        self.words = words

    def days(self, event: Event) -> str:
        """Give the day or days with the year, like `4–6 June 2027` or `30 June to 2 July 2027`."""
        return self.span(_day(event.start), _day(event.end or event.start))

    def span(self, first: dt.date, last: dt.date) -> str:
        """Return the day, or the first and the last of several, with the year."""
        if first == last:
            return self.words.long_date(first)
        if (first.year, first.month) == (last.year, last.month):
            month = self.words.months.names[first.month - 1]
            return self.words.say("days_of_month", first=first.day, last=last.day, month=month, year=first.year)
        of_one_year = first.year == last.year
        begin = self.words.day_month(first) if of_one_year else self.words.long_date(first)
        return self.words.say("days", first=begin, last=self.words.long_date(last))

    def clock(self, event: Event) -> str:
        """Give the time, like `9:30–10:15`, with that of which city where no place says so; nothing for whole days."""
        if not isinstance(event.start, dt.datetime):
            return ""
        said = self._time(event.start)
        if isinstance(event.end, dt.datetime):
            said = self.words.say("times", first=said, last=self._time(event.end))
        if event.online:
            city = event.timezone.rpartition("/")[2].replace("_", " ")
            said = self.words.say("time_of", time=said, city=city)
        return said

    def when(self, event: Event) -> str:
        """Give days and time in one, like `4 June 2027, 9:30–10:15`."""
        return ", ".join(part for part in (self.days(event), self.clock(event)) if part)

    def where(self, event: Event) -> str:
        """Give the place, or that it is online, or both."""
        if not event.online:
            return event.place
        return self.words.say("place_and_online", place=event.place) if event.place else self.words.say("online")

    def _time(self, time: dt.datetime) -> str:
        return self.words.say("time", hour=time.hour, minute=f"{time.minute:02}")


def iso(event: Event) -> str:
    """Give the day or the time at which it begins, as the `datetime` of a <time> element."""
    return event.start.isoformat()


def _day(moment: dt.date) -> dt.date:
    return moment.date() if isinstance(moment, dt.datetime) else moment

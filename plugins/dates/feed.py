"""Public dates for other programs: the calendar `events.ics` (RFC 5545, RFC 7986), and JSON-LD for search engines."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from plugins.dates.events import Event
    from plugins.speaker import Speaker

_DAY = dt.timedelta(days=1)


class Entry(NamedTuple):
    """An event with the words that calendars show."""

    event: Event
    summary: str
    place: str


def calendar(entries: Iterable[Entry], name: str, page: str, day: dt.date) -> bytes:
    """Give the calendar, called `name`, of the page at `page`.

    Times are written in UTC: no program can mistake them, whatever it knows of time zones. Each entry says that it was
    last revised on `day`, the site's date (section 3.8.7.2), so a copy fetched later always wins over an earlier one.
    """
    import icalendar

    book = icalendar.Calendar()
    book.add("prodid", "-//Lectern//Dates//EN")
    book.add("version", "2.0")
    book.add("calscale", "GREGORIAN")
    book.add("url", page)
    for key in ("name", "x-wr-calname"):
        book.add(key, name)
    book.add("refresh-interval", _DAY, {"VALUE": "DURATION"})
    book.add("x-published-ttl", "P1D")
    for entry in entries:
        book.add_component(_component(entry, dt.datetime.combine(day, dt.time(), dt.UTC)))
    return bytes(book.to_ical())


def _component(entry: Entry, stamp: dt.datetime) -> Any:
    import icalendar

    event, made = entry.event, icalendar.Event()
    made.add("uid", event.uid)
    made.add("dtstamp", stamp)
    made.add("dtstart", _written(event.start))
    if event.end is not None:
        made.add("dtend", _written(event.end) if isinstance(event.end, dt.datetime) else event.end + _DAY)
    made.add("summary", entry.summary)
    made.add("status", "CONFIRMED" if event.status == "firm" else "TENTATIVE")
    made.add("transp", "TRANSPARENT")  # where the speaker is keeps no subscriber busy
    if entry.place:
        made.add("location", entry.place)
    if event.title:
        made.add("description", event.event)
    if event.url:
        made.add("url", event.url)
    return made


def _written(moment: dt.date) -> dt.date:
    return moment.astimezone(dt.UTC) if isinstance(moment, dt.datetime) else moment


def data(entry: Entry, speaker: Speaker, page: str) -> dict[str, Any]:
    """Give a schema.org Event with what Google's guide asks for (developers.google.com/search/docs, Event).

    Who organises it nobody has written down, so nobody is named. A picture is added where the page has one.
    """
    event, root = entry.event, f"{speaker.root}/"
    here = {
        "@type": "Place",
        "name": event.place,
        "address": {"@type": "PostalAddress", "addressLocality": event.place},
    }
    online = {"@type": "VirtualLocation", "url": event.url or page}
    places = [place for place, there in ((here, event.place), (online, event.online)) if there]
    mode = "Mixed" if len(places) > 1 else "Online" if event.online else "Offline"
    found = {
        "@type": "Event",
        "name": event.title or event.event,
        "description": event.event if event.title else entry.summary,
        "startDate": event.start.isoformat(),
        "endDate": event.end.isoformat() if event.end else "",
        "eventStatus": "https://schema.org/EventScheduled",
        "eventAttendanceMode": f"https://schema.org/{mode}EventAttendanceMode",
        "location": places if len(places) > 1 else places[0],
        "performer": {"@type": "Person", "@id": f"{root}#speaker", "name": speaker.name, "url": root},
        "url": event.url or page,
    }
    return {name: value for name, value in found.items() if value}

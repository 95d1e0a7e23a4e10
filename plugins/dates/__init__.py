"""Dates: where the speaker was and will be, and which days are taken."""

from __future__ import annotations

import logging
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pelican.generators import Generator
from pelican.plugins import signals

from plugins import output
from plugins.dates import availability, calendars, events, feed, wording
from plugins.problems import Problem, SiteError, warn
from plugins.sheets import Sheet, plan
from plugins.toml_file import line_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pelican import Pelican
    from pelican.writers import Writer

    from plugins.dates.calendars import Span

FILE = "events.toml"
_UNDECIDED = "this event is tentative, so nobody but you sees it; write `public = true` to show it, or `public = false`"
_LOG = logging.getLogger(__name__)


class DatesGenerator(Generator):  # type: ignore[misc]  # Pelican ships no types
    """Draws the page of public dates, and writes the calendar and, if the speaker wants it, which days are taken."""

    def generate_context(self) -> None:
        """Read events.toml and the calendars beside it, and plan what they give."""
        self.speaker, self.words = self.settings["SPEAKER"], self.settings["WORDS"]
        self.problems = self.context.setdefault("problems", [])
        self.diary = self._diary()
        # Pelican has a list of posts under this name, which nothing of ours asks for.
        self.dates = events.public_dates(self.diary, self.speaker.timezone, self.settings["SITE_DATE"])
        self.context["dates"] = self.dates
        self.sheet = self._sheet() if any(self.dates) else None
        planned = self.context.setdefault("planned_outputs", [])
        if self.sheet:
            plan(self.context, self.sheet)
            planned.append(("events.ics", "the calendar of your dates"))
        if self.speaker.availability:
            self.spans = [*availability.taken(self.diary, self.speaker.timezone), *self._calendars()]
            planned.append(("availability.json", "the days that are taken"))

    def generate_output(self, writer: Writer) -> None:
        """Write them."""
        sheet = self.sheet
        if sheet:
            output.write(self.output_path, "events.ics", self._calendar())
            template = self.get_template("dates")
            writer.write_file(sheet.save_as, template, self.context, sheet=sheet, url=sheet.url)
        if self.speaker.availability:
            output.write(self.output_path, "availability.json", self._availability())

    def _diary(self) -> events.Diary:
        path = Path(self.path, FILE)
        if not path.is_file():
            return events.Diary()
        shown = f"{self.settings['CONTENT_SHOWN']}/{FILE}"
        raw = path.read_bytes()
        self.context.setdefault("named_talks", []).extend(_named_talks(raw, shown))
        for line in _undecided(raw):
            warn(_LOG, Problem(shown, line, _UNDECIDED, "tentative-event"))
        try:
            return events.load(path, shown, self.speaker.timezone, urlsplit(self.speaker.site).hostname or "")
        except SiteError as error:
            self.problems += error.problems
            return events.Diary()

    def _calendars(self) -> Iterator[Span]:
        """Yield the busy time of the .ics files in the content folder."""
        window = availability.window(self.settings["SITE_DATE"])
        for path in calendars.files(Path(self.path)):
            shown = f"{self.settings['CONTENT_SHOWN']}/{path.name}"
            try:
                yield from calendars.busy(path.read_bytes(), shown, self.speaker.timezone, *window)
            except SiteError as error:
                self.problems += error.problems

    def _sheet(self) -> Sheet:
        names = self.speaker.names
        url = "speaking/dates/"
        firm = [entry for entry in self._entries(self.dates.coming) if entry.event.status == "firm"]
        return Sheet(
            url=url,
            title=self.words.say("dates_title", **names),
            description=self.words.say("dates_description", **names),
            data=tuple(feed.data(entry, self.speaker, self.speaker.absolute(url)) for entry in firm),
        )

    def _entries(self, found: Iterable[events.Event]) -> list[feed.Entry]:
        """Give the events with the words that calendars show."""
        told, name = wording.Wording(self.words), self.speaker.name
        return [
            feed.Entry(
                event, self.words.say("calendar_entry", name=name, event=event.title or event.event), told.where(event)
            )
            for event in found
        ]

    def _calendar(self) -> bytes:
        entries = self._entries((*reversed(self.dates.past), *self.dates.coming))
        name = self.words.say("calendar_name", **self.speaker.names)
        page = self.speaker.absolute("speaking/dates/")
        return feed.calendar(entries, name, page, self.settings["SITE_DATE"])

    def _availability(self) -> bytes:
        zone, window = self.speaker.timezone, availability.window(self.settings["SITE_DATE"])
        return availability.availability(availability.busy_days(self.spans, zone, *window), zone, *window)


def _named_talks(raw: bytes, shown: str) -> Iterator[tuple[str, str, int]]:
    """Yield the talks that events name, whatever else may be wrong with the file."""
    text, entries = _entries(raw)
    for at, entry in enumerate(entries):
        name = entry.get("talk")
        if name and isinstance(name, str):
            yield name, shown, line_of(text, ("events", at, "talk"))


def _undecided(raw: bytes) -> Iterator[int]:
    """Yield the line of each status by which an event is private though the file does not say so."""
    text, entries = _entries(raw)
    for at, entry in enumerate(entries):
        if entry.get("status") == "tentative" and "public" not in entry:
            yield line_of(text, ("events", at, "status"))


def _entries(raw: bytes) -> tuple[str, list[dict[str, Any]]]:
    """Return the file's text and its events as they are written; none where loading it will say what is wrong."""
    text = raw.decode("utf-8-sig", "replace")
    try:
        entries = tomllib.loads(text).get("events")
    except tomllib.TOMLDecodeError:
        entries = None
    return text, [entry if isinstance(entry, dict) else {} for entry in entries] if isinstance(entries, list) else []


def _offer(pelican: Pelican) -> None:
    told = wording.Wording(pelican.settings["WORDS"])
    pelican.settings["JINJA_FILTERS"] |= {
        "event_days": told.days,
        "event_clock": told.clock,
        "event_when": told.when,
        "event_where": told.where,
        "event_datetime": wording.iso,
    }


def _generators(_: Any) -> type[Generator]:
    return DatesGenerator


def register() -> None:
    """Connect to Pelican."""
    signals.initialized.connect(_offer)
    signals.get_generators.connect(_generators)

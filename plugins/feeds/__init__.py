"""Feeds: whole posts for subscribers in RSS, Atom and JSON Feed, and what the page about them needs."""

from __future__ import annotations

import logging
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from pelican.contents import Tag
from pelican.plugins import signals

from plugins import output
from plugins.clock import is_old
from plugins.feeds import places
from plugins.feeds.desk import Desk
from plugins.feeds.places import FORMATS, FeedLink, Place
from plugins.feeds.readers import CHECKED, READERS, SHOWN
from plugins.mailto import mailto
from plugins.problems import Problem, warn
from plugins.toml_file import line_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pelican import Pelican
    from pelican.generators import Generator

_LOG = logging.getLogger(__name__)
_FURTHER = re.compile(r"page/\d+/$")


class Part(NamedTuple):
    """What can be followed by itself: what it is about, and its feeds."""

    subject: str
    links: tuple[FeedLink, ...]


class Offer(NamedTuple):
    """What the page about feeds offers: further feeds, readers (label, address), a letter that asks for mail.

    The letter is a mail link, empty where the speaker keeps no list.
    """

    parts: tuple[Part, ...]
    readers: tuple[tuple[str, str], ...]
    letter: str


class _Feeds:
    """The feeds of the build in hand: the filter `subject|feeds_of` and the global `subscribing()` tell of them."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        self.settings = settings
        self.speaker, self.words = settings["SPEAKER"], settings["WORDS"]
        self.context: dict[str, Any] = {}
        self.places: list[Place] = []

    def feeds_of(self, subject: Any) -> tuple[FeedLink, ...]:
        """Give the feeds that a list or a page has beside those of the whole blog."""
        address = _FURTHER.sub("", getattr(subject, "url", ""))
        found = (place.links(self.speaker) for place in self.places if place.url and place.url == address)
        return next(found, ())

    def subscribing(self) -> Offer:
        """Give what can be followed, and how."""
        feed = places.whole(self.speaker, self.words).links(self.speaker)[0].url
        letter = mailto(
            self.speaker.email,
            self.words.say("list_subject", **self.speaker.names),
            self.words.say("list_letter", **self.speaker.names).strip(),
        )
        parts = tuple(Part(place.subject, place.links(self.speaker)) for place in self.places if place.url)
        readers = tuple((one.label, one.link(feed)) for one in READERS)
        return Offer(parts, readers, letter if self.speaker.mailing_list else "")

    def plan(self, context: dict[str, Any]) -> None:
        """Find out which feeds there will be: every post and event has been read, the checks have not begun."""
        self.context = context
        tags, problems = places.listed_tags(
            self.speaker.feed_tags,
            {tag.slug: tag for tag, _ in context["tags"]},
            lambda name: str(Tag(name, self.settings).slug),
            self._line,
        )
        context.setdefault("problems", []).extend(problems)
        self.places = [places.whole(self.speaker, self.words, context["articles"])]
        self.places += places.parts(self.speaker, self.words, context, tags)
        context.setdefault("planned_outputs", []).extend(
            (place.url + kind.file, f"the {kind.label} feed “{place.title}”")
            for place in self.places
            for kind in FORMATS
        )

    def _line(self, at: int) -> tuple[str, int]:
        text = Path(self.settings["PATH"], "speaker.toml").read_text("utf-8-sig")
        return f"{self.settings['CONTENT_SHOWN']}/speaker.toml", line_of(text, ("feed_tags", at))

    def write(self, folder: str) -> None:
        """Write them. Only now do all pictures stand there as readers will get them, so that their sizes are true."""
        desk = Desk(self.settings, self.context, Path(folder))
        for place in self.places:
            feed = desk.feed(place)
            for kind in FORMATS:
                name = place.url + kind.file
                output.write(folder, name, kind.written(feed._replace(url=self.speaker.absolute(name))))


def _offer(pelican: Pelican) -> None:
    settings = pelican.settings
    feeds = settings["FEED_ROOM"] = _Feeds(settings)
    settings["FEEDS"] = places.whole(feeds.speaker, feeds.words).links(feeds.speaker)
    settings["JINJA_FILTERS"]["feeds_of"] = feeds.feeds_of
    settings["JINJA_GLOBALS"]["subscribing"] = feeds.subscribing


def _plan(generator: Generator) -> None:
    if is_old(CHECKED, generator.settings["SITE_DATE"]):
        told = f"the links to feed readers were last compared with their sources on {CHECKED}, over a year ago"
        advice = "do it again, take out what is gone, and write the day into CHECKED"
        warn(_LOG, Problem(SHOWN, 1, f"{told}; {advice}", "old-facts"))
    generator.settings["FEED_ROOM"].plan(generator.context)


def _write(pelican: Pelican) -> None:
    pelican.settings["FEED_ROOM"].write(pelican.output_path)


def register() -> None:
    """Connect to Pelican."""
    signals.initialized.connect(_offer)
    signals.static_generator_finalized.connect(_plan)
    signals.finalized.connect(_write)

"""Feeds: whole posts for subscribers, in RSS and Atom."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, NamedTuple
from zoneinfo import ZoneInfo

from pelican.generators import Generator
from pelican.plugins import signals

from plugins import output, text
from plugins.feeds import formats
from plugins.feeds.entries import Entry, Feed, absolute

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pelican import Pelican

    from plugins.speaker import Speaker

ENTRIES = 50
_BLURB = 300
_FEEDS = (
    ("feed.xml", "application/rss+xml", "RSS", formats.rss),
    ("atom.xml", "application/atom+xml", "Atom", formats.atom),
)


class FeedLink(NamedTuple):
    """A feed for the page's head: title, absolute address and media type."""

    title: str
    url: str
    type: str


def feed_of(articles: Iterable[Any], speaker: Speaker, title: str, description: str, day: dt.date) -> Feed:
    """Give the feed of the newest posts; `day`, the site's date, dates a feed without any."""
    entries = tuple(_entry(article, speaker) for article in articles)
    start = dt.datetime.combine(day, dt.time(), ZoneInfo(speaker.timezone))
    updated = max((entry.updated for entry in entries), default=start)
    return Feed(title, description, f"{speaker.root}/", "", speaker.language, speaker.name, updated, entries)


def _entry(article: Any, speaker: Speaker) -> Entry:
    url = speaker.absolute(article.url)
    tags = getattr(article, "tags", ())
    return Entry(
        title=article.title,
        url=url,
        id=article.metadata.get("id") or url,
        summary=article.metadata.get("summary") or text.cut(text.plain(article.content), _BLURB),
        html=absolute(article.content, url),
        author=speaker.name,
        published=article.date,
        updated=article.updated,
        categories=tuple(dict.fromkeys([article.category.name, *(tag.name for tag in tags)])),
    )


class FeedGenerator(Generator):  # type: ignore[misc]  # Pelican ships no types
    """Writes both feeds."""

    def generate_context(self) -> None:
        """Plan them."""
        self.context.setdefault("planned_outputs", []).extend(
            (name, f"the {label} feed") for name, _, label, _ in _FEEDS
        )

    def generate_output(self, _: Any) -> None:
        """Write them from the newest posts."""
        speaker, words = self.settings["SPEAKER"], self.settings["WORDS"]
        title = words.say("feed_title", **speaker.names)
        description = words.say("site_description", **speaker.names)
        feed = feed_of(self.context["articles"][:ENTRIES], speaker, title, description, self.settings["SITE_DATE"])
        for name, _type, _label, written in _FEEDS:
            output.write(self.output_path, name, written(feed._replace(url=speaker.absolute(name))))


def _offer(pelican: Pelican) -> None:
    speaker, words = pelican.settings["SPEAKER"], pelican.settings["WORDS"]
    title = words.say("feed_title", **speaker.names)
    pelican.settings["FEEDS"] = tuple(
        FeedLink(f"{title} ({label})", speaker.absolute(name), type_) for name, type_, label, _ in _FEEDS
    )


def _generators(_: Any) -> type[Generator]:
    return FeedGenerator


def register() -> None:
    """Connect to Pelican."""
    signals.initialized.connect(_offer)
    signals.get_generators.connect(_generators)

"""Turns posts and events into entries: each once, however many feeds it stands in."""

from __future__ import annotations

import datetime as dt
import html
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote, urlsplit
from zoneinfo import ZoneInfo

from plugins import media, text
from plugins.bodies import plain_body
from plugins.feeds.entries import Author, Entry, Feed, Media
from plugins.feeds.places import DATES
from plugins.feeds.rewriting import for_readers, wrapped
from plugins.pictures import picture_of, size_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from plugins.feeds.places import Place

ENTRIES = 50
_BLURB = 300
_IN_ADDRESSES = "/:?#[]@!$&'()*+,;=%~"
"""What a written address may hold beside letters, digits and `-._` (RFC 3986, section 2)."""


class Desk:
    """Makes the feeds of one build from its `settings` and `context`, when all other files stand in `output`."""

    def __init__(self, settings: Mapping[str, Any], context: Mapping[str, Any], output: Path) -> None:
        """Keep them, and the moment that dates a feed without entries."""
        self.settings, self.context, self.output = settings, context, output
        self.speaker, self.words = settings["SPEAKER"], settings["WORDS"]
        self.start = dt.datetime.combine(settings["SITE_DATE"], dt.time(), ZoneInfo(self.speaker.timezone))
        self._made: dict[str, Entry] = {}

    def feed(self, place: Place) -> Feed:
        """Give a place's feed, without the address that each format has by itself."""
        made = self._appearance if place.url == DATES else self._post
        entries = tuple(made(record) for record in place.records[:ENTRIES])
        said = [entry.updated for entry in entries if entry.published]
        # Where all is still to come, the soonest dates the feed: with the site's date it would change every day.
        day = max(said, default=min((entry.updated for entry in entries), default=self.start))
        return Feed(
            title=place.title,
            description=place.description,
            home=self.speaker.absolute(place.url),
            url="",
            language=self.speaker.language,
            author=Author(self.speaker.name, f"{self.speaker.root}/", self._portrait()),
            updated=day,
            entries=entries,
            hub=self.speaker.hub,
            icon=self._there("icon-512.png"),
            small_icon=self._there("apple-touch-icon.png"),
        )

    def _there(self, name: str) -> str:
        """Give the absolute address of a file of the site, or nothing where there is none."""
        return self.speaker.absolute(name) if Path(self.output, name).is_file() else ""

    def _portrait(self) -> str:
        kit = self.context.get("kit")
        return self.speaker.absolute(kit.portrait) if kit and kit.portrait else ""

    def _post(self, article: Any) -> Entry:
        name = article.relative_source_path
        if name not in self._made:
            self._made[name] = self._made_of(article)
        return self._made[name]

    def _made_of(self, article: Any) -> Entry:
        address = self.speaker.absolute(article.url)
        known = self.settings.get("LEDGER", {}).get(article.relative_source_path)
        markup, shown = for_readers(article.content, address)
        if (article.lang, article.dir) != (self.speaker.language, "ltr"):
            markup = wrapped(markup, article.lang, article.dir)
        own = picture_of(article)
        picture = self._media(self.speaker.absolute(own.url), own.alt) if own else None
        pictures = [picture, *(self._media(one.url, one.alt) for one in shown)]
        return Entry(
            title=article.title,
            url=quote(address, safe=_IN_ADDRESSES),
            # For ever: a new title, slug, date or host is no new post.
            id=article.metadata.get("id") or (known.id if known else address),
            summary=article.metadata.get("summary") or text.cut(plain_body(article), _BLURB),
            html=markup,
            language=article.lang,
            published=article.date,
            updated=article.updated,
            categories=tuple(
                dict.fromkeys([article.category.name, *(tag.name for tag in getattr(article, "tags", ()))])
            ),
            picture=picture,
            pictures=tuple({one.url: one for one in reversed(pictures) if one}.values())[::-1],
        )

    def _media(self, url: str, alt: str) -> Media | None:
        """Give a picture of this site as it is delivered; None for what is none."""
        kind = media.media_type(urlsplit(url).path)
        path = Path(self.output, unquote(url.removeprefix(f"{self.speaker.root}/")))
        if not url.startswith(f"{self.speaker.root}/") or not kind.startswith("image/") or not path.is_file():
            return None
        try:
            size = size_of(path)
        except (OSError, ValueError):
            size = None
        return Media(url, kind, alt, path.stat().st_size, *(size or (0, 0)))

    def _appearance(self, event: Any) -> Entry:
        """Give an event as an entry. Nobody wrote down when it was announced, so readers go by when they first saw it.

        Atom alone wants a day; it gets that of the event, which changes when the event does, and never by itself.
        """
        talk = self.settings["TALKS"].get(event.talk)
        what = event.title or (talk.title if talk else event.event)
        told = self.settings["JINJA_FILTERS"]
        where, host = told["event_where"](event), urlsplit(self.speaker.site).hostname or ""
        summary = self.words.say("feed_event", event=event.event, when=told["event_when"](event), where=where)
        if event.status == "tentative":
            summary += self.words.say("feed_event_tentative")
        links = [(event.url, event.event)] if event.url else []
        links += [(self.speaker.absolute(talk.url), talk.title)] if talk else []
        return Entry(
            title=self.words.say("feed_event_title", what=what, day=told["event_days"](event), where=where),
            url=f"{self.speaker.absolute(DATES)}#{event.anchor}",
            id=f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, event.uid.removesuffix(f'@{host}'))}",
            summary=summary,
            html=_paragraphs(summary, links),
            language=self.speaker.language,
            published=_moment(event) if event in self.context["dates"].past else None,
            updated=_moment(event),
        )


def _moment(event: Any) -> dt.datetime:
    """Give when an event begins; one of whole days begins with its first."""
    if isinstance(event.start, dt.datetime):
        return event.start
    return dt.datetime.combine(event.start, dt.time(), ZoneInfo(event.timezone))


def _paragraphs(text: str, links: list[tuple[str, str]]) -> str:
    anchors = [f'<a href="{html.escape(url)}">{html.escape(said, quote=False)}</a>' for url, said in links]
    return "\n".join(f"<p>{part}</p>" for part in (html.escape(text, quote=False), *anchors))

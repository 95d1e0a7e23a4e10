"""RSS 2.0 and Atom from one feed value, by feedgenerator."""

from __future__ import annotations

import html
import io
from typing import TYPE_CHECKING, Any

from feedgenerator import Atom1Feed, Rss201rev2Feed

from plugins.feeds.entries import clean

if TYPE_CHECKING:
    import datetime as dt

    from plugins.feeds.entries import Feed


class _Dated:
    """A feed without entries is dated by the site, not by the clock."""

    def latest_post_date(self) -> dt.datetime:
        """Give the moment of the last change."""
        return self.feed["updated"]  # type: ignore[attr-defined, no-any-return]


class FullRss(_Dated, Rss201rev2Feed):  # type: ignore[misc]  # the library ships no types
    """RSS with whole posts (content:encoded, http://purl.org/rss/1.0/modules/content/)."""

    def rss_attributes(self) -> dict[str, str]:
        """Add the namespaces used."""
        return {**super().rss_attributes(), "xmlns:content": "http://purl.org/rss/1.0/modules/content/"}

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        """Add the whole post to what the library writes."""
        super().add_item_elements(handler, item)
        handler.addQuickElement("content:encoded", item["html"])


class FullAtom(_Dated, Atom1Feed):  # type: ignore[misc]  # the library ships no types
    """Atom, whose `content` the library writes by itself."""


def rss(feed: Feed) -> bytes:
    """Give the feed as RSS 2.0: description is the plain summary, content:encoded the whole post."""
    document = FullRss(**_about(feed))
    for entry in feed.entries:
        document.add_item(
            title=clean(entry.title),
            link=entry.url,
            # Readers take a description for HTML (RSS 2.0, "Elements of <item>").
            description=html.escape(clean(entry.summary), quote=False),
            author_name=entry.author,
            pubdate=entry.published,
            categories=entry.categories,
            unique_id=clean(entry.id),
            unique_id_is_permalink=entry.is_permalink,
            html=clean(entry.html),
        )
    return _written(document)


def atom(feed: Feed) -> bytes:
    """Give the feed as Atom (RFC 4287)."""
    document = FullAtom(**_about(feed), author_name=feed.author)
    for entry in feed.entries:
        document.add_item(
            title=clean(entry.title),
            link=entry.url,
            description=html.escape(clean(entry.summary), quote=False),
            content=clean(entry.html),
            author_name=entry.author,
            pubdate=entry.published,
            updateddate=entry.updated,
            categories=entry.categories,
            unique_id=entry.iri,
        )
    return _written(document)


def _about(feed: Feed) -> dict[str, Any]:
    return {
        "title": clean(feed.title),
        "link": feed.home,
        "description": clean(feed.description),
        "subtitle": clean(feed.description),
        "language": feed.language,
        "feed_url": feed.url,
        "updated": feed.updated,
    }


def _written(document: Any) -> bytes:
    buffer = io.BytesIO()
    document.write(buffer, "utf-8")
    return buffer.getvalue()

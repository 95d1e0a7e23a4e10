"""One feed value as RSS 2.0, as Atom and as JSON Feed."""

from __future__ import annotations

import html
import json
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from plugins.feeds.entries import clean

if TYPE_CHECKING:
    from plugins.feeds.entries import Entry, Feed, Media

GENERATOR = "Lectern"
_ATOM = "http://www.w3.org/2005/Atom"
_MEDIA = "http://search.yahoo.com/mrss/"
_MODULES = {
    "xmlns:atom": _ATOM,
    "xmlns:content": "http://purl.org/rss/1.0/modules/content/",
    "xmlns:dc": "http://purl.org/dc/elements/1.1/",
    "xmlns:media": _MEDIA,
}
# As it is to be shown, in pixels: at most so wide, and 88×31 where nothing is said (RSS 2.0, element image).
_ICON_SIZE = (("width", "144"), ("height", "144"))


def rss(feed: Feed) -> bytes:
    """Give the feed as RSS 2.0 (rssboard.org/rss-specification): description is the summary, content:encoded all."""
    root = ET.Element("rss", {"version": "2.0", **_MODULES})
    channel = ET.SubElement(root, "channel")
    _add(channel, "title", feed.title)
    _add(channel, "link", feed.home)
    _add(channel, "description", feed.description)
    _add(channel, "language", feed.language)
    _add(channel, "lastBuildDate", format_datetime(feed.updated))
    _add(channel, "generator", GENERATOR)
    _add(channel, "atom:link", rel="self", type="application/rss+xml", href=feed.url)
    if feed.hub:
        _add(channel, "atom:link", rel="hub", href=feed.hub)
    if feed.icon:
        image = _add(channel, "image")
        for name, text in (("url", feed.icon), ("title", feed.title), ("link", feed.home), *_ICON_SIZE):
            _add(image, name, text)
    for entry in feed.entries:
        _rss_item(_add(channel, "item"), entry, feed)
    return _xml(root)


def _rss_item(item: ET.Element, entry: Entry, feed: Feed) -> None:
    _add(item, "title", entry.title)
    _add(item, "link", entry.url)
    # Readers take a description for HTML (RSS 2.0, "Elements of <item>").
    _add(item, "description", html.escape(entry.summary, quote=False))
    _add(item, "dc:creator", feed.author.name)
    _add(item, "dc:language", entry.language)
    for name in entry.categories:
        _add(item, "category", name)
    if entry.picture:  # one, says the RSS Best Practices Profile
        _add(item, "enclosure", **_enclosed(entry.picture, "url"))
    _add(item, "guid", entry.id, isPermaLink=str(entry.is_permalink).lower())
    if entry.published:
        _add(item, "pubDate", format_datetime(entry.published))
    _add(item, "content:encoded", entry.html)
    _add_media(item, entry)


def atom(feed: Feed) -> bytes:
    """Give the feed as Atom (RFC 4287)."""
    root = ET.Element("feed", {"xmlns": _ATOM, "xmlns:media": _MEDIA, "xml:lang": feed.language})
    _add(root, "id", feed.home)
    _add(root, "title", feed.title)
    _add(root, "subtitle", feed.description)
    _add(root, "updated", feed.updated.isoformat())
    _add_author(root, feed)
    _add(root, "generator", GENERATOR)
    _add(root, "link", rel="alternate", type="text/html", href=feed.home)
    _add(root, "link", rel="self", type="application/atom+xml", href=feed.url)
    if feed.hub:
        _add(root, "link", rel="hub", href=feed.hub)
    if feed.small_icon:
        _add(root, "icon", feed.small_icon)
    for entry in feed.entries:
        _atom_entry(_add(root, "entry", **{"xml:lang": entry.language}), entry, feed)
    return _xml(root)


def _add_author(parent: ET.Element, feed: Feed) -> None:
    author = _add(parent, "author")
    _add(author, "name", feed.author.name)
    _add(author, "uri", feed.author.url)


def _atom_entry(made: ET.Element, entry: Entry, feed: Feed) -> None:
    _add(made, "id", entry.iri)
    _add(made, "title", entry.title)
    _add_author(made, feed)  # some programs look for it here only
    _add(made, "link", rel="alternate", type="text/html", href=entry.url)
    if entry.picture:
        _add(made, "link", rel="enclosure", **_enclosed(entry.picture, "href"))
    if entry.published:
        _add(made, "published", entry.published.isoformat())
    _add(made, "updated", entry.updated.isoformat())
    for name in entry.categories:
        _add(made, "category", term=name)
    _add(made, "summary", entry.summary)
    _add(made, "content", entry.html, type="html")
    _add_media(made, entry)


def _add(parent: ET.Element, tag: str, text: str = "", **attributes: str) -> ET.Element:
    element = ET.SubElement(parent, tag, {name: clean(value) for name, value in attributes.items()})
    element.text = clean(text)
    return element


def _add_media(parent: ET.Element, entry: Entry) -> None:
    """Add each picture (rssboard.org/media-rss, media:content)."""
    for one in entry.pictures:
        size = {"width": str(one.width), "height": str(one.height)} if one.width else {}
        made = _add(
            parent, "media:content", url=one.url, type=one.type, medium="image", fileSize=str(one.length), **size
        )
        if one.alt:
            _add(made, "media:description", one.alt, type="plain")


def _enclosed(picture: Media, address: str) -> dict[str, str]:
    return {address: picture.url, "type": picture.type, "length": str(picture.length)}


def _xml(root: ET.Element) -> bytes:
    ET.indent(root, "")
    return bytes(ET.tostring(root, "utf-8", xml_declaration=True)) + b"\n"


def json_feed(feed: Feed) -> bytes:
    """Give the feed as JSON Feed 1.1 (jsonfeed.org/version/1.1)."""
    author = {"name": feed.author.name, "url": feed.author.url, "avatar": feed.author.avatar}
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": feed.home,
        "feed_url": feed.url,
        "description": feed.description,
        "icon": feed.icon,
        "favicon": feed.small_icon,
        "authors": [_filled(author)],
        "language": feed.language,
        "hubs": [{"type": "WebSub", "url": feed.hub}] if feed.hub else [],
        "items": [_filled(_item(entry)) for entry in feed.entries],
    }
    kept = {**_filled(document), "items": document["items"]}
    return (json.dumps(_cleaned(kept), ensure_ascii=False, indent=1) + "\n").encode()


def _item(entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "url": entry.url,
        "title": entry.title,
        "content_html": entry.html,
        "summary": entry.summary,
        "image": entry.picture.url if entry.picture else "",
        "date_published": entry.published.isoformat() if entry.published else "",
        "date_modified": entry.updated.isoformat() if entry.published else "",
        "tags": list(entry.categories),
        "language": entry.language,
        "attachments": [{"url": one.url, "mime_type": one.type, "size_in_bytes": one.length} for one in entry.pictures],
    }


def _filled(values: dict[str, Any]) -> dict[str, Any]:
    """Leave out what says nothing, but the text: each item must have one (JSON Feed 1.1, "Items")."""
    return {name: value for name, value in values.items() if value or name == "content_html"}


def _cleaned(value: Any) -> Any:
    """Give the value with the same texts as in the other formats."""
    if isinstance(value, dict):
        return {name: _cleaned(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_cleaned(part) for part in value]
    return clean(value) if isinstance(value, str) else value

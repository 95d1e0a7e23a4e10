"""A feed as data: what RSS, Atom and JSON Feed all say of the site, of a post and of its pictures."""

from __future__ import annotations

import re
import uuid
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import datetime as dt

# XML 1.0, section 2.2: all else cannot stand in a document, escaped or not.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_URI = re.compile(r"""[A-Za-z][A-Za-z0-9+.-]*:[^\s<>"{}|\\^`]+""", re.ASCII)


class Media(NamedTuple):
    """A picture: absolute address, media type, text for those who don't see it, bytes; pixels are 0 where unknown."""

    url: str
    type: str
    alt: str
    length: int
    width: int = 0
    height: int = 0


class Entry(NamedTuple):
    """A post or an appearance: plain title and summary, the whole text as HTML with absolute addresses, aware times.

    `published` is None where nobody wrote down when it was said first. `picture` is the one that stands for the entry,
    `pictures` are all that it shows.
    """

    title: str
    url: str
    id: str
    summary: str
    html: str
    language: str
    published: dt.datetime | None
    updated: dt.datetime
    categories: tuple[str, ...] = ()
    picture: Media | None = None
    pictures: tuple[Media, ...] = ()

    @property
    def is_permalink(self) -> bool:
        """Whether the id is the post's address: RSS must say so (RSS 2.0, element guid)."""
        return self.id == self.url

    @property
    def iri(self) -> str:
        """The id as an IRI, which Atom asks for (RFC 4287, section 4.2.6); any other text becomes a stable UUID."""
        name = clean(self.id)
        return name if _URI.fullmatch(name) else f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, name)}"


class Author(NamedTuple):
    """Who writes: name, and the absolute addresses of the home page and of a portrait, which may be empty."""

    name: str
    url: str
    avatar: str = ""


class Feed(NamedTuple):
    """A feed. Addresses are absolute; `updated` is that of the newest entry, or the site's date.

    `hub` (WebSub), `icon` and `small_icon` are empty where there is none.
    """

    title: str
    description: str
    home: str
    url: str
    language: str
    author: Author
    updated: dt.datetime
    entries: tuple[Entry, ...]
    hub: str = ""
    icon: str = ""
    small_icon: str = ""


def clean(text: str) -> str:
    """Give the text without the characters that XML cannot hold."""
    return _NOT_XML.sub("", text)

"""A feed as data: what RSS and Atom both say of the site and of a post."""

from __future__ import annotations

import re
import uuid
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urljoin

from plugins.markup import candidates, parsed, written

if TYPE_CHECKING:
    import datetime as dt

_ADDRESSES = ("href", "src", "poster", "cite", "longdesc")
# XML 1.0, section 2.2: all else cannot stand in a document, escaped or not.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_URI = re.compile(r"""[A-Za-z][A-Za-z0-9+.-]*:[^\s<>"{}|\\^`]+""", re.ASCII)


class Entry(NamedTuple):
    """A post: plain title and summary, the whole text as HTML with absolute addresses, aware times."""

    title: str
    url: str
    id: str
    summary: str
    html: str
    author: str
    published: dt.datetime
    updated: dt.datetime
    categories: tuple[str, ...]

    @property
    def is_permalink(self) -> bool:
        """Whether the id is the post's address: RSS must say so (RSS 2.0, element guid)."""
        return self.id == self.url

    @property
    def iri(self) -> str:
        """The id as an IRI, which Atom asks for (RFC 4287, section 4.2.6); any other text becomes a stable UUID."""
        name = clean(self.id)
        return name if _URI.fullmatch(name) else f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, name)}"


class Feed(NamedTuple):
    """The site's feed. Addresses are absolute; `updated` is that of the newest entry, or the site's date."""

    title: str
    description: str
    home: str
    url: str
    language: str
    author: str
    updated: dt.datetime
    entries: tuple[Entry, ...]


def clean(text: str) -> str:
    """Give the text without the characters that XML cannot hold."""
    return _NOT_XML.sub("", text)


def absolute(markup: str, page: str) -> str:
    """Give an HTML fragment with every relative address made absolute from its page's address."""
    tree = parsed(markup)
    for name in _ADDRESSES:
        for node in tree.css(f"[{name}]"):
            value = node.attributes.get(name)
            if value is not None:
                node.attrs[name] = urljoin(page, value)
    for node in tree.css("[srcset]"):
        found = candidates(node.attributes["srcset"] or "")
        node.attrs["srcset"] = ", ".join(urljoin(page, address) + size for address, size in found)
    return written(tree)

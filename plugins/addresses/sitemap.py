"""The sitemap (sitemaps.org protocol 0.9) and robots.txt (RFC 9309)."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
LIMIT = 50_000
_BYTES = 50 * 1024 * 1024
"""The most that one file may hold (sitemaps.org, "Sitemap index files")."""
_MARKUP = 100
"""Bytes of an entry besides its address, at most."""


class Place(NamedTuple):
    """A page's absolute address, and the day its content last changed, if that is known (`2026-01-31`)."""

    url: str
    changed: str | None


def uri(url: str) -> str:
    """Give an address with all but ASCII percent-encoded, as sitemaps and IndexNow ask for it (RFC 3986)."""
    return quote(url, safe="%/:?#[]@!$&'()*+,;=~")


def sitemaps(places: Sequence[Place], root: str, limit: int = LIMIT) -> dict[str, bytes]:
    """Give the files by name: one sitemap, or above the limits an index of several below `root`.

    Places keep their order; a part is as new as what changed in it last.
    """
    parts = [[place for _, place in group] for _, group in groupby(_numbered(places, limit), lambda pair: pair[0])]
    if len(parts) <= 1:
        return {"sitemap.xml": _document("urlset", "url", places)}
    files = {f"sitemap-{at}.xml": _document("urlset", "url", part) for at, part in enumerate(parts, 1)}
    index = [
        Place(f"{root}/{name}", max((place.changed for place in part if place.changed), default=None))
        for name, part in zip(files, parts, strict=True)
    ]
    return {"sitemap.xml": _document("sitemapindex", "sitemap", index)} | files


def _numbered(places: Iterable[Place], limit: int) -> Iterator[tuple[int, Place]]:
    """Yield each place with the number of the file that it goes into."""
    number = count = size = 0
    for place in places:
        needed = len(uri(place.url).replace("&", "&amp;")) + _MARKUP
        if count == limit or size + needed > _BYTES - _MARKUP * 2:
            number, count, size = number + 1, 0, 0
        count, size = count + 1, size + needed
        yield number, place


def _document(outer: str, inner: str, places: Iterable[Place]) -> bytes:
    ET.register_namespace("", _NAMESPACE)
    root = ET.Element(f"{{{_NAMESPACE}}}{outer}")
    for place in places:
        url = ET.SubElement(root, f"{{{_NAMESPACE}}}{inner}")
        ET.SubElement(url, f"{{{_NAMESPACE}}}loc").text = uri(place.url)
        if place.changed:
            ET.SubElement(url, f"{{{_NAMESPACE}}}lastmod").text = place.changed
    ET.indent(root, "")
    return bytes(ET.tostring(root, "utf-8", xml_declaration=True)) + b"\n"


def robots(sitemap_url: str) -> bytes:
    """Give a robots.txt that lets everyone in and names the sitemap."""
    return f"User-agent: *\nAllow: /\n\nSitemap: {sitemap_url}\n".encode()

"""The sitemap (sitemaps.org protocol 0.9) and robots.txt (RFC 9309)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from collections.abc import Iterable

_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


class Place(NamedTuple):
    """A page's absolute address, and the day its content last changed, if that is known (`2026-01-31`)."""

    url: str
    changed: str | None


def sitemap(places: Iterable[Place]) -> bytes:
    """Give the sitemap as XML, in the order given."""
    ET.register_namespace("", _NAMESPACE)
    root = ET.Element(f"{{{_NAMESPACE}}}urlset")
    for place in places:
        url = ET.SubElement(root, f"{{{_NAMESPACE}}}url")
        ET.SubElement(url, f"{{{_NAMESPACE}}}loc").text = place.url
        if place.changed:
            ET.SubElement(url, f"{{{_NAMESPACE}}}lastmod").text = place.changed
    ET.indent(root, "")
    return bytes(ET.tostring(root, "utf-8", xml_declaration=True)) + b"\n"


def robots(sitemap_url: str) -> bytes:
    """Give a robots.txt that lets everyone in and names the sitemap."""
    return f"User-agent: *\nAllow: /\n\nSitemap: {sitemap_url}\n".encode()

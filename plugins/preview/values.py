"""What a page says of itself, as frozen values."""

from __future__ import annotations

from typing import Any, NamedTuple

Pairs = tuple[tuple[str, str], ...]


class Image(NamedTuple):
    """A picture for shared links: its absolute address, its text, and what is known of the file."""

    url: str
    alt: str
    type: str = ""
    size: tuple[int, int] | None = None


class Preview(NamedTuple):
    """What a page says of itself. `title` is for the tab, `headline` the same without the site's name.

    `url` is canonical and absolute; `images` are the pictures that stand for it, the best first. `properties` are Open
    Graph's, in their order; `names` go into the `name` of <meta>. `updated` is the moment of a letter's last change
    where it had one. `data` is JSON-LD.
    """

    title: str
    headline: str
    description: str
    url: str
    images: tuple[Image, ...]
    properties: Pairs
    names: Pairs
    data: dict[str, Any]
    updated: str = ""

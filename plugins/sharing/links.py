"""Share links as data: a network is one row of the table, a link is one value."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from plugins.mailto import encode
from plugins.sharing.networks import NETWORKS

if TYPE_CHECKING:
    from collections.abc import Iterable


class ShareLink(NamedTuple):
    """One link of the share row: the network's key, the word on the page, the address."""

    network: str
    label: str
    url: str


def share_links(title: str, url: str, image: str | None, networks: Iterable[str]) -> tuple[ShareLink, ...]:
    """Give the links in the order of `networks`; a network that needs a picture is left out where there is none.

    `title` is plain text, `url` and `image` are absolute addresses. Every value is percent-encoded as UTF-8 (RFC 3986).
    """
    values = {"title": " ".join(title.split()), "url": url, "image": image or ""}
    links = []
    for key in networks:
        network = NETWORKS[key]
        if network.needs_image and not image:
            continue
        query = "&".join(f"{name}={encode(form.format_map(values))}" for name, form in network.parameters.items())
        links.append(ShareLink(key, network.label, f"{network.endpoint}{network.mark}{query}"))
    return tuple(links)

"""Share links as data: what is shared, and the link to each network that takes it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from plugins.mailto import encode
from plugins.sharing.cutting import clean, fit
from plugins.sharing.networks import NETWORKS

if TYPE_CHECKING:
    from collections.abc import Iterable

_PARTS = re.compile(r"([^?#]*)([?#])(.*)", re.DOTALL)


class Shared(NamedTuple):
    """What is passed on: a plain title, the absolute address, a picture's address, and the words in place of the title.

    `marks` are put around the words, and stay where these are cut.
    """

    title: str
    url: str
    image: str | None = None
    text: str = ""
    marks: tuple[str, str] = ("", "")


class ShareLink(NamedTuple):
    """One link of the share row: the network's key, the word on the page, the address."""

    network: str
    label: str
    url: str


def share_links(shared: Shared, networks: Iterable[str]) -> tuple[ShareLink, ...]:
    """Give the links in the order of `networks`; a network that needs a picture is left out where there is none.

    Every value is percent-encoded as UTF-8 (RFC 3986). The text is cut to what the network takes, the address never.
    """
    words = clean(shared.text) or clean(shared.title)
    values = {"title": clean(shared.title), "url": shared.url, "image": shared.image or ""}
    links = []
    for key in networks:
        network = NETWORKS[key]
        if network.needs_image and not shared.image:
            continue
        text = fit(words, lambda text, network=network: network.takes(text, shared.url), shared.marks)  # type: ignore[misc]
        links.append(ShareLink(key, network.label, filled(network.link, values | {"text": text})))
    return tuple(links)


def filled(link: str, values: dict[str, str]) -> str:
    """Give the address that a network's `link` makes of the values; a parameter that stays empty is left out."""
    parts = _PARTS.fullmatch(link)
    if not parts:
        return link
    named = (parameter.partition("=") for parameter in parts[3].split("&"))
    made = ((name, form.format_map(values).strip()) for name, _, form in named)
    return f"{parts[1]}{parts[2]}{'&'.join(f'{name}={encode(value)}' for name, value in made if value)}"

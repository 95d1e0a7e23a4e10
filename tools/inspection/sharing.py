"""Share links as they were drawn: the words within what the network takes, the address whole."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

from plugins.sharing.networks import NETWORKS
from tools.inspection.rule import Rule
from tools.inspection.survey import Found

if TYPE_CHECKING:
    from collections.abc import Iterator

    from plugins.sharing.networks import Network
    from tools.inspection.page import Page

RULE = Rule(
    "share-texts",
    "Every share link carries the whole address of the page, and words that the network takes.",
    "A network cuts or refuses what is too long, and a cut address leads nowhere.",
    stops=True,
)
RULES = (RULE,)


class Carried(NamedTuple):
    """What a share link carries: the words, and the address."""

    text: str
    url: str


_STARTS = {key: re.split(r"[?#]", network.link)[0] for key, network in NETWORKS.items() if key != "email"}


def links(page: Page) -> Iterator[Found]:
    """Ask it of each share link on a page."""
    if not page.canonical:
        return
    for node in page.tree.css(".share a[href], .pass a[href]"):
        value = node.attributes["href"] or ""
        network = _network(value)
        carried = carried_by(value, network) if network else None
        if network and carried:
            message = wrong(carried, page.canonical, network)
            if message:
                yield Found(message, RULE.name, whole=True, key="share")


def wrong(carried: Carried, page: str, network: Network) -> str | None:
    """Say what is wrong with the share link of a page, and what to do; None where nothing is."""
    if carried.url.partition("#")[0] != page:
        return (
            f"the share link to {network.label} has not the whole address {page} but {carried.url[:80]}; mend the link"
        )
    if not network.takes(carried.text, carried.url):
        most = " and ".join(f"{limit} {way.said}" for limit, way in network.ways)
        return f"the share text for {network.label} is longer than {most}; write a shorter `share:`"
    return None


def carried_by(link: str, network: Network) -> Carried | None:
    """Give what a link to this network carries; None for one that was not made for sharing."""
    given = dict(part.partition("=")[::2] for part in re.split(r"[?#&]", link)[1:])
    text = url = ""
    for part in re.split(r"[?#&]", network.link)[1:]:
        name, _, form = part.partition("=")
        value = unquote(given.get(name, ""))
        if form == "{url}":
            url = value
        elif form == "{text}":
            text = value
        elif "{url}" in form:
            *words, url = re.split(r"\s", value) or [""]
            text = value.removesuffix(url).rstrip() if words else ""
    return Carried(text, url) if set(given) else None


def _network(link: str) -> Network | None:
    if link.startswith("mailto:?"):
        return NETWORKS["email"] if "body=" in link else None
    start = re.split(r"[?#]", link)[0]
    return next((NETWORKS[key] for key, its in _STARTS.items() if its == start), None)

"""The networks a letter can be shared on: the table in `networks.toml`, typed, and when it grows old."""

from __future__ import annotations

import datetime as dt  # noqa: TC003  msgspec reads the annotation
import tomllib
from pathlib import Path
from typing import Annotated

import msgspec

from plugins.clock import is_old
from plugins.sharing.counting import WAYS, Way

TABLE = Path(__file__).with_suffix(".toml")
SHOWN = "plugins/sharing/networks.toml"
_TEXT = TABLE.read_text("utf-8")


class Network(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where a share link leads, and what its text may hold.

    `link` holds {text}, {title}, {url} and {image} in its parameters; what follows a `#` stays in the browser. `limits`
    are the most that the network takes by names of `counting.WAYS`, of text and address together unless `url_counts`
    is false. `sources` say so, and were read on the day `checked`.
    """

    label: str
    link: str
    checked: dt.date
    sources: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]
    limits: dict[str, int] = {}
    aliases: tuple[Annotated[str, msgspec.Meta(pattern="^[a-z0-9]+$")], ...] = ()
    url_counts: bool = True

    @property
    def needs_image(self) -> bool:
        """Whether nothing can be shared there without a picture."""
        return "{image}" in self.link

    @property
    def ways(self) -> tuple[tuple[int, Way], ...]:
        """Each limit with its way of counting."""
        return tuple((most, WAYS[name]) for name, most in self.limits.items())

    def takes(self, text: str, url: str) -> bool:
        """Tell whether the text, with the address where it counts, is within every limit."""
        return all(way.measure(text, url if self.url_counts else "") <= most for most, way in self.ways)

    def is_old(self, day: dt.date) -> bool:
        """Tell whether the facts had not been checked for twelve months on that day."""
        return is_old(self.checked, day)


NETWORKS: dict[str, Network] = msgspec.convert(tomllib.loads(_TEXT), dict[str, Network])

_NAMES = {
    "".join(filter(str.isalnum, name.casefold())): key
    for key, network in NETWORKS.items()
    for name in (key, network.label, *network.aliases)
}


def named(said: str) -> str | None:
    """Return the key of the network that people call so, whatever the case, hyphens and spaces; None where none is."""
    return _NAMES.get("".join(filter(str.isalnum, said.casefold())))


def line_of(key: str) -> int:
    """Give the line, from 1, on which a network stands in the table."""
    return next(at for at, line in enumerate(_TEXT.splitlines(), 1) if line.startswith(f"{key} ="))

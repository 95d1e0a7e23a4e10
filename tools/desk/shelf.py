"""What stands in the content folder already: the addresses, ids and talks that something new must not take."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from plugins import ledger, slugs
from plugins.keys import WrongValueError
from plugins.names import composed
from plugins.problems import SiteError
from plugins.reading import front_matter
from plugins.reading.metadata import POSTS

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping
    from pathlib import Path

    from plugins.reading.front_matter import Value
    from tools.desk.desk import Desk

_ENDINGS = {".md", ".markdown", ".mkd", ".mdown"}
ROOMS = ("posts", "pages", "talks")
MADE_BY_THE_SITE = re.compile(r"(?:archive|tags|categories|series|search|card|\d{4})/")
"""Addresses at the top of the site where lists and the like stand."""


class Name(NamedTuple):
    """What an address is made of: the folder, the slug, and of a post the day and the category."""

    room: str
    slug: str
    date: dt.date
    category: str = ""
    draft: bool = False

    def addresses(self, permalink: str) -> frozenset[str]:
        """Give where it stands, below the site's root: once published, and where it is a draft in the preview too."""
        if self.room == "posts":
            url = permalink.format(slug=self.slug, date=self.date, category=slugs.slug(self.category))
        else:
            url = f"talks/{self.slug}/" if self.room == "talks" else f"{self.slug}/"
        drafts = "drafts/talks" if self.room == "talks" else "drafts"
        return frozenset({url, f"{drafts}/{self.slug}/"} if self.draft else {url})


class Entry(NamedTuple):
    """A post, page or talk: its file below the content folder, its slug, its id or none, and where it stands."""

    source: str
    slug: str
    id: str
    draft: bool
    addresses: frozenset[str]


class Shelf(NamedTuple):
    """All that is there, in the order of the files, and what was published by their names."""

    entries: tuple[Entry, ...]
    published: ledger.Ledger

    @property
    def ids(self) -> frozenset[str]:
        """Every name by which feeds know something."""
        return frozenset(e.id for e in self.entries if e.id) | {entry.id for entry in self.published.values()}

    @property
    def talks(self) -> dict[str, Entry]:
        """The talks by the names that letters and dates call them."""
        return {entry.slug: entry for entry in self.entries if entry.source.startswith("talks/")}

    def standing_at(self, addresses: frozenset[str], shown: str) -> str | None:
        """Say what stands, or stood, at one of the addresses; None where nothing does. `shown` is the folder's name."""
        for entry in self.entries:
            if entry.addresses & addresses:
                return f"{shown}/{entry.source} has this address already"
        for source, known in self.published.items():
            if addresses & set(known.addresses):
                return f"{shown}/{ledger.NAME} remembers this address: it was that of {source}"
        if any(MADE_BY_THE_SITE.fullmatch(address) for address in addresses):
            return "A page that the site makes itself has this address"
        return None


def shelf(desk: Desk) -> Shelf:
    """Read the heads of all files. What is wrong in one is for `serve` and `check` to say."""
    paths = (path for room in ROOMS for path in sorted((desk.content / room).rglob("*")))
    entries = tuple(_entry(desk, path) for path in paths if path.suffix.lower() in _ENDINGS and path.is_file())
    try:
        published: ledger.Ledger = ledger.load(desk.content / ledger.NAME, ledger.NAME)
    except SiteError:
        published = {}
    return Shelf(entries, published)


def _entry(desk: Desk, path: Path) -> Entry:
    source = composed(path.relative_to(desk.content).as_posix())
    room = source.partition("/")[0]
    text = path.read_bytes().decode("utf-8-sig", "replace").replace("\r\n", "\n").replace("\r", "\n")
    values = front_matter.parse(text).values
    slug = _said(values, "slug") or slugs.slug_of_file(path.stem)
    date = _date(desk, _said(values, "date"))
    draft = _said(values, "status").lower() == "draft" or date > desk.today
    places = Name(room, slug, date, _said(values, "category"), draft).addresses(desk.speaker.permalink)
    if _said(values, "template") == "not_found":
        places = frozenset()
    return Entry(source, slug, _said(values, "id"), draft, places)


def _said(values: Mapping[str, Value], key: str) -> str:
    value: Any = values[key].text if key in values else ""
    return composed(value) if isinstance(value, str) else ""


def _date(desk: Desk, said: str) -> dt.date:
    try:
        moment: dt.datetime = POSTS["date"].read(said, desk.around())
    except WrongValueError:
        return desk.today
    return moment.date()

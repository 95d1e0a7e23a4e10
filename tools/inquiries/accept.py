"""An inquiry becomes a tentative event: lines at the end of events.toml, and not a byte of the rest is touched."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import tomlkit

from plugins import slugs, toml_file
from tools import diary
from tools.inquiries.display import printable

if TYPE_CHECKING:
    from pathlib import Path

    from tools.inquiries.block import Inquiry

_ONLINE = re.compile(r"\W*(online|on-line|virtual(ly)?|remote(ly)?|webinar)\W*", re.IGNORECASE)
_NAMED_SLUG = re.compile(r"^slug:\s*[\"']?([\w-]+)", re.IGNORECASE | re.MULTILINE)


NO_NAME, NO_PLACE = "An event without a name", "not known yet"
"""What stands for what an inquiry leaves open."""


class NotAcceptedError(Exception):
    """The inquiry cannot become an event as it stands; `str()` says why, and what to write by hand."""

    exitcode = 1


def entry(inquiry: Inquiry, talks: frozenset[str]) -> str:
    """Give the lines of a tentative event that nobody else sees; a day that is not fixed is a comment to replace.

    A talk that the site does not have would stop every build, so it is left out.
    """
    table = tomlkit.table()
    days = inquiry.days
    texts = {"title": inquiry.topic, "event": inquiry.event or NO_NAME}
    online = _ONLINE.fullmatch(inquiry.place)
    texts["place"] = "" if online else inquiry.place or NO_PLACE
    for key, text in texts.items():
        if text:
            table.add(key, printable(text))
    if online:
        table.add("online", value=True)
    if days:
        table.add("start", days[0])
        if days[1] != days[0]:
            table.add("end", days[1])
    else:
        table.add(tomlkit.comment("start = 2027-06-04   <- the day, without the # before it"))
    if inquiry.talk in talks:
        table.add("talk", inquiry.talk)
    table.add("public", value=False)
    table.add("status", "tentative")
    table.add("id", inquiry.id)
    return diary.entry(table)


def talks_in(content: Path) -> frozenset[str]:
    """Give the names that talks of the content folder may have in their addresses."""
    names: set[str] = set()
    for path in sorted((content / "talks").glob("*.md")):
        slug = _NAMED_SLUG.search(path.read_text("utf-8", errors="replace"))
        names.add(slug[1] if slug else slugs.slug_of_file(path.stem))
    return frozenset(names)


def appended(path: Path, shown: str, inquiry: Inquiry, talks: frozenset[str]) -> bytes:
    """Give what events.toml will hold: all its bytes, and after them the event.

    Raises `SiteError` where the file cannot be read, `NotAcceptedError` where the inquiry has no day or is there.
    """
    if not inquiry.days:
        lines = entry(inquiry, talks)
        raise NotAcceptedError(f"No day is fixed for this one. Put it into {shown} yourself, with the day:\n\n{lines}")
    raw = path.read_bytes() if path.exists() else b""
    text, data = toml_file.parsed(raw, shown, "events")
    events = data.get("events")
    for at, event in enumerate(events if isinstance(events, list) else []):
        if isinstance(event, dict) and event.get("id") == inquiry.id:
            line = toml_file.line_of(text, ("events", at, "id"))
            raise NotAcceptedError(f"{shown}:{line}: this inquiry has been accepted already.")
    return diary.appended(raw, shown, entry(inquiry, talks))

"""An inquiry becomes a tentative event: lines at the end of events.toml, and not a byte of the rest is touched."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Any

import tomlkit

from plugins.problems import Problem, SiteError, undecodable
from plugins.toml_file import line_of
from tools.inquiries.display import printable

if TYPE_CHECKING:
    from pathlib import Path

    from tools.inquiries.block import Inquiry

_ONLINE = re.compile(r"\W*(online|on-line|virtual(ly)?|remote(ly)?|webinar)\W*", re.IGNORECASE)
_NAMED_SLUG = re.compile(r"^slug:\s*[\"']?([\w-]+)", re.IGNORECASE | re.MULTILINE)
_DATED = re.compile(r"\A\d{4}-\d\d-\d\d-")


class NotAcceptedError(Exception):
    """The inquiry cannot become an event as it stands; `str()` says why, and what to write by hand."""

    exitcode = 1


def entry(inquiry: Inquiry, talks: frozenset[str]) -> str:
    """Give the lines of a tentative event that nobody else sees; a day that is not fixed is a comment to replace.

    A talk that the site does not have would stop every build, so it is left out.
    """
    table = tomlkit.table()
    days = inquiry.days
    texts = {"title": inquiry.topic, "event": inquiry.event or "An event without a name"}
    online = _ONLINE.fullmatch(inquiry.place)
    texts["place"] = "" if online else inquiry.place or "not known yet"
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
    events = tomlkit.aot()
    events.append(table)
    document = tomlkit.document()
    document.add("events", events)
    return tomlkit.dumps(document)


def talks_in(content: Path) -> frozenset[str]:
    """Give the names that talks of the content folder may have in their addresses."""
    names: set[str] = set()
    for path in sorted((content / "talks").glob("*.md")):
        slug = _NAMED_SLUG.search(path.read_text("utf-8", errors="replace"))
        names.add(slug[1] if slug else _DATED.sub("", path.stem))
    return frozenset(names)


def appended(path: Path, shown: str, inquiry: Inquiry, talks: frozenset[str]) -> bytes:
    """Give what events.toml will hold: all its bytes, and after them the event.

    Raises `SiteError` where the file cannot be read, `NotAcceptedError` where the inquiry has no day or is there.
    """
    if not inquiry.days:
        lines = entry(inquiry, talks)
        raise NotAcceptedError(f"No day is fixed for this one. Put it into {shown} yourself, with the day:\n\n{lines}")
    raw = path.read_bytes() if path.exists() else b""
    data = _data(raw, shown)
    events = data.get("events")
    for at, event in enumerate(events if isinstance(events, list) else []):
        if isinstance(event, dict) and event.get("id") == inquiry.id:
            line = line_of(raw.decode("utf-8-sig"), ("events", at, "id"))
            raise NotAcceptedError(f"{shown}:{line}: this inquiry has been accepted already.")
    end = "\r\n" if b"\r\n" in raw else "\n"
    gap = "" if not raw.removeprefix(b"\xef\xbb\xbf") else end if raw.endswith(b"\n") else end + end
    lines = entry(inquiry, talks)
    new = raw + (gap + lines.replace("\n", end)).encode()
    try:
        tomllib.loads(new.decode("utf-8-sig"))
    except tomllib.TOMLDecodeError:
        message = "`events` is written as one value; write each event as lines below a line [[events]]"
        raise SiteError([Problem(shown, line_of(raw.decode("utf-8-sig"), ("events",)), message, "events")]) from None
    return new


def _data(raw: bytes, shown: str) -> dict[str, Any]:
    """Read the file as the build will. Raises `SiteError` with the line of what is wrong."""
    wrong = undecodable(raw)
    if wrong:
        raise SiteError([Problem(shown, *wrong, "events")])
    text = raw.decode("utf-8-sig")
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"\(at line (\d+)", str(error))
        line = int(found[1]) if found else text.count("\n") + 1
        message = f"this line cannot be read as TOML ({str(error).partition(' (at')[0]}); nothing was added"
        raise SiteError([Problem(shown, line, message, "events")]) from None

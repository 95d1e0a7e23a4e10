"""`python3 tasks.py new-event`: one more block in events.toml, right before it is written."""

from __future__ import annotations

import datetime as dt
import itertools
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import tomlkit

from plugins import toml_file
from plugins.dates import events
from plugins.problems import SiteError
from tools import diary
from tools.desk import editor, titles
from tools.desk.desk import RefusedError, desk, sentence, tell, unwritable
from tools.desk.letters import named_talk
from tools.desk.shelf import shelf
from tools.replacing import create, replace

if TYPE_CHECKING:
    from tomlkit.items import Table

    from tools.desk.desk import Desk

_OPTIONS = {"start": "--date", "end": "--end", "url": "--url", "event": "the occasion"}


class Wanted(NamedTuple):
    """What is said of an event on the command line; empty where nothing was."""

    event: str
    date: str
    end: str = ""
    title: str = ""
    place: str = ""
    online: bool = False
    url: str = ""
    talk: str = ""
    tentative: bool = False
    private: bool = False


def new_event(root: Path, content: Path, wanted: Wanted, *, edit: bool) -> None:
    """Add an event to the end of events.toml, which is made where it is missing.

    Raises `SiteError` where the speaker's file or the events that are there are wrong, `RefusedError` where what is to
    be added is, and `OSError`. Nothing has been written then.
    """
    place = desk(root, content)
    path = content / diary.NAME
    raw = path.read_bytes() if path.exists() else None
    if raw is not None:
        _load(place, path)
    table = _table(place, wanted, _ids(raw or b"", place.shown(path)))
    new = diary.appended(raw or b"", place.shown(path), diary.entry(table))
    line = (raw or b"").count(b"\n") + 1
    _try(place, new, line)
    if raw is None:
        create(path, new)
    else:
        replace(path, new)
    at = next(n for n in itertools.count(line) if new.splitlines()[n - 1].startswith(b"[[events]]"))
    tell(f"Added to {place.shown(path)}:{at}, as `{table['id']}`.")
    tell("Mend it there as you like, but leave its `id`: calendars know it by that.")
    if wanted.tentative:
        tell("Nobody but you sees it. When it is firm, take out its lines `public` and `status`.")
    if edit:
        editor.edit(path, place.shown(path))


def _load(place: Desk, path: Path) -> events.Diary:
    return events.load(path, place.shown(place.content / diary.NAME), place.speaker.timezone, place.host)


def _ids(raw: bytes, shown: str) -> frozenset[str]:
    entries = toml_file.parsed(raw, shown, "events")[1].get("events", ())
    return frozenset(entry["id"] for entry in entries if "id" in entry)


def _table(place: Desk, wanted: Wanted, ids: frozenset[str]) -> Table:
    """Give the event's lines, in the order in which README shows them."""
    event = titles.tidied(wanted.event)
    start = _moment("--date", wanted.date)
    values = {
        "title": _text("--title", wanted.title),
        "event": event,
        "place": _text("--place", wanted.place),
        "online": wanted.online,
        "start": start,
        "end": _moment("--end", wanted.end) if wanted.end else None,
        "url": _text("--url", wanted.url),
        "talk": named_talk(shelf(place), wanted.talk, "leave out --talk for now") if wanted.talk else "",
    }
    if not values["place"] and not wanted.online:
        raise RefusedError("Nobody would know where this is; add --place with a town, or --online.")
    table = tomlkit.table()
    for key, value in values.items():
        if value:
            table.add(key, value)
    if wanted.private or wanted.tentative:
        table.add("public", value=False)
    if wanted.tentative:
        table.add("status", "tentative")
    table.add("id", _id(event, start, ids))
    return table


def _id(event: str, start: dt.date, ids: frozenset[str]) -> str:
    name = f"{titles.slug(event) or 'event'}-{start.year}"
    return name if name not in ids else next(f"{name}-{n}" for n in itertools.count(2) if f"{name}-{n}" not in ids)


def _text(option: str, said: str) -> str:
    text = " ".join(said.split())
    if unwritable(text):
        raise RefusedError(f"{option} holds a control character, or bytes that are not UTF-8; type it anew.")
    return text


def _moment(option: str, said: str) -> dt.date:
    """Give a day or a time as it was typed."""
    said = said.strip()
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", said, re.ASCII):
            return dt.date.fromisoformat(said)
        if re.fullmatch(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)?", said, re.ASCII):
            return dt.datetime.fromisoformat(said)
    except ValueError:
        pass
    raise RefusedError(f"{option}: `{said}` is not a date; write one like 2027-06-04 or 2027-06-04T09:30.")


def _try(place: Desk, new: bytes, line: int) -> None:
    """See that the file would be right. Raises `RefusedError` with what is wrong, by its option where it is one's."""
    lines = new.decode("utf-8-sig").splitlines()
    with tempfile.TemporaryDirectory() as folder:
        trial = Path(folder, diary.NAME)
        trial.write_bytes(new)
        try:
            _load(place, trial)
        except SiteError as error:
            wrong = [problem for problem in error.problems if problem.line >= line]
            if not wrong:
                raise
            keys = [lines[problem.line - 1].partition(" ")[0] for problem in wrong]
            told = zip(keys, wrong, strict=True)
            said = [sentence(f"{_OPTIONS.get(key, key)}: {problem.message}") for key, problem in told]
            raise RefusedError("\n".join(said)) from None

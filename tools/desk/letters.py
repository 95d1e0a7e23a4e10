"""`python3 tasks.py new` and `new-talk`: a file with its head, in the right folder, and nobody's file written over."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from plugins.keys import WrongValueError
from plugins.names import composed
from plugins.problems import nearest_or_all
from plugins.reading.metadata import POSTS
from tools.desk import editor, titles
from tools.desk.desk import RefusedError, desk, sentence, tell
from tools.desk.shelf import Name, shelf
from tools.replacing import create

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

    from tools.desk.desk import Desk
    from tools.desk.shelf import Shelf

TALK_HEAD = """\
status: draft
promise: TODO What people will know when they go home, in one sentence
takeaways:
  - TODO One thing to do on Monday
  - TODO A second one
  - TODO A third one
formats:
  - TODO Such as a keynote of 45 minutes
"""
"""What a talk must have, so that its page is drawn in the preview; check finds a TODO in whatever is published."""


class Wanted(NamedTuple):
    """What the command was asked for besides the title; None where nothing was said."""

    draft: bool = False
    date: str | None = None
    talk: str | None = None
    slug: str | None = None
    edit: bool = False


def new(root: Path, content: Path, title: str, wanted: Wanted) -> None:
    """Write a new letter and say what to do next.

    Raises `SiteError` where speaker.toml is wrong, `RefusedError` for anything that cannot be done, and `OSError`.
    """
    place, title = desk(root, content), titles.tidied(title)
    there = shelf(place)
    slug = titles.chosen_slug(place, title, wanted.slug)
    said, day = _date(place, wanted.date)
    waits = day > place.today
    path = _path(place, there, Name("posts", slug, day, draft=wanted.draft or waits))
    head = {"title": title, "date": said}
    if wanted.talk is not None:
        head["talk"] = named_talk(there, wanted.talk, "" if wanted.draft else "make this a draft too, with --draft")
    if wanted.draft:
        head["status"] = "draft"
    head["id"] = _id(place, there, slug)
    _write(place, path, "".join(f"{key}: {value}\n" for key, value in head.items()) + "\n")
    tell("Write below the empty line; `python3 tasks.py serve` shows it as you save.")
    if wanted.draft:
        tell("It is a draft: when it is ready, take out the line `status: draft`.")
    elif waits:
        tell(f"It waits for its day, {day}. Until then only your preview shows it.")
    if wanted.edit:
        editor.edit(path, place.shown(path))


def new_talk(root: Path, content: Path, title: str, wanted: Wanted) -> None:
    """Write a new talk, a draft with the lines that it needs, and say what to do next. Raises as `new` does."""
    place, title = desk(root, content), titles.tidied(title)
    slug = titles.chosen_slug(place, title, wanted.slug)
    path = _path(place, shelf(place), Name("talks", slug, place.today, draft=True))
    _write(place, path, f"---\n{title_line(title)}{TALK_HEAD}---\n\n")
    tell("Replace each TODO, and write the abstract below the second `---`.")
    tell("It is a draft: when it is ready, take out the line `status: draft`.")
    if wanted.edit:
        editor.edit(path, place.shown(path))


def named_talk(there: Shelf, name: str, otherwise: str) -> str:
    """Return the name of a talk that is there.

    Raises `RefusedError` where it is not, or is a draft, which must not be named: `otherwise` says what else can be
    done then. Where it is empty, a draft may be named.
    """
    name = composed(name.strip()).removesuffix(".md")
    talks = there.talks
    if name not in talks:
        advice = nearest_or_all(name, talks) if talks else '; make one with new-talk "Its title"'
        raise RefusedError(sentence(f"--talk: there is no talk `{name}`{advice}"))
    if talks[name].draft and otherwise:
        message = f"--talk: the talk `{name}` is a draft, so nobody can ask for it yet"
        raise RefusedError(f"{message}; finish it first, or {otherwise}.")
    return name


def _date(place: Desk, said: str | None) -> tuple[str, dt.date]:
    """Give the date as it was written, else today, and its day where the speaker lives."""
    if said is None:
        return place.today.isoformat(), place.today
    said = said.strip()
    try:
        return said, POSTS["date"].read(said, place.around()).date()
    except WrongValueError as wrong:
        raise RefusedError(f"--date: {wrong}.") from None


def _path(place: Desk, there: Shelf, name: Name) -> Path:
    """Give the file to write. Raises `RefusedError` where it, or its address, is another's."""
    rival = there.standing_at(name.addresses(place.speaker.permalink), place.shown(place.content))
    if rival:
        raise RefusedError(f"{rival}; choose another with --slug, like --slug {name.slug}-2.")
    stems = [name.slug, f"{name.date}-{name.slug}"]
    paths = [place.content / name.room / f"{stem}.md" for stem in stems]
    # Where the day is part of the address, two letters may have one name.
    return next((path for path in paths if not path.exists() and not path.is_symlink()), paths[0])


def _id(place: Desk, there: Shelf, slug: str) -> str:
    """Give a name for feeds (RFC 4151) that stays whatever becomes of the file, and that nothing here has."""
    name = f"tag:{place.host},{place.today}:{slug}"
    numbered = (f"{name}-{number}" for number in range(2, len(there.ids) + 3))
    return name if name not in there.ids else next(other for other in numbered if other not in there.ids)


def title_line(title: str) -> str:
    """Give the line of a title in YAML, in quotes where it must be."""
    import yaml

    line = yaml.safe_dump({"title": title}, allow_unicode=True, width=float("inf"))
    # A tab that is written as an escape is taken for letters.
    return re.sub(r"(\\\\)|\\t", lambda found: found[1] or "\t", line) if "\t" in title else line


def _write(place: Desk, path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        create(path, text.encode())
    except FileExistsError:
        raise RefusedError(f"{place.shown(path)} is there already; choose another name with --slug.") from None
    tell(f"Wrote {place.shown(path)}.")

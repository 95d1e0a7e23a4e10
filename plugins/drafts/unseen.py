"""What only the preview shows, as data: drafts, and what waits for its day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable


class Unseen(NamedTuple):
    """A letter, talk or page that the public does not see; `day` is the one on which it will, None for a draft."""

    title: str
    url: str
    lang: str
    dir: str
    kind: str
    day: dt.date | None


class Shelves(NamedTuple):
    """All of them: drafts by kind and title, what waits by its day."""

    drafts: tuple[Unseen, ...]
    waiting: tuple[Unseen, ...]


def unseen(subject: Any) -> Unseen | None:
    """Give what is to be told of a content that the public does not see; None for all else that is drawn."""
    values = getattr(subject, "metadata", None)
    if values is None or subject.status != "draft":
        return None
    kind = "talk" if values.get("is_talk") else "letter" if values["is_post"] else "page"
    day = subject.date.date() if values["future"] else None
    return Unseen(subject.title, subject.url, values["lang"], values["dir"], kind, day)


def shelves(contents: Iterable[Any]) -> Shelves:
    """Sort what the public does not see onto its two shelves."""
    found = sorted(filter(None, map(unseen, contents)), key=lambda one: (one.kind, one.title.casefold(), one.url))
    waiting = sorted((one for one in found if one.day), key=lambda one: str(one.day))
    return Shelves(tuple(one for one in found if one.day is None), tuple(waiting))

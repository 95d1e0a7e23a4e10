"""What a publishing changes, for people: posts, talks and pages by their titles, files by their number."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from tools.announcing.changes import essence
from tools.publishing.release import Changes, changes
from tools.visible import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from plugins.addresses.book import AddressBook
    from plugins.ledger import Ledger
    from tools.publishing.release import Release

KINDS = {"posts": "post", "talks": "talk", "pages": "page"}
_MOST = 5
"""Titles in a line: whoever publishes a whole blog knows what is in it."""
_WORDS = ("{count} new {kind}", "{count} {kind} changed", "{count} {kind} removed")


class Text(msgspec.Struct, frozen=True):
    """A post, talk or page as it was published: its file in the release, and hashes of what it says and of the file."""

    title: str
    path: str
    said: str
    file: str


Texts = dict[str, Text]
"""By the names of the author's files, like `posts/hello.md`."""


def texts(book: AddressBook, release: Release) -> Texts:
    """Return the texts of a release."""
    found: Texts = {}
    for present in book.presents:
        path = _path(present.url)
        if path in release.files:
            markup = (release.folder / path).read_text("utf-8")
            said = hashlib.sha256(essence(markup, alone=True).encode()).hexdigest()
            found[present.source] = Text(present.title, path, said, release.files[path])
    return found


class Earlier(NamedTuple):
    """What is known of earlier publishings: the last `texts` from this computer, if any, and the ledger.

    `continued` are the names of files that have another name now, by the new ones.
    """

    texts: Texts | None
    ledger: Ledger
    continued: Mapping[str, str]


def summary(before: Earlier, now: Texts, release: Release, found: Changes) -> Iterator[str]:
    """Yield a sentence for each kind of text and of change, or one that says that no text has changed.

    Where what this computer published last is not what stands online, `found` tells by its files what has changed, and
    the ledger the titles of what is gone.
    """
    if not found.changed and not found.removed and {text.path for text in now.values()} <= set(found.added):
        counts = [_counted(number, kind) for kind in KINDS if (number := sum(_kind(source) == kind for source in now))]
        yield f"Everything is new: {', '.join(counts) or 'a site without texts'}."
        return
    known = before.texts is not None and _is_online(before.texts, now, release, found)
    groups = _compared(before.texts or {}, now, before.continued) if known else _by_files(before, now, found)
    said = False
    for words, sources in zip(_WORDS, groups, strict=True):
        for kind, name in KINDS.items():
            titles = [title for source, title in sources.items() if _kind(source) == kind]
            if titles:
                said = True
                yield f"{words.format(count=len(titles), kind=name + 's' * (len(titles) > 1))}: {_listed(titles)}."
    if not said:
        yield "No listed post, talk or page has changed; other files have."


def moment(release: str, timezone: str) -> str:
    """Return when a release was made as people write it, like `4 June 2027, 09:05 (Europe/Berlin)`.

    A name that holds no moment comes back as it is.
    """
    try:
        made = dt.datetime.strptime(release[:15], "%Y%m%dT%H%M%S").replace(tzinfo=dt.UTC)
    except ValueError:
        return release
    there = made.astimezone(ZoneInfo(timezone))
    return f"{there.day} {there:%B %Y}, {there:%H:%M} ({timezone})"


def _is_online(before: Texts, now: Texts, release: Release, found: Changes) -> bool:
    """Tell whether what is online differs from the release, in the files of texts, as `before` does."""
    old = {text.path: text.file for text in before.values()}
    paths = {*old, *(text.path for text in now.values())}
    expected = changes(old, {path: release.files[path] for path in paths if path in release.files})
    return expected == Changes(*(tuple(path for path in part if path in paths) for part in found))


def _compared(before: Texts, now: Texts, continued: Mapping[str, str]) -> tuple[dict[str, str], ...]:
    gone = dict(before)
    new, changed = {}, {}
    for source, text in now.items():
        old = gone.pop(continued.get(source, source), None)
        if old is None:
            new[source] = text.title
        elif (old.said, old.path, old.title) != (text.said, text.path, text.title):
            changed[source] = text.title
    return new, changed, {source: text.title for source, text in gone.items()}


def _by_files(before: Earlier, now: Texts, found: Changes) -> tuple[dict[str, str], ...]:
    added, other, removed = map(set, found)
    new = {source: text.title for source, text in now.items() if text.path in added and source not in before.continued}
    changed = {source: text.title for source, text in now.items() if text.path in added | other and source not in new}
    here = {*now, *before.continued.values()}
    gone = {
        source: entry.title or source
        for source, entry in before.ledger.items()
        if source not in here and _path(entry.addresses[-1]) in removed
    }
    return new, changed, gone


def _path(url: str) -> str:
    return f"{url}index.html" if not url or url.endswith("/") else url


def _kind(source: str) -> str:
    return source.partition("/")[0]


def _counted(number: int, kind: str) -> str:
    return f"{number} {KINDS[kind]}{'s' * (number != 1)}"


def _listed(titles: Iterable[str]) -> str:
    quoted = [f"“{visible(title)}”" for title in titles]
    more = len(quoted) - _MOST
    return f"{', '.join(quoted[:_MOST])} and {more} more" if more > 0 else ", ".join(quoted)


def read(raw: bytes) -> Texts | None:
    """Return the texts that were written by `written`, None where nothing of that kind can be read."""
    try:
        return msgspec.json.decode(raw, type=Texts)
    except msgspec.DecodeError:
        return None


def written(found: Mapping[str, Text]) -> bytes:
    """Return texts as bytes to be kept."""
    return msgspec.json.encode(found)

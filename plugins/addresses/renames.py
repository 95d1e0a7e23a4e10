"""What the ledger finds: a post that was renamed and doesn't say so, and names in feeds that two posts would share."""

from __future__ import annotations

import difflib
from collections import defaultdict, deque
from typing import TYPE_CHECKING, NamedTuple

from plugins.ledger import identity, is_post, successors

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Iterator

    from plugins.ledger import Ledger, Present, Published

_SIMILAR = 0.7
# So many pairs of addresses are compared letter by letter within a second.
_COMPARED = 2_500


class Renamed(NamedTuple):
    """A post that vanished, and the one that may be it. `likely` where title, day or address speak for it."""

    old: str
    id: str
    new: Present
    likely: bool


def renamed(ledger: Ledger, presents: Collection[Present], files: Collection[str], root: str) -> Iterator[Renamed]:
    """Yield each post whose file is gone since the last publishing, with the new post that is likest to it.

    A new post with an `id:` says itself which it is. `files` are those that are there, drafts among them.
    """
    continued = successors(ledger, presents, root, files)
    replaced = set(continued.values())
    old = [s for s, e in ledger.items() if is_post(s) and not e.gone and s not in files and s not in replaced]
    new = [
        p for p in presents if is_post(p.source) and not p.id and p.source not in ledger and p.source not in continued
    ]
    paired = _by_likeness if len(old) * len(new) <= _COMPARED else _by_title_and_day
    for source, present, likely in paired({source: ledger[source] for source in sorted(old)}, new):
        yield Renamed(source, ledger[source].id, present, likely)


def _by_likeness(old: Ledger, new: Collection[Present]) -> Iterator[tuple[str, Present, bool]]:
    """Yield pairs, the likest first, each with whether anything speaks for the two being one post."""
    pairs = sorted(
        ((-_likeness(entry, present), source, present) for source, entry in old.items() for present in new),
        key=lambda pair: (pair[0], pair[1], pair[2].source),
    )
    paired: set[str] = set()
    for negative, source, present in pairs:
        if not paired & {source, present.source}:
            paired |= {source, present.source}
            yield source, present, negative < 0


def _likeness(entry: Published, present: Present) -> float:
    same_title = bool(entry.title) and entry.title.casefold() == present.title.casefold()
    same_day = entry.date is not None and entry.date == present.date
    alike = difflib.SequenceMatcher(None, entry.addresses[-1], present.url).ratio()
    return 2 * same_title + same_day + (alike if alike >= _SIMILAR else 0)


def _by_title_and_day(old: Ledger, new: Collection[Present]) -> Iterator[tuple[str, Present, bool]]:
    """Yield pairs as `_by_likeness` does where no address is like another; no post is compared with all others."""
    left, found = dict(old), {present.source: present for present in sorted(new, key=lambda present: present.source)}
    for by_title, by_day in ((True, True), (True, False), (False, True), (False, False)):
        waiting: dict[tuple[str, dt.date | None], deque[Present]] = defaultdict(deque)
        for present in found.values():
            waiting[present.title.casefold() if by_title else "", present.date if by_day else None].append(present)
        for source, entry in tuple(left.items()):
            key = entry.title.casefold() if by_title else "", entry.date if by_day else None
            if (by_title and not key[0]) or (by_day and key[1] is None) or not waiting.get(key):
                continue
            present = waiting[key].popleft()
            del left[source], found[present.source]
            yield source, present, by_title or by_day


def shared(ledger: Ledger, presents: Collection[Present], root: str) -> Iterator[tuple[Present, Present, str]]:
    """Yield each post whose name in feeds is also that of another, which had it first, with that name.

    Where one of them has an `id:` line, or both one address, the checks know.
    """
    continued = successors(ledger, presents, root)
    entries = {p.source: ledger.get(continued.get(p.source, p.source)) for p in presents}
    posts = sorted((p for p in presents if is_post(p.source)), key=lambda p: (entries[p.source] is None, p.source))
    first: dict[str, Present] = {}
    for post in posts:
        name = identity(post, entries[post.source], root)
        other = first.setdefault(name, post)
        if post.url != other.url and not post.id and not other.id:
            yield post, other, name


def renamed_id(ledger: Ledger, presents: Collection[Present]) -> Iterator[tuple[Present, str]]:
    """Yield each published post that has got another `id:`, with the name by which subscribers know it."""
    for present in presents:
        entry = ledger.get(present.source)
        if entry and present.id and is_post(present.source) and present.id != entry.id:
            yield present, entry.id

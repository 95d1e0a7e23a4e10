"""The drawn site as the rules ask for it: its files, what is kept of its pages, and what has been found so far."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from plugins.problems import Problem
from tools.inspection.page import Page
from tools.inspection.places import Desk, Place
from tools.inspection.targets import Targets

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tools.inspection.drawn import Drawn, Origin
    from tools.inspection.page import Kept

_NOT_OURS = ("pagefind/",)
"""What another program writes for itself."""


class Found(NamedTuple):
    """What is wrong on a page, before anybody knows in which file.

    `texts`, `ids` and `links` are what to look for; of the author's file first, then of doors and templates. A matter
    of the `whole` page stands at the author's file, on the line of `key` if it has one.
    """

    message: str
    rule: str
    texts: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    whole: bool = False
    key: str = ""


class Seen(NamedTuple):
    """What was found on the page `name`, behind which the file `origin` may stand."""

    name: str
    origin: Origin | None
    found: Found


class Survey:
    """A drawn site that is looked at."""

    def __init__(self, drawn: Drawn) -> None:
        """List the files; pages are read by `pages`."""
        self.drawn = drawn
        self.desk = Desk(drawn)
        self.files = frozenset(
            path.relative_to(drawn.folder).as_posix() for path in drawn.folder.rglob("*") if path.is_file()
        )
        self.targets = Targets(self.files, drawn.base, drawn.root)
        self.kept: dict[str, Kept] = {}

    def named(self, *endings: str) -> list[str]:
        """Give the names of the site's own files that end so, in their order."""
        return sorted(name for name in self.files if name.endswith(endings) and not name.startswith(_NOT_OURS))

    def read(self, name: str) -> bytes:
        """Give what a file of the site holds."""
        return (self.drawn.folder / name).read_bytes()

    def pages(self) -> Iterator[Page]:
        """Yield each page, taken apart, and keep of it what the later rules need."""
        for name in self.named(".html"):
            page = Page(name, self.read(name), self.drawn)
            yield page
            self.kept[name] = page.kept()

    def own_place(self, found: Found, origin: Origin | None) -> Place | None:
        """Give the line of the author's file that caused what was found on its page; None where another wrote it."""
        if origin is None:
            return None
        written = self.desk.written(origin)
        places = [written.text_at(text) for text in found.texts]
        places += [written.id_at(one) for one in found.ids]
        places += [written.address_at(*self.desk.ways(link)) for link in found.links]
        return next(filter(None, places), None)

    def shared_place(self, found: Found) -> Place | None:
        """Give the line of a door or a template that caused what was found; None where none can be told."""
        ways = [way for link in found.links for way in self.desk.ways(link)]
        again = self.desk.shared_at(*(f'id="{one}"' for one in found.ids), last=True)
        return again or self.desk.shared_at(*found.texts, *ways)


def placed(survey: Survey, many: Iterable[Seen]) -> Iterator[Problem]:
    """Yield each finding at its place: at each line of the author's, or once for all pages that a template draws so."""
    groups: dict[tuple[str, str], list[Seen]] = defaultdict(list)
    for seen in many:
        found = seen.found
        if found.whole:
            place = survey.desk.written(seen.origin).at(found.key) if seen.origin else Place(seen.name)
            yield Problem(*place, found.message, found.rule)
        else:
            groups[found.rule, found.message].append(seen)
    for (rule, message), group in groups.items():
        own = dict.fromkeys(filter(None, (survey.own_place(seen.found, seen.origin) for seen in group)))
        if own:
            yield from (Problem(*place, message, rule) for place in own)
        else:
            place = survey.shared_place(group[0].found) or Place(group[0].name)
            yield Problem(*place, message + on_pages([seen.name for seen in group], place), rule)


def on_pages(names: Sequence[str], place: Place) -> str:
    """Give ` (on /a/ and 3 more pages)`, where the place does not say it already."""
    first = f"/{names[0].removesuffix('index.html')}"
    others = len(set(names)) - 1
    if others:
        return f" (on {first} and {others} more page{'s' if others > 1 else ''})"
    return "" if place.path == names[0] else f" (on {first})"

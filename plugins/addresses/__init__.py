"""Addresses for machines: sitemap, robots.txt, security.txt, IndexNow's key; and the ledger of those that ever were."""

from __future__ import annotations

import datetime as dt
import logging
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pelican.generators import Generator
from pelican.plugins import signals

from plugins import ledger, output
from plugins.addresses import domain, leading, renames
from plugins.addresses.book import AddressBook
from plugins.addresses.security import NAME, security
from plugins.addresses.sitemap import LIMIT, Place, robots, sitemaps
from plugins.ledger import Present
from plugins.problems import Problem, SiteError, warn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pelican import Pelican
    from pelican.writers import Writer

_FEEDS = ("feed.xml", "atom.xml", "feed.json")
_BETWEEN_HYPHENS = re.compile(rb"(?:\xef\xbb\xbf)?\s*---[ \t\r]*\n")
_LOG = logging.getLogger(__name__)


class AddressGenerator(Generator):  # type: ignore[misc]  # Pelican ships no types
    """Writes the files for machines; those of the owner's, in content/extra, win."""

    def generate_context(self) -> None:
        """Plan them."""
        self.context.setdefault("problems", []).extend(self.settings["LEDGER_PROBLEMS"])
        self.files = dict(self._files())
        planned = self.context.setdefault("planned_outputs", [])
        planned.append(("sitemap.xml", "the sitemap"))
        planned += [(name, f"the file {name}") for name in self.files]

    def generate_output(self, writer: Writer) -> None:
        """Write them, and leave the address book to the command that announces the site."""
        speaker = self.settings["SPEAKER"]
        places = list(self._places())
        for name, data in (self.files | sitemaps(places, speaker.root)).items():
            output.write(self.output_path, name, data)
        moved = leading.write(self, writer)
        if not self.settings["PREVIEW"]:
            self.context["address_book"] = AddressBook(
                content=str(Path(self.path).resolve()),
                root=speaker.root,
                presents=presents(self.context),
                waiting=tuple(_waiting(self.context)),
                pages=tuple(place.url for place in places),
                feeds=tuple(speaker.absolute(name) for name in _feeds(self.context)),
                hub=speaker.hub,
                indexnow=speaker.indexnow,
                moved=moved,
            )

    def _files(self) -> Iterator[tuple[str, bytes]]:
        """Yield name and bytes of each file but the sitemap."""
        speaker, extra = self.settings["SPEAKER"], Path(self.path, "extra")
        own = {path.relative_to(extra).as_posix() for path in extra.rglob("*") if path.is_file()}
        if "robots.txt" not in own:
            yield "robots.txt", robots(speaker.absolute("sitemap.xml"))
        if speaker.indexnow and f"{speaker.indexnow}.txt" not in own:
            yield f"{speaker.indexnow}.txt", speaker.indexnow.encode()
        if speaker.security and NAME not in own:
            yield NAME, security(speaker.security, speaker.language, speaker.root, self.settings["SITE_DATE"])

    def _places(self) -> Iterator[Place]:
        """Yield home, posts (newest first), pages and other rooms' sheets; home changes with its newest post."""
        speaker, today = self.settings["SPEAKER"], self.settings["SITE_DATE"].isoformat()
        articles = self.context["articles"]
        days = [(article.url, article.updated) for article in articles]
        days += [(page.url, getattr(page, "modified", getattr(page, "date", None))) for page in self.context["pages"]]
        changed = max((_day(article.updated, today) or "" for article in articles), default="")
        yield Place(f"{speaker.root}/", changed or None)
        for url, moment in days:
            yield Place(speaker.absolute(url), _day(moment, today))
        for url, day in sorted(self.context.get("places", ()), key=lambda place: (place[0], place[1] or "")):
            yield Place(speaker.absolute(url), day if day and day <= today else None)


def _day(moment: dt.datetime | None, today: str) -> str | None:
    """Give the day; none for one that is still to come, on which nothing can have changed."""
    day = moment.date().isoformat() if moment else ""
    return day if day and day <= today else None


def presents(context: dict[str, Any]) -> tuple[Present, ...]:
    """Give what the site shows in public, by the names of the files; not the page for addresses that lead nowhere."""
    return tuple(
        Present(source, content.url, content.title, _date(content), content.metadata.get("id", ""))
        for source, content in sorted(context["generated_content"].items())
        if content is not None and content.status != "draft" and content.template != "not_found"
    )


def _date(content: Any) -> dt.date | None:
    date = getattr(content, "date", None)
    return date.date() if isinstance(date, dt.datetime) else None


def _waiting(context: dict[str, Any]) -> list[str]:
    read = context["generated_content"].items()
    return sorted(source for source, content in read if content is None or content.status == "draft")


def _feeds(context: dict[str, Any]) -> list[str]:
    return sorted({name for name, _ in context["planned_outputs"] if name.rpartition("/")[2] in _FEEDS})


def _offer(pelican: Pelican) -> None:
    """Read the ledger: feeds ask it for names. A post that only its address tells is added when all are read."""
    settings = pelican.settings
    settings["LEDGER"], settings["LEDGER_PROBLEMS"] = {}, ()
    try:
        settings["LEDGER"] |= ledger.load(
            Path(settings["PATH"], ledger.NAME), f"{settings['CONTENT_SHOWN']}/{ledger.NAME}"
        )
    except SiteError as error:
        settings["LEDGER_PROBLEMS"] = error.problems


def _compare(generator: Any) -> None:
    """Find what the ledger says of the posts that were read, before the checks end the build."""
    context, settings = generator.context, generator.settings
    known, root = settings["LEDGER"], settings["SPEAKER"].root
    here = presents(context)
    context.setdefault("problems", []).extend(_problems(context, here))
    for post, name in renames.renamed_id(known, here):
        place = f"{settings['CONTENT_SHOWN']}/{post.source}", _line(context, post)
        message = f"this was published under the id `{name}`; under another, subscribers get it once more"
        warn(_LOG, Problem(*place, message, "changed-id"))
    cname = _cname_problem(settings)
    if cname:
        warn(_LOG, cname)
    known |= {new: known[old] for new, old in ledger.successors(known, here, root, _waiting(context)).items()}
    count = len(context["articles"]) + len(context["pages"]) + len(context.get("places", ()))
    parts = range(1, -(-count // LIMIT) + 1) if count > LIMIT else ()
    context["planned_outputs"] += [(f"sitemap-{at}.xml", "a part of the sitemap") for at in parts]
    leading.plan(context, here)


def _cname_problem(settings: dict[str, Any]) -> Problem | None:
    """Return what is wrong with the owner's `CNAME`, if there is one."""
    path = settings["FILES"].get(f"extra/{domain.NAME}")
    wrong = domain.fault(path.read_bytes().decode("utf-8-sig", "replace"), settings["SPEAKER"].root) if path else None
    return Problem(f"{settings['CONTENT_SHOWN']}/extra/{domain.NAME}", *wrong, "other-domain") if wrong else None


def _problems(context: dict[str, Any], here: tuple[Present, ...]) -> Iterator[Problem]:
    """Yield where two posts would share a name, and where one seems to be renamed; warn where it only may be."""
    known, root, shown = context["LEDGER"], context["SPEAKER"].root, context["CONTENT_SHOWN"]
    for post, other, name in renames.shared(known, here, root):
        below = _below(context, post)
        message = (
            f"this post stands where {other.source} stood first, and feeds know that one by the name {name} for ever; "
            f"choose another `slug:`, or add{below} a name of its own, "
            f"like `id: {name}#{post.source.removeprefix('posts/')}`"
        )
        yield Problem(f"{shown}/{post.source}", _line(context, post), message, "same-id")
    for found in renames.renamed(known, here, context["generated_content"].keys(), root):
        place, gone = f"{shown}/{found.new.source}", f"{found.old}, which was published and is gone"
        below = _below(context, found.new)
        if found.likely:
            message = (
                f"this looks like {gone}; if it is that post, add{below} the line `id: {found.id}`, so that "
                f"subscribers don't get it twice; if it is another, add `id: {root}/{found.new.url}`"
            )
            yield Problem(place, 1, message, "renamed-post")
        else:
            message = f"if this is {gone}, add{below} the line `id: {found.id}`, or subscribers get it twice"
            warn(_LOG, Problem(place, 1, message, "changed-id"))


def _below(context: dict[str, Any], post: Present) -> str:
    """Say where a line can be added to the head; where it stands between hyphens, a line above them breaks it."""
    try:
        raw = context["FILES"][post.source].read_bytes()
    except (OSError, KeyError):  # the reader has said so
        return ""
    return " below the first `---`" if _BETWEEN_HYPHENS.match(raw) else ""


def _line(context: dict[str, Any], post: Present) -> int:
    lines = context["generated_content"][post.source].metadata["lines"]
    return int(lines.get("id", lines.get("slug", 1)))


def _generators(_: Any) -> type[Generator]:
    return AddressGenerator


def register() -> None:
    """Connect to Pelican."""
    signals.initialized.connect(_offer)
    signals.get_generators.connect(_generators)
    signals.static_generator_finalized.connect(_compare)

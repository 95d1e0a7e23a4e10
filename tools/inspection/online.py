"""Rules on links to other sites: each is asked for once, when the author wants to know."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from plugins.problems import Edit, Problem
from tools.inspection import remembered
from tools.inspection.rule import Rule
from tools.inspection.survey import Survey
from tools.inspection.targets import bare, host

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tools.inspection.asking import Outcome
    from tools.inspection.drawn import Drawn
    from tools.inspection.places import Place

DEAD = Rule(
    "dead-link",
    "Every page elsewhere to which the author links is still there.",
    "Readers who follow the link find nothing.",
    stops=True,
)
SILENT = Rule(
    "link-not-answered",
    "Every host to which the author links answers.",
    "It may be down for an hour or for good, or keep programs out; somebody should look.",
    stops=False,
)
MOVED = Rule(
    "moved-link",
    "No link leads to an address that was given up for another.",
    "The old one leads on only as long as somebody keeps it.",
    stops=False,
)
RULES = (DEAD, SILENT, MOVED)


def findings(drawn: Drawn, cache: Path, tell: Callable[[str], None]) -> Iterator[Problem]:
    """Ask for each page elsewhere that the author's files link to, and yield what is wrong with these links.

    Answers of the last seven days, by the site's date, are taken from the folder `cache`; what is going on is told by
    `tell`, a line at a time. Never raises for what a server does.
    """
    from tools.inspection import asking, requests  # slow to import

    links = _links(Survey(drawn))
    known = remembered.load(cache, drawn.day)
    new = sorted({address for address, _ in links} - known.keys())
    if new:
        hosts = len({host(address) for address in new})
        tell(f"Asking for {_counted(len(new), 'link')} at {_counted(hosts, 'host')} …")
        found = asking.Asker(f"{asking.PRODUCT} (+{drawn.root}/)", requests.TIMEOUT, asking.PAUSE).outcomes(new)
        remembered.keep(cache, drawn.day, {url: one for url, one in found.items() if one != asking.OFFLINE})
        known |= found
    for (address, written), places in links.items():
        for place in places:
            problem = _judged(written, address, known[address], place)
            if problem:
                yield problem


def _judged(written: str, address: str, outcome: Outcome, place: Place) -> Problem | None:
    shown = bare(written)[:100]
    if outcome.kind == "dead":
        message = f"{shown} is gone: {outcome.said}; write another address, or take the link out"
        return Problem(*place, message, DEAD.name)
    if outcome.kind == "silent":
        message = f"{shown} cannot be told: {outcome.said}; look whether it is there"
        return Problem(*place, message, SILENT.name)
    if outcome.kind == "moved":
        return _moved(written, address, outcome, place)
    return None


def _moved(written: str, address: str, outcome: Outcome, place: Place) -> Problem:
    shown, anchor = bare(written)[:100], bare(written).removeprefix(address)
    now = outcome.url + (anchor if "#" not in outcome.url else "")
    if urlsplit(now).path in {"", "/"} and urlsplit(written).path not in {"", "/"}:
        message = f"{shown} now leads to the front page {outcome.url}; look whether it is what you meant"
        return Problem(*place, message, MOVED.name)
    # A name and a password in it were not tried.
    fix = (Edit(place.line, written, now),) if bare(written) == written else ()
    return Problem(*place, f"{shown} moved; write {now}", MOVED.name, fix)


def _links(survey: Survey) -> dict[tuple[str, str], list[Place]]:
    """Give the places of each link of the author's to another site, by its address to ask for and as it is written."""
    for _ in survey.pages():
        pass
    found: dict[tuple[str, str], dict[Place, None]] = defaultdict(dict)
    own = host(survey.drawn.root)
    for page in survey.kept.values():
        for link in page.links:
            if link.tag not in {"a", "area"} or not link.value.startswith(("http://", "https://")):
                continue
            if host(link.value) in {"", own}:
                continue
            place = survey.desk.own_link_at(link.value, page.origin)
            if place:
                found[bare(link.value.partition("#")[0]), link.value][place] = None
    return {key: list(places) for key, places in found.items()}


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"

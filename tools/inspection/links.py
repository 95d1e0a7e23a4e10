"""Links of the whole output: every page, file and place that anything on the site names is there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from plugins.problems import Edit, Problem
from tools.inspection import machines
from tools.inspection.places import Place
from tools.inspection.rule import Rule
from tools.inspection.survey import on_pages
from tools.inspection.targets import Named, bare, has_password, host

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tools.inspection.survey import Survey
    from tools.inspection.targets import Target

PAGES = Rule(
    "page-links",
    "Every link within the site leads to a page or file that is there, from pages, feeds and files for machines.",
    "A reader who follows a broken one meets the page for addresses where nothing stands.",
    stops=True,
)
ANCHORS = Rule(
    "page-anchors",
    "Every link to a place on a page finds that place.",
    "Otherwise the reader lands at the top, and looks in vain for what was promised.",
    stops=True,
)
LOCAL = Rule(
    "local-links",
    "No link leads to the author's own computer.",
    "It works for the author alone: the preview and files of a disk are nowhere else.",
    stops=True,
)
PASSWORD = Rule(
    "link-with-password",
    "No link has a password in it.",
    "Everybody who reads the page can read the password.",
    stops=True,
)
RULES = (PAGES, ANCHORS, LOCAL, PASSWORD)

_LOCAL = re.compile(
    r"(?:https?:)?//(?:[^/?#]*@)?(?:localhost|127(?:\.\d+){3}|0\.0\.0\.0|\[::1\])(?::(?P<port>\d+))?(?P<path>/[^?#]*)?"
    r"(?:[?#]|$)|file:|[a-z]:\\",
    re.IGNORECASE,
)
PREVIEWS = range(8000, 8050)
"""Ports at which the preview is found when nobody names one; what answers at another may be anything."""


def findings(survey: Survey, more: Iterable[Named] = ()) -> Iterator[Problem]:
    """Yield each link that leads nowhere, with `more` addresses than those of pages and of files for machines."""
    ids = {name: page.ids for name, page in survey.kept.items()}
    broken: dict[tuple[str, str], list[tuple[Named, Target]]] = {}
    found = set()
    for named in (*of_pages(survey), *machines.addresses(survey), *more):
        if has_password(named.value):
            found.add(_password(survey, named))
        if _LOCAL.match(named.value):
            found.add(_local(survey, named))
            continue
        target = survey.targets.target(named.value, named.page)
        if target is None:
            continue
        message, rule = survey.targets.missing(target), PAGES.name
        if message is None and not named.by_machine:
            message, rule = survey.targets.no_anchor(target, ids), ANCHORS.name
        if message:
            said = message if rule == ANCHORS.name else f"{bare(named.value)[:80]} {message}"
            broken.setdefault((rule, said), []).append((named, target))
    yield from found
    for (rule, message), group in broken.items():
        yield from _placed(survey, rule, message, group)


def _placed(survey: Survey, rule: str, message: str, group: list[tuple[Named, Target]]) -> Iterator[Problem]:
    """Yield a broken link at every line of the author's that has it, else once where the theme has it."""
    sources = survey.drawn.sources
    own: dict[Place, None] = {}
    for named, target in group:
        behind = sources.get(target.name) if rule == ANCHORS.name else None
        place = survey.desk.link_at(named.value, target.anchor, named.origin, behind)
        if place:
            own[place] = None
    if own:
        yield from (Problem(*place, message, rule) for place in own)
        return
    first = group[0][0]
    copied = sources.get(first.name)
    place = (
        (survey.desk.written(copied).address_at(first.value) if copied else None)
        or survey.desk.shared_link_at(first.value)
        or Place(first.name)
    )
    everywhere = copied or place.path.endswith(".css")
    on = "" if everywhere else on_pages([named.name for named, _ in group], place)
    yield Problem(*place, message + on, rule)


def _own_place(survey: Survey, named: Named) -> Place | None:
    return survey.desk.link_at(named.value, "", named.origin, None) or survey.desk.shared_link_at(named.value)


def _password(survey: Survey, named: Named) -> Problem:
    message = "a link has a password in it; take it out of the address, and choose a new one, as this may be known"
    return Problem(*(_own_place(survey, named) or Place(named.name)), message, PASSWORD.name)


def _local(survey: Survey, named: Named) -> Problem:
    found = _LOCAL.match(named.value)
    place = _own_place(survey, named)
    path = (found["path"] or "/") if found else ""
    target = survey.targets.target(path, "/") if path and not named.value.lower().startswith("file:") else None
    known = target is not None and survey.targets.missing(target) is None
    advice = f"write {path}" if known and _of_preview(found) else "write the address that everybody can reach"
    message = f"{bare(named.value)[:80]} leads to your own computer; {advice}"
    whole = f"{named.value.partition('//')[0]}//{host(named.value)}{path}"
    certain = known and path != "/" and _of_preview(found) and whole == named.value
    own = place is not None and place.path.startswith(survey.drawn.content_shown)
    fix = (Edit(place.line, whole, path),) if place and own and certain else ()
    return Problem(*(place or Place(named.name)), message, LOCAL.name, fix)


def _of_preview(found: re.Match[str] | None) -> bool:
    """Tell whether an address of the author's own computer may be one of the preview."""
    port = found["port"] if found else None
    return port is None or port in map(str, PREVIEWS)  # a number may be too long to be one


def of_pages(survey: Survey) -> Iterator[Named]:
    """Yield every address on the pages."""
    base = survey.drawn.base
    for name, page in survey.kept.items():
        url = f"{base}/{name.removesuffix('index.html')}"
        yield from (Named(name, url, link.value, page.origin) for link in page.links)

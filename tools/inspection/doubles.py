"""What stands twice, or for nothing: titles, descriptions and texts; posts without any; pages and pictures unmet."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from plugins.problems import Problem
from tools.inspection import links
from tools.inspection.places import Place, Written
from tools.inspection.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from tools.inspection.drawn import Origin
    from tools.inspection.page import Kept
    from tools.inspection.survey import Survey
    from tools.inspection.targets import Named

TITLES = Rule(
    "duplicate-titles",
    "No two of the author's pages have the same title.",
    "Readers cannot tell them apart in search results, tabs and lists.",
    stops=False,
)
DESCRIPTIONS = Rule(
    "duplicate-descriptions",
    "No two of the author's pages describe themselves in the same words.",
    "Search engines and shared links show that text, and then say the same of both.",
    stops=False,
)
TEXTS = Rule(
    "duplicate-texts",
    "No two posts hold the same text.",
    "One of them is likely a copy that was meant to be changed, or left behind.",
    stops=False,
)
EMPTY = Rule(
    "empty-posts",
    "Every post that is published says or shows something.",
    "Subscribers would get a letter with nothing in it.",
    stops=True,
)
ORPHANS = Rule(
    "orphaned-pages",
    "Every page can be reached by a link from another one.",
    "A page to which nothing leads is found by nobody who visits the site.",
    stops=False,
)
UNUSED = Rule(
    "orphaned-pictures",
    "Every picture in content/images is used somewhere.",
    "It is published all the same, at an address of its own.",
    stops=False,
)
RULES = (TITLES, DESCRIPTIONS, TEXTS, EMPTY, ORPHANS, UNUSED)
_NO_TEXT = (
    "this post has no text; write it below the empty line, or a line `status: draft` below its title until you do"
)
_SHOWN = re.compile(r"!\[|<(?:img|picture|video|audio|svg|figure|table)\b|^///", re.MULTILINE | re.IGNORECASE)
_FOLDER = "images/"
_TEXTS = {".md", ".toml", ".html", ".css", ".svg", ".txt", ".json", ".markdown", ".mkd", ".mdown"}


def findings(survey: Survey, more: Iterable[Named] = ()) -> Iterator[Problem]:
    """Yield all of it, when every page has been read. What only `more` addresses name is used, too."""
    own = [page for page in survey.kept.values() if page.origin and page.listed]
    yield from _same(survey, own, TITLES, "title", lambda page: _kind(page, survey) + _said(page, "title", survey))
    bodies = {page.name: _body(survey.desk.written(page.origin)) for page in own if page.origin}
    copies = list(_same(survey, own, TEXTS, "", lambda page: bodies[page.name] if _is_post(page, survey) else ""))
    yield from copies
    known = {problem.path for problem in copies}  # a copy that has no summary describes itself alike, of course
    rest = [page for page in own if page.origin and page.origin.shown not in known]
    yield from _same(survey, rest, DESCRIPTIONS, "summary", lambda page: _said(page, "summary", survey))
    for page in own:
        if page.origin and _is_post(page, survey) and not bodies[page.name]:
            place = survey.desk.written(page.origin).at()
            yield Problem(*place, _NO_TEXT, EMPTY.name)
    yield from _unreached(survey)
    yield from _unused(survey, more)


def _same(
    survey: Survey, pages: Iterable[Kept], rule: Rule, key: str, said: Callable[[Kept], str]
) -> Iterator[Problem]:
    """Yield each page that says what another one says, at its own file, with the name of the other."""
    groups: dict[str, list[Origin]] = defaultdict(list)
    for page in pages:
        words = " ".join(said(page).split()).casefold()
        if words and page.origin:
            groups[words].append(page.origin)
    for group in groups.values():
        first, *others = sorted(group)
        for other in others:
            place = survey.desk.written(other).at(key)
            what, advice = _WORDS[rule.name]
            yield Problem(*place, f"{what} {first.shown}; {advice}", rule.name)


_WORDS = {
    TITLES.name: ("this title is also that of", "give one of them another"),
    DESCRIPTIONS.name: ("the description is also that of", "write a `summary:` of its own for one of them"),
    TEXTS.name: ("this text is also that of", "take one of the two out, or write the other one"),
}


def _said(page: Kept, key: str, survey: Survey) -> str:
    """Give what the author wrote, since the theme adds a day where two would be alike; else what is drawn."""
    written = survey.desk.written(page.origin).head.values.get(key) if page.origin else None
    return str(written.text) if written else {"title": page.title, "summary": page.description}[key]


def _kind(page: Kept, survey: Survey) -> str:
    """Tell talks from all else: the letter that a talk grew from may well have its title."""
    talks = survey.drawn.content / "talks"
    return "talk: " if page.origin and page.origin.path.is_relative_to(talks) else ""


def _is_post(page: Kept, survey: Survey) -> bool:
    return page.origin is not None and page.origin.path.is_relative_to(survey.drawn.content / "posts")


def _body(written: Written) -> str:
    """Give the text of a post, without comments; a picture or a block counts as one."""
    body = re.sub(r"<!--.*?-->", "", written.head.body, flags=re.DOTALL)
    return body.strip() if re.search(r"\w", body) or _SHOWN.search(body) else ""


def _unreached(survey: Survey) -> Iterator[Problem]:
    base = survey.drawn.base
    reached = {"index.html"}
    for name, page in survey.kept.items():
        url = f"{base}/{name.removesuffix('index.html')}"
        led = (survey.targets.target(link.value, url) for link in page.links if link.tag in {"a", "area"})
        reached.update(target.name for target in led if target and target.name != name)
    for name, page in survey.kept.items():
        if name not in reached and page.listed:
            place = survey.desk.written(page.origin).at() if page.origin else Place(name)
            message = f"no page leads to /{name.removesuffix('index.html')}; link to it, or put it into `menu`"
            yield Problem(*place, message, ORPHANS.name)


def _unused(survey: Survey, more: Iterable[Named]) -> Iterator[Problem]:
    """Yield each picture that nothing drawn names, unless a draft or another file of the author's does."""
    pictures = {name: origin for name, origin in survey.drawn.sources.items() if name.startswith(_FOLDER)}
    for named in (*links.of_pages(survey), *more):
        target = survey.targets.target(named.value, named.page)
        if target:
            pictures.pop(target.name, None)
    if not pictures:
        return
    texts = [_text(path) for path in sorted(survey.drawn.content.rglob("*")) if path.suffix.lower() in _TEXTS]
    for origin in pictures.values():
        if not any(origin.path.name in text for text in texts):
            message = "no page shows this picture; use it, or move it out of the content folder"
            yield Problem(origin.shown, 1, message, UNUSED.name)


def _text(path: Path) -> str:
    return path.read_bytes().decode("utf-8", "replace") if path.is_file() else ""

"""Rules that stop a wrong build before anything is written: every problem of every file, at once."""

from __future__ import annotations

import logging
import re
from collections import defaultdict
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pelican.contents import Category, Tag
from pelican.plugins import signals

from plugins import catalogue, names, switches
from plugins.checks import links, whole
from plugins.checks.pages import taken_apart
from plugins.checks.rules import RULES, classes_have_a_style
from plugins.problems import Problem, SiteError, each_once, warn
from plugins.toml_file import line_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pelican.generators import Generator

    from plugins.checks.pages import Text

_CLASS = re.compile(r"\.(-?[A-Za-z_][\w-]*)")
_LOG = logging.getLogger(__name__)


def _check(generators: list[Generator]) -> None:
    """Raise `SiteError` with every problem of the site but those that are switched off; warn of the rest."""
    survey = _Survey(generators)
    problems, off = list(survey.problems()), switches.NONE
    path = survey.folder / switches.NAME
    try:
        off = switches.load(path, f"{survey.shown}/{switches.NAME}", catalogue.RULES, complete=False)
    except SiteError as error:
        problems += error.problems
    survey.context["CHECKS_OFF"] = off
    problems = [problem for problem in problems if problem.rule not in off]
    if problems:
        raise SiteError(problems)
    for problem in each_once(survey.warnings()):
        warn(_LOG, problem)


class _Survey:
    """What was read, as the rules ask for it."""

    def __init__(self, generators: list[Generator]) -> None:
        self.context, self.settings = generators[0].context, generators[0].settings
        self.environment = generators[0].env
        self.shown = self.settings["CONTENT_SHOWN"]
        self.folder, self.theme = Path(self.settings["PATH"]), Path(self.settings["THEME"])
        # A draft may be half written: it is looked into where it is shown.
        self.contents = [content for content in _contents(generators) if self._is_looked_into(content)]
        self.files = sorted(self.settings["FILES"])
        self.statics = self.context["static_content"]
        self.refused: dict[str, str] = self.context["refused_names"]
        self.outputs = list(self._outputs())

    def _is_looked_into(self, content: Any) -> bool:
        return bool(self.settings["PREVIEW"] or content.status != "draft" or content.metadata["future"])

    def problems(self) -> Iterator[Problem]:
        for content in self.contents:
            yield from content.metadata["problems"]
            yield from whole.unknown_template(content, self.theme)
            yield from whole.picture_of_front_matter(content, self.statics, self.refused)
        read = self.context["generated_content"]
        yield from self.context.get("problems", ())  # what other rooms have found in files of their own
        yield from whole.unknown_talks(self._named_talks(), self.settings["TALKS"], read)
        for path in (path for path, content in read.items() if content is None):
            message = "this file could not be read; the other messages say why"
            yield Problem(f"{self.shown}/{path}", 1, message, "unreadable")
        yield from whole.unread(self.files, read, self.shown)
        yield from whole.unsound_doors(self.folder, self.shown, self.environment)
        yield from whole.lacking_templates(self.theme)
        yield from whole.missing_pages(self.contents, self.shown)
        on_disk = (path.relative_to(self.folder).as_posix() for path in names.listing(self.folder))
        alike = list(whole.alike(on_disk, self.shown))
        same = {problem.path for problem in alike}
        root, ledger = self.settings["SPEAKER"].root, self.settings.get("LEDGER", {})
        standing_twice = [each for each in whole.twice(self.contents, root, ledger) if each.path not in same]
        yield from (*alike, *standing_twice)
        yield from whole.written_twice(self.outputs, {problem.path for problem in (*alike, *standing_twice)})
        yield from self._menu_problems()
        for text in self.texts:
            yield from self._problems_of(text)

    def warnings(self) -> Iterator[Problem]:
        """Yield what stops no build."""
        yield from whole.unaddressable(self.refused, self.shown)
        for text in self.texts:
            yield from links.own_addresses(text, self.site)

    def _named_talks(self) -> Iterator[tuple[str, str, int]]:
        """Yield each talk that is named: by posts, and by what other rooms have read; with the path and line."""
        yield from self.context.get("named_talks", ())
        for content in self.contents:
            if "talk" in content.metadata:
                yield content.metadata["talk"], content.metadata["shown"], content.metadata["lines"]["talk"]

    def _outputs(self) -> Iterator[whole.Output]:
        for content in self.contents:
            if content.save_as:
                shown = content.metadata["shown"]
                yield whole.Output(content.save_as, shown, shown, content.metadata["lines"].get("slug", 1))
        for path, static in self.statics.items():
            yield whole.Output(static.save_as, f"{self.shown}/{path}", f"{self.shown}/{path}")
        for name, what in self.context["planned_outputs"]:
            yield whole.Output(name, what)

    def _menu_problems(self) -> Iterator[Problem]:
        written = {output.name for output in self.outputs}
        for at, link in enumerate(self.settings["SPEAKER"].menu):
            page = urlsplit(link.url).path.removeprefix("/")
            name = f"{page}index.html" if page.endswith("/") or not page else page
            if link.url.startswith("/") and name not in written:
                line = line_of((self.folder / "speaker.toml").read_text("utf-8-sig"), ("menu", at, "url"))
                message = f"there is no page {link.url} on this site; write the address of one that is there"
                yield Problem(f"{self.shown}/speaker.toml", line, message, "menu")

    @cached_property
    def texts(self) -> list[Text]:
        """The texts, taken apart."""
        blocks = tuple(self.settings["BLOCKS"])
        return [taken_apart(content, blocks) for content in self.contents]

    def _problems_of(self, text: Text) -> Iterator[Problem]:
        shown = text.content.metadata["shown"]
        for rule, judged in RULES:
            yield from (Problem(shown, found[0], found[1], rule, *found[2:]) for found in judged(text))
        for line, message in classes_have_a_style(text, self.classes):
            yield Problem(shown, line, message, "unknown-class")
        for line, message, rule in text.source.structure.problems:
            yield Problem(shown, text.source.first_line + line, message, rule)
        yield from links.broken_links(text, self.site)
        for name in sorted(text.ids.keys() & self._anchors(text.content)):
            message = f"the id `{name}` is one of the theme's own; choose another"
            yield Problem(shown, text.source.line_of_id(name), message, "same-anchor")

    def _anchors(self, content: Any) -> frozenset[str]:
        anchors: dict[str, frozenset[str]] = self.settings["THEME_ANCHORS"]
        return anchors.get(content.template, frozenset())

    @cached_property
    def classes(self) -> frozenset[str]:
        """The classes that the style sheets of the theme and the owner know."""
        sheets = [*self.theme.glob("static/css/*.css"), self.folder / "doors" / "style.css"]
        texts = [sheet.read_text("utf-8", "replace") for sheet in sheets if sheet.is_file()]
        return frozenset(name for text in texts for name in _CLASS.findall(text))

    @cached_property
    def site(self) -> links.Site:
        """What links may lead to."""
        settings, context = self.settings, self.context
        ids: dict[str, set[str]] = defaultdict(set)
        for text in self.texts:
            if any(problem.rule == "unreadable" for problem in text.content.metadata["problems"]):
                continue  # nobody knows what it holds
            named = {e.attributes["name"] for e in text.elements if e.tag == "a" and "name" in e.attributes}
            ids[text.content.url] |= text.ids.keys() | named | self._anchors(text.content)
        contents = {path: content for path, content in context["generated_content"].items() if content is not None}
        tags, categories = ({term.slug for term, _ in context[name]} for name in ("tags", "categories"))
        root = settings["SPEAKER"].root
        return links.Site(
            contents=contents,
            sources={f"{root}/{content.url}": path for path, content in contents.items()},
            statics=self.statics,
            refused=self.refused,
            terms={
                "tag": lambda name: Tag(name, settings).slug in tags,
                "category": lambda name: Category(name, settings).slug in categories,
            },
            written={output.name for output in self.outputs},
            ids=ids,
            base=settings["SITEURL"],
            root=root,
            preview=settings["PREVIEW"],
        )


def _contents(generators: list[Generator]) -> list[Any]:
    """Give everything that was read, in the order of the files."""
    read = generators[0].context["generated_content"].values()
    return sorted((content for content in read if content is not None), key=lambda content: content.source_path)


def register() -> None:
    """Connect to Pelican."""
    signals.all_generators_finalized.connect(_check)

"""One whole build: Pelican draws the site into a folder beside the output, and only a good one is moved in."""

from __future__ import annotations

import logging
import os
import sys
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, Any, NamedTuple

from pelican import Pelican, signals
from pelican.generators import ArticlesGenerator, PagesGenerator
from pelican.log import LimitLogger, console
from pelican.settings import read_settings

from plugins.problems import SiteError
from tools.announcing import builds
from tools.faults import FULL, BuildError, Listener, disk_full, reason
from tools.inspection.drawn import Drawn, drawn_from
from tools.inspection.looking import switched_off
from tools.output import check_place
from tools.staging import apply, settle, staging
from tools.steps import told

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from plugins.addresses.book import AddressBook
    from plugins.problems import Problem
    from tools.progress import Progress


class Report(NamedTuple):
    """What a build made. `base` is the path below which the site lives, empty or like `/blog`.

    Only a preview has `drafts`, of any kind, and what is `waiting` for its day; the other counts are without them.
    `book` is for the announcement of what was built for the public, `drawn` for the rules that look at the site itself.
    `found` are the warnings with their rules.
    """

    posts: int
    drafts: int
    talks: int
    pages: int
    base: str
    warnings: tuple[str, ...]
    waiting: int = 0
    book: AddressBook | None = None
    found: tuple[Problem, ...] = ()
    drawn: Drawn | None = None

    @property
    def contents(self) -> str:
        """Return `12 posts, 3 talks and 5 pages, 1 draft and 2 waiting for their day`, leaving out what is none."""
        talks = f", {_counted(self.talks, 'talk')}" if self.talks else ""
        drafts = _counted(self.drafts, "draft") if self.drafts else ""
        waiting = f"{self.waiting} waiting for {'its' if self.waiting == 1 else 'their'} day" if self.waiting else ""
        unseen = " and ".join(filter(None, [drafts, waiting]))
        return f"{_counted(self.posts, 'post')}{talks} and {_counted(self.pages, 'page')}{', ' * bool(unseen)}{unseen}"


def build(config: Path, content: Path, output: Path, progress: Progress | None = None) -> Report:
    """Build the site that the settings file and the content folder describe into `output`. All paths are absolute.

    How far it has come is told to `progress`.

    Raises `SiteError` where the author's files are wrong, `BuildError` for anything else that stops Pelican and for an
    output that must not be written to. The output then stays exactly as it was, or is finished by the next command.
    """
    root = config.parent
    settle(root, output)
    check_place(output, root, content)
    wrong = _wrong_switches(root, content)
    with staging(root, output) as site:
        try:
            report = draw(config, content, site, progress)
        except SiteError as error:
            raise SiteError([*wrong, *error.problems]) from None
        if wrong:
            raise SiteError(wrong)
        apply(site, output, builds.memory(root, output, report.book))
    return report


def draw(config: Path, content: Path, site: Path, progress: Progress | None = None) -> Report:
    """Let Pelican write the site into the empty folder `site`. Raises `SiteError` and `BuildError`."""
    if not config.is_file():
        raise BuildError([f"There is no settings file {config}."])
    if not content.is_dir():
        raise BuildError([f"There is no content folder {content}."])
    listener = Listener(config.parent)
    generators: list[Any] = []
    with _surroundings(config.parent, content, listener), told(progress, content) if progress else nullcontext():
        try:
            overrides = {"PATH": str(content), "OUTPUT_PATH": str(site), "DELETE_OUTPUT_DIRECTORY": False}
            settings = read_settings(str(config), overrides)
            pelican = Pelican(settings)
            # A plugin that could not be imported or registered would be missing from the whole build.
            listener.stop_on_errors()
            with signals.all_generators_finalized.connected_to(generators.extend):
                pelican.run()
        except BuildError:
            raise
        except SiteError as error:
            if listener.errors:
                raise BuildError([*listener.errors, *map(str, error.problems)]) from error
            raise
        except (Exception, SystemExit) as error:
            if disk_full(error):
                raise BuildError([FULL]) from error
            raise BuildError([*listener.errors, reason(error, config.parent)]) from error
        listener.stop_on_errors()
    return _report(generators, settings, listener)


def _wrong_switches(root: Path, content: Path) -> tuple[Problem, ...]:
    """Give what is wrong in checks.toml, also with rules that a build itself does not know."""
    try:
        switched_off(root, content)
    except SiteError as error:
        return error.problems
    return ()


def _report(generators: list[Any], settings: dict[str, Any], listener: Listener) -> Report:
    articles = next(each for each in generators if isinstance(each, ArticlesGenerator))
    pages = next(each for each in generators if isinstance(each, PagesGenerator))
    posts = (articles.articles, articles.translations, articles.hidden_articles, articles.hidden_translations)
    context = generators[0].context
    unseen = context.get("unseen")
    found = tuple(problem for problem in listener.found if problem.rule not in context.get("CHECKS_OFF", ()))
    return Report(
        posts=sum(map(len, posts)),
        drafts=len(unseen.drafts) if unseen else 0,
        waiting=len(unseen.waiting) if unseen else 0,
        talks=sum(talk.status != "draft" for talk in settings["TALKS"].values()),
        pages=sum(map(len, (pages.pages, pages.translations, pages.hidden_pages, pages.hidden_translations))),
        base=settings["SITEURL"],
        warnings=tuple(map(str, found)),
        book=context.get("address_book"),
        found=found,
        drawn=drawn_from(context, settings),
    )


@contextmanager
def _surroundings(root: Path, content: Path, listener: Listener) -> Iterator[None]:
    """Give Pelican what it needs around it, and put back afterwards what belongs to the whole process."""
    path, variable, quiet = sys.path.copy(), os.environ.get("LECTERN_CONTENT"), console.quiet
    # `pelican` looks for settings and plugins beside itself only.
    sys.path.insert(0, str(root))
    os.environ["LECTERN_CONTENT"] = str(content)
    console.quiet = True  # its one line of figures; ours says the same
    # Pelican shows a message once in a process and five of a kind; here each build has its own and shows all.
    for logger in logging.Logger.manager.loggerDict.values():
        if isinstance(logger, LimitLogger):
            logger.disable_filter()
    logging.getLogger().addHandler(listener)
    try:
        yield
    finally:
        logging.getLogger().removeHandler(listener)
        console.quiet = quiet
        sys.path[:] = path
        del os.environ["LECTERN_CONTENT"]
        if variable is not None:
            os.environ["LECTERN_CONTENT"] = variable


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"

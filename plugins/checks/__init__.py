"""Rules that stop a wrong build before anything is written: every problem of every file, at once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pelican.contents import Category, Tag
from pelican.generators import ArticlesGenerator, PagesGenerator
from pelican.plugins import signals

from plugins.checks import links, whole
from plugins.checks.pages import taken_apart
from plugins.checks.rules import RULES
from plugins.problems import Problem, SiteError
from plugins.toml_file import line_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pelican.generators import Generator

    from plugins.checks.pages import Text


def _check(generators: list[Generator]) -> None:
    """Raise `SiteError` with every problem of the site."""
    context, settings = generators[0].context, generators[0].settings
    problems = list(_problems(generators, context, settings))
    if problems:
        raise SiteError(problems)


def _problems(
    generators: list[Generator], context: Mapping[str, Any], settings: Mapping[str, Any]
) -> Iterator[Problem]:
    contents = list(_contents(generators))
    for content in contents:
        yield from content.metadata["problems"]
    for path, content in context["generated_content"].items():
        if content is None:
            yield Problem(
                f"{settings['CONTENT_SHOWN']}/{path}", 1, "this file could not be read; see the message above"
            )
    content_folder, theme = Path(settings["PATH"]), Path(settings["THEME"])
    yield from whole.unread(content_folder, settings["CONTENT_SHOWN"])
    yield from whole.unaddressable(context["static_content"], settings["CONTENT_SHOWN"])
    yield from whole.lacking_templates(theme)
    # A draft may be half written: it is looked into where it is shown.
    drawn = [c for c in contents if settings["PREVIEW"] or c.metadata["status"] != "draft" or c.metadata.get("future")]
    for content in drawn:
        yield from whole.unknown_template(content, theme)
        yield from whole.picture_of_front_matter(content, context["static_content"])
    standing_twice = list(whole.twice(contents))
    yield from standing_twice
    outputs = list(_outputs(contents, context))
    yield from whole.written_twice(outputs, {problem.path for problem in standing_twice})
    texts = [taken_apart(content) for content in drawn]
    yield from _text_problems(texts, _site(texts, outputs, context, settings), settings)
    yield from _menu_problems({name for name, *_ in outputs}, content_folder, settings)


def _contents(generators: list[Generator]) -> Iterator[Any]:
    """Yield every post and page that was read, in the order of their files."""
    found = []
    for generator in generators:
        if isinstance(generator, ArticlesGenerator):
            found += [*generator.articles, *generator.hidden_articles, *generator.drafts]
        elif isinstance(generator, PagesGenerator):
            found += [*generator.pages, *generator.hidden_pages, *generator.draft_pages]
    yield from sorted(found, key=lambda content: content.source_path)


def _outputs(contents: list[Any], context: Mapping[str, Any]) -> Iterator[tuple[str, str, str, int]]:
    """Yield (file, what it is, source, line) for everything that will be written."""
    for content in contents:
        if content.save_as:
            shown = content.metadata["shown"]
            yield content.save_as, shown, shown, content.metadata["lines"].get("slug", 1)
    for path, static in context["static_content"].items():
        yield static.save_as, path, "", 1
    for name, what in context["planned_outputs"]:
        yield name, what, "", 1


def _site(
    texts: list[Text],
    outputs: list[tuple[str, str, str, int]],
    context: Mapping[str, Any],
    settings: Mapping[str, Any],
) -> links.Site:
    content = Path(settings["PATH"])
    files = {path.relative_to(content).as_posix() for path in content.rglob("*")}
    anchors = settings["THEME_ANCHORS"]
    return links.Site(
        contents={path: content for path, content in context["generated_content"].items() if content is not None},
        # Pelican takes a linked file's word for being there, and some systems pass over capitals.
        statics={path: static for path, static in context["static_content"].items() if path in files},
        terms={
            "tag": lambda name: any(Tag(name, settings) == tag for tag, _ in context["tags"]),
            "category": lambda name: any(Category(name, settings) == category for category, _ in context["categories"]),
        },
        written={name for name, *_ in outputs},
        ids={text.content.url: text.ids.keys() | anchors for text in texts},
        base=settings["SITEURL"],
        root=settings["SPEAKER"].root,
        preview=settings["PREVIEW"],
    )


def _text_problems(texts: list[Text], site: links.Site, settings: Mapping[str, Any]) -> Iterator[Problem]:
    for text in texts:
        shown = text.content.metadata["shown"]
        for name in sorted(text.ids.keys() & settings["THEME_ANCHORS"]):
            line = text.source.line_of(name)
            yield Problem(shown, line, f"the id `{name}` is one of the theme's own; choose another")
        for rule in RULES:
            yield from (Problem(shown, line, message) for line, message in rule(text))
        yield from (Problem(shown, line, message) for line, message in links.broken_links(text, site))


def _menu_problems(written: set[str], content: Path, settings: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield what the menu, the invitations and the feeds' page lead to that is not there."""
    shown = f"{settings['CONTENT_SHOWN']}/speaker.toml"
    for at, link in enumerate(settings["SPEAKER"].menu):
        page = urlsplit(link.url).path.removeprefix("/")
        if (
            link.url.startswith("/")
            and (f"{page}index.html" if page.endswith("/") or not page else page) not in written
        ):
            line = line_of((content / "speaker.toml").read_text("utf-8"), ("menu", at, "url"))
            yield Problem(
                shown, line, f"there is no page {link.url} on this site; write the address of one that is there"
            )
    if "speaking/index.html" not in written:
        place = f"{settings['CONTENT_SHOWN']}/pages/speaking.md"
        yield Problem(place, 1, "every post invites to this page; write it, with the line `template: speaking`")


def register() -> None:
    """Connect to Pelican."""
    signals.all_generators_finalized.connect(_check)

"""Reads the author's files, and answers what a page asks of one post: its length, its opening, its neighbours."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from markupsafe import Markup
from pelican.plugins import signals
from pelican.utils import slugify

from plugins import text
from plugins.bodies import plain_body
from plugins.markup import parsed
from plugins.reading import metadata, series
from plugins.reading.reader import PostReader
from plugins.reading.shelf import Neighbours, Shelf

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pelican import Pelican
    from pelican.generators import ArticlesGenerator
    from pelican.readers import Readers

_BLURB = 160
_OPENING_PARAGRAPHS = 2


def typeset(title: str, language: str = "en") -> Markup:
    """Give a plain text as HTML with the quotes and dashes of print."""
    return Markup(text.typeset(title, language))  # noqa: S704  typeset() escapes


def reading_minutes(content: Any) -> int:
    """Give the minutes, one at least, that the body takes to read."""
    return text.reading_minutes(plain_body(content))


def standfirst(content: Any) -> str:
    """Give the summary as its author wrote it, or nothing."""
    return str(content.metadata.get("summary", ""))


def blurb(content: Any) -> str:
    """Give the summary, or else the beginning of the text: one plain line."""
    return standfirst(content) or text.cut(plain_body(content), _BLURB)


def opening(content: Any) -> Markup:
    """Give the first paragraphs as HTML, without footnote marks and pictures."""
    tree = parsed(content.content)
    for link in tree.css("a[href]"):
        # What is relative there leads elsewhere from here.
        link.attrs["href"] = urljoin(f"{content.settings['SITEURL']}/{content.url}", link.attributes["href"] or "")
    for mark in tree.css("sup[id^='fnref'], picture, img"):
        mark.decompose()
    paragraphs = [p for p in tree.css("body > p") if p.text(strip=True)]
    return Markup("".join(p.html or "" for p in paragraphs[:_OPENING_PARAGRAPHS]))  # noqa: S704  checked content


class _Shelves:
    """The shelf of the build in hand: the filters are made before the posts are read."""

    shelf = Shelf(())
    parts: Mapping[str, series.Part] = {}

    def neighbours(self, article: Any) -> Neighbours:
        return self.shelf.neighbours(article)

    def related(self, article: Any) -> tuple[Any, ...]:
        return self.shelf.related(article)

    def part(self, article: Any) -> series.Part | None:
        return self.parts.get(article.source_path)


def _offer(pelican: Pelican) -> None:
    words = pelican.settings["WORDS"]
    for kind, keys in (("posts", metadata.POSTS), ("pages", metadata.PAGES), ("talks", metadata.EVERYWHERE)):
        pelican.settings["KEYS"][kind] |= keys
    shelves = pelican.settings["SHELVES"] = _Shelves()
    pelican.settings["JINJA_FILTERS"] |= {
        "typeset": typeset,
        "reading_minutes": reading_minutes,
        "standfirst": standfirst,
        "blurb": blurb,
        "opening": opening,
        "long_date": words.long_date,
        "day_month": words.day_month,
        "neighbours": shelves.neighbours,
        "related": shelves.related,
        "part": shelves.part,
    }


def _shelve(generator: ArticlesGenerator) -> None:
    settings, context = generator.settings, generator.context
    slug = partial(slugify, regex_subs=settings["SLUG_REGEX_SUBSTITUTIONS"])
    settings["SHELVES"].shelf = Shelf(generator.articles)
    context["series"] = series.collected(generator.articles, slug)
    settings["SHELVES"].parts = series.parts(context["series"])
    shown = [*generator.articles, *(generator.drafts if settings["PREVIEW"] else ())]
    context.setdefault("problems", []).extend(series.problems(shown, slug))


def _fix_address(content: Any) -> None:
    """Work the address out once, when all that it depends on is known; Pelican would do so each time it is asked."""
    if "source" in content.metadata:
        content.override_url = content.url


def _use_our_reader(readers: Readers) -> None:
    for extension in PostReader.file_extensions:
        readers.reader_classes[extension] = PostReader
    for extension in ("rst", "html", "htm"):
        readers.reader_classes.pop(extension, None)


def register() -> None:
    """Connect to Pelican."""
    signals.initialized.connect(_offer)
    signals.readers_init.connect(_use_our_reader)
    signals.content_object_init.connect(_fix_address)
    signals.article_generator_finalized.connect(_shelve)

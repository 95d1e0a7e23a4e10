"""Reads the author's files, and answers what a page asks of one post: its length, its opening, its neighbours."""

from __future__ import annotations

from functools import partial
from itertools import dropwhile, takewhile
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urljoin

from markupsafe import Markup
from pelican.plugins import signals

from plugins import slugs, text
from plugins.markup import parsed
from plugins.reading import metadata, series, terms
from plugins.reading.reader import PostReader
from plugins.reading.shelf import Neighbours, Shelf

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pelican import Pelican
    from pelican.generators import ArticlesGenerator
    from pelican.readers import Readers

_BLURB = 160
_OPENING_PARAGRAPHS = 2
_NOT_IN_OPENING = "sup[id^='fnref'], picture, img, audio, video, script, svg"


def typeset(title: str, language: str = "en") -> Markup:
    """Give a plain text as HTML with the quotes and dashes of print."""
    return Markup(text.typeset(title, language))  # noqa: S704  typeset() escapes


def reading_minutes(content: Any) -> int:
    """Give the minutes, one at least, that the body takes to read."""
    return text.reading_minutes(text.plain(content._content))  # noqa: SLF001  before links are resolved


def standfirst(content: Any) -> str:
    """Give the summary as its author wrote it, or nothing."""
    return str(content.metadata.get("summary", ""))


def blurb(content: Any) -> str:
    """Give the summary, or else the beginning of the text: one plain line."""
    return standfirst(content) or text.cut(text.plain(content._content), _BLURB)  # noqa: SLF001  as above


class Opening(NamedTuple):
    """How a post begins: its first paragraphs as HTML, and whether they are the whole of it."""

    html: Markup
    whole: bool


def opening(content: Any) -> Opening:
    """Return the first paragraphs that follow each other, without footnote marks, pictures and invitations.

    Of a text that has none, such as a list, it is what `blurb` says.
    """
    tree = parsed(content.content)
    for invitation in tree.css(".invitation, hr"):
        invitation.decompose()
    for link in tree.css("a[href]"):
        # What is relative there leads elsewhere from here.
        link.attrs["href"] = urljoin(f"{content.settings['SITEURL']}/{content.url}", link.attributes["href"] or "")
    aside = tree.css(_NOT_IN_OPENING)
    for mark in aside:
        mark.decompose()
    parts = [part for part in tree.css("body > *") if part.tag != "p" or part.text(strip=True)]
    begun = list(dropwhile(lambda part: part.tag != "p", parts))
    first = list(takewhile(lambda part: part.tag == "p", begun))[:_OPENING_PARAGRAPHS]
    for part in first:
        if "id" in part.attributes:
            del part.attrs["id"]
    shown = "".join(part.html or "" for part in first)
    if not first and blurb(content):
        shown = f"<p>{text.typeset(blurb(content), content.lang)}</p>"
    return Opening(Markup(shown), whole=not aside and len(first) == len(parts))  # noqa: S704  checked content


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


def _series_slug(slug_of: Mapping[str, str], name: str) -> str:
    return slug_of[slugs.identity(name)]


def _shelve(generator: ArticlesGenerator) -> None:
    settings, context = generator.settings, generator.context
    terms.assign(generator)
    settings["SHELVES"].shelf = Shelf(generator.articles)
    slug_of = terms.addresses(one.metadata["series"] for one in terms.by_age(generator) if "series" in one.metadata)
    slug = partial(_series_slug, slug_of)
    context["series"] = series.collected(generator.articles, slug)
    settings["SHELVES"].parts = series.parts(context["series"])
    shown = [*generator.articles, *(generator.drafts if settings["PREVIEW"] else ())]
    context.setdefault("problems", []).extend(series.problems(shown, slug))


def _use_our_reader(readers: Readers) -> None:
    for extension in PostReader.file_extensions:
        readers.reader_classes[extension] = PostReader
    for extension in ("rst", "html", "htm"):
        readers.reader_classes.pop(extension, None)


def register() -> None:
    """Connect to Pelican."""
    terms.use_own_addresses()
    signals.initialized.connect(_offer)
    signals.readers_init.connect(_use_our_reader)
    signals.article_generator_finalized.connect(_shelve)

"""Reads the author's files, and answers what a page asks of one post: its length, its opening, its neighbours."""

from __future__ import annotations

import html
import unicodedata
from functools import partial
from itertools import dropwhile, takewhile
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote, urlsplit

from markupsafe import Markup
from pelican.plugins import signals

from plugins import names, slugs, text
from plugins.bodies import plain_body
from plugins.markup import absolute, parsed
from plugins.problems import Problem
from plugins.reading import metadata, series, terms
from plugins.reading.reader import PostReader
from plugins.reading.shelf import Neighbours, Shelf

if TYPE_CHECKING:
    import re
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
    return text.reading_minutes(plain_body(content))


def standfirst(content: Any) -> str:
    """Give the summary as its author wrote it, or nothing."""
    return str(content.metadata.get("summary", ""))


def blurb(content: Any) -> str:
    """Give the summary, or else the beginning of the text: one plain line."""
    return standfirst(content) or text.cut(plain_body(content), _BLURB)


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
        link.attrs["href"] = absolute(f"{content.settings['SITEURL']}/{content.url}", link.attributes["href"] or "")
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


def _set_unreadable_links_aside(content: Any) -> None:
    """Report each `{static}` link and its kin that Pelican cannot read, and replace it: it would end in a traceback."""

    def sound(found: re.Match[str]) -> str:
        try:
            urlsplit(found["value"])
        except ValueError:
            address = html.unescape(found["path"])
            message = f"`{address[:80]}` is not an address; write the path of a file, like {{static}}/images/letter.png"
            line = content.metadata["source"].line_of_address(address)
            content.metadata["problems"].append(Problem(content.metadata["shown"], line, message, "broken-link"))
            return f"{found['markup']}{found['quote']}#{found['quote']}"
        return found[0]

    markup = content._content  # noqa: SLF001  before links are resolved
    if markup and "source" in content.metadata:
        content._content = content._get_intrasite_link_regex().sub(sound, markup)  # noqa: SLF001  the very one Pelican uses


def _name_in_one_form(content: Any) -> None:
    """Let a content be known by its composed path, and find the files it links to, whatever form the disk keeps."""
    by_disk = content.get_relative_source_path
    path = by_disk()
    if path and not unicodedata.is_normalized("NFC", path):
        content.get_relative_source_path = lambda *given: names.composed(by_disk(*given))
        content.relative_source_path = names.composed(path)
    files, folder, links = content.settings["FILES"], content.settings["PATH"], content.get_static_links
    # Pelican takes a link's word for it that there is such a file.
    content.get_static_links = lambda: {
        str(files[name].relative_to(folder)) for link in links() if (name := names.composed(unquote(link))) in files
    }


def _keep_to_files(generator: Any) -> None:
    """Leave out links that lead to no file, and files whose names break addresses."""
    settings, context = generator.settings, generator.context
    files = settings["FILES"]
    there = {str(path) for path in files.values()}
    kept = [static for static in generator.staticfiles if static.source_path in there]
    wrong = [each.get_relative_source_path() for each in kept if names.unfit_character(each.get_relative_source_path())]
    used = set(files)
    refused = context["refused_names"] = {}
    for path in sorted(wrong):
        refused[path] = names.addressable_name(path, used)
        used.add(refused[path])
    kept = [static for static in kept if static.get_relative_source_path() not in refused]
    generator.staticfiles = context["staticfiles"] = kept
    context["static_content"] = {static.get_relative_source_path(): static for static in kept}


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
    terms.use_own_addresses()
    signals.initialized.connect(_offer)
    signals.readers_init.connect(_use_our_reader)
    signals.content_object_init.connect(_name_in_one_form)
    signals.static_generator_finalized.connect(_keep_to_files)
    signals.content_object_init.connect(_set_unreadable_links_aside)
    signals.content_object_init.connect(_fix_address)
    signals.article_generator_finalized.connect(_shelve)

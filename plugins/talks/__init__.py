"""Talks: one Markdown file each, a page each, and the letters that belong to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from pelican.contents import Content
from pelican.generators import Generator
from pelican.plugins import signals

from plugins import pictures
from plugins.keys import Key
from plugins.pictures import size_of
from plugins.problems import Problem
from plugins.talks.keys import ABSENT, TALK, talk_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pelican import Pelican
    from pelican.writers import Writer

_FOLDER = "talks"
_LAST = 10_000
"""The place of talks without one: after those that have an `order`, by title."""


class Talk(Content):  # type: ignore[misc]  # Pelican ships no types
    """A talk as Pelican knows it; its metadata holds what `keys.TALK` reads, with `summary` for the promise."""

    mandatory_properties = ("title",)
    allowed_statuses = ("published", "hidden", "draft")
    default_status = "published"
    default_template = "talk"

    def _expand_settings(self, key: str) -> str:
        return str(super()._expand_settings(key, "draft_talk" if self.status == "draft" else None))


class Still(NamedTuple):
    """The picture that leads to a recording: its address below the site's root, its text and its size in pixels."""

    url: str
    alt: str
    width: int
    height: int


class TalkGenerator(Generator):  # type: ignore[misc]  # Pelican ships no types
    """Reads the talks, and draws a page for each."""

    def generate_context(self) -> None:
        """Put the listed talks into the context, in their order."""
        talks = [self._read(path) for path in self.get_files([_FOLDER])]
        self.talks = sorted(
            (talk for talk in talks if talk is not None),
            key=lambda talk: (talk.metadata.get("order", _LAST), talk.title.casefold(), talk.source_path),
        )
        drawn = [talk for talk in self.talks if self.settings["PREVIEW"] or talk.status != "draft"]
        self.settings["TALKS"] |= {talk.slug: talk for talk in drawn}  # two of one slug: the checks say so
        self.context["talks"] = [talk for talk in self.settings["TALKS"].values() if talk.status != "hidden"]
        self.context.setdefault("places", []).extend(
            (talk.url, _day(talk)) for talk in drawn if talk.status == "published"
        )
        self.context.setdefault("problems", []).extend(problem for talk in drawn for problem in self._problems(talk))

    def generate_output(self, writer: Writer) -> None:
        """Write the pages."""
        for talk in self.settings["TALKS"].values():
            template = self.get_template(talk.template)
            writer.write_file(talk.save_as, template, self.context, talk=talk, url=talk.url)

    def _read(self, path: str) -> Talk | None:
        talk = self.readers.read_file(base_path=self.path, path=path, content_class=Talk, context=self.context)
        if not talk.is_valid():
            self._add_failed_source_path(path)
            return None
        self.add_source_path(talk)
        self.add_static_links(talk)
        values = talk.metadata
        values |= ABSENT | values | {"is_talk": True, "summary": values.get("promise", "")}
        return talk  # type: ignore[no-any-return]

    def _problems(self, talk: Talk) -> Iterator[Problem]:
        """Find what is wrong with the picture that leads to a recording."""
        values, lines = talk.metadata, talk.metadata["lines"]
        name, line = values["recording_image"], lines.get("recording_image", 1)
        if not name:
            return
        if not values["recording"]:
            message = "this picture leads nowhere; add a line `recording: https://…`"
            yield Problem(values["shown"], line, message, "named-picture")
        if not values["recording_alt"]:
            message = "the picture has no text for those who don't see it; add a line `recording_alt: what it shows`"
            yield Problem(values["shown"], line, message, "picture-without-text")
        files = self.settings["FILES"]
        if not name.startswith("images/") or name not in files:
            found = pictures.unnamed(name, line, files, "images/recording.png")
            yield Problem(values["shown"], line, found[0], "named-picture", found[1])


def _day(talk: Talk) -> str | None:
    modified = talk.metadata.get("modified")
    return modified.date().isoformat() if modified else None


class _Talks:
    """The filters `talk|letters` and `talk|still`, for the build in hand."""

    def __init__(self, settings: dict[str, Any]) -> None:
        self.settings = settings
        self.by_talk: dict[str, list[Any]] = {}

    def letters(self, talk: Any) -> list[Any]:
        """Give the listed posts that belong to a talk, newest first."""
        return self.by_talk.get(talk.slug, [])

    def still(self, talk: Any) -> Still | None:
        """Give the picture that leads to a talk's recording, if there is one."""
        values = talk.metadata
        if not values["recording_image"]:
            return None
        width, height = size_of(self.settings["FILES"][values["recording_image"]]) or (0, 0)
        return Still(values["recording_image"], values["recording_alt"], width, height)

    def gather(self, generator: Any) -> None:
        """Find the posts of each talk, in one pass."""
        for article in generator.articles:
            if "talk" in article.metadata:
                self.by_talk.setdefault(article.metadata["talk"], []).append(article)


def _offer(pelican: Pelican) -> None:
    settings = pelican.settings
    settings["KEYS"]["talks"] |= TALK
    settings["KEYS"]["posts"]["talk"] = Key(talk_name)
    settings["TALKS"] = {}  # by slug: what is read, as far as it is drawn
    talks = settings["TALK_FILTERS"] = _Talks(settings)
    settings["JINJA_FILTERS"] |= {"letters": talks.letters, "still": talks.still}


def _gather(generator: Any) -> None:
    generator.settings["TALK_FILTERS"].gather(generator)


def _generators(_: Any) -> type[Generator]:
    return TalkGenerator


def register() -> None:
    """Connect to Pelican."""
    signals.initialized.connect(_offer)
    signals.article_generator_finalized.connect(_gather)
    signals.get_generators.connect(_generators)

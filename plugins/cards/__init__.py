"""Card pictures: what a shared link shows of a post, a page or a talk, drawn as the letterhead."""

from __future__ import annotations

import json
import logging
from functools import cached_property, partial
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote

from pelican.contents import Article, Content, Page
from pelican.generators import Generator
from pelican.plugins import signals

from plugins import output, text
from plugins.cards import drawing, png
from plugins.cards.card import Card, Drawable, Text, drawable, named
from plugins.fonts import Fonts
from plugins.kept import kept, prune
from plugins.pictures import Picture
from plugins.problems import Problem, warn

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pelican import Pelican
    from pelican.writers import Writer

_LOG = logging.getLogger(__name__)
_KEPT = 2000
"""Cards in the cache at the least, so that two sites keep theirs."""
_UNSHARED = "not_found"
"""The template of the page that stands at no address."""


class _Sheet(NamedTuple):
    """A card that will be drawn: the file's name below the output folder, and its data."""

    name: str
    card: Drawable


class _Cards:
    """The cards of one site; `picture` is asked for while pages are drawn, and draws nothing."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        self.speaker, self.words = settings["SPEAKER"], settings["WORDS"]
        self.shown = settings["CONTENT_SHOWN"]
        self.theme, self.cache = Path(settings["THEME"]), Path(settings["CACHE_PATH"])
        self.fonts = Fonts(self.theme / "fonts", self.cache / "fonts")
        self._sheets: dict[str, _Sheet] = {}

    @cached_property
    def template(self) -> bytes:
        return (self.theme / "card.typ").read_bytes()

    def picture(self, subject: Any) -> Picture | None:
        """Give the card of an article, a page or a talk; of anything else, and of None, the owner's or the site's."""
        if not isinstance(subject, Content):
            owns = self.speaker.card
            return Picture(quote(owns or self._site.name), self.words.say("site_title", **self.speaker.names))
        if subject.template == _UNSHARED:
            return None
        sheet = self.sheet(subject)
        if sheet.card.whole:
            alt = self.words.say("page_title", title=subject.title, name=self.speaker.name)
        else:
            alt = self.words.say("site_title", **self.speaker.names)
        return Picture(quote(sheet.name), alt)

    def sheets(self, contents: Iterable[Any]) -> dict[str, Drawable]:
        """Give what will be drawn, by its name; warn of what cannot be drawn as it is written."""
        found = {}
        for content in contents:
            if content.template != _UNSHARED:
                sheet = self.sheet(content)
                self._warn(sheet.card, content.metadata["shown"], content.metadata["lines"].get("title", 1))
                found[sheet.name] = sheet.card
        if not self.speaker.card:
            self._warn(self._site.card, f"{self.shown}/speaker.toml", 1)
            found[self._site.name] = self._site.card
        return found

    def sheet(self, content: Any) -> _Sheet:
        """Give the card of one content, which is asked for when it is planned and when its page is drawn."""
        if content.source_path not in self._sheets:
            self._sheets[content.source_path] = self._sheet(content)
        return self._sheets[content.source_path]

    def _sheet(self, content: Any) -> _Sheet:
        """Lay out the card; where its title cannot be drawn, one that says who speaks about what."""
        title = Text(text.typeset_plain(content.title, content.lang), content.lang, content.metadata["dir"])
        card = self._named(drawable(self._card(title, self._label(content)), self.fonts), content.slug)
        if card.card.whole:
            return card
        lacking = card.card.lacking
        stand_in = drawable(self._site_card(self._label(content)), self.fonts)
        return self._named(stand_in._replace(lacking=lacking, whole=False), content.slug)

    @cached_property
    def _site(self) -> _Sheet:
        return self._named(drawable(self._site_card(""), self.fonts), "site")

    def _card(self, title: Text, label: str) -> Card:
        speaker = self.speaker
        return Card(
            name=self._own(speaker.name),
            line=self._own(text.typeset_plain(speaker.line, speaker.language)),
            title=title,
            address=Text(speaker.root.split("://", 1)[1], speaker.language, "ltr"),
            label=self._own(label),
        )

    def _site_card(self, label: str) -> Card:
        line = self._own(text.typeset_plain(self.speaker.line, self.speaker.language))
        return self._card(line, label)._replace(line=self._own(""), style="italic")

    def _own(self, words: str) -> Text:
        return Text(words, self.speaker.language, self.speaker.dir)

    def _label(self, content: Any) -> str:
        if isinstance(content, Article):
            return str(self.words.long_date(content.date))
        return "" if isinstance(content, Page) else str(self.words.say("paper_talk"))

    def _named(self, card: Drawable, slug: str) -> _Sheet:
        parts = (self.template, _json(card), self.fonts.digest(card.families).encode())
        return _Sheet(named(slug, parts), card)

    def _warn(self, card: Drawable, path: str, line: int) -> None:
        if card.lacking or not card.whole:
            done = "its card picture shows a sign instead" if card.whole else "its card picture says who speaks instead"
            message = f"no font of the theme has `{card.lacking[:20]}`, so {done}"
            warn(_LOG, Problem(path, line, message, "missing-letters"))

    def draw(self, cards: Mapping[str, Drawable], folder: str) -> None:
        """Draw what was not drawn before, and write all."""
        draughtsman = drawing.Draughtsman(self.template, self.theme / "fonts")
        made_by = [Path(str(module.__file__)).read_bytes() for module in (drawing, png)]
        made_by += [version(library).encode() for library in ("typst", "pillow")]
        for name, card in cards.items():
            parts = [self.template, _json(card), self.fonts.digest(card.families).encode(), *made_by]
            make = partial(draughtsman.drawn, card.data)
            output.write(folder, name, kept(self.cache / "cards", parts, make))
        prune(self.cache / "cards", max(_KEPT, 2 * len(cards)))


def _json(card: Drawable) -> bytes:
    return json.dumps(card.data, sort_keys=True).encode()


class CardGenerator(Generator):  # type: ignore[misc]  # Pelican ships no types
    """Draws the cards of all that is published, or shown in the preview."""

    def generate_output(self, _: Writer) -> None:
        """Write them."""
        self.settings["CARDS"].draw(self.context["cards"], self.output_path)


def _offer(pelican: Pelican) -> None:
    cards = pelican.settings["CARDS"] = _Cards(pelican.settings)
    pelican.settings["CARD_PICTURE"] = cards.picture


def _plan(generator: Any) -> None:
    """Announce the cards: Pelican's last generator has read its files, the checks have not begun."""
    context, settings = generator.context, generator.settings
    contents = [content for content in context["generated_content"].values() if content is not None]
    drawn = [content for content in contents if settings["PREVIEW"] or content.status != "draft"]
    context["cards"] = settings["CARDS"].sheets(drawn)
    planned = context.setdefault("planned_outputs", [])
    planned += [(name, "a card picture") for name in context["cards"]]


def _generators(_: Any) -> type[Generator]:
    return CardGenerator


def register() -> None:
    """Connect to Pelican."""
    signals.initialized.connect(_offer)
    signals.static_generator_finalized.connect(_plan)
    signals.get_generators.connect(_generators)

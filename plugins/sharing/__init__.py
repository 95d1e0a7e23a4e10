"""Share buttons: plain links, and no request to anyone before a click; and lines to quote, which have their own."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote as percent_encoded

from pelican.plugins import signals

from plugins.blocks import Block
from plugins.keys import Key, text
from plugins.pictures import picture_of
from plugins.problems import Problem, warn
from plugins.sharing import links, quotes
from plugins.sharing.links import Shared
from plugins.sharing.networks import NETWORKS, SHOWN, line_of

if TYPE_CHECKING:
    from pelican import Pelican
    from pelican.generators import Generator

    from plugins.sharing.links import ShareLink
    from plugins.speaker import Speaker

_LOG = logging.getLogger(__name__)


class Quote(NamedTuple):
    """A line to pass on: its anchor, the absolute address that leads to it, and its share links."""

    id: str
    url: str
    links: tuple[ShareLink, ...]


class Passage(NamedTuple):
    """A part of a text, as HTML, and the quote that it ends with, if it ends with one."""

    html: str
    quote: Quote | None


class _Sharing:
    """The filters `article|share_links` and `content|passages` for one speaker."""

    def __init__(self, speaker: Speaker) -> None:
        self.speaker = speaker

    def share_links(self, article: Any) -> tuple[ShareLink, ...]:
        """Give the post's share links."""
        words = article.metadata.get("share", "")
        shared = Shared(article.title, self.speaker.absolute(article.url), self._image(article), words)
        return links.share_links(shared, self.speaker.share)

    def passages(self, content: Any) -> tuple[Passage, ...]:
        """Give the text of a post, page or talk in parts, so that the links of each quote can stand below it."""
        lines = content.metadata.get("quotes", {})
        parts = quotes.passages(content.content, lines)
        return tuple(Passage(html, self._quote(content, name, lines[name]) if name else None) for html, name in parts)

    def _quote(self, content: Any, name: str, line: str) -> Quote:
        url = f"{self.speaker.absolute(content.url)}#{percent_encoded(name)}"
        shared = Shared(content.title, url, self._image(content), line, quotes.marks(content.lang))
        return Quote(name, url, links.share_links(shared, self.speaker.share))

    def _image(self, content: Any) -> str | None:
        picture = picture_of(content)
        return self.speaker.absolute(picture.url) if picture else None


def _offer(pelican: Pelican) -> None:
    settings = pelican.settings
    sharing = _Sharing(settings["SPEAKER"])
    settings["JINJA_FILTERS"] |= {"share_links": sharing.share_links, "passages": sharing.passages}
    settings["KEYS"]["posts"]["share"] = Key(text)
    settings["BLOCKS"]["quote"] = Block(("text", "id"), quotes.block)


def _place(content: Any) -> None:
    """Give the quotes of a text their anchors as soon as it is read, so that feeds and checks see what a page has."""
    markup = content._content or ""  # noqa: SLF001  before links are resolved
    if "data-quote=" not in markup or "source" not in content.metadata:
        return
    taken = content.settings["THEME_ANCHORS"].get(content.template, frozenset())
    content._content, placed, problems = quotes.place(markup, taken)  # noqa: SLF001  as above
    about = content.metadata
    about["quotes"] = placed
    for option, value, nth, message in problems:
        lines = enumerate(about["source"].body.split("\n"), about["source"].first_line)
        at = quotes.lines_of(option, value, lines) or [about["source"].first_line]  # raw HTML has no such line
        about["problems"].append(Problem(about["shown"], at[min(nth, len(at) - 1)], message, "quote"))


def _tell_what_is_old(generators: list[Generator]) -> None:
    """Warn of each network in use whose facts nobody has looked up for a year."""
    settings = generators[0].settings
    for key in settings["SPEAKER"].share:
        network = NETWORKS[key]
        if network.is_old(settings["SITE_DATE"]):
            told = f"what {network.label} takes was looked up on {network.checked}, over a year ago"
            advice = f"read {' and '.join(network.sources)} again, mend this line, and write the day into it"
            warn(_LOG, Problem(SHOWN, line_of(key), f"{told}; {advice}", "old-facts"))


def register() -> None:
    """Connect to Pelican."""
    signals.initialized.connect(_offer)
    signals.content_object_init.connect(_place)
    signals.all_generators_finalized.connect(_tell_what_is_old)

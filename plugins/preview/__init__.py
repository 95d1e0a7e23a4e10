"""How a page looks elsewhere: its title, description and picture for tabs, search engines and shared links."""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import TYPE_CHECKING, Any

from pelican.contents import Article, Content, Page
from pelican.plugins import signals

from plugins.preview.pages import Previews
from plugins.sheets import Sheet

if TYPE_CHECKING:
    from pelican import Pelican
    from pelican.generators import Generator

    from plugins.preview.values import Preview


def _preview(previews: Previews, subject: Any) -> Preview:
    """Give the preview of an article, a page, a talk, a sheet or a listing: the filter `subject|preview`."""
    if isinstance(subject, Article):
        return previews.article(subject)
    if isinstance(subject, Page):
        return previews.page(subject)
    if isinstance(subject, Content):
        return previews.talk(subject)
    if isinstance(subject, Sheet):
        return previews.sheet(subject)
    return previews.listing(subject)


def _offer(pelican: Pelican) -> None:
    previews = pelican.settings["PREVIEWS"] = Previews(pelican.settings)
    pelican.settings["JINJA_FILTERS"]["preview"] = partial(_preview, previews)


def _survey(generators: list[Generator]) -> None:
    """Learn what several pages say, and what other rooms have made."""
    context, previews = generators[0].context, generators[0].settings["PREVIEWS"]
    contents = [content for content in context["generated_content"].values() if content is not None]
    said = Counter(content.metadata.get(key) for content in contents for key in ("title", "summary"))
    previews.shared = {words for words, times in said.items() if words and times > 1}
    previews.titles = {page.url: page.title for page in context["pages"]}
    kit = context.get("kit")
    previews.photo = previews.speaker.absolute(kit.portrait) if kit and kit.portrait else ""


def register() -> None:
    """Connect to Pelican."""
    signals.initialized.connect(_offer)
    signals.all_generators_finalized.connect(_survey)

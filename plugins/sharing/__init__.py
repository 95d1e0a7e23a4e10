"""Share buttons: plain links, and no request to anyone before a click."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pelican.plugins import signals

from plugins.pictures import picture_of
from plugins.sharing import links

if TYPE_CHECKING:
    from pelican import Pelican

    from plugins.sharing.links import ShareLink
    from plugins.speaker import Speaker


class _Sharing:
    """The filter `article|share_links` for one speaker."""

    def __init__(self, speaker: Speaker) -> None:
        self.speaker = speaker

    def share_links(self, article: Any) -> tuple[ShareLink, ...]:
        """Give the post's share links."""
        picture = picture_of(article)
        image = self.speaker.absolute(picture.url) if picture else None
        return links.share_links(article.title, self.speaker.absolute(article.url), image, self.speaker.share)


def _offer(pelican: Pelican) -> None:
    pelican.settings["JINJA_FILTERS"]["share_links"] = _Sharing(pelican.settings["SPEAKER"]).share_links


def register() -> None:
    """Connect to Pelican."""
    signals.initialized.connect(_offer)

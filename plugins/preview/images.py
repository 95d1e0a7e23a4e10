"""The pictures that stand for a page elsewhere, the best first."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from plugins.media import media_type
from plugins.pictures import picture_of, size_of
from plugins.preview.values import Image
from plugins.speaker import CARD_SIZE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from plugins.pictures import Picture


class Pictures:
    """Finds them for one site. The card, drawn or the owner's, comes from the setting `CARD_PICTURE`."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        """Keep the settings: what other rooms put there is asked for when a page is drawn."""
        self.settings = settings
        self.speaker = settings["SPEAKER"]

    def of_content(self, content: Any) -> tuple[tuple[Image, ...], tuple[str, ...]]:
        """Give what shared links show: what the author named, then the card; and the addresses for search engines.

        These are told of the first picture in the text too: it shows more of the matter than a card with its title.
        """
        own, card = picture_of(content), self._drawn(content)
        named = own if content.metadata.get("image") else None
        told = self._images((own, card))
        return self._images((named, card)), tuple(image.url for image in told)

    def of_site(self, subject: Any) -> tuple[Image, ...]:
        """Give the card of home, a list or a sheet."""
        return self._images((self._drawn(subject),))

    def _drawn(self, subject: Any) -> Picture | None:
        drawn = self.settings.get("CARD_PICTURE")
        return drawn(subject) if drawn else None

    def _images(self, pictures: Iterable[Picture | None]) -> tuple[Image, ...]:
        return tuple(self._image(picture) for picture in dict.fromkeys(pictures) if picture)

    def _image(self, picture: Picture) -> Image:
        name = unquote(picture.url)
        path = self.settings["FILES"].get(name) or Path(self.settings["PATH"], name)
        size: tuple[int, int] | None = CARD_SIZE  # what no file of the owner's is, a room has drawn as a card
        if path.is_file():
            size = CARD_SIZE if name == self.speaker.card else _size(path)
        elif not name.startswith("cards/"):
            size = picture.size
        return Image(self.speaker.absolute(picture.url), picture.alt, media_type(name), size)


def _size(path: Path) -> tuple[int, int] | None:
    """Give a picture's size in pixels; None where it says none, or cannot be read, which the checks tell."""
    try:
        return size_of(path)
    except (OSError, ValueError):
        return None

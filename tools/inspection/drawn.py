"""A drawn site, and the author's files behind it: what the rules over the whole output look at."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from plugins.speaker import Speaker

_PROJECT = Path(__file__).resolve().parents[2]


class Origin(NamedTuple):
    """The author's file behind a file of the site: its path in messages, and where it is."""

    shown: str
    path: Path


class Drawn(NamedTuple):
    """A site as it was drawn into `folder`, where it must still stand when the rules look at it.

    `sources` are the author's files by the names of what came of them, like `about/index.html`. `content_shown` and
    `theme_shown` are these folders in messages. `day` is the site's date.
    """

    folder: Path
    speaker: Speaker
    day: dt.date
    content: Path
    content_shown: str
    theme: Path
    theme_shown: str
    sources: Mapping[str, Origin]

    @property
    def base(self) -> str:
        """The path below which the site lives: empty, or like `/blog`."""
        return self.speaker.base

    @property
    def root(self) -> str:
        """The site's address without a slash at its end."""
        return self.speaker.root


def drawn_from(context: Mapping[str, Any], settings: Mapping[str, Any]) -> Drawn:
    """Give the site that Pelican has drawn, from the context that its generators shared."""
    shown, content, theme = settings["CONTENT_SHOWN"], Path(settings["PATH"]), Path(settings["THEME"])
    sources = {
        read.save_as: Origin(read.metadata["shown"], Path(read.source_path))
        for read in context["generated_content"].values()
        if read is not None and read.save_as
    }
    sources |= {
        static.save_as: Origin(f"{shown}/{path}", content / path) for path, static in context["static_content"].items()
    }
    return Drawn(
        folder=Path(settings["OUTPUT_PATH"]),
        speaker=settings["SPEAKER"],
        day=settings["SITE_DATE"],
        content=content,
        content_shown=shown,
        theme=theme,
        theme_shown=theme.relative_to(_PROJECT).as_posix() if theme.is_relative_to(_PROJECT) else str(theme),
        sources=sources,
    )

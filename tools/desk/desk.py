"""Whose desk it is: the content folder, its speaker and the day; and how the commands speak."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from plugins.clock import site_date
from plugins.keys import Surroundings
from plugins.problems import shown
from plugins.sharing.networks import NETWORKS
from plugins.speaker import load_speaker
from plugins.text import CONTROL

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

    from plugins.speaker import Speaker


class RefusedError(Exception):
    """What was asked for cannot be done, and nothing was changed; `str()` says why, and what to write instead."""

    exitcode = 1


class Desk(NamedTuple):
    """The project in `root`, its content folder, who speaks, and the day it is where the speaker lives."""

    root: Path
    content: Path
    speaker: Speaker
    today: dt.date

    @property
    def host(self) -> str:
        """The name of the site's computer, without a port."""
        return str(urlsplit(self.speaker.site).hostname)

    def around(self) -> Surroundings:
        """Give what reading a line of front matter may depend on."""
        return Surroundings(ZoneInfo(self.speaker.timezone), self.speaker.language, self.today, is_post=True)

    def shown(self, path: Path) -> str:
        """Give a path for people: from the project where it lies inside it."""
        return shown(path, self.root)


def desk(root: Path, content: Path) -> Desk:
    """Give the desk of a content folder. Raises `SiteError` where its speaker.toml is wrong."""
    path = content / "speaker.toml"
    speaker = load_speaker(path, shown(path, root), NETWORKS)
    return Desk(root, content, speaker, site_date(speaker.timezone, os.environ))


def unwritable(text: str) -> bool:
    """Tell whether a text holds what no file of the site can: control characters, or bytes that are not UTF-8."""
    return bool(CONTROL.search(text)) or any("\ud800" <= letter <= "\udfff" for letter in text)


def sentence(words: str) -> str:
    """Give the words as a sentence with its end: a question has one already."""
    return words if words.endswith("?") else f"{words}."


def tell(words: str = "") -> None:
    """Write a line for the author."""
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()

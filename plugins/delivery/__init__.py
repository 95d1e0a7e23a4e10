"""What the theme ships, as readers get it: the style sheet in the page, scripts named by their content, headers."""

from __future__ import annotations

import hashlib
import re
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any
from urllib.parse import urlsplit

from markupsafe import Markup
from pelican.generators import Generator
from pelican.plugins import signals
from pelican.writers import Writer

from plugins import output
from plugins.delivery.policy import headers_file, policy
from plugins.problems import Problem, SiteError, undecodable

if TYPE_CHECKING:
    from pelican import Pelican

_IMPORTED = re.compile(rb'(?<= from "\./)[\w-]+\.js(?=")')


class Assets:
    """The theme's files that pages ask for by name: `asset("lectern.js")` gives its address."""

    def __init__(self, folder: Path, base: str) -> None:
        """Name each script by its content, so that it may be kept for a year.

        Raises `KeyError` for one that another imports and the theme lacks.
        """
        self.files: dict[str, bytes] = {}
        self.urls: dict[str, str] = {}
        # The same bytes from every checkout, whatever its line ends.
        self._sources = {path.name: path.read_bytes().replace(b"\r\n", b"\n") for path in sorted(folder.glob("*.js"))}
        self._base = base
        for name in self._sources:
            self._place(name)

    def _place(self, name: str) -> str:
        """Give the file name under which a script is delivered; what it imports has its own such name already."""
        if name not in self.urls:
            data = _IMPORTED.sub(lambda found: self._place(found[0].decode()).encode(), self._sources[name])
            hashed = f"assets/{Path(name).stem}.{hashlib.sha256(data).hexdigest()[:10]}.js"
            self.files[hashed] = data
            self.urls[name] = f"{self._base}/{hashed}"
        return self.urls[name].rpartition("/")[2]

    def url(self, name: str) -> str:
        """Give the root-relative address of an asset. Raises `KeyError` for one that the theme lacks."""
        return self.urls[name]


def stylesheet(theme: Path, content: Path, shown: str) -> str:
    """Give the theme's style sheet with the owner's after it; `shown` is the content folder in messages.

    Raises `SiteError` where the owner's cannot be read, or would end the element that holds it.
    """
    text = (theme / "static" / "css" / "main.css").read_text("utf-8").strip()
    own = content / "doors" / "style.css"
    if not own.is_file():
        return text
    place = f"{shown}/doors/style.css"
    raw = own.read_bytes()
    wrong = undecodable(raw)
    if wrong:
        raise SiteError([Problem(place, *wrong, "door")])
    added = raw.decode("utf-8-sig")
    if "</" in added:
        line = added.count("\n", 0, added.index("</")) + 1
        raise SiteError([Problem(place, line, "a style sheet cannot hold `</`; take it out", "door")])
    return f"{text}\n{added.strip()}"


class DeliveryGenerator(Generator):  # type: ignore[misc]  # Pelican ships no types
    """Writes the assets and `_headers`."""

    def generate_context(self) -> None:
        """Plan them."""
        settings = self.settings
        self.files = dict(settings["ASSETS"].files)
        if not Path(self.path, "extra", "_headers").is_file():
            types = [(urlsplit(feed.url).path, feed.type) for feed in settings["FEEDS"]]
            self.files["_headers"] = headers_file(settings["CSP"], settings["SITEURL"], types)
        self.context.setdefault("planned_outputs", []).extend((name, f"the theme's {name}") for name in self.files)

    def generate_output(self, _: Any) -> None:
        """Write them."""
        for name, data in self.files.items():
            output.write(self.output_path, name, data)


class LineFeedWriter(Writer):  # type: ignore[misc]  # Pelican ships no types
    """Pelican's writer, whose text files end their lines alike on every system."""

    def _open_w(self, filename: str, encoding: str, override: bool = False) -> IO[str]:  # noqa: FBT001, FBT002
        file = super()._open_w(filename, encoding, override)
        file.reconfigure(newline="\n")
        return file  # type: ignore[no-any-return]


def _offer(pelican: Pelican) -> None:
    settings = pelican.settings
    theme, content = Path(settings["THEME"]), Path(settings["PATH"])
    sheet = stylesheet(theme, content, settings["CONTENT_SHOWN"])
    assets = Assets(theme / "static", settings["SITEURL"])
    settings |= {"ASSETS": assets, "STYLESHEET": Markup(sheet), "CSP": policy(sheet)}  # noqa: S704  ours and the owner's
    settings["JINJA_GLOBALS"]["asset"] = assets.url
    settings["JINJA_FILTERS"]["page_policy"] = partial(policy, sheet)


def _generators(_: Any) -> type[Generator]:
    return DeliveryGenerator


def _writer(_: Any) -> type[Writer]:
    return LineFeedWriter


def register() -> None:
    """Connect to Pelican."""
    signals.initialized.connect(_offer)
    signals.get_generators.connect(_generators)
    signals.get_writer.connect(_writer)

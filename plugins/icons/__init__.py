"""Icons from the one favicon.svg, and the web manifest; a file of that name in content/extra wins."""

from __future__ import annotations

import logging
from importlib.metadata import version
from pathlib import Path
from typing import Any

import msgspec
from pelican.generators import Generator
from pelican.plugins import signals

from plugins import output
from plugins.icons import drawing
from plugins.icons.manifest import manifest
from plugins.kept import kept, prune
from plugins.problems import Problem, warn

_LOG = logging.getLogger(__name__)
_SVG = "favicon.svg"
_KEPT = 5
"""Sets of icons in the cache at the most."""


class IconGenerator(Generator):  # type: ignore[misc]  # Pelican ships no types
    """Writes the favicon where the owner has none, what is drawn from it, and the manifest."""

    def generate_context(self) -> None:
        """Draw them, and plan those that the owner has not made."""
        own = Path(self.path, "extra", _SVG)
        svg = (own if own.is_file() else Path(self.theme, "static", _SVG)).read_bytes().replace(b"\r\n", b"\n")
        files = {_SVG: svg, "site.webmanifest": manifest(self.settings["SPEAKER"])}
        files |= self._drawn(svg, f"{self.settings['CONTENT_SHOWN']}/extra/{_SVG}")
        self.files = {name: data for name, data in files.items() if not Path(self.path, "extra", name).is_file()}
        self.context.setdefault("planned_outputs", []).extend((name, f"the site's {name}") for name in self.files)

    def generate_output(self, _: Any) -> None:
        """Write them."""
        for name, data in self.files.items():
            output.write(self.output_path, name, data)

    def _drawn(self, svg: bytes, shown: str) -> dict[str, bytes]:
        """Give the icons, or report what is wrong with the owner's drawing."""
        cache = Path(self.settings["CACHE_PATH"], "icons")
        parts = [Path(drawing.__file__).read_bytes(), version("typst").encode(), svg]
        try:
            for line, message in drawing.examine(svg):
                warn(_LOG, Problem(shown, line, message, "icon-detail"))
            made = kept(cache, parts, lambda: msgspec.msgpack.encode(drawing.icons(svg)))
        except drawing.UndrawableError as error:
            self.context.setdefault("problems", []).append(Problem(shown, error.line, str(error), "icon"))
            return {}
        prune(cache, _KEPT)
        return msgspec.msgpack.decode(made, type=dict[str, bytes])


def _generators(_: Any) -> type[Generator]:
    return IconGenerator


def register() -> None:
    """Connect to Pelican."""
    signals.get_generators.connect(_generators)

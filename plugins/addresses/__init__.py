"""Addresses for machines: the sitemap and robots.txt."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from pelican.generators import Generator
from pelican.plugins import signals

from plugins import output
from plugins.addresses.sitemap import Place, robots, sitemap

if TYPE_CHECKING:
    from collections.abc import Iterator


class AddressGenerator(Generator):  # type: ignore[misc]  # Pelican ships no types
    """Writes both; the owner's own robots.txt, in content/extra, wins."""

    def generate_context(self) -> None:
        """Plan them."""
        self.own_robots = Path(self.path, "extra", "robots.txt").is_file()
        planned = self.context.setdefault("planned_outputs", [])
        planned.append(("sitemap.xml", "the sitemap"))
        if not self.own_robots:
            planned.append(("robots.txt", "robots.txt"))

    def generate_output(self, _: Any) -> None:
        """Write them."""
        speaker = self.settings["SPEAKER"]
        output.write(self.output_path, "sitemap.xml", sitemap(self._places()))
        if not self.own_robots:
            output.write(self.output_path, "robots.txt", robots(speaker.absolute("sitemap.xml")))

    def _places(self) -> Iterator[Place]:
        """Yield home, posts (newest first), pages and other rooms' sheets; home changes with its newest post."""
        speaker = self.settings["SPEAKER"]
        articles = self.context["articles"]
        changed = max((_changed(article) for article in articles), default=None)
        yield Place(f"{speaker.root}/", changed)
        for article in articles:
            yield Place(speaker.absolute(article.url), _changed(article))
        for page in self.context["pages"]:
            modified = getattr(page, "modified", getattr(page, "date", None))
            yield Place(speaker.absolute(page.url), modified.date().isoformat() if modified else None)
        for url, day in sorted(self.context.get("places", ())):
            yield Place(speaker.absolute(url), day)


def _changed(article: Any) -> str:
    return str(article.updated.date().isoformat())


def _generators(_: Any) -> type[Generator]:
    return AddressGenerator


def register() -> None:
    """Connect to Pelican."""
    signals.get_generators.connect(_generators)

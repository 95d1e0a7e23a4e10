"""Search: an index made by Pagefind, and the page that asks it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from pelican.generators import Generator
from pelican.plugins import signals

from plugins import output
from plugins.kept import prune
from plugins.search import indexing
from plugins.search.records import record_of
from plugins.sheets import Sheet, plan

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pelican.writers import Writer

FOLDER = "pagefind"
_KEPT = 8
_NOT_FOUND = {"not_found", "subscribe"}


class SearchGenerator(Generator):  # type: ignore[misc]  # Pelican ships no types
    """Draws the page, and makes the index; in a preview only what `serve` makes one from when somebody searches."""

    def generate_context(self) -> None:
        """Plan the page."""
        words, speaker = self.settings["WORDS"], self.settings["SPEAKER"]
        description = words.say("search_description", speaker=speaker.name)
        self.sheet = plan(self.context, Sheet("search/", words.say("search_title"), description))

    def generate_output(self, writer: Writer) -> None:
        """Write both."""
        sheet = self.sheet
        writer.write_file(sheet.save_as, self.get_template("search"), self.context, sheet=sheet, url=sheet.url)
        long_date = self.settings["WORDS"].long_date
        found = (record_of(content, long_date) for content in self._contents())
        records = indexing.packed(self.settings["SPEAKER"].language, found)
        if self.settings["PREVIEW"]:
            output.write(self.output_path, f"{FOLDER}/{indexing.RECORDS}", records)
            return
        cache = Path(self.settings["CACHE_PATH"], "search")
        for name, data in indexing.index(records, cache).items():
            output.write(self.output_path, f"{FOLDER}/{name}", data)
        prune(cache, _KEPT)

    def _contents(self) -> Iterator[Any]:
        """Yield what is listed: posts, talks and pages, and in a preview the drafts."""
        context = self.context
        yield from context["articles"]
        yield from context["talks"]
        yield from (page for page in context["pages"] if page.template not in _NOT_FOUND)
        if self.settings["PREVIEW"]:
            yield from context["drafts"]


def _generators(_: Any) -> type[Generator]:
    return SearchGenerator


def register() -> None:
    """Connect to Pelican."""
    signals.get_generators.connect(_generators)

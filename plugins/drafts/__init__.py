"""Drafts and what waits for its day, in the preview: a word on each of their pages, and a list of them all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pelican.generators import Generator
from pelican.plugins import signals

from plugins.drafts.unseen import shelves, unseen
from plugins.sheets import Sheet

if TYPE_CHECKING:
    from pelican import Pelican
    from pelican.writers import Writer


class DraftGenerator(Generator):  # type: ignore[misc]  # Pelican ships no types
    """Draws the list, in a preview only."""

    def generate_context(self) -> None:
        """Plan it: for the checks, and not for the sitemap."""
        words = self.settings["WORDS"]
        said = words.say("unseen_title"), words.say("unseen_description")
        self.sheet = Sheet("drafts/", *said, status="draft")
        if self.settings["PREVIEW"]:
            planned = self.context.setdefault("planned_outputs", [])
            planned.append((self.sheet.save_as, "the preview's list of drafts"))

    def generate_output(self, writer: Writer) -> None:
        """Write it."""
        sheet = self.sheet
        if self.settings["PREVIEW"]:
            writer.write_file(sheet.save_as, self.get_template("drafts"), self.context, sheet=sheet, url=sheet.url)


def _offer(pelican: Pelican) -> None:
    pelican.settings["JINJA_FILTERS"]["unseen"] = unseen


def _gather(generators: list[Generator]) -> None:
    """Put the list into the context, None where nothing of it is drawn."""
    context, preview = generators[0].context, generators[0].settings["PREVIEW"]
    context["unseen"] = shelves(filter(None, context["generated_content"].values())) if preview else None


def _generators(_: Any) -> type[Generator]:
    return DraftGenerator


def register() -> None:
    """Connect to Pelican."""
    signals.initialized.connect(_offer)
    signals.all_generators_finalized.connect(_gather)
    signals.get_generators.connect(_generators)

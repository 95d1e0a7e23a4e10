"""The organiser's kit: texts, pictures, the introduction, a sheet for each talk, and all of it in one file."""

from __future__ import annotations

import logging
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pelican.generators import Generator
from pelican.plugins import signals

from plugins import output
from plugins.blocks import Block
from plugins.fonts import Fonts
from plugins.kept import prune
from plugins.kit import bios, contents
from plugins.kit.collecting import Collector, Desk
from plugins.problems import warn
from plugins.sheets import plan

if TYPE_CHECKING:
    from pelican import Pelican
    from pelican.writers import Writer

    from plugins.kit.values import Kit

_LOG = logging.getLogger(__name__)
_KEPT = 300
"""Made files in the cache at the most."""


class KitGenerator(Generator):  # type: ignore[misc]  # Pelican ships no types
    """Draws the kit's page and the introduction's, and writes the files."""

    def generate_context(self) -> None:
        """Let templates ask for a kit, even where there will be none."""
        self.context.setdefault("kit", None)

    def generate_output(self, writer: Writer) -> None:
        """Write them."""
        kit = self.context["kit"]
        if kit is None:
            return
        for template, sheet in self.context["kit_pages"]:
            writer.write_file(sheet.save_as, self.get_template(template), self.context, sheet=sheet, url=sheet.url)
        for name, data in kit.files.items():
            output.write(self.output_path, name, data)


class _Offers:
    """The filters `talk|one_sheets`, `kit|spoken`, `kit|on_stage` and `bytes|file_size`, for the build in hand."""

    def __init__(self, settings: dict[str, Any]) -> None:
        self.speaker, self.words = settings["SPEAKER"], settings["WORDS"]
        self.sheets: dict[str, tuple[tuple[str, str], ...]] = {}

    def one_sheets(self, talk: Any) -> tuple[tuple[str, str], ...]:
        """Give label and address below the site's root of each sheet that a talk has."""
        return tuple((self.words.say(f"paper_{paper}"), url) for paper, url in self.sheets.get(talk.slug, ()))

    def spoken(self, kit: Kit) -> str:
        """Give the introduction in plain text."""
        return contents.spoken(kit, self.speaker, self.words)

    def on_stage(self, kit: Kit) -> str:
        """Give what is needed on stage in plain text."""
        return contents.on_stage(kit, self.speaker)

    def file_size(self, count: int) -> str:
        """Give a number of bytes as readers expect it."""
        return contents.file_size(count, self.words)


def _offer(pelican: Pelican) -> None:
    settings = pelican.settings
    offers = settings["KIT_OFFERS"] = _Offers(settings)
    names = ("one_sheets", "spoken", "on_stage", "file_size")
    settings["JINJA_FILTERS"] |= {name: getattr(offers, name) for name in names}
    settings["BLOCKS"]["bio"] = Block(("length",), partial(bios.block, speaker=settings["SPEAKER"]))


def _collect(generator: Any) -> None:
    """Make the kit: Pelican's last generator has read its files, the checks have not begun."""
    settings, context = generator.settings, generator.context
    speaker, words, theme = settings["SPEAKER"], settings["WORDS"], Path(settings["THEME"])
    cache = Path(settings["CACHE_PATH"], "kit")
    content = Path(settings["PATH"])
    fonts = Fonts(theme / "fonts", Path(settings["CACHE_PATH"], "fonts"))
    shown, template = settings["CONTENT_SHOWN"], theme / "one-sheet.typ"
    desk = Desk(speaker, settings["SITE_DATE"], words, content, shown, template, cache, fonts)
    collector = Collector(desk, context.get("talks", ()))
    kit = collector.kit()
    prune(cache, _KEPT)
    context.setdefault("problems", []).extend(collector.problems)
    for warning in collector.warnings:
        warn(_LOG, warning)
    if kit is None or collector.problems:
        return
    kit = contents.packed(kit, speaker, words)
    settings["KIT_OFFERS"].sheets |= kit.sheets
    context["kit"] = kit
    context["kit_pages"] = [(name, plan(context, sheet)) for name, sheet in contents.pages(kit, speaker, words)]
    planned = context.setdefault("planned_outputs", [])
    planned += [(name, f"the kit's {name.removeprefix('kit/')}") for name in kit.files]


def _generators(_: Any) -> type[Generator]:
    return KitGenerator


def register() -> None:
    """Connect to Pelican."""
    signals.initialized.connect(_offer)
    signals.static_generator_finalized.connect(_collect)
    signals.get_generators.connect(_generators)

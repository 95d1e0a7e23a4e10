"""Draws a card: set by Typst in the theme's fonts, in sixteen colours, the same bytes on every machine."""

from __future__ import annotations

import io
import json
from functools import cached_property
from typing import TYPE_CHECKING, Any

from plugins.cards import png

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

MOST = 60_000
"""Bytes of a card at the most."""
_PAPER, _INK, _ACCENT = (0xF7, 0xF3, 0xEA), (0x1E, 0x1A, 0x15), (0x1C, 0x3C, 0x8C)


def _between(one: tuple[int, ...], other: tuple[int, ...], part: int, parts: int) -> tuple[int, int, int]:
    red, green, blue = (a + (b - a) * part // parts for a, b in zip(one, other, strict=True))
    return red, green, blue


def _palette(inks: int, accents: int) -> list[tuple[int, int, int]]:
    """Give paper, so many steps to ink and so many to the accent: what the edges of letters are drawn in."""
    steps = [_between(_PAPER, _INK, step, inks) for step in range(1, inks + 1)]
    return [_PAPER, *steps, *(_between(_PAPER, _ACCENT, step, accents) for step in range(1, accents + 1))]


_PALETTES = (_palette(11, 4), _palette(5, 2), _palette(2, 1))
"""Fewer colours where a title of very many strokes would be too large a file otherwise."""


class Draughtsman:
    """Draws cards with one template and one folder of fonts."""

    def __init__(self, template: bytes, fonts: Path) -> None:
        """Know both; the fonts are read for the first card."""
        self.template, self.fonts = template, fonts

    @cached_property
    def _compiler(self) -> Any:
        import typst  # slow to import

        return typst.Compiler(font_paths=[str(self.fonts)], ignore_system_fonts=True)

    def drawn(self, data: Mapping[str, object]) -> bytes:
        """Give the PNG of a card."""
        inputs = {"data": json.dumps(data, ensure_ascii=False)}
        picture = self._compiler.compile(input=self.template, format="png", ppi=72, sys_inputs=inputs)
        made = (reduced(picture, palette) for palette in _PALETTES)
        return next((data for data in made if len(data) <= MOST), None) or reduced(picture, _PALETTES[-1])


def reduced(picture: bytes, palette: list[tuple[int, int, int]]) -> bytes:
    """Give a picture again as a PNG of at most sixteen colours, each pixel in the nearest of them."""
    from PIL import Image, ImageChops  # slow to import

    colours = Image.new("P", (1, 1))
    colours.putpalette([part for colour in palette for part in colour])
    with Image.open(io.BytesIO(picture)) as opened:
        few = opened.convert("RGB").quantize(palette=colours, dither=Image.Dither.NONE)
    width, height = few.size
    packed = Image.frombytes("L", (width // 2, height), few.tobytes("raw", "P;4"))
    above = Image.new("L", packed.size)
    above.paste(packed, (0, 1))
    rows = Image.new("L", (width // 2 + 1, height), 2)  # the filter "up" before every row
    rows.paste(ImageChops.subtract_modulo(packed, above), (1, 0))
    return png.encoded(rows.tobytes(), (width, height), palette)

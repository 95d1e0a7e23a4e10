"""A QR code as a drawing: dark modules as strokes on a square, for an SVG of the theme's."""

from __future__ import annotations

from itertools import groupby
from typing import NamedTuple

_QUIET = 4
"""Modules of empty space that a reader needs on every side (ISO/IEC 18004, section 6.3.8)."""


class Code(NamedTuple):
    """`size` is the side of the square in modules, with its quiet zone; `path` draws the dark ones, one unit thick."""

    size: int
    path: str


def qr_code(address: str) -> Code:
    """Give the smallest code that survives a scratch (level M, or better where it costs nothing)."""
    import segno  # slow to import

    code = segno.make_qr(address, error="m")
    rows = list(code.matrix_iter(border=_QUIET))
    strokes = []
    for y, row in enumerate(rows):
        x = 0
        for dark, modules in groupby(row):
            length = len(list(modules))
            if dark:
                strokes.append(f"M{x} {y}.5h{length}")
            x += length
    return Code(len(rows), "".join(strokes))

"""What networks show of a picture that was named for shared links: a JPEG or PNG, large, broad and light enough."""

from __future__ import annotations

import io
import math
from typing import TYPE_CHECKING, NamedTuple

from plugins.images.raster import decoding, is_moving, opened, upright
from plugins.pictures import on_paper, published_size, upright_size

if TYPE_CHECKING:
    from PIL.Image import Image

SMALLEST = (600, 315)
"""Pixels below which Facebook shows no large picture (developers.facebook.com, "Images in Link Shares")."""
LEAST = 200
"""Pixels across and down below which it shows none; so small a picture isn't put on a sheet either."""
_LARGEST = (1200, 1500)
_WIDEST, _TALLEST = 3, 0.5
"""Parts of the height: what is beyond is cut to a strip by all."""
_MOST_BYTES = 5_000_000
"""X and LinkedIn take no more."""
_MOST_DRAWN = 1_000_000
_COLOURS = 4096  # a picture of fewer is drawn, not photographed
_DEPTH = slice(24, 25)  # of a PNG: bits of a figure (W3C, section 11.2.1)
PAPER = "#f7f3ea"
_TYPES = {"JPEG": "image/jpeg", "MPO": "image/jpeg", "PNG": "image/png"}
"""Of the formats that all networks show."""


class Shareable(NamedTuple):
    """A picture for networks; without `data` the author's own will do, with `wrong` none can be made, and why."""

    kind: str = ""
    width: int = 0
    height: int = 0
    data: bytes = b""
    wrong: str = ""


def shareable(original: bytes, kind: str) -> Shareable:
    """Return what networks show of a picture, on paper where it is see-through, small or long; the same bytes always.

    `kind` is the media type with which the original is sent. Raises `PictureError`.
    """
    with decoding():
        picture = opened(original)
        picture.load()
        width, height = upright_size(picture)
        if min(width, height) < LEAST:
            advice = f"networks show none below {LEAST}×{LEAST}; save it larger, 1200×630 is best"
            return Shareable(wrong=f"is {width}×{height} pixels, and {advice}")
        if _TYPES.get(picture.format or "") == kind and _will_do(original, picture):
            return Shareable()
        sheet = _sheet(on_paper(upright(picture, _LARGEST[0]), PAPER))
        drawn = sheet.getcolors(_COLOURS) is not None
        kind, data = "PNG", _saved(sheet, "PNG", optimize=True) if drawn else b""
        if not 0 < len(data) <= _MOST_DRAWN:
            kind, data = "JPEG", _saved(sheet, "JPEG", quality=85, optimize=True, progressive=True)
        return Shareable(kind, *sheet.size, data)


def _will_do(original: bytes, picture: Image) -> bool:
    width, height = published_size(picture)
    return (
        not is_moving(picture)
        and len(original) <= _MOST_BYTES
        and width >= SMALLEST[0]
        and height >= SMALLEST[1]
        and _TALLEST <= width / height <= _WIDEST
        and not (picture.format == "PNG" and original[_DEPTH] == b"\x10")
        and not _is_see_through(picture)
    )


def _is_see_through(picture: Image) -> bool:
    if picture.mode not in {"RGBA", "LA", "PA"} and "transparency" not in picture.info:
        return False
    return bool(picture.convert("RGBA").getchannel("A").getextrema() != (255, 255))


def _sheet(picture: Image) -> Image:
    """Return the picture on a sheet of paper as large and as wide as networks want it, if it isn't by itself."""
    from PIL import Image

    picture.thumbnail(_LARGEST, Image.Resampling.LANCZOS)
    width, height = max(picture.width, SMALLEST[0]), max(picture.height, SMALLEST[1])
    size = max(width, math.ceil(height * _TALLEST)), max(height, math.ceil(width / _WIDEST))
    if size == picture.size:
        return picture
    sheet = Image.new("RGB", size, PAPER)
    sheet.paste(picture, ((size[0] - picture.width) // 2, (size[1] - picture.height) // 2))
    return sheet


def _saved(picture: Image, kind: str, **options: object) -> bytes:
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()

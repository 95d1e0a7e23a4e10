"""A picture in the formats and widths that readers' browsers choose from."""

from __future__ import annotations

import hashlib
import io
from typing import TYPE_CHECKING, Any, NamedTuple

from plugins.images.raster import decoding, opened, upright

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from PIL.Image import Image

COLUMN = 630
"""CSS pixels of the text column at its widest: `--measure` at the largest text, in the theme's style sheet."""
SIZES = "(min-width: 44em) 39.4em, 90vw"
"""How wide the column is, as the style sheet has it; here an em is the reader's own text size."""
WIDTHS = (720, 1080, 1280)
"""A phone's 351 CSS pixels twice and three times, which is a desktop's column once; and that column twice."""
FEWEST_BYTES = 12_000
"""A smaller file is not worth a choice: in the page it would cost half a kilobyte to offer."""
_HIGHEST = 16_383  # WebP (RFC 9649, section 2.7.1): 14 bits
_COLOURS = 4096  # a picture of fewer is drawn, not photographed
TYPES = {"AVIF": "image/avif", "WEBP": "image/webp"}
"""The formats, in the order in which browsers are to look at them."""


class Variant(NamedTuple):
    """A picture in one width: the bytes' number and name, which is a hash of them."""

    width: int
    size: int
    digest: str


class Encoded(NamedTuple):
    """A picture in one format: its widths, ascending, with their bytes."""

    variants: tuple[Variant, ...]
    data: tuple[bytes, ...]


def widths(width: int) -> tuple[int, ...]:
    """Give the widths in which a picture of so many pixels is sent: never wider, and none twice almost."""
    most = min(width, WIDTHS[-1])
    return (*(each for each in WIDTHS if each <= most * 0.9), most)


def encoded(original: bytes, kind: str) -> Encoded:
    """Make a picture in all widths of one format, the same bytes on any number of cores. Raises `PictureError`."""
    with decoding():
        largest = upright(opened(original), WIDTHS[-1])
    drawn = largest.getcolors(_COLOURS) is not None
    made = [_saved(largest, width, kind, drawn=drawn) for width in widths(largest.width) if _fits(largest, width)]
    variants = (Variant(width, len(data), hashlib.sha256(data).hexdigest()[:10]) for width, data in made)
    return Encoded(tuple(variants), tuple(data for _, data in made))


def _fits(picture: Image, width: int) -> bool:
    return picture.height * width / picture.width <= _HIGHEST


def _saved(largest: Image, width: int, kind: str, *, drawn: bool) -> tuple[int, bytes]:
    from PIL import Image

    size = (width, max(1, round(largest.height * width / largest.width)))
    picture = largest if size == largest.size else largest.resize(size, Image.Resampling.LANCZOS)
    options: dict[str, Any] = {"quality": 75, "method": 4}
    if kind == "AVIF":
        # One thread: the bytes change with their number. Drawn lines need every pixel's own colour.
        options = {"quality": 50, "speed": 6, "max_threads": 1, "codec": "aom"}
        options["subsampling"] = "4:4:4" if drawn else "4:2:0"
    elif drawn:
        options = {"lossless": True, "quality": 75, "method": 4}
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return width, file.getvalue()


def offered(made: Iterable[tuple[str, Sequence[Variant]]], fallback: int) -> dict[str, tuple[Variant, ...]]:
    """Give the formats worth offering: each smaller than whatever a browser takes without it, `fallback` bytes at last.

    A narrower picture that is no smaller than a wider one is left out.
    """
    worth: dict[str, tuple[Variant, ...]] = {}
    for kind, variants in reversed(list(made)):
        smaller: list[Variant] = []
        for variant in reversed(variants):
            if not smaller or variant.size < smaller[0].size:
                smaller.insert(0, variant)
        if smaller and smaller[-1].size < fallback:
            worth = {kind: tuple(smaller), **worth}
            fallback = smaller[-1].size
    return worth

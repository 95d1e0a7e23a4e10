"""What stands at a picture's own address: feeds, shared links and links to it lead there."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, NamedTuple

from plugins.images.containers import stripped
from plugins.images.raster import PictureError, decoding, has_other_colours, is_moving, opened, upright
from plugins.pictures import WIDEST, orientation, published_size

if TYPE_CHECKING:
    from PIL.Image import Image

_SAVED: dict[str, dict[str, object]] = {
    "JPEG": {"quality": 85, "optimize": True, "progressive": True},
    "PNG": {"optimize": True},
    "WEBP": {"quality": 85, "method": 4},
    "AVIF": {"quality": 75, "speed": 6, "max_threads": 1, "codec": "aom"},  # bytes change with the number of threads
}


class Published(NamedTuple):
    """A picture's bytes, its size in CSS pixels, and whether it `stays` as it is: moving ones and drawings do.

    `width` is 0 for a drawing that has a shape but no size; `height` is then its part of the width.
    """

    data: bytes
    width: float
    height: float
    stays: bool


def published(original: bytes) -> Published:
    """Give the picture upright, in sRGB, at most `WIDEST` pixels wide, and without what else a camera wrote.

    Where turning, colours and size are right already, no pixel changes. Raises `PictureError`.
    """
    with decoding():
        picture = opened(original)
        picture.load()  # before anything is asked of it: notes can stand at a file's end
        kind = "JPEG" if picture.format == "MPO" else str(picture.format)
        width, height = published_size(picture)
        if is_moving(picture) or kind == "GIF":
            return Published(_moving(original, picture), width, height, stays=is_moving(picture))
        right = picture.width <= WIDEST and orientation(picture) == 1 and not has_other_colours(picture)
        data = _cut(original, kind) if right else None
        if data is None:
            file = io.BytesIO()
            upright(picture, width).save(file, kind, **_SAVED[kind])
            data = file.getvalue()
        return Published(data, width, height, stays=False)


def _moving(original: bytes, picture: Image) -> bytes:
    if picture.format != "AVIF":
        return stripped(original, str(picture.format), profile=True)
    if picture.info.keys() & {"exif", "xmp"}:
        raise PictureError("moves, and holds notes such as a place that cannot be cut out of AVIF; save it as WebP")
    return original


def _cut(original: bytes, kind: str) -> bytes | None:
    try:
        return stripped(original, kind)
    except ValueError:
        return None

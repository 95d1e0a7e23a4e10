"""A photograph or drawing, opened safely: upright, in the colours that every screen takes, with nothing else in it."""

from __future__ import annotations

import io
from contextlib import contextmanager
from typing import TYPE_CHECKING

from plugins.icc import profile_of
from plugins.pictures import in_srgb, orientation, resizable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PIL.Image import Image

MOST_PIXELS = 50_000_000
"""More than the largest photograph of an ordinary phone; decoded they take three or four bytes each."""
MOST_BYTES = 40_000_000
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "AVIF")
_HEIF = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
_HEIC = (
    "is a HEIC file, which browsers don't show; open it on a Mac in Preview and export it as JPEG, or let the iPhone "
    "take JPEG: Settings, Camera, Formats, Most Compatible"
)


class PictureError(Exception):
    """A picture that cannot be published; its text goes on after the file's name and says what to do instead."""


@contextmanager
def decoding() -> Iterator[None]:
    """Raise `PictureError` where a file ends too early, or holds what cannot be decoded."""
    try:
        yield
    except PictureError:
        raise
    except Exception as error:  # each decoder has errors of its own
        raise PictureError("is broken: it cannot be read to its end; save it anew") from error


def opened(data: bytes) -> Image:
    """Give the picture as it stands in the file, its size looked at and nothing decoded. Raises `PictureError`."""
    from PIL import Image, UnidentifiedImageError  # slow to import: only where there is something to make

    if data[4:8] == b"ftyp" and data[8:12] in _HEIF and b"avif" not in data[8:64]:
        raise PictureError(_HEIC)
    if len(data) > MOST_BYTES:
        raise PictureError(f"has {len(data) // 1_000_000} MB; save it smaller, 2,000 pixels wide is enough")
    try:
        picture = Image.open(io.BytesIO(data), formats=_FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise PictureError(_too_large("")) from None
    except UnidentifiedImageError:
        raise PictureError("is no picture that browsers show; save it anew, photos as JPEG, drawings as PNG") from None
    except (OSError, ValueError, SyntaxError, EOFError) as error:
        raise PictureError("cannot be read; save it anew") from error
    if picture.width * picture.height > MOST_PIXELS:
        raise PictureError(_too_large(f"is {picture.width}×{picture.height} pixels large, and "))
    return picture


def _too_large(size: str) -> str:
    return f"{size}has more than {MOST_PIXELS // 1_000_000} million pixels; save it smaller, 2,000 wide is enough"


def is_moving(picture: Image) -> bool:
    """Tell whether there is more than one frame; the second picture in some phones' JPEG is none."""
    return getattr(picture, "n_frames", 1) > 1 and picture.format not in {"JPEG", "MPO"}


def has_other_colours(picture: Image) -> bool:
    """Tell whether the figures mean other colours than those of sRGB, which is meant where a file says nothing."""
    return picture.mode == "CMYK" or profile_of(picture) is not None


def upright(picture: Image, width: int) -> Image:
    """Give the picture turned as it was seen, at most so many pixels wide, in sRGB: RGB, RGBA or L, and no metadata.

    One thread computes, so the pixels are the same on any number of cores.
    """
    from PIL import Image, ImageOps

    if picture.format in {"JPEG", "MPO"} and picture.mode in {"L", "RGB"}:
        picture.draft(picture.mode, (width * 2, width * 2))  # decodes half or quarter the size, which is far quicker
    profile = profile_of(picture)
    plain = resizable(ImageOps.exif_transpose(picture) if orientation(picture) > 1 else picture)
    if plain.width > width:
        height = max(1, round(plain.height * width / plain.width))
        plain = plain.resize((width, height), Image.Resampling.LANCZOS)
    return in_srgb(plain, profile)

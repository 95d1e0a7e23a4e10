"""One photograph in the sizes that organisers ask for: square and portrait, for the web and for print."""

from __future__ import annotations

import io
import warnings
from typing import TYPE_CHECKING, NamedTuple

from plugins.icc import profile_of
from plugins.pictures import in_srgb, on_paper, resizable, upright_size

if TYPE_CHECKING:
    from PIL.Image import Image

WEB = 800
"""Pixels across, of pictures for the web."""
PRINT = 2400
"""Pixels across at the most, of pictures for print: 20 cm at 300 dots an inch."""
LEAST = (WEB, 1000)
"""Pixels of the smallest original: a portrait for the web is cut out of it."""
_MOST = 150_000_000  # pixels; decoded they take three bytes each
SHAPES = {"square": (1, 1), "portrait": (4, 5)}
_FORMATS = ("JPEG", "PNG", "WEBP", "TIFF")
_THUMBNAIL = 400  # for the one-sheets: 20 mm at more than 400 dots an inch
_ON_PAGES = (240, 480)  # the margin is 189 CSS pixels wide at most; screens of three dots a pixel take that for the web
_WANTED = (
    *((shape, use, width) for shape in SHAPES for use, width in (("web", WEB), ("print", PRINT))),
    *(("square", "page", width) for width in _ON_PAGES),
    ("square", "sheet", _THUMBNAIL),
)
_HEIF = (b"ftyphei", b"ftyphev", b"ftypmif1", b"ftypmsf1", b"ftypavif")


class Picture(NamedTuple):
    """A JPEG: its shape (square or portrait), its use (web, print, page or sheet), pixels, and its bytes."""

    shape: str
    use: str
    width: int
    height: int
    data: bytes


class PictureError(Exception):
    """A photograph that nothing can be made from; its text says what to do instead."""


def headshots(original: bytes, focus: tuple[float, float]) -> tuple[Picture, ...]:
    """Make all sizes, and last a small square one (`sheet`), from the bytes of the original.

    `focus` is what stays in the middle, as parts of width and height. Nothing is ever enlarged. What a camera wrote
    into the file besides the picture, the place among it, is left out. One thread computes in whole numbers, so the
    bytes are the same on every machine. Raises `PictureError`.
    """
    try:
        picture = _upright(original)
        return tuple(_cut(picture, focus, *wanted) for wanted in _WANTED)
    except (OSError, ValueError, SyntaxError, MemoryError) as error:
        raise PictureError("cannot be read to its end; save it anew as JPEG") from error


def _upright(original: bytes) -> Image:
    """Open the original, check its size, and turn it as the camera was held."""
    from PIL import Image, ImageOps, UnidentifiedImageError  # slow to import

    if any(original[4:12].startswith(brand) for brand in _HEIF):
        raise PictureError("is HEIC or AVIF, which few programs read; export it as JPEG")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # the size is looked at below
            picture = Image.open(io.BytesIO(original), formats=_FORMATS)
    except Image.DecompressionBombError:
        raise _too_large() from None
    except UnidentifiedImageError:
        raise PictureError("is no JPEG, PNG, WebP or TIFF; save it anew as JPEG") from None
    except (OSError, ValueError, SyntaxError) as error:
        raise PictureError("cannot be read; save it anew as JPEG") from error
    if picture.width * picture.height > _MOST:
        raise _too_large()
    width, height = upright_size(picture)
    if width < LEAST[0] or height < LEAST[1]:
        needed = f"{LEAST[0]}×{LEAST[1]}"
        raise PictureError(f"is {width}×{height} pixels; take one of at least {needed}, for print three times that")
    try:
        plain = resizable(ImageOps.exif_transpose(picture))
    except ValueError:
        message = f"has colours of an unusual kind ({picture.mode}); save it as an ordinary JPEG"
        raise PictureError(message) from None
    plain.info["icc_profile"] = profile_of(picture)
    return plain


def _too_large() -> PictureError:
    return PictureError(f"has more than {_MOST // 1_000_000} million pixels; save it smaller, {PRINT} wide is enough")


def _cut(picture: Image, focus: tuple[float, float], shape: str, use: str, width: int) -> Picture:
    from PIL import Image

    across, down = SHAPES[shape]
    whole = min(picture.width // across, picture.height // down)
    box = _box(picture.size, (whole * across, whole * down), focus)
    width = min(width // across, whole) * across
    size = (width, width * down // across)
    small = _srgb(picture.resize(size, Image.Resampling.LANCZOS, box=box), picture.info["icc_profile"])
    file = io.BytesIO()
    quality, density = (90, (300, 300)) if use == "print" else (82, (72, 72))
    small.save(file, "JPEG", quality=quality, optimize=True, progressive=True, subsampling="4:2:0", dpi=density)
    return Picture(shape, use, *size, file.getvalue())


def _box(size: tuple[int, int], cut: tuple[int, int], focus: tuple[float, float]) -> tuple[int, int, int, int]:
    """Give left, top, right and bottom of a cut that has the focus in its middle, as far as the picture goes."""
    left, top = (
        max(0, min(whole - part, round(whole * at - part / 2)))
        for whole, part, at in zip(size, cut, focus, strict=True)
    )
    return left, top, left + cut[0], top + cut[1]


def _srgb(picture: Image, profile: bytes | None) -> Image:
    """Return the colours as every screen takes them where a file says nothing; what is see-through lies on white."""
    return on_paper(in_srgb(picture, profile), "white").convert("RGB")

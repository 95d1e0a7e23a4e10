"""Pictures: how large one is, and which stands for a post elsewhere."""

from __future__ import annotations

import html
import io
import posixpath
import re
from contextlib import suppress
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote, unquote

from plugins import names
from plugins.icc import GREYS
from plugins.problems import Edit

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    from PIL.Image import Image

WIDEST = 2000
"""Pixels across, at the most, of a picture at its own address."""
_ORIENTATION, _ON_THEIR_SIDE = 0x0112, range(5, 9)  # EXIF 2.3
_MODES = frozenset("1 L LA La P PA RGB RGBA RGBa RGBX CMYK YCbCr".split())
_UNSEEN = ".avif"  # of what browsers show, this alone is shown neither by Pinterest nor by all readers of feeds
_IMG = re.compile(r"<img\b(?:[^>\"]|\"[^\"]*\")*>")
_ATTRIBUTE = re.compile(r"\b(src|alt)=\"([^\"]*)\"")


class Picture(NamedTuple):
    """A picture's percent-encoded address below the site's root, and its text for those who don't see it.

    `size` is in pixels, where the file isn't the author's.
    """

    url: str
    alt: str
    size: tuple[int, int] | None = None


def size_of(path: Path) -> tuple[int, int] | None:
    """Give a picture's size in pixels as published, None for SVG. Raises `OSError` or `ValueError` for a broken one."""
    if path.suffix.lower() == ".svg":
        return None
    from PIL import Image  # slow to import: only where there are pictures

    with Image.open(path) as picture:
        return published_size(picture)


def published_size(picture: Image) -> tuple[int, int]:
    """Give the size in pixels that a picture has once it is turned as it was seen and no wider than `WIDEST`."""
    width, height = upright_size(picture)
    moving = picture.format == "GIF" or (getattr(picture, "n_frames", 1) > 1 and picture.format != "MPO")
    if width <= WIDEST or moving:
        return width, height
    return WIDEST, max(1, round(height * WIDEST / width))


def upright_size(picture: Image) -> tuple[int, int]:
    """Give the size in pixels of a picture once it is turned as it was seen."""
    width, height = picture.size
    return (height, width) if orientation(picture) in _ON_THEIR_SIDE else (width, height)


def orientation(picture: Image) -> int:
    """Give how the camera was held, from 1, which is upright, to 8 (EXIF 2.3); 1 where its notes cannot be read."""
    try:
        found = picture.getexif().get(_ORIENTATION, 1)
    except Exception:  # noqa: BLE001  whatever a library makes of odd notes: a browser shows the picture all the same
        return 1
    return found if found in range(1, 9) else 1


def resizable(picture: Image) -> Image:
    """Return a picture in a mode that can be made smaller, its figures as they were: L, LA, RGB, RGBA or CMYK.

    Raises `ValueError` for a picture of another kind, such as LAB.
    """
    from PIL import Image

    mode = picture.mode
    if mode.startswith("I;16"):
        # Of two bytes the upper one; PIL would cut off at 255.
        return Image.frombytes("L", picture.size, picture.tobytes()[0 if mode.endswith("B") else 1 :: 2])
    if mode not in _MODES:
        raise ValueError(mode)
    clear = mode in {"LA", "La", "PA", "RGBA", "RGBa"} or "transparency" in picture.info
    if mode == "CMYK":
        return picture.copy()
    if mode.startswith(GREYS):
        return picture.convert("LA" if clear else "L")
    return picture.convert("RGBA" if clear else "RGB")


def in_srgb(picture: Image, profile: bytes | None) -> Image:
    """Return a picture in the colours that every screen takes where a file says nothing: L, RGB or RGBA, no metadata.

    It comes as `resizable` gives it; `profile` is that of its file.
    """
    from PIL import ImageCms

    clear = picture.mode in {"LA", "RGBA"}
    plain = picture.convert(picture.mode[:-1]) if clear else picture
    if profile:
        theirs, ours = ImageCms.ImageCmsProfile(io.BytesIO(profile)), ImageCms.createProfile("sRGB")
        with suppress(OSError, ImageCms.PyCMSError):  # one that cannot be followed: the figures stand as they are
            plain = ImageCms.profileToProfile(plain, theirs, ours, outputMode="RGB") or plain
    if clear or plain.mode == "CMYK":
        plain = plain.convert("RGB")
    if clear:
        plain.putalpha(picture.getchannel("A"))
    plain.info.clear()
    return plain


def on_paper(picture: Image, colour: str) -> Image:
    """Return a picture as it looks on a sheet of that colour; one that nothing shines through is itself."""
    from PIL import Image

    if picture.mode != "RGBA":
        return picture
    sheet = Image.new("RGB", picture.size, colour)
    sheet.paste(picture, mask=picture.getchannel("A"))
    return sheet


def unnamed(
    written: str, line: int, files: Collection[str], example: str, refused: Mapping[str, str] = MappingProxyType({})
) -> tuple[str, tuple[Edit, ...]]:
    """Return what to write where a head names a picture that is not among the files, with the mend where it is certain.

    `refused` are files whose names cannot be addresses, with names to take instead.
    """
    if written in refused:
        message = f"the name of {written} holds `{names.unfit_character(written)}`, which breaks addresses"
        return f"{message}; rename the file, and write {refused[written]}", ()
    pictures = [name for name in files if name.startswith("images/") and name not in refused]
    meant = names.meant(written, pictures)
    if len(meant.files) == 1:
        advice = f"write {meant.files[0]}"
    elif names.PERHAPS_AUTHORS_COMPUTER.match(written):
        name = names.addressable_name(posixpath.basename(written.replace("\\", "/")))
        advice = f"copy it into content/images as {name}, and write images/{name}"
    else:
        near = meant.files[0] if meant.files else names.nearest(written, pictures)
        advice = f"did you mean {near}?" if near else f"write the path of one, like {example}"
    edits = (Edit(line, written, meant.files[0]),) if len(meant.files) == 1 and meant.sure else ()
    return f"there is no picture {written}; {advice}", edits


def picture_of(content: Any) -> Picture | None:
    """Return the picture named in the front matter, else the first one in the text that networks show, else None.

    Where they don't show it, it is the one that was made of it: the setting `SHARED_PICTURES` has address and size by
    path, and None where there is none.
    """
    made: Mapping[str, tuple[str, tuple[int, int]] | None] = content.settings["SHARED_PICTURES"]
    named = content.metadata.get("image", "").lstrip("/")
    if named:
        url, size = made.get(named, (named, None)) or ("", None)
        return Picture(quote(url), content.metadata.get("image_alt", ""), size) if url else None
    base = content.settings["SITEURL"] + "/"
    for tag in _IMG.findall(content.content) if "<img" in (content._content or "") else ():  # noqa: SLF001  cheap look
        attributes = {name: html.unescape(value) for name, value in _ATTRIBUTE.findall(tag)}
        source = attributes.get("src", "")
        path = unquote(source.removeprefix(base))
        if source.startswith(base) and not path.lower().endswith(".svg") and (path not in made or made[path]):
            url, size = (made.get(path) if path.lower().endswith(_UNSEEN) else None) or (path, None)
            return Picture(quote(url), attributes.get("alt", ""), size)
    return None

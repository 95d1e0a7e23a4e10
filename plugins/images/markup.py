"""Every picture of a text, with its size, and the choice of formats and widths around it."""

from __future__ import annotations

import html
import posixpath
import re
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote, urljoin, urlsplit

from plugins.images.sources import COLUMN, SIZES, TYPES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

# Tags as `plugins.markup` writes them. An author's own <picture> is passed over whole.
_TAG = re.compile(r"<picture\b.*?</picture>|<[a-z](?:[^>\"]|\"[^\"]*\")*>", re.DOTALL)
_ATTRIBUTE = re.compile(r"([^\s=\"]+)(?:=\"([^\"]*)\")?")
_STATIC = re.compile(r"[{|]static[|}](.*)", re.DOTALL)


class Use(NamedTuple):
    """A picture of a text: its address as written, and how often that stood before (from 0).

    With `has_choice` its author has written a `srcset`, which stays as it is.
    """

    source: str
    nth: int
    has_choice: bool


class Shown(NamedTuple):
    """A picture as pages show it: its size in CSS pixels, and by format the address and width of each variant.

    `width` is 0 where the picture takes the column's; `height` is then a part of that.
    """

    width: float
    height: float
    variants: Mapping[str, tuple[tuple[str, int], ...]]


def uses(markup: str) -> Iterator[Use]:
    """Yield the pictures of an HTML fragment in one form, in their order."""
    for found in _TAG.finditer(markup):
        if found[0].startswith("<img"):
            attributes = _attributes(found[0])
            raw = attributes.get("src", "")
            yield Use(html.unescape(raw), markup.count(f'="{raw}"', 0, found.start()), "srcset" in attributes)


def source_path(source: str, page: str, url: str, base: str, places: Mapping[str, str]) -> str | None:
    """Give the path below the content folder of the file that an address means, None where it is none of ours.

    `page` is the text's own path there, `url` its address below `base`, `places` the files by their addresses.
    """
    static = _STATIC.fullmatch(unquote(source))
    if static:
        path = re.split("[#?]", static[1], maxsplit=1)[0]
        folder = posixpath.dirname(page)
        return path[1:] if path.startswith("/") else posixpath.normpath(posixpath.join(folder, path))
    try:
        parts = urlsplit(urljoin(f"{base}/{url}", source))
    except ValueError:
        return None  # the check of links says so
    if parts.scheme or parts.netloc or not parts.path.startswith(f"{base}/"):
        return None
    return places.get(unquote(parts.path.removeprefix(f"{base}/")))


def pictured(markup: str, shown: Callable[[str], Shown | None]) -> str:
    """Give a fragment whose pictures have sizes and choices, where `shown` knows the picture of an address.

    The first one loads at once, the others when they come near.
    """
    first = True

    def replaced(found: re.Match[str]) -> str:
        nonlocal first
        if not found[0].startswith(("<img", "<picture")):
            return found[0]
        eager, first = first, False
        if found[0].startswith("<picture"):
            return found[0]
        attributes = _attributes(found[0])
        picture = shown(html.unescape(attributes.get("src", "")))
        attributes.setdefault("decoding", "async")
        if not eager:
            attributes.setdefault("loading", "lazy")
        if picture is None:
            return _tag("img", attributes)
        _size(attributes, picture)
        if "srcset" in attributes or not picture.variants:
            return _tag("img", attributes)
        sources = (_source(kind, each, attributes) for kind, each in picture.variants.items())
        return f"<picture>{''.join(sources)}{_tag('img', attributes)}</picture>"

    return _TAG.sub(replaced, markup)


def _attributes(tag: str) -> dict[str, str]:
    return dict(_ATTRIBUTE.findall(tag[4:-1]))


def _tag(name: str, attributes: Mapping[str, str]) -> str:
    return " ".join([f"<{name}", *(f'{key}="{value}"' for key, value in attributes.items())]) + ">"


def _size(attributes: dict[str, str], picture: Shown) -> None:
    """Set width and height, both or what the author left out, in the picture's own shape."""
    width, height = attributes.get("width", ""), attributes.get("height", "")
    if (width and not width.isdecimal()) or (height and not height.isdecimal()) or (width and height):
        return
    ratio = picture.height / (picture.width or 1)
    across = float(width) if width else float(height) / ratio if height else picture.width or COLUMN
    attributes["width"] = width or str(max(1, round(across)))
    attributes["height"] = height or str(max(1, round(across * ratio)))


def _source(kind: str, variants: tuple[tuple[str, int], ...], attributes: Mapping[str, str]) -> str:
    if len(variants) == 1:
        return _tag("source", {"type": TYPES[kind], "srcset": variants[0][0]})
    width = attributes.get("width", "")
    sizes = f"{width}px" if width.isdecimal() and int(width) < COLUMN else SIZES
    srcset = ", ".join(f"{address} {width}w" for address, width in variants)
    return _tag("source", {"type": TYPES[kind], "srcset": srcset, "sizes": sizes})

"""SVG without anything that runs or loads: at its own address it is a page of this site, whatever it was made with."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET
from xml.parsers import expat

from plugins.images.published import Published
from plugins.images.raster import PictureError

_SVG, _XLINK, _XML = (
    "http://www.w3.org/2000/svg",
    "http://www.w3.org/1999/xlink",
    "http://www.w3.org/XML/1998/namespace",
)
# SVG 2, appendix "Element index", and what SVG 1.1 has besides; without scripts, other markup, and notes on its maker.
_ELEMENTS = frozenset(
    """a animate animateMotion animateTransform circle clipPath defs desc ellipse feBlend feColorMatrix
    feComponentTransfer feComposite feConvolveMatrix feDiffuseLighting feDisplacementMap feDistantLight feDropShadow
    feFlood feFuncA feFuncB feFuncG feFuncR feGaussianBlur feImage feMerge feMergeNode feMorphology feOffset
    fePointLight feSpecularLighting feSpotLight feTile feTurbulence filter font font-face font-face-name font-face-src
    g glyph hkern image line linearGradient marker mask missing-glyph mpath path pattern polygon polyline radialGradient
    rect set stop style svg switch symbol text textPath title tref tspan use view vkern""".split()
)
_ANIMATIONS = {"set", "animate", "animateMotion", "animateTransform"}
_LINK = re.compile(r"#|data:image/(?:png|jpe?g|gif|webp|avif)[;,]", re.IGNORECASE)
# What of CSS loads: https://www.w3.org/TR/css-images-4/ and @import.
_LOADS = re.compile(
    r"(@)import|\b(?:image(?:-set)?|src|url(?!\(\s*[\"']?(?:#|data:(?:image/(?:png|jpe?g|gif|webp|avif)|"
    r"font/[\w-]+|application/(?:x-)?font[\w-]*)[;,])))\(",
    re.IGNORECASE,
)
_LENGTH = re.compile(r"\s*(\d*\.?\d+)\s*(px|pt|pc|mm|cm|in|q|em|rem|ex)?\s*", re.IGNORECASE)
_PIXELS = {
    "pt": 4 / 3,
    "pc": 16,
    "mm": 96 / 25.4,
    "cm": 96 / 2.54,
    "in": 96,
    "q": 96 / 101.6,
    "em": 16,
    "rem": 16,
    "ex": 8,
}
_NO_XML = "cannot be read as SVG"


def sanitised(original: bytes) -> Published:
    """Give an SVG that only draws: no scripts, no links, nothing from elsewhere, no notes of whoever drew it.

    What is left is drawn as before, since no white space changes. Raises `PictureError`.
    """
    _refuse_entities(original)
    root = ET.fromstring(original)  # noqa: S314  it declares no entities
    if root.tag != f"{{{_SVG}}}svg":
        raise PictureError(f"{_NO_XML}; its first element is not <svg xmlns={_SVG!r}>")
    ET.register_namespace("", _SVG)
    ET.register_namespace("xlink", _XLINK)
    try:
        _clean(root)
        data = ET.tostring(root, "utf-8")
    except RecursionError:
        raise PictureError("holds groups within groups a thousand deep; save it as plain SVG") from None
    return Published(data, *_size(root), stays=True)


def _refuse_entities(original: bytes) -> None:
    """Let no text stand for a longer one, which could fill a machine; and find what is not XML."""

    def refuse(*_: object) -> None:
        raise PictureError("declares entities, which can hide anything; save it as plain SVG")

    parser = expat.ParserCreate()
    parser.EntityDeclHandler = refuse
    try:
        parser.Parse(original, True)  # noqa: FBT003  the library's way
    except expat.ExpatError as error:
        raise PictureError(f"{_NO_XML} ({error}); save it anew") from error
    except (ValueError, LookupError) as error:
        raise PictureError(f"{_NO_XML}: its encoding is not known; save it as UTF-8") from error


def _clean(element: ET.Element) -> None:
    if element.tag == f"{{{_SVG}}}style":  # what stands behind an element in it is style as well
        css = "".join(element.itertext())
        del element[:]
        element.text = _harmless(css)
    before: ET.Element | None = None
    for child in list(element):
        if _is_kept(child):
            _clean(child)
            before = child
            continue
        if before is None:
            element.text = (element.text or "") + (child.tail or "")
        else:
            before.tail = (before.tail or "") + (child.tail or "")
        element.remove(child)
    for name, value in list(element.attrib.items()):
        if _may_stay(name, value):
            element.set(name, _harmless(value) if "(" in value else value)
        else:
            del element.attrib[name]


def _harmless(css: str) -> str:
    """Give CSS that loads nothing: functions and rules that would are none that browsers know; nor can escapes hide."""
    return _LOADS.sub(lambda found: "@none" if found[1] else "none(", css.replace("\\", ""))


def _is_kept(element: ET.Element) -> bool:
    space, _, name = str(element.tag)[1:].partition("}")
    if space != _SVG or name not in _ELEMENTS:
        return False
    return name not in _ANIMATIONS or "href" not in element.get("attributeName", "").lower()


def _may_stay(name: str, value: str) -> bool:
    space, _, local = name[1:].partition("}") if name.startswith("{") else ("", "", name)
    if local == "href" and space in {"", _XLINK}:
        return bool(_LINK.match(value.strip()))
    return space in {"", _XLINK, _XML} and not local.lower().startswith("on") and local not in {"base", "src", "ping"}


def _size(root: ET.Element) -> tuple[float, float]:
    width, height = _pixels(root.get("width")), _pixels(root.get("height"))
    box = [float(part) for part in re.findall(r"-?\d*\.?\d+(?:e-?\d+)?", root.get("viewBox", ""), re.IGNORECASE)]
    ratio = box[2] / box[3] if len(box) == 4 and box[2] > 0 and box[3] > 0 else None  # noqa: PLR2004  x y w h
    if width and height:
        return width, height
    if width or height:
        return (width or height * (ratio or 1)), (height or width / (ratio or 1))
    return (0, 1 / ratio) if ratio else (300, 150)  # CSS 2.1, section 10.3.2: what nothing is known of


def _pixels(length: str | None) -> float:
    found = _LENGTH.fullmatch(length or "")
    return float(found[1]) * _PIXELS.get((found[2] or "px").lower(), 1) if found else 0

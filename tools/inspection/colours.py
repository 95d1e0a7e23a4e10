"""Colours as style sheets write them, and their contrast (WCAG 2.2, "relative luminance" and "contrast ratio")."""

from __future__ import annotations

import re
from typing import NamedTuple

_MIX = re.compile(r"light-dark\(\s*(?P<light>[^(),]+(?:\([^()]*\))?)\s*,\s*(?P<dark>[^(),]+(?:\([^()]*\))?)\s*\)")
_VARIABLE = re.compile(r"var\(\s*--([\w-]+)\s*\)")
_KNEE, _SLOPE, _OFFSET, _POWER = 0.04045, 12.92, 0.055, 2.4
_SHARES = (0.2126, 0.7152, 0.0722)
_OPAQUE = 255


Colour = tuple[int, int, int]
"""Red, green and blue, each from 0 to 255."""


class Declared(NamedTuple):
    """A custom property: its value, and the line on which it stands. `dark` where it holds in the dark only."""

    name: str
    value: str
    line: int
    dark: bool = False


def declared(sheet: str) -> list[Declared]:
    """Give the custom properties that a style sheet gives to the whole page, on screens, in their order."""
    text = re.sub(r"/\*.*?\*/", lambda found: re.sub(r"[^\n]", " ", found[0]), sheet, flags=re.DOTALL)
    found: list[Declared] = []
    above: list[str] = []
    start = 0
    for mark in re.finditer(r"[{};]", text):
        words = text[start : mark.start()].strip()
        if mark[0] == "{":
            above.append(words)
        else:
            name, colon, value = words.partition(":")
            if colon and name.strip().startswith("--") and _is_root(above):
                line = (
                    text.count(
                        "\n", 0, start + len(text[start : mark.start()]) - len(text[start : mark.start()].lstrip())
                    )
                    + 1
                )
                found.append(Declared(name.strip()[2:], value.strip(), line, _is_dark(above)))
            if mark[0] == "}" and above:
                above.pop()
        start = mark.end()
    return found


def _is_root(above: list[str]) -> bool:
    selectors = [words for words in above if not words.startswith("@")]
    conditions = " ".join(words for words in above if words.startswith("@media"))
    told = "print" in conditions or "light" in conditions
    return (
        not told and len(selectors) == 1 and bool({":root", "html"} & {one.strip() for one in selectors[0].split(",")})
    )


def _is_dark(above: list[str]) -> bool:
    return any(re.search(r"prefers-color-scheme:\s*dark", words) for words in above)


def colour(name: str, properties: dict[str, str], *, dark: bool, depth: int = 8) -> Colour | None:
    """Give red, green and blue of a custom property; None where it is no opaque colour that can be told from here."""
    value = properties.get(name, "")
    mix = _MIX.fullmatch(value)
    if mix:
        value = mix["dark" if dark else "light"].strip()
    variable = _VARIABLE.fullmatch(value)
    if variable:
        return colour(variable[1], properties, dark=dark, depth=depth - 1) if depth else None
    return rgb(value)


def rgb(value: str) -> Colour | None:
    """Give red, green and blue of a colour as CSS writes it; None for another kind, or one that is seen through."""
    from PIL import ImageColor  # slow to import

    try:
        found = ImageColor.getrgb(value)
    except ValueError:
        return None
    return found[:3] if found[3:] in {(), (_OPAQUE,)} else None


def contrast(one: Colour, other: Colour) -> float:
    """Give the contrast of two colours, from 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def luminance(colour: Colour) -> float:
    """Give how much light a colour gives, from 0 to 1."""
    return sum(share * _linear(part / 255) for share, part in zip(_SHARES, colour, strict=True))


def _linear(part: float) -> float:
    return part / _SLOPE if part <= _KNEE else float(((part + _OFFSET) / (1 + _OFFSET)) ** _POWER)

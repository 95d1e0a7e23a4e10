"""What a robots.txt allows (RFC 9309): the group for us or for all, and of its rules the longest that matches."""

from __future__ import annotations

import re
from typing import NamedTuple

LARGEST = 500 * 1024
"""Bytes that a reader takes at the least (section 2.5); more is not looked at."""
_LINE = re.compile(r"\s*([\w-]+)\s*:\s*([^#\r\n]*)")


class Line(NamedTuple):
    """One rule: whether it allows, and the pattern of paths."""

    allows: bool
    path: str


def allows(text: str, product: str, path: str) -> bool:
    """Tell whether `product`, a name like `Lectern`, may ask for a path with its query."""
    found = [line for line in _group(text, product.lower()) if line.path and _pattern(line.path).match(path)]
    longest = max(found, key=lambda line: (len(line.path), line.allows), default=None)
    return longest is None or longest.allows


def _group(text: str, product: str) -> list[Line]:
    """Give the rules of all groups that name the product, else of those for everybody."""
    groups: dict[str, list[Line]] = {}
    names: list[str] = []
    naming = False
    for found in map(_LINE.match, text.splitlines()):
        key, value = (found[1].lower(), found[2].strip()) if found else ("", "")
        if key == "user-agent":
            names = [*names, value.lower()] if naming else [value.lower()]
            naming = True
            groups.setdefault(value.lower(), [])
        elif key in {"allow", "disallow"}:
            naming = False
            for name in names:
                groups[name].append(Line(key == "allow", value))
    return groups.get(product, groups.get("*", []))


def _pattern(path: str) -> re.Pattern[str]:
    end = "$" if path.endswith("$") else ""
    return re.compile(".*".join(map(re.escape, path.removesuffix("$").split("*"))) + end)

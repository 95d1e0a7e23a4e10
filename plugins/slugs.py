"""How a title or a file's name becomes a part of an address."""

from __future__ import annotations

import re

LONGEST = 120
"""A folder's name may have 255 bytes at the most, and people read addresses."""
SUBSTITUTIONS = [
    # C++ and C# are not C.
    (r"\+", "-plus"),
    ("#", "-sharp"),
    (r"[^\w\s-]", ""),
    (r"\A[-_\s]+|[-_\s]+\Z", ""),
    (r"[-\s]+", "-"),
]
"""What Pelican makes slugs with: patterns and what stands in their place, in this order."""
DATE_PREFIX = re.compile(r"\d{4}-\d{2}-\d{2}-")
"""The day that may stand before the name of a file, and is no part of its address."""


def slug(name: str) -> str:
    """Give the part of an address that a name makes; it may be empty."""
    from pelican.utils import slugify  # slow to import: settings ask only for the table above

    return str(slugify(name, SUBSTITUTIONS))


def slug_of_file(stem: str) -> str:
    """Give the part of an address that a file's name makes, without its ending."""
    return slug(DATE_PREFIX.sub("", stem, count=1))

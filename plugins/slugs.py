"""How a title or a file's name becomes a part of an address."""

from __future__ import annotations

import functools
import hashlib
import re
import unicodedata

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


@functools.lru_cache(maxsize=4096)
def slug(name: str) -> str:
    """Give the part of an address that a name makes; it may be empty."""
    from pelican.utils import slugify  # slow to import: settings ask only for the table above

    return str(slugify(name, SUBSTITUTIONS))


@functools.lru_cache(maxsize=4096)
def identity(name: str) -> str:
    """Return what all spellings of a term have in common.

    Case, spaces, hyphens, the shape of quotation marks and the accents of Latin and Greek don't count. Marks of other
    scripts are letters of their own.
    """
    from unidecode import unidecode  # slow to import

    kept, is_accented = [], False
    for char in unicodedata.normalize("NFD", unicodedata.normalize("NFKC", name).casefold()):
        if unicodedata.combining(char) and is_accented:
            continue
        script = unicodedata.name(char, "").partition(" ")[0]
        is_accented = script in {"LATIN", "GREEK"}
        is_alike = script == "LATIN" or unicodedata.category(char)[0] == "P"
        kept.append(unidecode(char).lower() if is_alike else char)
    return unicodedata.normalize("NFC", " ".join("".join(kept).replace("-", " ").split()))


def hashed_slug(name: str) -> str:
    """Return a part of an address that no other term has, and that depends on nothing but the name."""
    return f"{slug(name)}-{hashlib.sha256(identity(name).encode('utf-8', 'replace')).hexdigest()[:6]}"


def slug_of_file(stem: str) -> str:
    """Give the part of an address that a file's name makes, without its ending."""
    return slug(DATE_PREFIX.sub("", stem, count=1))

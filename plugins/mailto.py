"""One encoder for mailto links; its twin in `theme/static/lectern.js` passes the same vectors.

Source of every rule: RFC 6068, sections 2 and 5 (UTF-8, `%20` for a space, `%0D%0A` for a line break, `+` is a plus).
"""

from __future__ import annotations

import re
from urllib.parse import quote

_LINE_END = re.compile(r"\r\n?|\n")
_LINE_ENDS = re.compile(r"[\r\n]+")


def encode(text: str) -> str:
    """Percent-encode all but `A-Z a-z 0-9 - . _ ~` as UTF-8; each line end becomes `%0D%0A`.

    A lone surrogate, which no UTF-8 can hold, becomes U+FFFD, as `String.prototype.toWellFormed` has it.
    """
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return quote(_LINE_END.sub("\r\n", whole), safe="")


def mailto(to: str, subject: str, body: str) -> str:
    """Give the mailto URI for one recipient (RFC 6068: the address stands in the path, its `@` unescaped)."""
    return f"{recipient(to)}?subject={encode(_LINE_ENDS.sub(' ', subject))}&body={encode(body)}"


def recipient(to: str) -> str:
    """Return the mailto URI of an address alone; a plus is written `%2B`, which some programs take for a space."""
    address = encode(to).replace("%40", "@")
    return f"mailto:{address}"

"""What a preview page shows, as two hashes: its style, and all else. So a page is reloaded only for what changed in it.

The style sheet stands in the page, and its hash in the page's policy; with both taken out, a change of style leaves the
rest as it was.
"""

from __future__ import annotations

import base64
import hashlib
import re
from typing import TYPE_CHECKING, NamedTuple

from plugins.markup import candidates

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_STYLE = re.compile(rb"<style>(.*?)</style>", re.DOTALL)


class Likeness(NamedTuple):
    """Two pages with one `style` and one `rest` look the same."""

    style: str
    rest: str


def likeness(page: bytes, read: Callable[[str], bytes | None]) -> Likeness:
    """Give what a page is known by; `read` gives what stands at an address of this site, or None."""
    sheets = _STYLE.findall(page)
    rest = _STYLE.sub(b"", page)
    for sheet in sheets:
        rest = rest.replace(base64.b64encode(hashlib.sha256(sheet).digest()), b"")
    shown = (read(address) for address in sorted(set(_named(page))))
    return Likeness(_hash(sheets), _hash([rest, *(data for data in shown if data is not None)]))


def _named(page: bytes) -> Iterator[str]:
    """Yield the addresses of what the page itself shows: pictures, scripts, and what a script is told to ask for.

    Not what it links to: the feeds, which every page names, change with every letter.
    """
    from selectolax.lexbor import LexborHTMLParser  # loaded when a page is asked for

    for element in LexborHTMLParser(page.decode("utf-8", "replace")).css("*"):
        for name, value in element.attributes.items():
            if name == "srcset":
                yield from (address for address, _ in candidates(value or ""))
            elif name in {"src", "poster"} or name.startswith("data-"):
                yield value or ""
            elif name == "href" and _is_drawn(element.tag or "", element.attributes):
                yield (value or "").partition("#")[0]


def _is_drawn(tag: str, attributes: dict[str, str | None]) -> bool:
    if tag == "link":
        return not {"icon", "stylesheet"}.isdisjoint((attributes.get("rel") or "").split())
    return tag not in {"a", "area"}


def _hash(parts: list[bytes]) -> str:
    found = hashlib.sha256()
    for part in parts:
        found.update(hashlib.sha256(part).digest())
    return found.hexdigest()[:20]

"""HTML fragments in one form: whatever an author typed, as a browser would understand it."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING
from urllib.parse import unquote, urljoin, urlsplit

from plugins.names import composed_address
from plugins.text import CONTROL

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser

_NOT_SHOWN = re.compile(r"<!--.*?-->|<\?.*?>", re.DOTALL)  # comments and processing instructions
# A parser takes the first line break in these for the author's convenience (HTML, section 13.2.6.4.7).
_FIRST_BREAK = re.compile(r"(<(?:pre|textarea)\b[^>]*>)(?=\n)")
_NAMING_FILES = frozenset({"href", "xlink:href", "src", "srcset", "poster", "cite", "longdesc"})
# HTML, section 4.8.4.2.1: an address, and what it is for, up to a comma.
_CANDIDATE = re.compile(r"[\s,]*(\S*[^\s,])(\s+[^\s,]+)?\s*(?:,|$)")


def parsed(markup: str) -> LexborHTMLParser:
    """Give a fragment as a tree."""
    from selectolax.lexbor import LexborHTMLParser  # loaded when something is read or drawn

    return LexborHTMLParser(f"<body>{markup}</body>")


def written(tree: LexborHTMLParser) -> str:
    """Give a tree as a fragment: names in lower case, every value quoted, every element closed."""
    return _FIRST_BREAK.sub("\\1\n", tree.body.inner_html or "") if tree.body else ""


def normal(markup: str) -> str:
    """Give a fragment in one form, without its comments: they are the author's notes, not the reader's."""
    return CONTROL.sub("", _NOT_SHOWN.sub("", written(parsed(markup))))


def composed(markup: str, root: str) -> str:
    """Return a fragment whose addresses of the site at `root` name files as they are published: in composed form."""
    if unicodedata.is_normalized("NFC", unquote(markup)):
        return markup
    tree = parsed(markup)
    for node in tree.css("body *"):
        for name in _NAMING_FILES & node.attributes.keys():
            value = node.attributes[name] or ""
            address = composed_address(value, root)
            if address != value:
                node.attrs[name] = address
    return written(tree)


def absolute(base: str, address: str) -> str:
    """Return an address made whole by that of its page; empty where it cannot be read, as with `http://[`."""
    try:
        whole = urljoin(base, address)
        urlsplit(whole)
    except ValueError:
        return ""
    return whole


def candidates(srcset: str) -> list[tuple[str, str]]:
    """Give the addresses in a `srcset`, each with what follows it (` 2x`)."""
    return _CANDIDATE.findall(srcset)

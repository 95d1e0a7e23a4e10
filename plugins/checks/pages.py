"""A post or page taken apart once for all rules: what it links to, shows and holds."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from selectolax.lexbor import LexborHTMLParser

if TYPE_CHECKING:
    from collections.abc import Iterator

    from plugins.source import Source

_ADDRESSES = ("href", "src", "poster", "cite", "data", "action", "formaction", "srcset")
_CODE = "pre, code, kbd, samp"


class Element(NamedTuple):
    """An element of the text: its name and attributes, all names in lower case."""

    tag: str
    attributes: dict[str, str]


class Address(NamedTuple):
    """An address in the text: the element and attribute it stands in, and how often it stood before (from 0)."""

    element: Element
    attribute: str
    value: str
    nth: int


class Text(NamedTuple):
    """The body of one content, as its rules need it."""

    content: Any
    source: Source
    elements: list[Element]
    addresses: list[Address]
    ids: Counter[str]
    prose: list[str]


def taken_apart(content: Any) -> Text:
    """Take the body of a post or page apart, before Pelican has replaced its links."""
    tree = LexborHTMLParser(f"<body>{content._content or ''}</body>")  # noqa: SLF001  see above
    elements = list(_elements(tree))
    seen: Counter[str] = Counter()
    addresses = []
    for element in elements:
        for name in _ADDRESSES:
            value = element.attributes.get(name)
            if value is not None:
                addresses.append(Address(element, name, value.strip(), seen[value]))
                seen[value] += 1
    ids = Counter(element.attributes["id"] for element in elements if element.attributes.get("id"))
    for code in tree.css(_CODE):
        code.decompose()
    body = tree.body
    prose = (body.text(separator="\n") if body else "").splitlines()
    return Text(content, content.metadata["source"], elements, addresses, ids, prose)


def _elements(tree: LexborHTMLParser) -> Iterator[Element]:
    for node in tree.css("body *"):
        yield Element(node.tag or "", {name: value or "" for name, value in node.attributes.items()})

"""A post or page taken apart once for all rules: what it links to, shows and holds."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from plugins.markup import candidates, parsed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from plugins.source import Source

_ADDRESSES = (
    *("href", "xlink:href", "src", "srcset", "poster", "cite", "longdesc"),
    *("data", "background", "ping", "formaction"),
)
# What is put around words for print, and parts no text from another.
_TYPESET = re.compile(r'<span class="(?:caps|amp)">([^<]*)</span>')
_CODE = "pre, code, kbd, samp"


class Element(NamedTuple):
    """An element of the text: its name and attributes, all names in lower case; `drawn` in SVG and MathML."""

    tag: str
    attributes: dict[str, str]
    drawn: bool


class Address(NamedTuple):
    """An address in the text: the element and attribute it stands in, and how often it stood before (from 0)."""

    element: Element
    attribute: str
    value: str
    nth: int


class Text(NamedTuple):
    """The body of one content, as its rules need it; `blocks` are the names of the blocks that Markdown knows here."""

    content: Any
    source: Source
    elements: list[Element]
    addresses: list[Address]
    ids: Counter[str]
    prose: list[str]
    blocks: tuple[str, ...]


def taken_apart(content: Any, blocks: tuple[str, ...]) -> Text:
    """Take the body of a post or page apart, before Pelican has replaced its links."""
    markup = content._content or ""  # noqa: SLF001  see above
    return text_of(markup, content.metadata["source"], content, blocks)


def text_of(markup: str, source: Source, content: Any = None, blocks: tuple[str, ...] = ()) -> Text:
    """Take an HTML fragment apart."""
    tree = parsed(_TYPESET.sub(r"\1", markup))
    drawn = {node.mem_id for node in tree.css("svg, svg *, math, math *")}
    elements = [
        Element(node.tag or "", {name: value or "" for name, value in node.attributes.items()}, node.mem_id in drawn)
        for node in tree.css("head *, body *")
    ]
    ids = Counter(element.attributes["id"] for element in elements if element.attributes.get("id"))
    for code in tree.css(_CODE):
        code.decompose()
    prose = (tree.body.text(separator="\n") if tree.body else "").splitlines()
    return Text(content, source, elements, list(_addresses(elements)), ids, prose, blocks)


def _addresses(elements: list[Element]) -> Iterator[Address]:
    seen: Counter[str] = Counter()
    for element in elements:
        for name in _ADDRESSES if element.attributes else ():
            given = element.attributes.get(name)
            for value in [url for url, _ in candidates(given)] if name == "srcset" and given else [given]:
                if value is not None:
                    yield Address(element, name, value.strip(), seen[value.strip()])
                    seen[value.strip()] += 1

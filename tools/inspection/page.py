"""A drawn page, taken apart once for all rules; and what is kept of it when the next one is read."""

from __future__ import annotations

import re
from collections import Counter
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from plugins.markup import candidates
from tools.inspection.places import MARKDOWN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from selectolax.lexbor import LexborHTMLParser, LexborNode

    from tools.inspection.drawn import Drawn, Origin

FOLLOWED = ("href", "src", "srcset", "poster", "cite", "data", "xlink:href", "action", "formaction")
"""Attributes that hold addresses."""
_ONWARD = re.compile(r"[\s\d.]*[;,]\s*(?:url\s*=\s*)?[\"']?(.*?)[\"']?\s*", re.IGNORECASE)
# Where else a page may tell addresses of its own site, if they are whole ones.
_TOLD = ("content", "value", "data-copy", "data-share")


class Link(NamedTuple):
    """An address on a page as it stands there, with the element and the attribute that hold it."""

    tag: str
    attribute: str
    value: str


class Kept(NamedTuple):
    """What the rules on the whole site need of a page: `origin` is the author's file, `moved` one that leads on."""

    name: str
    origin: Origin | None
    title: str
    description: str
    listed: bool
    moved: bool
    ids: frozenset[str]
    links: tuple[Link, ...]


class Page:
    """One page: `name` is its file below the site's folder, `url` its path on the host."""

    def __init__(self, name: str, raw: bytes, drawn: Drawn) -> None:
        """Take the page apart."""
        from selectolax.lexbor import LexborHTMLParser  # loaded when something is looked at

        self.name, self.raw, self.root = name, raw, drawn.root
        self.origin = drawn.sources.get(name)
        self.url = f"{drawn.base}/{name.removesuffix('index.html')}"
        self.tree: LexborHTMLParser = LexborHTMLParser(raw.decode("utf-8", "replace"))
        self.elements: list[tuple[str, dict[str, str | None], LexborNode]] = [
            (node.tag or "", node.attributes, node) for node in self.tree.css("*")
        ]

    @cached_property
    def ids(self) -> Counter[str]:
        """Each id, and how often it is given."""
        return Counter(named for _, attributes, _ in self.elements if (named := attributes.get("id")))

    @cached_property
    def waiting(self) -> frozenset[int]:
        """The elements, by `mem_id`, that nobody sees until a script shows them."""
        return frozenset(node.mem_id for node in self.tree.css("[hidden], [hidden] *, template *"))

    @cached_property
    def onward(self) -> str | None:
        """The address to which the page leads on by itself, if it is one of those."""
        for node in self.tree.css("meta[http-equiv]"):
            if (node.attributes["http-equiv"] or "").lower() == "refresh":
                found = _ONWARD.fullmatch(node.attributes.get("content") or "")
                return found[1] if found else None
        return None

    @property
    def ours(self) -> bool:
        """Whether this site's templates have drawn it; what is copied from content/extra may look as it likes."""
        return self.origin is None or self.origin.path.suffix.lower() in MARKDOWN

    @cached_property
    def title(self) -> str:
        """The words for the browser's tab."""
        node = self.tree.css_first("title")
        return " ".join(node.text().split()) if node else ""

    def meta(self, name: str) -> str:
        """Give what the page says of itself under this name."""
        node = self.tree.css_first(f"meta[name='{name}']")
        return ((node.attributes.get("content") or "") if node else "").strip()

    @cached_property
    def listed(self) -> bool:
        """Whether search engines may show the page."""
        return self.ours and "noindex" not in self.meta("robots") and self.name != "404.html" and self.onward is None

    @cached_property
    def canonical(self) -> str:
        """The address under which the page wants to be known."""
        node = self.tree.css_first("link[rel=canonical]")
        return (node.attributes.get("href") or "") if node else ""

    @cached_property
    def links(self) -> tuple[Link, ...]:
        """Each address once, with the first element that holds it so."""
        return tuple(dict.fromkeys(self._links()))

    def _links(self) -> Iterator[Link]:
        for tag, attributes, _ in self.elements:
            for name in attributes:
                value = attributes[name]
                if value is None:
                    continue
                if name == "srcset":
                    yield from (Link(tag, name, url) for url, _ in candidates(value))
                elif name in FOLLOWED or (name in _TOLD and value.startswith(("http://", "https://"))):
                    yield Link(tag, name, value.strip())
        if self.onward:
            yield Link("meta", "refresh", self.onward)

    def kept(self) -> Kept:
        """Give what is kept when the page itself is let go."""
        named = {attributes["name"] for tag, attributes, _ in self.elements if tag == "a" and attributes.get("name")}
        return Kept(
            name=self.name,
            origin=self.origin,
            title=self.title,
            description=self.meta("description"),
            listed=self.listed,
            moved=self.onward is not None,
            ids=frozenset(self.ids) | frozenset(name for name in named if name),
            links=self.links,
        )

"""Rules on the text of one post or page. Each yields (line, message); the message says what to write instead."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from plugins.checks.pages import Text

    Finding = tuple[int, str]
    Rule = Callable[[Text], Iterator[Finding]]

# What a page under this site's policy cannot run, style or frame; see plugins.delivery.policy.
_FORBIDDEN = {
    "script": "a script cannot run here; take it out, or put it into theme/static",
    "style": "a page cannot bring its own style; put the rules into content/doors/style.css",
    "iframe": "a frame loads another site into the page; link to it instead",
    "frame": "a frame loads another site into the page; link to it instead",
    "frameset": "a frame loads another site into the page; link to it instead",
    "object": "an embedded object cannot be shown here; link to it instead",
    "embed": "an embedded object cannot be shown here; link to it instead",
    "form": "a form has nowhere to send to on a static site; use `/// speaking-request`",
    "base": "`<base>` changes where every link leads; take it out",
    "meta": "`<meta>` belongs into the page's head; take it out",
    "link": "`<link>` belongs into content/doors/head.html",
}
_LOADED = {"src", "srcset", "poster", "data"}
_ELSEWHERE = re.compile(r"(?:[a-z][a-z0-9+.-]*:)?//", re.IGNORECASE)
_LEFTOVER_LINK = re.compile(r"\{(?:filename|static|attach|index|tag|category|author)\}|\|(?:filename|static|attach)\|")
_LEFTOVER_BLOCK = re.compile(r"\s*(/{3,}\s*\w.*)")
_EXECUTABLE = re.compile(r"\s*(?:javascript|vbscript|data)\s*:", re.IGNORECASE)


def no_forbidden_markup(text: Text) -> Iterator[Finding]:
    """Raw HTML holds nothing that the content security policy blocks."""
    for element in text.elements:
        if element.tag in _FORBIDDEN:
            yield text.source.line_of(f"<{element.tag}"), f"`<{element.tag}>`: {_FORBIDDEN[element.tag]}"
        for name in element.attributes:
            if name.startswith("on"):
                yield text.source.line_of(name), f"`{name}=` is a script, which cannot run here; take it out"
            elif name == "style":
                yield (
                    text.source.line_of("style"),
                    "`style=` has no effect here; use a class, and content/doors/style.css",
                )


def nothing_from_elsewhere(text: Text) -> Iterator[Finding]:
    """Pictures and sound come from this site; links may lead anywhere but to code."""
    for address in text.addresses:
        if address.tag in _FORBIDDEN or not address.value:
            continue  # other rules say so
        line = text.source.line_of(address.value, address.nth)
        if address.attribute in _LOADED and (_ELSEWHERE.match(address.value) or _EXECUTABLE.match(address.value)):
            advice = "save the file in content/images and write {static}/images/NAME"
            yield line, f"`{address.value[:80]}` would be loaded from another host; {advice}"
        elif _EXECUTABLE.match(address.value):
            yield line, f"`{address.value[:40]}` is code, not an address; link to a page"


def pictures_are_described(text: Text) -> Iterator[Finding]:
    """Each picture has a text for those who don't see it; a mere ornament says so by role="presentation"."""
    for element in text.elements:
        if element.tag != "img" or element.attributes.get("alt", "").strip():
            continue
        if element.attributes.get("role") in {"presentation", "none"}:
            continue
        source = element.attributes.get("src", "")
        yield (
            text.source.line_of(source or "<img"),
            f"the picture {source} has no text for those who don't see it; write ![what it shows]({source})",
        )


def headings_begin_below_the_title(text: Text) -> Iterator[Finding]:
    """Keep the title the page's only heading of the first rank, with no rank left out below it."""
    rank = 1
    for element in text.elements:
        if not re.fullmatch("h[1-6]", element.tag):
            continue
        own = int(element.tag[1])
        line = text.source.line_of(_heading_mark(own, text))
        if own == 1:
            yield line, "`#` is for the title, which stands in the front matter; begin headings with `##`"
        elif own > rank + 1:
            yield line, f"a heading `{'#' * own}` follows one of rank {rank}; write `{'#' * (rank + 1)}`"
        rank = max(own, 1)


def _heading_mark(rank: int, text: Text) -> str:
    found = re.search(rf"^#{{{rank}}}(?!#)|<h{rank}\b", text.source.body, re.MULTILINE)
    if not found:
        return "==="  # the other way to write a heading, by underlining it
    end = text.source.body.find("\n", found.start())
    return text.source.body[found.start() : end if end > 0 else None]


def ids_are_unique(text: Text) -> Iterator[Finding]:
    """Let an id name one place, so that a link to it leads to one."""
    for name, count in text.ids.items():
        if count > 1:
            yield text.source.line_of(name, 1), f"the id `{name}` stands {count} times; give each place its own"


def nothing_is_left_over(text: Text) -> Iterator[Finding]:
    """No link or block syntax stands in the text as it was typed."""
    for prose in text.prose:
        link = _LEFTOVER_LINK.search(prose)
        if link:
            advice = "write a link like [text]({filename}other.md), or put it into `backquotes` to show it"
            yield text.source.line_of(link[0]), f"`{link[0]}` would be shown as it stands; {advice}"
        block = _LEFTOVER_BLOCK.fullmatch(prose)
        if block:
            advice = "a block begins at the left margin, on a line of its own"
            yield (
                text.source.line_of(block[1].strip()),
                f"`{block[1].strip()[:40]}` would be shown as it stands; {advice}",
            )


RULES: tuple[Rule, ...] = (
    no_forbidden_markup,
    nothing_from_elsewhere,
    pictures_are_described,
    headings_begin_below_the_title,
    ids_are_unique,
    nothing_is_left_over,
)

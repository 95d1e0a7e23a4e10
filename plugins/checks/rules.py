"""Rules on the text of one post or page. Each yields (line, message); the message says what to write instead."""

from __future__ import annotations

import re
from collections import Counter
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
_LEFTOVER_LINK = re.compile(r"(?:\{(?:filename|static|attach|tag|category|author)\}|\|(?:filename|static|attach)\|)\S*")
_LEFTOVER_BLOCK = re.compile(r"\s*(/{3,}\s*\w.*)")
# The ways to write a heading: marks before it, HTML, or for two ranks a line below it.
_HEADING = {rank: rf"^#{{{rank}}}(?!#)|<h{rank}\b" for rank in range(1, 7)}
_HEADING[1] += r"|^[^\n]+\n=+[ \t]*$"
_HEADING[2] += r"|^[^\n]+\n-+[ \t]*$"
_EXECUTABLE = re.compile(r"\s*(?:javascript|vbscript|data)\s*:", re.IGNORECASE)


def no_forbidden_markup(text: Text) -> Iterator[Finding]:
    """Raw HTML holds nothing that the content security policy blocks."""
    line_of = _Lines(text)
    for element in text.elements:
        if element.tag in _FORBIDDEN:
            yield line_of(f"<{element.tag}"), f"`<{element.tag}>`: {_FORBIDDEN[element.tag]}"
        for name in element.attributes:
            if name.startswith("on"):
                yield line_of(f"{name}="), f"`{name}=` is a script, which cannot run here; take it out"
            elif name == "style":
                yield line_of("style="), "`style=` has no effect here; use a class, and content/doors/style.css"


def nothing_from_elsewhere(text: Text) -> Iterator[Finding]:
    """Pictures and sound come from this site; links may lead anywhere but to code."""
    for address in text.addresses:
        if address.element.tag in _FORBIDDEN or not address.value:
            continue  # other rules say so
        line = text.source.line_of(address.value, address.nth)
        if address.attribute in _LOADED and (_ELSEWHERE.match(address.value) or _EXECUTABLE.match(address.value)):
            advice = "save the file in content/images and write {static}/images/NAME"
            yield line, f"`{address.value[:80]}` would be loaded from another host; {advice}"
        elif _EXECUTABLE.match(address.value):
            yield line, f"`{address.value[:40]}` is code, not an address; link to a page"


def pictures_are_described(text: Text) -> Iterator[Finding]:
    """Each picture has a text for those who don't see it; a mere ornament says so by role="presentation"."""
    for address in text.addresses:
        attributes = address.element.attributes
        if address.element.tag != "img" or address.attribute != "src" or attributes.get("alt", "").strip():
            continue
        if attributes.get("role") not in {"presentation", "none"}:
            advice = f"write ![what it shows]({address.value})"
            line = text.source.line_of(address.value or "<img", address.nth)
            yield line, f"the picture {address.value} has no text for those who don't see it; {advice}"


def headings_begin_below_the_title(text: Text) -> Iterator[Finding]:
    """Keep the title the page's only heading of the first rank, with no rank left out below it."""
    before = 1
    seen: Counter[int] = Counter()
    for element in text.elements:
        if not re.fullmatch("h[1-6]", element.tag):
            continue
        rank = int(element.tag[1])
        lines = text.source.lines_of(_HEADING[rank])
        line = lines[min(seen[rank], len(lines) - 1)] if lines else text.source.first_line
        seen[rank] += 1
        if rank == 1:
            yield line, "`#` is for the title, which stands in the front matter; begin headings with `##`"
        elif rank > before + 1:
            yield line, f"a heading `{'#' * rank}` follows one of rank {before}; write `{'#' * (before + 1)}`"
        before = rank


def ids_are_unique(text: Text) -> Iterator[Finding]:
    """Let an id name one place, so that a link to it leads to one."""
    for name, count in text.ids.items():
        if count > 1:
            yield text.source.line_of(name, 1), f"the id `{name}` stands {count} times; give each place its own"


def nothing_is_left_over(text: Text) -> Iterator[Finding]:
    """No link or block syntax stands in the text as it was typed."""
    line_of = _Lines(text)
    for prose in text.prose:
        for link in _LEFTOVER_LINK.finditer(prose):
            advice = "write a link like [text]({filename}other.md), or put it into `backquotes` to show it"
            yield line_of(link[0]), f"`{link[0][:40]}` would be shown as it stands; {advice}"
        block = _LEFTOVER_BLOCK.fullmatch(prose)
        if block:
            advice = "a block begins at the left margin, on a line of its own"
            yield line_of(block[1].strip()), f"`{block[1].strip()[:40]}` would be shown as it stands; {advice}"


class _Lines:
    """Finds one occurrence of a text after the other."""

    def __init__(self, text: Text) -> None:
        self.source = text.source
        self.seen: Counter[str] = Counter()

    def __call__(self, needle: str) -> int:
        self.seen[needle] += 1
        return self.source.line_of(needle, self.seen[needle] - 1)


RULES: tuple[Rule, ...] = (
    no_forbidden_markup,
    nothing_from_elsewhere,
    pictures_are_described,
    headings_begin_below_the_title,
    ids_are_unique,
    nothing_is_left_over,
)

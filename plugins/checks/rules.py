"""Rules on the text of one post or page. Each yields (line, message); the message says what to write instead."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from plugins.checks.pages import text_of
from plugins.source import Source

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
_LOADED = {"src", "srcset", "poster", "data", "background", "ping"}
_LOADING = {"image", "use", "feimage"}  # of SVG, by their `href`
_ANY_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:|//|\\\\", re.IGNORECASE)
_EXECUTABLE = re.compile(r"(?:javascript|vbscript|data):", re.IGNORECASE)
# What browsers take out of an address before they read it (URL Standard, section 4.4).
_IGNORED = re.compile("^[\0-\x20]+|[\t\n\r]")
_LEFTOVER_LINK = re.compile(r"(?:\{(?:filename|static|attach|tag|category|author)\}|\|(?:filename|static|attach)\|)\S*")
_INDICATED = re.compile(r"\s*(?:\{|%7B)(?:filename|static)(?:\}|%7D)", re.IGNORECASE)
_FOLLOWED = {"href", "src", "poster", "cite"}
_LEFTOVER_MARKS = (
    (r"\[\^[^\]\s]+\]", "a footnote needs its text, on a line like `[^1]: the text`"),
    (r"\{:[^}]*\}", "such a list stands right below a paragraph, without a blank line between them"),
)
_LEFTOVER_BLOCK = r"(?:\s*(/{{3,}}\s*\w.*)|.*?((?<!:)/{{2,}}\s*(?:{names})\b.*|:{{2,}}\s*(?:{names})\b.*))"


def no_forbidden_markup(text: Text) -> Iterator[Finding]:
    """Raw HTML holds nothing that the content security policy blocks."""
    seen: Counter[str] = Counter()
    for element in text.elements:
        if element.tag in _FORBIDDEN:
            line = text.source.line_of_element(element.tag, seen[element.tag])
            yield line, f"`<{element.tag}>`: {_FORBIDDEN[element.tag]}"
            seen[element.tag] += 1
        for name in element.attributes:
            if name.startswith("on"):
                message = f"`{name}=` is a script, which cannot run here; take it out"
            elif name == "style":
                message = "`style=` has no effect here; use a class, and content/doors/style.css"
            else:
                continue
            yield text.source.line_of_attribute(name, seen[name]), message
            seen[name] += 1


def nothing_from_elsewhere(text: Text) -> Iterator[Finding]:
    """Pictures and sound come from this site; links may lead anywhere but to code."""
    for address in text.addresses:
        value = _IGNORED.sub("", address.value)
        if address.element.tag in _FORBIDDEN or not value:
            continue  # other rules say so
        loaded = address.attribute in _LOADED or address.element.tag in _LOADING
        if loaded and _ANY_SCHEME.match(value):
            advice = "save the file in content/images and write {static}/images/NAME"
            message = f"`{value[:80]}` would be loaded from another host; {advice}"
        elif _EXECUTABLE.match(value):
            message = f"`{value[:40]}` is code, not an address; link to a page"
        elif address.attribute == "formaction":
            message = "`formaction=` has nowhere to send to on a static site; take it out"
        else:
            continue
        yield text.source.line_of_address(address.value, address.nth), message


def pictures_are_described(text: Text) -> Iterator[Finding]:
    """Each picture has a text for those who don't see it; a mere ornament says so by role="presentation"."""
    for address in text.addresses:
        attributes = address.element.attributes
        if address.element.tag != "img" or address.attribute != "src" or attributes.get("alt", "").strip():
            continue
        if attributes.get("role") not in {"presentation", "none"}:
            advice = f"write ![what it shows]({address.value})"
            line = text.source.line_of_address(address.value, address.nth)
            yield line, f"the picture {address.value} has no text for those who don't see it; {advice}"


def headings_begin_below_the_title(text: Text) -> Iterator[Finding]:
    """Keep the title the page's only heading of the first rank, with no rank left out below it."""
    before = 1
    seen: Counter[int] = Counter()
    for element in text.elements:
        if not re.fullmatch("h[1-6]", element.tag):
            continue
        rank = int(element.tag[1])
        if rank == 1:
            message = "`#` is for the title, which stands in the front matter; begin headings with `##`"
            yield text.source.line_of_heading(rank, seen[rank]), message
        elif rank > before + 1:
            message = f"a heading `{'#' * rank}` follows one of rank {before}; write `{'#' * (before + 1)}`"
            yield text.source.line_of_heading(rank, seen[rank]), message
        seen[rank] += 1
        before = rank


def ids_are_unique(text: Text) -> Iterator[Finding]:
    """Let an id name one place, so that a link to it leads to one."""
    for name, count in text.ids.items():
        if count > 1:
            yield text.source.line_of_id(name, 1), f"the id `{name}` stands {count} times; give each place its own"


def nothing_is_left_over(text: Text) -> Iterator[Finding]:
    """No link or block syntax stands in the text as it was typed."""
    block_syntax = re.compile(_LEFTOVER_BLOCK.format(names="|".join(map(re.escape, text.blocks))))
    seen: Counter[str] = Counter()
    for prose in text.prose:
        for link in _LEFTOVER_LINK.finditer(prose):
            advice = "write a link like [text]({filename}other.md), or put it into `backquotes` to show it"
            line = text.source.line_of(link[0], seen[link[0]])
            seen[link[0]] += 1
            yield line, f"`{link[0][:40]}` would be shown as it stands; {advice}"
        block = block_syntax.fullmatch(prose)
        if block:
            found = (block[1] or block[2]).strip()
            advice = f"a block is a line `/// {text.blocks[0]}` at the left margin, and a line `///` below it"
            yield text.source.line_of(found, seen[found]), f"`{found[:40]}` would be shown as it stands; {advice}"
            seen[found] += 1


def no_markdown_is_left_over(text: Text) -> Iterator[Finding]:
    """No mark of Markdown stands in the text because its other half is missing."""
    for line in text.source.open_fences():
        yield line, "the code that is opened here is never closed; add a line of ``` below it"
    for pattern, advice in _LEFTOVER_MARKS:
        for mark in {found[0] for prose in text.prose for found in re.finditer(pattern, prose)}:
            yield text.source.line_of(mark), f"`{mark[:40]}` would be shown as it stands; {advice}"


def links_are_followed(text: Text) -> Iterator[Finding]:
    """Keep `{filename}` and `{static}` to where Pelican follows them: one in a tag, in a few attributes."""
    for element in text.elements:
        names = [name for name, value in element.attributes.items() if _INDICATED.match(value)]
        if not names or (len(names) == 1 and names[0] in _FOLLOWED and element.attributes[names[0]].startswith("{")):
            continue
        found = element.attributes[names[-1]][:40]
        message = f"`{found}` is not followed in `{names[-1]}=`; write one such link in a tag, in `src` or `href`"
        yield text.source.line_of_attribute(names[-1]), message


def blocked_in_door(markup: str) -> Iterator[Finding]:
    """Yield what the policy would block in a template of the owner's; scripts of this site's own may be there."""
    text = text_of(markup, Source(markup, 1))
    for element in text.elements:
        own_script = element.tag == "script" and element.attributes.get("src")
        if element.tag == "link" and "stylesheet" in element.attributes.get("rel", ""):
            yield (
                text.source.line_of_element("link"),
                "a style sheet cannot be linked; put its rules into doors/style.css",
            )
        elif element.tag in _FORBIDDEN.keys() - {"link", "meta"} and not own_script:
            yield text.source.line_of_element(element.tag), f"`<{element.tag}>`: {_FORBIDDEN[element.tag]}"
        for name in element.attributes:
            if name.startswith("on") or name == "style":
                yield text.source.line_of_attribute(name), f"`{name}=` has no effect here: the site's policy blocks it"
    for address in text.addresses:
        value = _IGNORED.sub("", address.value)
        if address.attribute in _LOADED and _ANY_SCHEME.match(value) and address.element.tag not in {"iframe", "embed"}:
            line = text.source.line_of_address(address.value, address.nth)
            yield line, f"`{value[:80]}` would be loaded from another host; save the file in content/extra"


RULES: tuple[Rule, ...] = (
    no_forbidden_markup,
    nothing_from_elsewhere,
    pictures_are_described,
    headings_begin_below_the_title,
    ids_are_unique,
    nothing_is_left_over,
    no_markdown_is_left_over,
    links_are_followed,
)

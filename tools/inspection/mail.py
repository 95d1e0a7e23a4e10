"""Mail links, read as strictly as RFC 6068 writes them: what one program mends, another one sends as it stands."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes

from tools.inspection.rule import Rule
from tools.inspection.survey import Found

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tools.inspection.page import Page

LONGEST = 2_000
"""Characters of a link: some mail programs cut what is longer."""

RULE = Rule(
    "mailto-links",
    "Every mail link is written by RFC 6068: one address, each header once, %20 for a space, %0D%0A for a line break.",
    "Mail programs drop or garble what is written otherwise, and the letter never arrives as it was meant.",
    stops=True,
)
RULES = (RULE,)
# RFC 6068, section 2: what may stand unescaped in a value, and in an address without quotes.
_VALUE = re.compile(r"[A-Za-z0-9._~!$'()*+,;:@/?-]|%[0-9A-Fa-f]{2}")
_ADDRESS = re.compile(r"[\w.!#$&'*+=?^`{|}~-]+@[\w-]+(?:\.[\w-]+)+")
_HEADERS = {"subject", "body", "cc", "bcc", "in-reply-to", "keywords"}


def links(page: Page) -> Iterator[Found]:
    """Ask it of each mail link on a page."""
    for link in page.links:
        if link.value.lower().startswith("mailto:"):
            message = wrong(link.value)
            if message:
                to = link.value.partition("?")[0]
                written = (link.value, to) if "@" in to else (link.value,)
                yield Found(f"the mail link {link.value[:60]} {message}", RULE.name, links=written)


def wrong(link: str) -> str | None:
    """Say what is wrong with a link that begins with `mailto:`, and what to write; None where nothing is."""
    to, _, fields = link[len("mailto:") :].partition("?")
    return _wrong_address(to) or _wrong_headers(fields) or _too_long(link)


def _too_long(link: str) -> str | None:
    if len(link) <= LONGEST:
        return None
    return f"has {len(link):,} characters, of at most {LONGEST:,}; say less in it"


def _wrong_address(to: str) -> str | None:
    said = _wrong_characters(to)
    if said:
        return said
    if "," in to:
        return "has several addresses; write one"
    address = _decoded(to)
    if to and (address is None or not _ADDRESS.fullmatch(address) or "%40" in to):
        return f"has no address that mail can reach (`{to[:60]}`); write one like name@example.com"
    return None


def _wrong_headers(fields: str) -> str | None:
    seen: set[str] = set()
    for field in fields.split("&") if fields else ():
        name, equals, value = field.partition("=")
        name = name.lower()
        if not equals or name not in _HEADERS | {"to"}:
            return f"has a header `{name[:40]}` that mail programs do not take; write subject= or body="
        if name in seen:
            return f"has the header `{name}` twice; write it once"
        if name == "to":
            return "has the address in `to=`; write it before the question mark"
        seen.add(name)
        said = _wrong_value(name, value)
        if said:
            return said
    return None


def _wrong_value(name: str, value: str) -> str | None:
    said = _wrong_characters(value)
    if said:
        return said
    if "+" in value:
        return f"has a `+` in {name}=, which some programs show as a space; write %20 for a space, %2B for a plus"
    decoded = _decoded(value)
    if decoded is None:
        return f"has percent signs in {name}= that are no UTF-8; encode the text anew"
    breaks = decoded.replace("\r\n", "")
    if "\r" in breaks or "\n" in breaks:
        return f"has a line break in {name}= that is not %0D%0A; write it so"
    if name != "body" and "\r\n" in decoded:
        return f"has a line break in {name}=; only body= may have one"
    return None


def _wrong_characters(part: str) -> str | None:
    rest = _VALUE.sub("", part)
    if not rest:
        return None
    if rest[0] == "%":
        return "has a percent sign with no two digits behind it; write %25 for a percent sign"
    if rest[0] == " ":
        return "has a space in it; write %20"
    coded = "".join(f"%{byte:02X}" for byte in rest[0].encode("utf-8", "replace"))
    return f"has `{rest[0]}` as it stands; write {coded}"


def _decoded(value: str) -> str | None:
    try:
        return unquote_to_bytes(value).decode("utf-8")
    except UnicodeDecodeError:
        return None

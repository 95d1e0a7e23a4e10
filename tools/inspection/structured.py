"""JSON-LD as search engines read it: sound JSON, known types, real dates, and addresses that are there."""

from __future__ import annotations

import datetime as dt
import json
import re
from typing import TYPE_CHECKING, Any

from plugins.problems import did_you_mean
from tools.inspection.rule import Rule
from tools.inspection.survey import Found

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tools.inspection.page import Page
    from tools.inspection.targets import Targets

FORM = Rule(
    "structured-data",
    "Every page's data for search engines is JSON-LD of schema.org's types, as this theme writes them.",
    "Search engines drop the whole of what they cannot read, without a word.",
    stops=True,
)
DATES = Rule(
    "structured-dates",
    "Every date in that data is a date, and nothing is changed before it is published.",
    "Search engines show these dates beside the page.",
    stops=True,
)
LINKS = Rule(
    "structured-links",
    "Every address of this site in that data leads to something that is there, and every `@id` to a node of the page.",
    "Search engines follow them, and count what they don't find against the site.",
    stops=True,
)
RULES = (FORM, DATES, LINKS)
_CONTEXTS = {"https://schema.org", "https://schema.org/", "http://schema.org", "http://schema.org/"}
TYPES = frozenset(
    """Article AboutPage Audience BlogPosting BreadcrumbList CollectionPage ContactPage ContactPoint CreativeWork Event
    FAQPage ImageObject ItemList ItemPage ListItem Organization Person Place PostalAddress ProfilePage Review
    VideoObject VirtualLocation WebPage WebSite""".split()
)
_DATES = {"datePublished", "dateModified", "dateCreated", "startDate", "endDate", "uploadDate"}
_ADDRESSES = {"@id", "url", "item", "image", "logo", "contentUrl", "thumbnailUrl", "mainEntityOfPage"}
_DAY = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?")


def data(page: Page, targets: Targets) -> Iterator[Found]:
    """Ask it of each block of data on a page."""
    for node in page.tree.css("script[type='application/ld+json']"):
        try:
            document = json.loads(node.text())
        except ValueError as error:
            message = f"the data for search engines is no JSON ({error}); mend the template that writes it"
            yield Found(message, FORM.name, texts=("application/ld+json",))
            continue
        for rule, message in judged(document, page.url, targets):
            yield Found(f"in the data for search engines, {message}", rule, texts=("application/ld+json",))


def judged(document: Any, url: str, targets: Targets) -> Iterator[tuple[str, str]]:
    """Yield (rule, message) for what is wrong with a JSON-LD document on the page at the path `url`."""
    if not isinstance(document, dict) or document.get("@context") not in _CONTEXTS:
        yield FORM.name, 'there is no `"@context": "https://schema.org"`; write it'
        return
    nodes = list(_nodes(document.get("@graph", document)))
    known = {node["@id"] for node in nodes if "@type" in node and "@id" in node}
    for node in nodes:
        yield from _typed(node, known)
        yield from _dated(node)
        yield from _leading(node, url, targets)


def _typed(node: dict[str, Any], known: set[str]) -> Iterator[tuple[str, str]]:
    types = node.get("@type", ())
    for name in [types] if isinstance(types, str) else types:
        if name not in TYPES:
            near = did_you_mean(name, TYPES) or "; take one of schema.org's that this theme knows"
            yield FORM.name, f"the type `{name}` is not known{near}"
    if not types and node.get("@id") not in known:
        named = node.get("@id", "a node")
        yield LINKS.name, f"{named} is named, but no node with a type is it; put the node on the same page"


def _dated(node: dict[str, Any]) -> Iterator[tuple[str, str]]:
    moments = {name: node[name] for name in sorted(_DATES & node.keys())}
    for name, value in moments.items():
        if not is_date(value):
            yield DATES.name, f"`{name}` is `{str(value)[:40]}`, which is no date; write it like 2026-06-04"
    for first, last in (("datePublished", "dateModified"), ("startDate", "endDate")):
        one, other = str(moments.get(first, ""))[:10], str(moments.get(last, ""))[:10]
        if one and other and other < one:
            yield DATES.name, f"`{last}` {other} is before `{first}` {one}; mend one of them"


def _leading(node: dict[str, Any], url: str, targets: Targets) -> Iterator[tuple[str, str]]:
    for name in sorted(_ADDRESSES & node.keys()):
        for value in node[name] if isinstance(node[name], list) else [node[name]]:
            if not isinstance(value, str):
                continue
            if not value.startswith(("http://", "https://")):
                yield LINKS.name, f"`{name}` is `{value[:80]}`, which is no whole address; write it with https://"
                continue
            target = targets.target(value, url)
            missing = targets.missing(target) if target else None
            if missing:
                yield LINKS.name, f"{value[:80]} {missing}"


def is_date(value: object) -> bool:
    """Tell whether this is a day or a moment by ISO 8601, as schema.org takes it."""
    if not isinstance(value, str):
        return False
    if _DAY.fullmatch(value):
        value += "-01-01"[len(value) - 4 :]
    try:
        dt.datetime.fromisoformat(value)
    except ValueError:
        return False
    return True


def _nodes(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for part in value.values():
            yield from _nodes(part)
    elif isinstance(value, list):
        for part in value:
            yield from _nodes(part)

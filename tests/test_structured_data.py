"""Every page's JSON-LD, read by a JSON-LD library and held against what Google's guides name."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from pyld import jsonld
from selectolax.lexbor import LexborHTMLParser
from sites import pages_to_read

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SCHEMA = "https://schema.org/"
ROOTS = {"speaker_site": "https://www.hankblank.com/", "example_site": "https://talks.example.org/blog/"}
Node = dict[str, Any]
Graph = dict[str, Node]


class Guide(NamedTuple):
    """What a guide of developers.google.com/search/docs/appearance names; `a.b` is the property b of the node at a."""

    page: str
    required: str
    recommended: str
    unknown: str = ""
    """Recommended ones that no page can tell: nobody writes them down."""


GUIDES = {
    "BlogPosting": Guide(
        page="structured-data/article",
        required="",
        recommended="author author.name author.url dateModified datePublished headline image",
    ),
    "BreadcrumbList": Guide(
        page="structured-data/breadcrumb",
        required="itemListElement itemListElement.name itemListElement.position itemListElement.item",
        recommended="",
    ),
    "ProfilePage": Guide(
        page="structured-data/profile-page",
        required="mainEntity mainEntity.name",
        recommended="dateCreated dateModified mainEntity.alternateName mainEntity.description mainEntity.identifier "
        "mainEntity.image mainEntity.sameAs mainEntity.interactionStatistic mainEntity.agentInteractionStatistic",
        unknown="mainEntity.alternateName mainEntity.identifier mainEntity.interactionStatistic mainEntity.agentInteractionStatistic",
    ),
    "Event": Guide(
        page="structured-data/event",
        required="location name startDate",
        recommended="description endDate eventStatus image offers organizer performer performer.name previousStartDate",
        unknown="offers organizer previousStartDate",
    ),
    "Place": Guide(page="structured-data/event", required="address", recommended="name"),
    "VirtualLocation": Guide(page="structured-data/event", required="url", recommended=""),
    "WebSite": Guide(page="site-names", required="name url", recommended="alternateName", unknown="alternateName"),
}  # fmt: skip
"""The guides as of 2026-11; there is none for the other types."""

_PAGE = {
    "text": "name description inLanguage",
    "url": "url image",
    "node": "isPartOf breadcrumb mainEntity about",
    "time": "dateCreated dateModified",
}
PROPERTIES: dict[str, dict[str, str]] = {
    "Audience": {"text": "audienceType"},
    "BlogPosting": {
        "text": "headline description inLanguage articleSection keywords",
        "number": "wordCount",
        "url": "url image",
        "node": "author publisher mainEntityOfPage",
        "time": "datePublished dateModified",
    },
    "BreadcrumbList": {"node": "itemListElement"},
    "CollectionPage": _PAGE,
    "ContactPage": _PAGE,
    "CreativeWork": {"text": "name description inLanguage teaches", "url": "image", "node": "creator audience review"},
    "Event": {
        "text": "name description",
        "time": "startDate endDate",
        "url": "url image eventStatus eventAttendanceMode",
        "node": "location performer",
    },
    "ItemPage": _PAGE,
    "ListItem": {"number": "position", "text": "name", "url": "item"},
    "Person": {
        "text": "name givenName email jobTitle description knowsAbout",
        "url": "url image sameAs",
    },
    "Place": {"text": "name", "node": "address"},
    "PostalAddress": {"text": "addressLocality"},
    "ProfilePage": _PAGE,
    "Review": {"text": "reviewBody", "node": "author"},
    "VirtualLocation": {"url": "url"},
    "WebPage": _PAGE,
    "WebSite": {"text": "name description inLanguage", "url": "url", "node": "publisher"},
}
"""The types that pages use, with the properties that schema.org gives them, by what their values are."""


def _context(url: str, _: Any) -> dict[str, Any]:
    """Stand in for the document at schema.org, which names the properties whose values are addresses."""
    assert url.rstrip("/") == "https://schema.org", "nothing else is loaded"
    addresses = {name: {"@type": "@id"} for kinds in PROPERTIES.values() for name in kinds.get("url", "").split()}
    return {"contextUrl": None, "documentUrl": url, "document": {"@context": {"@vocab": SCHEMA, **addresses}}}


def graph(html: str) -> Graph:
    """Give a page's nodes by their ids, as the library flattens them: what is said of one node twice is one."""
    (script,) = LexborHTMLParser(html).css("script[type='application/ld+json']")
    nodes = jsonld.flatten(json.loads(script.text()), None, {"documentLoader": _context})
    return {node["@id"]: node for node in nodes}


def kinds(node: Node) -> list[str]:
    return [kind.removeprefix(SCHEMA) for kind in node.get("@type", [])]


def of(nodes: Graph, kind: str) -> list[Node]:
    return [node for node in nodes.values() if kind in kinds(node)]


def values(nodes: Graph, node: Node, way: str) -> list[Any]:
    """Give the values at a way like `author.name`; of each node on it."""
    name, _, rest = way.partition(".")
    found = [value.get("@value", value.get("@id")) for value in node.get(SCHEMA + name, [])]
    return [value for step in found for value in values(nodes, nodes[step], rest)] if rest else found


def pages(folder: Path) -> Iterator[tuple[str, str]]:
    for path in pages_to_read(folder):
        yield path.relative_to(folder).as_posix().removesuffix("index.html"), path.read_text("utf-8")


@pytest.fixture(scope="module", params=["speaker_site", "example_site"])
def drawn(request: pytest.FixtureRequest) -> tuple[str, Path, dict[str, Graph]]:
    folder: Path = request.getfixturevalue(request.param)
    return ROOTS[request.param], folder, {url: graph(html) for url, html in pages(folder)}


Drawn = tuple[str, "Path", dict[str, Graph]]


def test_every_type_and_property_is_one_that_schema_org_has(drawn: Drawn) -> None:
    for url, nodes in drawn[2].items():
        for node in nodes.values():
            (kind,) = kinds(node) or [f"no type: {node}"]
            known = {name for names in PROPERTIES[kind].values() for name in names.split()}
            used = {key.removeprefix(SCHEMA) for key in node if not key.startswith("@")}
            assert used <= known, f"{url}: {kind} has {used - known}"


def test_every_value_is_what_its_property_asks_for(drawn: Drawn) -> None:
    for url, nodes in drawn[2].items():
        for node in nodes.values():
            for sort, names in PROPERTIES[kinds(node)[0]].items():
                for name in names.split():
                    for value in values(nodes, node, name):
                        assert _is(sort, value, nodes), f"{url}: {name} is {value!r}, no {sort}"


def _is(sort: str, value: Any, nodes: Graph) -> bool:
    if sort == "node":  # a whole one: it stands on the page, with its type
        return value in nodes and bool(kinds(nodes[value]))
    if sort == "url":
        return str(value).startswith("https://")
    if sort == "number":
        return isinstance(value, int) and value > 0
    if sort == "time":
        return "T" not in value or dt.datetime.fromisoformat(value).tzinfo is not None
    return isinstance(value, str) and bool(value.strip())


def test_what_google_requires_is_there(drawn: Drawn) -> None:
    for url, nodes in drawn[2].items():
        for kind, guide in GUIDES.items():
            for node in of(nodes, kind):
                for way in guide.required.split():
                    assert values(nodes, node, way), f"{url}: {kind} lacks {way} ({guide.page})"


def test_what_google_recommends_is_there_where_somebody_wrote_it(example_site: Path) -> None:
    seen: dict[str, set[str]] = {kind: set() for kind in GUIDES}
    for url, html in pages(example_site):
        nodes = graph(html)
        for kind, guide in GUIDES.items():
            for node in of(nodes, kind):
                lacking = {way for way in guide.recommended.split() if not values(nodes, node, way)}
                left = {"endDate"} if kind == "Event" else set()  # some events have none
                assert lacking <= {*guide.unknown.split(), *left}, f"{url}: {kind} lacks {lacking} ({guide.page})"
                seen[kind] |= set(guide.recommended.split()) - lacking
    for kind, guide in GUIDES.items():
        assert seen[kind] == set(guide.recommended.split()) - set(guide.unknown.split()), kind


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("", "Person WebSite"),
        ("page/2/", "BreadcrumbList CollectionPage WebSite"),
        ("2026/08/qa-fifty-percent-off/", "BlogPosting BreadcrumbList Person WebPage WebSite"),
        ("about/", "BreadcrumbList Person ProfilePage WebSite"),
        ("colophon/", "BreadcrumbList WebPage WebSite"),
        ("subscribe/", "BreadcrumbList WebPage WebSite"),
        ("404.html", "BreadcrumbList WebPage WebSite"),
        ("speaking/", "BreadcrumbList ContactPage Person WebSite"),
        ("speaking/dates/", "BreadcrumbList Event Person Place PostalAddress VirtualLocation WebPage WebSite"),
        ("speaking/kit/", "BreadcrumbList Person WebPage WebSite"),
        ("speaking/introduction/", "BreadcrumbList Person WebPage WebSite"),
        ("talks/the-second-row/", "Audience BreadcrumbList CreativeWork ItemPage Person Review WebSite"),
        ("card/", "BreadcrumbList Person WebPage WebSite"),
        ("archive/", "BreadcrumbList CollectionPage WebSite"),
        ("2026/", "BreadcrumbList CollectionPage WebSite"),
        ("tags/", "BreadcrumbList CollectionPage WebSite"),
        ("tag/t1/", "BreadcrumbList CollectionPage WebSite"),
        ("categories/", "BreadcrumbList CollectionPage WebSite"),
        ("category/qa/", "BreadcrumbList CollectionPage WebSite"),
        ("search/", "BreadcrumbList WebPage WebSite"),
    ],
)
def test_each_kind_of_page_says_what_it_is(example_site: Path, url: str, expected: str) -> None:
    path = example_site / (f"{url}index.html" if not url.endswith(".html") else url)
    if url == "search/" and not path.is_file():
        pytest.skip("this site has no search")
    found = {kind for node in graph(path.read_text("utf-8")).values() for kind in kinds(node)}
    assert found - {"ListItem"} == set(expected.split())


def test_the_way_to_every_page_begins_at_home_and_leads_over_pages_that_are_there(drawn: Drawn) -> None:
    root, folder, found = drawn
    for url, nodes in found.items():
        trails = of(nodes, "BreadcrumbList")
        assert len(trails) == (0 if not url else 1), url
        for trail in trails:
            steps = [nodes[step["@id"]] for step in trail[f"{SCHEMA}itemListElement"]]
            ordered = sorted(steps, key=lambda step: values(nodes, step, "position"))
            assert [values(nodes, step, "position") for step in ordered] == [[at] for at in range(1, len(steps) + 1)]
            items = [values(nodes, step, "item")[0] for step in ordered]
            assert (items[0], items[-1]) == (root, root + url)
            assert len(items) >= 2
            for item in items:
                name = item.removeprefix(root)
                assert (folder / (name if name.endswith(".html") else f"{name}index.html")).is_file(), f"{url}: {item}"


@pytest.mark.parametrize(
    ("url", "names"),
    [
        ("talks/the-second-row/", ["Testa Muster-Exampleton", "Ask Testa", "The Second Row"]),
        ("speaking/kit/", ["Testa Muster-Exampleton", "Ask Testa", "The organiser's kit"]),
        ("tag/t1/", ["Testa Muster-Exampleton", "All letters, by subject", "Letters about t1"]),
        ("page/2/", ["Testa Muster-Exampleton", "page 2 of"]),
    ],
)
def test_the_way_is_the_one_that_readers_take(example_site: Path, url: str, names: list[str]) -> None:
    nodes = graph((example_site / url / "index.html").read_text("utf-8"))
    steps = sorted(of(nodes, "ListItem"), key=lambda step: values(nodes, step, "position"))
    found = [values(nodes, step, "name")[0] for step in steps]
    assert len(found) == len(names)
    assert all(name in said for name, said in zip(names, found, strict=True)), found


def test_the_speaker_is_one_node_on_all_pages(drawn: Drawn) -> None:
    root, _, found = drawn
    for url, nodes in found.items():
        for node in of(nodes, "Person"):
            if not node["@id"].startswith("_:"):
                assert node["@id"] == f"{root}#speaker", url
                assert values(nodes, node, "url") == [root]


def test_the_speaker_is_told_in_full(example_site: Path) -> None:
    root = ROOTS["example_site"]
    nodes = graph((example_site / "about/index.html").read_text("utf-8"))
    (person,) = of(nodes, "Person")
    assert values(nodes, person, "sameAs")[0] == "https://social.example.org/@testa"
    assert values(nodes, person, "knowsAbout") == ["talking", "plain words & pauses", "the fear of lecterns"]
    assert values(nodes, person, "jobTitle")[0].startswith("talks about talking")
    (photo,) = values(nodes, person, "image")
    assert (example_site / photo.removeprefix(root)).is_file()
    (page,) = of(nodes, "ProfilePage")
    assert values(nodes, page, "dateModified") == ["2026-06-04T00:00:00+02:00"]


def test_a_letter_belongs_to_its_page_and_its_speaker(example_site: Path) -> None:
    nodes = graph((example_site / "2026/08/qa-fifty-percent-off/index.html").read_text("utf-8"))
    (letter,) = of(nodes, "BlogPosting")
    (page,) = of(nodes, "WebPage")
    assert values(nodes, letter, "mainEntityOfPage") == [page["@id"]] == values(nodes, letter, "url")
    assert letter["@id"] != page["@id"]
    assert values(nodes, letter, "author") == values(nodes, letter, "publisher") == [f"{ROOTS['example_site']}#speaker"]
    assert values(nodes, letter, "articleSection") == ["Q&A"]
    assert values(nodes, letter, "datePublished") == ["2026-08-20T09:30:00+02:00"]

"""JSON-LD as data, by schema.org's types; the theme prints it with `tojson`.

Properties as Google's guides for Article, Breadcrumb, Profile page, Event and Site names name them
(developers.google.com/search/docs/appearance). There is no SearchAction: Google took the search box out of its results
in November 2024. Every node that another points to by `@id` stands on the same page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from plugins.speaker import Speaker

    Data = dict[str, Any]
    Trail = tuple[tuple[str, str], ...]


def filled(**values: Any) -> Data:
    """Leave out what is empty."""
    return {name: value for name, value in values.items() if value}


def graph(*nodes: Data) -> Data:
    """Give the nodes of one page as a document."""
    return {"@context": "https://schema.org", "@graph": list(nodes)}


def author(speaker: Speaker) -> Data:
    """Give the speaker as the author of something: no more than names a person beyond doubt."""
    root = f"{speaker.root}/"
    return {"@type": "Person", "@id": f"{root}#speaker", "name": speaker.name, "url": root}


def person(speaker: Speaker, photo: str = "") -> Data:
    """Give all of the speaker; `photo` is an absolute address. What the owner didn't write is left out."""
    return author(speaker) | filled(
        givenName=speaker.given_name,
        email=speaker.mailto,
        image=photo,
        jobTitle=speaker.line,
        description=speaker.bio or speaker.line,
        knowsAbout=list(speaker.topics),
        sameAs=[profile.url for profile in speaker.profiles],
    )


def site(speaker: Speaker) -> Data:
    """Give the site as what a page belongs to."""
    root = f"{speaker.root}/"
    return {"@type": "WebSite", "@id": f"{root}#site", "name": speaker.name, "url": root}


def home(speaker: Speaker, description: str, photo: str) -> Data:
    """Give the home page's data: the site and who speaks there."""
    whole = site(speaker) | filled(description=description, inLanguage=speaker.language)
    return graph(whole | {"publisher": {"@id": f"{speaker.root}/#speaker"}}, person(speaker, photo))


def page(speaker: Speaker, kind: str, trail: Trail, **about: Any) -> Data:
    """Give a page of the schema.org type `kind`; `trail` leads to it from home, `about` holds more of it.

    The trail is (name, absolute address) pairs, the last one the page's own.
    """
    name, url = trail[-1]
    node = {"@type": kind, "@id": url, "url": url, "name": name, **filled(**about)}
    return graph(node | {"isPartOf": site(speaker), "breadcrumb": {"@id": f"{url}#trail"}}, _breadcrumbs(trail))


def post(speaker: Speaker, trail: Trail, **about: Any) -> Data:
    """Give a post's data: a BlogPosting of what `about` holds, and the way to it."""
    name, url = trail[-1]
    who = author(speaker)
    around = {"@type": "WebPage", "@id": url, "isPartOf": site(speaker), "breadcrumb": {"@id": f"{url}#trail"}}
    letter = {
        "@type": "BlogPosting",
        "@id": f"{url}#letter",
        "url": url,
        "mainEntityOfPage": around,
        "headline": name,
        **filled(**about),
        "author": who,
        "publisher": who,
    }
    return graph(letter, _breadcrumbs(trail))


def talk(speaker: Speaker, trail: Trail, photo: str, **about: Any) -> Data:
    """Give a talk's data: a page about a work of the speaker's, of which `about` holds more."""
    name, url = trail[-1]
    work = {"@type": "CreativeWork", "@id": f"{url}#talk", "name": name, "creator": {"@id": f"{speaker.root}/#speaker"}}
    whole = page(speaker, "ItemPage", trail, mainEntity={"@id": work["@id"]})
    whole["@graph"] += [work | filled(**about), person(speaker, photo)]
    return whole


def review(words: str, name: str, role: str) -> Data:
    """Give what somebody said of a talk."""
    return {
        "@type": "Review",
        "reviewBody": words,
        "author": {"@type": "Person", "name": name, **filled(jobTitle=role)},
    }


def _breadcrumbs(trail: Trail) -> Data:
    return {
        "@type": "BreadcrumbList",
        "@id": f"{trail[-1][1]}#trail",
        "itemListElement": [
            {"@type": "ListItem", "position": at, "name": name, "item": url} for at, (name, url) in enumerate(trail, 1)
        ],
    }

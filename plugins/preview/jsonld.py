"""JSON-LD as data, by schema.org's types; the theme prints it with `tojson`.

Properties as Google's guides for Article, Breadcrumb and ProfilePage name them (developers.google.com/search/docs).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from plugins.speaker import Speaker

    Data = dict[str, Any]


def _with_context(*things: Data) -> Data:
    return {"@context": "https://schema.org", "@graph": list(things)}


def person(speaker: Speaker) -> Data:
    """Give the speaker as a Person; empty properties are left out."""
    data = {
        "@type": "Person",
        "@id": f"{speaker.root}/#speaker",
        "name": speaker.name,
        "givenName": speaker.given_name,
        "url": f"{speaker.root}/",
        "email": f"mailto:{speaker.email}",
        "description": speaker.bio or speaker.line,
        "sameAs": [profile.url for profile in speaker.profiles],
    }
    return {name: value for name, value in data.items() if value}


def website(speaker: Speaker, description: str) -> Data:
    """Give the site as a WebSite."""
    return {
        "@type": "WebSite",
        "@id": f"{speaker.root}/#site",
        "url": f"{speaker.root}/",
        "name": speaker.name,
        "description": description,
        "inLanguage": speaker.language,
        "publisher": {"@id": f"{speaker.root}/#speaker"},
    }


def breadcrumbs(trail: list[tuple[str, str]]) -> Data:
    """Give the way from home as (name, absolute address) pairs."""
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": at, "name": name, "item": url} for at, (name, url) in enumerate(trail, 1)
        ],
    }


def home(speaker: Speaker, description: str) -> Data:
    """Give the home page's data."""
    return _with_context(website(speaker, description), person(speaker))


def page(speaker: Speaker, *, url: str, title: str, description: str, kind: str) -> Data:
    """Give the data of a page that is no post: `kind` is its schema.org type."""
    site = {"@id": f"{speaker.root}/#site"}
    data = {"@type": kind, "@id": url, "url": url, "name": title, "description": description, "isPartOf": site}
    things = [data, breadcrumbs([(speaker.name, f"{speaker.root}/"), (title, url)])]
    if kind in {"ProfilePage", "ContactPage"}:
        data["mainEntity"] = {"@id": f"{speaker.root}/#speaker"}
        things.append(person(speaker))
    return _with_context(*things)


def talk(speaker: Speaker, *, url: str, title: str, description: str, **about: Any) -> Data:
    """Give a talk's data: a page about a work of the speaker's, of which `about` holds more (empty values left out)."""
    whole = page(speaker, url=url, title=title, description=description, kind="ItemPage")
    work = {
        "@type": "CreativeWork",
        "@id": f"{url}#talk",
        "name": title,
        "description": description,
        "creator": {"@id": f"{speaker.root}/#speaker"},
        **{name: value for name, value in about.items() if value},
    }
    whole["@graph"][0]["mainEntity"] = {"@id": work["@id"]}
    whole["@graph"] += [work, person(speaker)]
    return whole


def review(words: str, name: str, role: str) -> Data:
    """Give what somebody said of a talk."""
    author = {"@type": "Person", "name": name, **({"jobTitle": role} if role else {})}
    return {"@type": "Review", "reviewBody": words, "author": author}


def post(speaker: Speaker, *, trail: list[tuple[str, str]], **about: Any) -> Data:
    """Give a post's data: a BlogPosting of what `about` holds (empty values left out), and its breadcrumbs."""
    url = trail[-1][1]
    who = {"@type": "Person", "@id": f"{speaker.root}/#speaker", "name": speaker.name, "url": f"{speaker.root}/"}
    article = {
        "@type": "BlogPosting",
        "@id": url,
        "url": url,
        "mainEntityOfPage": url,
        "author": who,
        "publisher": who,
        "isPartOf": {"@id": f"{speaker.root}/#site"},
        **{name: value for name, value in about.items() if value},
    }
    return _with_context(article, breadcrumbs(trail))

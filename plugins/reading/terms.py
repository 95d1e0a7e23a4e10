"""Tags, categories and series: what is one term however it is typed, and an address of its own for each.

Of two that would have the same one, the term of the oldest post has it, so that no newer post ever moves a page; the
other's ends with a hash of its name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pelican.contents import Category, Tag
from pelican.urlwrappers import URLWrapper

from plugins import slugs

if TYPE_CHECKING:
    from collections.abc import Iterable

SETTING = "TERM_ADDRESSES"
"""The addresses of all tags and categories by kind and identity; it is there as soon as all posts are read."""


def _slug(term: Any) -> str:
    """Return the part of a term's address; until all posts are read, one that tells it from every other."""
    if term._slug is not None:  # noqa: SLF001  set by somebody
        return str(term._slug)  # noqa: SLF001  as above
    given: dict[tuple[str, str], str] = term.settings.get(SETTING, {})
    return given.get((type(term).__name__, slugs.identity(term.name))) or slugs.hashed_slug(term.name)


def use_own_addresses() -> None:
    """Let Pelican's tags and categories have addresses of their own, also where a link names one."""
    for kind in (Tag, Category):
        kind.slug = property(_slug, URLWrapper.slug.fset)


def assign(generator: Any) -> None:
    """Give every term that was read its address."""
    contents = by_age(generator)
    generator.settings[SETTING] = {
        (kind, identity): slug
        for kind, key in (("Tag", "tags"), ("Category", "category"))
        for identity, slug in addresses(name for one in contents for name in one.metadata["terms"][key]).items()
    }


def by_age(generator: Any) -> list[Any]:
    """Return the posts, the oldest first; drafts last, which must move nothing that is published."""
    groups = (generator.articles, generator.hidden_articles, generator.drafts)
    return [one for group in groups for one in sorted(group, key=lambda one: (one.date, one.source_path))]


def addresses(names: Iterable[str]) -> dict[str, str]:
    """Return the part of an address for each identity among the names; of two alike, the first has the plain one."""
    found: dict[str, str] = {}
    used: set[str] = set()
    for name in names:
        if (identity := slugs.identity(name)) not in found:
            plain = slugs.slug(name)
            found[identity] = slugs.hashed_slug(name) if plain in used else plain
            used.add(plain)
    return found

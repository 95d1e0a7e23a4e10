"""Lists of posts and of headings, cut into pages that stay small."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


@dataclass(frozen=True, slots=True)  # a tuple has a `count` of its own
class Term:
    """A heading that posts stand under: a year, a tag, a category; its address and how many posts."""

    name: str
    url: str
    count: int


class Listing(NamedTuple):
    """One page of a list. `url`, `save_as` are below the site's root; `page` counts from 1."""

    kind: str
    name: str
    url: str
    save_as: str
    entries: Sequence[Any]
    page: int
    pages: int
    newer_url: str | None
    older_url: str | None
    first: int = 1
    """The number, in the whole list, of the first entry."""


def pages_of(kind: str, name: str, url: str, entries: Sequence[Any], size: int) -> Iterator[Listing]:
    """Yield the pages of one list, `size` entries each; an empty list has one page."""
    pages = max(1, -(-len(entries) // size))

    def address(page: int) -> str | None:
        if not 1 <= page <= pages:
            return None
        return url if page == 1 else f"{url}page/{page}/"

    for page in range(1, pages + 1):
        here = address(page) or ""
        part = entries[(page - 1) * size : page * size]
        newer, older = address(page - 1), address(page + 1)
        yield Listing(kind, name, here, f"{here}index.html", part, page, pages, newer, older, (page - 1) * size + 1)

"""Home, the archive by year, tags, categories and series: Pelican groups the posts, this draws the lists.

Pelican's own lists search the whole blog once for every tag, and their second pages collide; they are left undrawn.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from pelican.generators import Generator
from pelican.plugins import signals

from plugins.listings.pages import Listing, Term, pages_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pelican.generators import ArticlesGenerator
    from pelican.writers import Writer

POSTS_A_PAGE = 20
TERMS_A_PAGE = 100
FEW = 50
"""As many posts as this, and the archive lists years, which lead to them; fewer are listed themselves."""
_TEMPLATES = {"home": "index", "years": "terms", "tags": "terms", "categories": "terms", "all_series": "terms"}


class ListingGenerator(Generator):  # type: ignore[misc]  # Pelican ships no types
    """Draws every list as `index`, `listing` or `terms`."""

    def generate_context(self) -> None:
        """Plan the lists of the posts that were read."""
        self.listings = list(self._plan())
        planned = self.context.setdefault("planned_outputs", [])
        planned += [(listing.save_as, f"the list /{listing.url}") for listing in self.listings]

    def generate_output(self, writer: Writer) -> None:
        """Write them."""
        for listing in self.listings:
            what = "years" if listing.kind == "archive" and len(self.context["articles"]) >= FEW else listing.kind
            template = self.get_template(_TEMPLATES.get(what, "listing"))
            writer.write_file(listing.save_as, template, self.context, listing=listing, url=listing.url)

    def _plan(self) -> Iterator[Listing]:
        articles = self.context["articles"]
        yield from pages_of("home", "", "", articles, POSTS_A_PAGE)
        years = []
        for year, group in groupby(articles, key=lambda article: article.date.year):
            posts = list(group)
            years.append(Term(str(year), f"{year}/", len(posts)))
            yield from pages_of("year", str(year), f"{year}/", posts, POSTS_A_PAGE)
        listed = years if len(articles) >= FEW else articles
        yield from pages_of("archive", "", "archive/", listed, TERMS_A_PAGE)
        for kind, name, url in (("tag", "tags", "tags/"), ("category", "categories", "categories/")):
            terms = []
            for term, posts in sorted(self.context[name], key=lambda item: (item[0].name.casefold(), item[0].name)):
                terms.append(Term(term.name, term.url, len(posts)))
                yield from pages_of(kind, term.name, term.url, posts, POSTS_A_PAGE)
            yield from pages_of(name, "", url, terms, TERMS_A_PAGE)
        if self.context["series"]:
            yield from self._plan_series()

    def _plan_series(self) -> Iterator[Listing]:
        terms = []
        for name, url, posts in self.context["series"]:
            terms.append(Term(name, url, len(posts)))
            changed = max(post.updated for post in posts).date().isoformat()
            self.context.setdefault("places", []).append((url, changed))
            yield from pages_of("series", name, url, posts, POSTS_A_PAGE)
        yield from pages_of("all_series", "", "series/", terms, TERMS_A_PAGE)


def _leave_undrawn(generator: ArticlesGenerator) -> None:
    # The context holds them already; what Pelican no longer holds it does not draw.
    generator.tags, generator.categories, generator.authors = {}, [], []


def _generators(_: Any) -> type[Generator]:
    return ListingGenerator


def register() -> None:
    """Connect to Pelican."""
    signals.article_generator_finalized.connect(_leave_undrawn)
    signals.get_generators.connect(_generators)

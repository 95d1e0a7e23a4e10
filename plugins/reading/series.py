"""Series: letters that belong together, in an order of their own."""

from __future__ import annotations

from collections import defaultdict
from itertools import count
from typing import TYPE_CHECKING, Any, NamedTuple

from plugins.keys import Surroundings, WrongValueError, text
from plugins.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from plugins.keys import Written

LONGEST = 999
"""Letters of a series at the most: more is a misprint, or a year."""


class Part(NamedTuple):
    """One letter's place in its series: its number, from 1, and the letters before and after it, or None."""

    series: Series
    number: int
    earlier: Any
    later: Any


class Series(NamedTuple):
    """A series: its name, its address below the site's root, and its letters in their order."""

    name: str
    url: str
    articles: tuple[Any, ...]


def part_number(value: Written, around: Surroundings) -> int:
    """Read `part`. Raises `WrongValueError` for anything but a whole number from 1."""
    found = text(value, around)
    if not (found.isascii() and found.isdigit() and 1 <= int(found) <= LONGEST):
        raise WrongValueError(f"`{found}` is not the number of a part; write 1, 2, 3 …")
    return int(found)


def collected(articles: Iterable[Any], slug: Callable[[str], str]) -> tuple[Series, ...]:
    """Give the series of the posts, by name; `slug` gives the part of the address that a name becomes."""
    shelves = defaultdict(list)
    for article in articles:
        if "series" in article.metadata:
            shelves[slug(article.metadata["series"])].append(article)  # of two names with one slug: see `problems`
    found = [
        Series(group[0].metadata["series"], f"series/{name}/", tuple(_ordered(group)))
        for name, group in shelves.items()
    ]
    return tuple(sorted(found, key=lambda one: (one.name.casefold(), one.url)))


def _ordered(articles: list[Any]) -> list[Any]:
    """Give the letters by their `part`; those without one take the numbers left, the oldest first."""
    numbered = [(article.metadata["part"], article) for article in articles if "part" in article.metadata]
    taken = {number for number, _ in numbered}
    free = (number for number in count(1) if number not in taken)
    others = sorted(
        (article for article in articles if "part" not in article.metadata),
        key=lambda article: (article.date, article.source_path),
    )
    placed = [*numbered, *zip(free, others, strict=False)]
    return [article for _, article in sorted(placed, key=lambda pair: (pair[0], pair[1].source_path))]


def parts(series: Iterable[Series]) -> dict[str, Part]:
    """Give each letter's place by its source file."""
    found = {}
    for one in series:
        beside = (None, *one.articles, None)
        for at, article in enumerate(one.articles, 1):
            found[article.source_path] = Part(one, at, beside[at - 1], beside[at + 1])
    return found


def problems(articles: Iterable[Any], slug: Callable[[str], str]) -> Iterator[Problem]:
    """Yield what is wrong: a part without a series, two letters with one number, two names with one address."""
    numbers: dict[tuple[str, int], Any] = {}
    names: dict[str, Any] = {}
    for article in articles:
        values = article.metadata
        lines, shown = values["lines"], values["shown"]
        if "series" not in values:
            if "part" in values:
                message = "this part belongs to no series; add a line like `series: Its name`"
                yield Problem(shown, lines["part"], message, "series")
            continue
        name = values["series"]
        first = names.setdefault(slug(name), values)
        if not slug(name):
            message = f"`{name}` gives no address; write a name with letters or digits"
            yield Problem(shown, lines["series"], message, "series")
        elif first["series"] != name:
            other = f"`{first['series']}`, as in {first['shown']}"
            message = f"`{name}` has the same address as {other}; write both alike"
            yield Problem(shown, lines["series"], message, "series")
        if "part" in values:
            before = numbers.setdefault((name, values["part"]), values)
            if before is not values:
                message = f"{before['shown']} is part {values['part']} of `{name}` already; write another number"
                yield Problem(shown, lines["part"], message, "series")

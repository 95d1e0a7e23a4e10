"""Posts in their order: what stands before and after one, and which are akin to it."""

from __future__ import annotations

import bisect
import math
from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

RELATED = 3
_NEAREST = 40
"""How many posts of a tag, the nearest in time, are weighed: the work for one post does not grow with the blog."""


class Neighbours(NamedTuple):
    """The posts before and after one in time, or None."""

    earlier: Any
    later: Any


class Shelf:
    """All listed posts, newest first. Indexes are made when first asked for."""

    def __init__(self, articles: Sequence[Any]) -> None:
        """Keep the posts: anything with `source_path` and `tags` (each with a `slug`)."""
        self.articles = articles

    @cached_property
    def _position(self) -> dict[str, int]:
        return {article.source_path: at for at, article in enumerate(self.articles)}

    @cached_property
    def _tagged(self) -> dict[str, list[int]]:
        tagged = defaultdict(list)
        for at, article in enumerate(self.articles):
            for tag in getattr(article, "tags", ()):
                tagged[tag.slug].append(at)
        return tagged

    def neighbours(self, article: Any) -> Neighbours:
        """Give the posts before and after; a draft or an unlisted post has none."""
        at = self._position.get(article.source_path)
        if at is None:
            return Neighbours(None, None)
        return Neighbours(
            self.articles[at + 1] if at + 1 < len(self.articles) else None,
            self.articles[at - 1] if at else None,
        )

    def related(self, article: Any) -> tuple[Any, ...]:
        """Give at most three posts that share tags, the rarer the shared tags the nearer; then the newer first."""
        at = self._position.get(article.source_path, 0)
        weights: dict[int, float] = defaultdict(float)
        for tag in getattr(article, "tags", ()):
            tagged = self._tagged.get(tag.slug, [])
            weight = math.log((1 + len(self.articles)) / (1 + len(tagged))) + 0.01
            middle = bisect.bisect_left(tagged, at)
            for other in tagged[max(0, middle - _NEAREST // 2) : middle + _NEAREST // 2]:
                weights[other] += weight
        weights.pop(self._position.get(article.source_path, -1), None)
        # Rounded to a millionth by operators alone: this is done for a hundred posts a post.
        best = sorted([(-((weight * 1e6 + 0.5) // 1), other) for other, weight in weights.items()])
        return tuple(self.articles[other] for _, other in best[:RELATED])


def newest_first(content: Any) -> tuple[float, str]:
    """Sort posts by date, newest first; those of one moment by file name, so that every build has one order."""
    return (-content.date.timestamp(), content.source_path)

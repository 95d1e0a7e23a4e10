"""What pages and pictures weigh: for readers whose line is thin, and hosts that take no giants."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

from plugins.markup import candidates
from plugins.problems import Problem
from tools.inspection.places import Place
from tools.inspection.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from selectolax.lexbor import LexborNode

    from tools.inspection.page import Page
    from tools.inspection.survey import Survey

FIRST = 14_600
"""Bytes that arrive in the first round trip: ten segments of 1,460 (RFC 6928)."""
WHOLE = 1_000_000
"""Bytes of a page with all that loads at once: about a second on a line of 8 Mbit/s."""
PICTURE = 1_000_000
LARGEST = 25 * 1024 * 1024
"""The most that Cloudflare Pages takes for one file (developers.cloudflare.com/pages/platform/limits)."""

FRAME = Rule(
    "page-frames",
    f"What a page sends besides its own text is below {FIRST:,} bytes when packed.",
    "So much arrives in the first round trip, and the first lines are there at once.",
    stops=False,
)
PAGE = Rule(
    "page-weights",
    f"A page with all that loads at once is below {WHOLE:,} bytes.",
    "More takes seconds on a telephone, and costs its owner money.",
    stops=False,
)
PICTURES = Rule(
    "picture-weights",
    f"A picture that a page shows is below {PICTURE:,} bytes.",
    "Readers wait for it, and previews of shared links leave out what is larger.",
    stops=False,
)
FILES = Rule(
    "file-weights",
    f"No file is above {LARGEST // 1024 // 1024} MiB.",
    "Hosts of static sites refuse what is larger.",
    stops=False,
)
RULES = (FRAME, PAGE, PICTURES, FILES)


class Scale:
    """Weighs the files of a site, each once."""

    def __init__(self, survey: Survey) -> None:
        """Weigh nothing yet."""
        self._survey = survey
        self._known: dict[str, int] = {}
        self._shown: set[str] = set()

    def page(self, page: Page) -> Iterator[Problem]:
        """Yield what is wrong with the weight of a page. Takes the page's own text out of the tree: weigh it last."""
        place = self._survey.desk.written(page.origin).at() if page.origin else Place(page.name)
        whole = len(gzip.compress(page.raw, 6, mtime=0))
        names = set(self._loaded(page))
        total = whole + sum(map(self._weight, names))
        if total > WHOLE:
            heavy = max(names, key=self._weight)
            message = (
                f"the page loads {total:,} bytes at once, of at most {WHOLE:,}; "
                f"the largest part is {heavy} with {self._weight(heavy):,}; make it smaller, or show less"
            )
            yield Problem(*place, message, PAGE.name)
        if whole > FIRST:
            yield from self._frame(page)

    def _frame(self, page: Page) -> Iterator[Problem]:
        for text in page.tree.css(".letter"):
            text.decompose()
        frame = len(gzip.compress((page.tree.html or "").encode(), 9, mtime=0))
        if frame > FIRST:
            message = (
                f"the page sends {frame:,} bytes besides its own text, of at most {FIRST:,}; "
                "take something out of the doors or the style sheet"
            )
            yield Problem(page.name, 1, message, FRAME.name)

    def files(self) -> Iterator[Problem]:
        """Yield what is too heavy by itself; when all pages have been weighed."""
        for name in sorted(self._survey.files):
            weight = self._weight(name)
            origin = self._survey.drawn.sources.get(name)
            place = origin.shown if origin else name
            if weight > LARGEST:
                message = f"this file has {weight:,} bytes, of at most {LARGEST:,}; put it elsewhere and link to it"
                yield Problem(place, 1, message, FILES.name)
            elif weight > PICTURE and name in self._shown:
                message = f"this picture has {weight:,} bytes, of at most {PICTURE:,}; save it smaller, or as JPEG"
                yield Problem(place, 1, message, PICTURES.name)

    def _weight(self, name: str) -> int:
        if name not in self._known:
            self._known[name] = (self._survey.drawn.folder / name).stat().st_size
        return self._known[name]

    def _loaded(self, page: Page) -> Iterator[str]:
        """Yield the files that the page loads by itself; of a picture's widths the largest, in the first format."""
        for tag, attributes, node in page.elements:
            if tag == "script" and attributes.get("src"):
                yield from self._files([attributes["src"] or ""], page)
            elif tag == "img":
                shown = list(self._files(_choices(node, attributes), page))
                self._shown.update(self._files([attributes.get("src") or ""], page))
                if shown and attributes.get("loading") != "lazy":
                    yield max(shown, key=self._weight)

    def _files(self, values: list[str], page: Page) -> Iterator[str]:
        for value in values:
            target = self._survey.targets.target(value, page.url)
            if target and target.name in self._survey.files:
                yield target.name


def _choices(node: LexborNode, attributes: dict[str, str | None]) -> list[str]:
    """Give the addresses of which a browser that knows the newest format loads one."""
    first = node.parent.css_first("source[srcset]") if node.parent and node.parent.tag == "picture" else None
    srcset = (first.attributes.get("srcset") if first else attributes.get("srcset")) or ""
    return [url for url, _ in candidates(srcset)] or [attributes.get("src") or ""]

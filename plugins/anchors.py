"""The places on a page that a link can lead to: the theme's own, and headings that keep out of their way."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from pathlib import Path

_ID = re.compile(r'\sid="([\w-]+)"')


def theme_anchors(theme: Path) -> frozenset[str]:
    """Give the ids that the theme's templates write."""
    templates = sorted((theme / "templates").rglob("*.html"))
    return frozenset(name for path in templates for name in _ID.findall(path.read_text("utf-8")))


def heading_ids(taken: Collection[str]) -> Callable[[str, str], str]:
    """Give the function that names headings for Python-Markdown: by their words in any script, and never as `taken`."""
    from markdown.extensions.toc import slugify_unicode  # slow to import

    def heading_id(heading: str, separator: str) -> str:
        name = slugify_unicode(heading, separator)
        return f"{name}{separator}1" if name in taken else name

    return heading_id

"""The places on a page that a link can lead to: the theme's own, and headings that keep out of their way."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from pathlib import Path

_ID = re.compile(r'\sid="([\w.-]+)"')
_USED = re.compile(r'{%-?\s*(?:include|extends|from|import)\s+"([^"]+)\.html"')


def theme_anchors(theme: Path) -> dict[str, frozenset[str]]:
    """Give, by template name, the ids that it writes itself or by the templates it uses."""
    folder = theme / "templates"
    texts = {
        path.relative_to(folder).with_suffix("").as_posix(): path.read_text("utf-8")
        for path in sorted(folder.rglob("*.html"))
    }

    def ids(name: str) -> frozenset[str]:
        text = texts.get(name, "")
        return frozenset(_ID.findall(text)).union(*(ids(used) for used in _USED.findall(text)))

    return {name: ids(name) for name in texts}


def heading_ids(taken: Collection[str]) -> Callable[[str, str], str]:
    """Give the function that names headings for Python-Markdown: by their words in any script, and never as `taken`."""
    from markdown.extensions.toc import slugify_unicode  # slow to import

    def heading_id(heading: str, separator: str) -> str:
        name = slugify_unicode(heading, separator)
        return f"{name}{separator}1" if name in taken else name

    return heading_id

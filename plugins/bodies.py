"""The text of a post, page or talk, as Pelican keeps it."""

from __future__ import annotations

from typing import Any

from plugins import text


def replace_body(content: Any, markup: str) -> None:
    """Put `markup` in the place of a content's text, its links not yet resolved.

    Pelican remembers the resolved text of whoever asked first, so that a page would show what another plugin has read
    too early; it is made to forget that, and no order of plugins matters.
    """
    content._content = markup  # noqa: SLF001  Pelican has no other way in
    vars(content).pop("plain_body", None)
    for remembered in (content.get_content, content.get_summary):
        remembered.cache.pop((content, content.get_siteurl()), None)


def plain_body(content: Any) -> str:
    """Return a content's text without its markup, in one line; it is worked out once for all that ask."""
    if not hasattr(content, "plain_body"):
        content.plain_body = text.plain(content._content)  # noqa: SLF001  before links are resolved
    return str(content.plain_body)

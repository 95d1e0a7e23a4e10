"""What the preview's server puts into pages, and the pages that it has of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tools.likeness import Likeness

_ELEMENT = '<script src="/_preview/reload.js?{build}.{style}.{rest}" defer></script>'
_PAGE = (
    b'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>%s</title>'
    b'<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">'
    b'<link rel="icon" href="data:,"></head><body><main><h1>%s</h1><p>%s</p></main></body></html>'
)
NOTHING_HERE = _PAGE % (b"Preview", b"Preview", b"There is no page here.")
"""For a site without a 404 page of its own."""
NOT_BUILT = _PAGE % (b"Not built yet", b"Not built yet", b"As soon as the site is built, it appears here by itself.")
"""Until there is a good build; what is wrong, the script shows."""


def with_script(page: bytes, build: str, known: Likeness) -> bytes:
    """Put the reload script at the end of the head, or of a page that has none."""
    element = _ELEMENT.format(build=build, **known._asdict()).encode()
    head, end, rest = page.partition(b"</head>")
    return head + element + end + rest

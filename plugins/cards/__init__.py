"""Card pictures: what a shared link shows of a post, a page or a talk, drawn as the letterhead."""

from __future__ import annotations


def register() -> None:
    """Connect to Pelican."""

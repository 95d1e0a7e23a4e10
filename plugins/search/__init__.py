"""Search: an index made by Pagefind, and the page that asks it."""

from __future__ import annotations


def register() -> None:
    """Connect to Pelican."""

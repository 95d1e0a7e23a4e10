"""Icons from the one favicon.svg, and the web manifest."""

from __future__ import annotations


def register() -> None:
    """Connect to Pelican."""

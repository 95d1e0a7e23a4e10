"""The speaker as data: speaker.json under a documented schema."""

from __future__ import annotations


def register() -> None:
    """Connect to Pelican."""

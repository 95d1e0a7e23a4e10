"""Dates: where the speaker was and will be, and which days are taken."""

from __future__ import annotations


def register() -> None:
    """Connect to Pelican."""

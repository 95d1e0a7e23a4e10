"""The organiser's kit: texts, pictures, the introduction, a sheet for each talk, and all of it in one file."""

from __future__ import annotations


def register() -> None:
    """Connect to Pelican."""

"""Talks: one Markdown file each, a page each."""

from __future__ import annotations


def register() -> None:
    """Connect to Pelican."""

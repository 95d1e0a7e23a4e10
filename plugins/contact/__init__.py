"""The business card: a page to show, a code to scan, a file that phones import."""

from __future__ import annotations


def register() -> None:
    """Connect to Pelican."""

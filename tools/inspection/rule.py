"""A rule of the checks, for the rules that look at the drawn site: the same as those of a build."""

from __future__ import annotations

from plugins.catalogue import Rule

__all__ = ["Rule"]

"""A rule of the checks: its name, what it asks for and why."""

from __future__ import annotations

from typing import NamedTuple


class Rule(NamedTuple):
    """A rule of the checks. `asks` and `why` are one sentence each.

    What breaks a rule that `stops` is an error and stops publishing, else a warning. An `optional` rule may be switched
    off.
    """

    name: str
    asks: str
    why: str
    stops: bool
    optional: bool = True

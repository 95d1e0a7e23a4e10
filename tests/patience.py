"""Waiting in tests for what must come: the limit ends what hangs, and says nothing of how fast a machine is."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

PATIENCE = 90.0
"""Seconds after which something hangs, even on a machine that has much else to do."""


def wait_until(true: Callable[[], object], told: Callable[[], object] = lambda: "it has never come true") -> None:
    """Return once a condition holds; fail with what `told` gives where it doesn't in all that time."""
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, told()
        time.sleep(0.02)

"""What was found out about addresses elsewhere, kept for a week, so that nobody is asked at every check."""

from __future__ import annotations

import datetime as dt  # noqa: TC003  msgspec reads the annotation
from contextlib import suppress
from typing import TYPE_CHECKING

import msgspec

from tools.inspection.asking import Outcome  # noqa: TC001  the same
from tools.replacing import replace

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

NAME = "links.json"
GOOD, BAD = 7, 1
"""Days for which an answer counts: what may be mended any hour is asked again the next day."""


class Remembered(msgspec.Struct, frozen=True):
    """An outcome, and the day on which it was found."""

    day: dt.date
    outcome: Outcome

    def counts(self, day: dt.date) -> bool:
        """Tell whether it still counts on this day."""
        age = (day - self.day).days
        return 0 <= age < (GOOD if self.outcome.kind in {"there", "moved"} else BAD)


def load(folder: Path, day: dt.date) -> dict[str, Outcome]:
    """Give what still counts; nothing where the file is not there or cannot be read."""
    return {url: one.outcome for url, one in _read(folder).items() if one.counts(day)}


def keep(folder: Path, day: dt.date, new: Mapping[str, Outcome]) -> None:
    """Write down what was found today, with what still counts; a folder that cannot be written to is no matter."""
    held = {url: one for url, one in _read(folder).items() if one.counts(day)}
    held |= {url: Remembered(day, outcome) for url, outcome in new.items()}
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        replace(folder / NAME, msgspec.json.encode(dict(sorted(held.items()))))


def _read(folder: Path) -> dict[str, Remembered]:
    try:
        return msgspec.json.decode((folder / NAME).read_bytes(), type=dict[str, Remembered])
    except (OSError, msgspec.DecodeError):
        return {}

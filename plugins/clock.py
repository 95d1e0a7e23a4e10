"""The one clock: the site's date, an input like any other; and when what was looked up is old."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Mapping


class MomentError(Exception):
    """The moment that the environment declares is none."""

    exitcode = 1

    def __init__(self, epoch: str) -> None:
        """Say what was found, and what would do."""
        super().__init__(f"SOURCE_DATE_EPOCH must be a count of seconds since 1970, not `{epoch}`; unset it")


def site_date(timezone: str, environ: Mapping[str, str]) -> dt.date:
    """Give the day on which the site is built, in the speaker's time zone.

    `SOURCE_DATE_EPOCH` (seconds since 1970 in UTC, https://reproducible-builds.org/specs/source-date-epoch/) decides
    where it is set. Raises `MomentError` where that is no whole number, or too far off.
    """
    zone = ZoneInfo(timezone)
    epoch = environ.get("SOURCE_DATE_EPOCH")
    if epoch:
        try:
            return dt.datetime.fromtimestamp(int(epoch), zone).date()
        except (ValueError, OverflowError, OSError):
            raise MomentError(epoch) from None
    return dt.datetime.now(zone).date()


def is_old(checked: dt.date, day: dt.date) -> bool:
    """Tell whether what was last looked up on the day `checked` had not been for twelve months on the other."""
    return (day.year - 1, day.month, day.day) > (checked.year, checked.month, checked.day)

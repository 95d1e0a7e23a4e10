"""The one clock: the site's date, an input like any other."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Mapping


def site_date(timezone: str, environ: Mapping[str, str]) -> dt.date:
    """Give the day on which the site is built, in the speaker's time zone.

    `SOURCE_DATE_EPOCH` (seconds since 1970 in UTC, https://reproducible-builds.org/specs/source-date-epoch/) decides
    where it is set. Raises `ValueError` where that is not a whole number.
    """
    zone = ZoneInfo(timezone)
    epoch = environ.get("SOURCE_DATE_EPOCH")
    if epoch:
        return dt.datetime.fromtimestamp(int(epoch), zone).date()
    return dt.datetime.now(zone).date()

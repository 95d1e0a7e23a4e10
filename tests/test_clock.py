from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from plugins.clock import MomentError, site_date


@pytest.mark.parametrize(
    ("zone", "day"),
    [("UTC", 31), ("Asia/Tokyo", 1), ("America/Los_Angeles", 31)],
)
def test_the_declared_moment_is_a_day_where_the_speaker_lives(zone: str, day: int) -> None:
    moment = int(dt.datetime(2026, 10, 31, 20, tzinfo=dt.UTC).timestamp())
    assert site_date(zone, {"SOURCE_DATE_EPOCH": str(moment)}).day == day


def test_without_one_it_is_today() -> None:
    before = dt.datetime.now(ZoneInfo("UTC")).date()
    assert before <= site_date("UTC", {}) <= dt.datetime.now(ZoneInfo("UTC")).date()


@pytest.mark.parametrize("epoch", ["abc", "1.5", "9" * 12, "9" * 30, "-" + "9" * 30])
def test_what_is_no_moment_is_told(epoch: str) -> None:
    with pytest.raises(MomentError, match=f"since 1970, not `{epoch}`; unset it"):
        site_date("UTC", {"SOURCE_DATE_EPOCH": epoch})

"""What a target is: a place that a release can be compared with, sent to, and taken back from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from tools.progress import Progress
    from tools.publishing.release import Changes, Release


class TargetError(Exception):
    """A target cannot be reached, read or written; `str()` is one sentence that says what to do about it.

    The site stands there as it did before. Only a store of objects may hold new pages beside old ones: there each link
    still answers.
    """

    exitcode = 1


class Target(Protocol):
    """A place where the site is published. Every method raises `TargetError`, and leaves no partial site behind.

    One that was killed leaves the old site whole, and the next call clears away what it left.
    """

    removes_later: bool
    """Whether what a release no longer has goes with the one after it only."""

    @property
    def where(self) -> str:
        """The place, for people: `/srv/www/blog`, `ada@www.example.org:blog`."""

    def compare(self, release: Release) -> Changes:
        """Say by which files the release differs from what is online there now. Nothing is written there."""

    def deliver(self, release: Release, progress: Progress) -> None:
        """Bring the release online as a whole, and see that what arrived is what was sent."""

    def roll_back(self, progress: Progress) -> str:
        """Bring the release online that was there before this one, and give its name."""

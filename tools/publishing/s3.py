"""A bucket of an S3-compatible store as a target: file by file, and yet no reader meets a link that leads nowhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tools.output import MANIFEST
from tools.publishing import s3_plan as plan
from tools.publishing import s3_state as states
from tools.publishing.s3_store import ChangedError, Store, each, prefix
from tools.publishing.s3_survey import bytes_of, check_arrived, survey
from tools.publishing.target import TargetError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from tools.progress import Progress
    from tools.publishing.release import Changes, Release
    from tools.publishing.s3_state import State
    from tools.publishing.s3_store import Listed
    from tools.publishing.s3_survey import Survey
    from tools.publishing.settings import S3


class S3Target:
    """A bucket, below its prefix. Objects of others are never touched.

    Killed or cut off at any moment, it leaves a site whose every page finds what it refers to: the old pages, the new
    ones, or some of each. The next call makes it whole.
    """

    removes_later = True
    """What a release no longer has goes at the publish after it: pages that readers have open refer to it."""

    def __init__(self, settings: S3, earlier: Callable[[], Release | None]) -> None:
        """Take `earlier` to give the release on this computer that was online before the one that is."""
        self._settings = settings
        self._earlier = earlier

    @property
    def where(self) -> str:
        """Give the bucket and the prefix, like `s3://www.example.org/blog`."""
        return f"s3://{self._settings.bucket}/{prefix(self._settings)}".rstrip("/")

    def compare(self, release: Release) -> Changes:
        """Say by which files the release differs from what is online. Raises `TargetError`."""
        with Store(self._settings, self.where) as store:
            return survey(store, release).changes

    def deliver(self, release: Release, progress: Progress) -> None:
        """Bring the release online, and see that it is there. Raises `TargetError`."""
        with Store(self._settings, self.where) as store:
            found = survey(store, release)
            begun = found.state.after_beginning(found.wanted)
            if not found.due and _ended(begun, found, found.there, found.there) == found.state:
                return
            version = self._write(store, begun, found.version)
            self._send(store, found, release.moved, progress)
            self._check_alone(store, version)
            with progress.step("Comparing what arrived"):
                there = check_arrived(store, found)
            left = self._remove(store, begun, version, there, progress)
            self._write(store, _ended(begun, found, there, left), version)

    def roll_back(self, progress: Progress) -> str:
        """Bring the release online that was there before this one, and give its name. Raises `TargetError`."""
        release = self._earlier()
        if release is None:
            raise TargetError(f"This computer keeps no release of {self.where} from before the one that is online.")
        self.deliver(release, progress)
        return release.name

    def _send(self, store: Store, found: Survey, moved: Collection[str], progress: Progress) -> None:
        steps = plan.sending(found.due - found.there.keys(), found.due & found.there.keys(), moved)
        with progress.step("Sending files", len(found.due)) as advance:
            for step in steps:
                each(lambda file: store.send(file, bytes_of(file)), (found.wanted[path] for path in step), advance)

    def _remove(
        self, store: Store, state: State, version: str, there: Collection[str], progress: Progress
    ) -> Collection[str]:
        """Remove what was gone before this release, and give what is left."""
        gone = {path for path in there if states.key_of(path) in state.gone}
        if gone:
            self._check_alone(store, version)
            with progress.step("Removing what earlier releases left", len(gone)) as advance:
                for step in plan.removing(gone):
                    each(store.remove, step, advance)
        return set(there) - gone

    def _check_alone(self, store: Store, version: str) -> None:
        if store.version(MANIFEST) != version:
            raise self._overtaken()

    def _write(self, store: Store, state: State, version: str) -> str:
        try:
            return store.replace(MANIFEST, states.encoded(state), plan.headers(MANIFEST), version)
        except ChangedError:
            raise self._overtaken() from None

    def _overtaken(self) -> TargetError:
        return TargetError(f"Somebody else published to {self.where} at the same time; publish again.")


def _ended(begun: State, found: Survey, there: Mapping[str, Listed], left: Collection[str]) -> State:
    marks = {path: states.mark(there[path].etag, file.fingerprint) for path, file in found.wanted.items()}
    return begun.after_ending(marks, left)

"""What a bucket holds beside what it should hold: what must be sent, what is in the way, and what has arrived."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from tools.output import MANIFEST
from tools.publishing import s3_plan as plan
from tools.publishing import s3_state as states
from tools.publishing.release import Changes
from tools.publishing.s3_store import which
from tools.publishing.target import TargetError

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from tools.publishing.release import Release
    from tools.publishing.s3_plan import Wanted
    from tools.publishing.s3_state import State
    from tools.publishing.s3_store import Listed, Store

_NAMED = 3


class Survey(NamedTuple):
    """What is `wanted`, and what is `there`. `due` must be sent; `version` is that of the state."""

    state: State
    version: str
    there: Mapping[str, Listed]
    wanted: Mapping[str, Wanted]
    due: frozenset[str]

    @property
    def changes(self) -> Changes:
        """Give what readers will find changed."""
        online = {path for path in self.there if self.state.has_online(path)}
        return Changes(
            added=tuple(sorted(self.wanted.keys() - online)),
            changed=tuple(sorted(self.due & online)),
            removed=tuple(sorted(online - self.wanted.keys())),
        )


def survey(store: Store, release: Release) -> Survey:
    """Compare a release with what is there. Raises `TargetError`, where objects of others are in its way too."""
    wanted = plan.wanted(release)
    state, version = _state(store)
    there = store.listed()
    doubtful = [
        file
        for path, file in wanted.items()
        if path in there and not state.marks(path, states.mark(there[path].etag, file.fingerprint))
    ]
    # What this site has put there is rather sent again than read.
    equal = which(lambda file: _holds(store, file, there[file.path], read=not state.knows(file.path)), doubtful)
    strangers = {file.path for file in doubtful if not state.knows(file.path)} - {file.path for file in equal}
    if strangers:
        raise TargetError(
            f"{store.where} holds what this site did not publish where it needs {_named(strangers)}; "
            "move that away. Nothing was written."
        )
    mended = which(lambda file: store.fingerprint(file.path) == file.fingerprint, equal)
    due = (wanted.keys() - there.keys()) | {file.path for file in doubtful} - {file.path for file in mended}
    return Survey(state, version, there, wanted, frozenset(due))


def check_arrived(store: Store, found: Survey) -> dict[str, Listed]:
    """Give what is there now. Raises `TargetError` where it is not what is wanted."""
    there = store.listed()
    unsure = [
        file
        for path, file in found.wanted.items()
        if path in there and (path in found.due or there[path] != found.there[path])
    ]
    wrong = which(lambda file: not _holds(store, file, there[file.path], read=True), unsure)
    lost = found.wanted.keys() - there.keys()
    if wrong or lost:
        paths = lost | {file.path for file in wrong}
        raise TargetError(f"{store.where} does not hold what was sent as {_named(paths)}; publish again.")
    return there


def bytes_of(file: Wanted) -> bytes:
    """Give the bytes of a release's file. Raises `TargetError` where they are no longer those that were built."""
    try:
        data = file.file.read_bytes()
    except OSError as error:
        raise TargetError(f"{file.file} cannot be read ({error.strerror}); publish again.") from error
    if hashlib.sha256(data).hexdigest() != file.digest:
        raise TargetError(f"{file.file} has changed since it was built; publish again.")
    return data


def _holds(store: Store, file: Wanted, listed: Listed, *, read: bool) -> bool:
    """Say whether an object has the bytes of a file; `read` them where its version does not tell.

    It is no MD5 where a bucket encrypts with keys of its own (Amazon S3 API Reference, "Object").
    """
    data = bytes_of(file)
    if len(data) != listed.size:
        return False
    if hashlib.md5(data, usedforsecurity=False).hexdigest() == listed.etag:
        return True
    return read and store.digest(file.path) == file.digest


def _state(store: Store) -> tuple[State, str]:
    data, version = store.read(MANIFEST)
    try:
        return (states.decoded(data) if version else states.State()), version
    except msgspec.DecodeError:
        raise TargetError(
            f"{store.where}/{MANIFEST} does not tell which files are the site's; put an earlier version of it back, "
            "or delete it and then what is found to be in the way."
        ) from None


def _named(paths: Collection[str]) -> str:
    """Name some files: `a`, `b`, `c` and 4 more."""
    names = [f"`{path}`" for path in sorted(paths)]
    if len(names) <= _NAMED:
        return ", ".join(names)
    return f"{', '.join(names[:_NAMED])} and {len(names) - _NAMED} more"

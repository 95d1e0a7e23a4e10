"""What publishing remembers in a bucket: what of it is the site's, and what may go at the next publish.

Buckets are open to everybody, and paths would lead to hidden posts: it holds hashes of them.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping


class State(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The files of a site in a bucket, by the hashes of their paths.

    `online` is the last release that was delivered whole, and how each file was found to stand there; `begun` are the
    files of those that were begun since, any of which may be online as well. `gone` are the files that neither has:
    pages that a reader opened before may still refer to them, so they stay until a release has been delivered.
    """

    online: dict[str, str] = {}
    begun: frozenset[str] = frozenset()
    gone: frozenset[str] = frozenset()

    def knows(self, path: str) -> bool:
        """Say whether a file at `path` is the site's."""
        return self.has_online(path) or key_of(path) in self.gone

    def has_online(self, path: str) -> bool:
        """Say whether a page that is online may refer to `path`."""
        return (key := key_of(path)) in self.online or key in self.begun

    def marks(self, path: str, mark: str) -> bool:
        """Say whether the last whole delivery left `path` so."""
        return self.online.get(key_of(path)) == mark

    def after_beginning(self, paths: Collection[str]) -> State:
        """Give the state to be written before the first of these files is sent."""
        keys = frozenset(map(key_of, paths))
        return State(self.online, self.begun | keys, self.gone - keys)

    def after_ending(self, marks: Mapping[str, str], there: Collection[str]) -> State:
        """Give the state once these files are online and what was gone is removed; `there` is all that is left."""
        online = {key_of(path): mark for path, mark in marks.items()}
        mine = self.online.keys() | self.begun
        return State(online, gone=frozenset(mine & set(map(key_of, there))) - online.keys())


def encoded(state: State) -> bytes:
    """Give a state as a file; equal ones are equal bytes."""
    return msgspec.json.encode(state, order="deterministic")


def decoded(data: bytes) -> State:
    """Give the state that a file holds. Raises `msgspec.DecodeError`."""
    return msgspec.json.decode(data, type=State)


def mark(etag: str, fingerprint: str) -> str:
    """Give what tells that an object still is what was sent: it changes with its version, and with what is wanted."""
    return hashlib.sha256(f"{etag} {fingerprint}".encode()).hexdigest()[:16]


def key_of(path: str) -> str:
    """Give the hash by which a path is remembered."""
    return hashlib.sha256(path.encode()).hexdigest()[:32]

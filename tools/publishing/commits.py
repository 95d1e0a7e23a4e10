"""Commits of releases, made by git's plumbing, so that every byte stays as it is; trailers tell what they are."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, NamedTuple

from tools.publishing.release import Changes
from tools.publishing.target import TargetError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tools.publishing.git import Git
    from tools.publishing.release import Release

_INDEX = "lectern-index"
_NOBODY = {
    f"GIT_{role}_{key}": value
    for role in ("AUTHOR", "COMMITTER")
    for key, value in (("NAME", "Lectern"), ("EMAIL", "lectern@localhost"))
}


class Told(NamedTuple):
    """What a commit's trailers tell: the release it holds, and the commit of the one before; nothing if not ours."""

    release: str
    before: str


def tree(git: Git, release: Release, added: Mapping[str, bytes]) -> str:
    """Give the tree of a release's files, and of those `added` that it lacks. No file may be run."""
    paths = sorted(release.files)
    names = b"".join(_quoted(os.fsencode(path)) for path in paths)
    hashes = git.run("hash-object", "-w", "--no-filters", "--stdin-paths", words=names, folder=release.folder).split()
    blobs = dict(zip(map(os.fsencode, paths), hashes, strict=True))
    for path, data in added.items():
        if path not in release.files:
            blobs[path.encode()] = git.line("hash-object", "-w", "--stdin", words=data).encode()
    entries = b"".join(b"100644 %s\t%s\0" % (blob, path) for path, blob in blobs.items())
    index = git.folder / _INDEX
    for left in (index, index.with_name(f"{_INDEX}.lock")):
        left.unlink(missing_ok=True)
    variables = {"GIT_INDEX_FILE": str(index.absolute())}
    git.run("update-index", "-z", "--index-info", words=entries, variables=variables)
    return git.run("write-tree", variables=variables).decode().strip()


def changes(git: Git, online: str, made: str) -> Changes:
    """Say how a tree differs from the commit that is online, or from nothing."""
    before = f"{online}^{{tree}}" if online else git.line("mktree")
    said = git.run("diff-tree", "-r", "-z", "--no-renames", "--name-status", before, made).split(b"\0")
    found = list(zip(said[0::2], said[1::2], strict=False))
    added, removed = _named(found, b"A"), _named(found, b"D")
    return Changes(added, _named(found, b"MT"), removed)


def commit(git: Git, made: str, name: str, parents: Sequence[str], before: str) -> str:
    """Make the commit of a release, in the author's name where git knows it."""
    message = f"Publish release {name}\n\nLectern-Release: {name}\n"
    message += f"Lectern-Before: {before}\n" if before else ""
    options = [word for parent in parents for word in ("-p", parent)]
    made_by = {} if _has_identity(git) else _NOBODY
    said = git.run("commit-tree", "--no-gpg-sign", made, *options, words=message.encode(), variables=made_by)
    return said.decode().strip()


def told(git: Git, name: str) -> Told:
    """Read the trailers of a commit."""
    message = git.run("cat-file", "commit", name).partition(b"\n\n")[2].decode("utf-8", "replace")
    found = dict(re.findall(r"^Lectern-(Release|Before): (\S+)$", message, re.MULTILINE))
    return Told(found.get("Release", ""), found.get("Before", ""))


def _has_identity(git: Git) -> bool:
    try:
        for role in ("AUTHOR", "COMMITTER"):
            git.run("-c", "user.useConfigOnly=true", "var", f"GIT_{role}_IDENT")
    except TargetError:
        return False
    return True


def _quoted(path: bytes) -> bytes:
    """Write a path as git reads it from a line, whatever is in it."""
    for plain, quoted in ((b"\\", b"\\\\"), (b'"', b'\\"'), (b"\n", b"\\n")):
        path = path.replace(plain, quoted)
    return b'"%s"\n' % path


def _named(found: Iterable[tuple[bytes, bytes]], kinds: bytes) -> tuple[str, ...]:
    return tuple(sorted(os.fsdecode(path) for kind, path in found if kind and kind in kinds))

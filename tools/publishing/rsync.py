"""Releases on another computer, by rsync over ssh: side by side, switched to by a link, as `folder` has them here."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from tools.publishing.release import changes
from tools.publishing.remote import Remote
from tools.publishing.shelf import Kept
from tools.publishing.target import TargetError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tools.progress import Progress
    from tools.publishing.release import Changes, Release
    from tools.publishing.settings import Rsync

# Times differ with every build and say nothing, so contents are compared; owners are whoever logs in there.
_SAME = ("--recursive", "--checksum", "--perms", "--chmod=D755,F644", "--8-bit-output")
_SENT = "<f"
_END = "END OF NOTE"


class _Seen(NamedTuple):
    """What was found there: the release that is online, and the name of the one before each that is kept."""

    online: str
    is_there: bool
    before: Mapping[str, str]
    files: Mapping[str, str]


class RsyncTarget:
    """A folder on another computer; `current` in it is the site."""

    removes_later = False

    def __init__(self, settings: Rsync) -> None:
        """Raise `TargetError` where host or path cannot be meant."""
        self.where = f"{settings.host}:{settings.path}"
        self._remote = Remote(settings.host, settings.ssh)
        self._path = _rooted(settings.path)
        self._keep = settings.keep
        self._seen: _Seen | None = None

    def compare(self, release: Release) -> Changes:
        """Say by which files the release differs from what is online."""
        self._seen = self._look()
        return changes(self._seen.files, release.files)

    def deliver(self, release: Release, progress: Progress) -> None:
        """Bring the release online, if that is still so which it was compared with."""
        seen, self._seen = self._seen or self._look(), None
        part = f"{self._path}/releases/{release.name}.lectern-part"
        differs = changes(seen.files, release.files)
        self._sh("lectern_prepare", expected=seen.online)
        with progress.step("Sending files", len(differs.added) + len(differs.changed)) as advance:
            linked = (f"--link-dest=../{seen.online}",) if seen.is_there else ()
            options = (*_SAME, "--out-format=%i", *linked)
            for line in self._remote.rsync(options, release.folder, part):
                advance(line.startswith(_SENT))
        with progress.step("Checking what arrived"):
            options = (*_SAME, "--dry-run", "--itemize-changes", "--delete")
            wrong = list(self._remote.rsync(options, release.folder, part))
        if wrong:
            message = f"{self.where} does not hold what was sent ({wrong[0]}); publish again, and look at its disk."
            raise TargetError(message)
        self._switch(release, seen)

    def roll_back(self, progress: Progress) -> str:
        """Bring the release before online."""
        with progress.step("Switching back"):
            seen = self._look()
            earlier = seen.before.get(seen.online, "")
            if earlier not in seen.before:
                raise TargetError(f"{self.where} keeps no release before the one that is online.")
            self._sh("lectern_back", expected=seen.online, name=earlier)
        return earlier

    def _switch(self, release: Release, seen: _Seen) -> None:
        note = Kept(dict(release.files), dict(release.moved), seen.online if seen.is_there else "")
        text = msgspec.json.encode(note).decode()
        calls = [f"lectern_note() {{\ncat <<'{_END}'\n{text}\n{_END}\n}}", "lectern_switch"]
        calls += [f"lectern_drop {shlex.quote(name)}" for name in self._spare(release.name, seen)]
        try:
            self._sh("\n".join(calls), expected=seen.online, name=release.name)
        except TargetError:
            # The connection may have broken after the deed.
            if self._look().online != release.name:
                raise

    def _spare(self, newest: str, seen: _Seen) -> list[str]:
        """Name the releases that are not among the last ones that were online."""
        chain, name = [newest], seen.online
        while name and name not in chain and len(chain) < self._keep:
            chain.append(name)
            name = seen.before.get(name, "")
        return sorted(name for name in seen.before if name not in chain)

    def _look(self) -> _Seen:
        said = self._sh("lectern_look").partition("lectern\n")[2]
        head, _, note = said.partition("\nnote\n")
        found = re.findall(r'^release (\S+) .*"before":"([^"]*)"\} ?$', head, re.MULTILINE)
        online = re.search(r"^online (.*)$", head, re.MULTILINE)
        try:
            files = msgspec.json.decode(note, type=Kept).files
        except msgspec.DecodeError:
            files = {}
        return _Seen(online[1] if online else "", "\nthere" in head, dict(found), files)

    def _sh(self, calls: str, **variables: str) -> str:
        return self._remote.sh({"path": self._path, **variables}, calls)


def _rooted(path: str) -> str:
    """Give a path that no program takes for an option; ssh begins at home, so that is where `~` and the rest lead."""
    if re.match(r"~[^/]", path):
        raise TargetError(f"`{path}` is in somebody's home; write the whole path.")
    if "\n" in path or "\0" in path:
        raise TargetError("The path on the other computer must stand in one line.")
    path = re.sub("^~/*", "./", path)
    return path if path.startswith(("/", "./")) else f"./{path}"

"""A branch of a git repository, as GitHub Pages and its kin show it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from tools.publishing import commits
from tools.publishing.git import BrokenError, Git, NoRefError
from tools.publishing.target import TargetError

if TYPE_CHECKING:
    from tools.progress import Progress
    from tools.publishing.release import Changes, Release
    from tools.publishing.settings import GitHub

_MINE, _EARLIER = "refs/lectern/online", "refs/lectern/earlier"
_DEPTH = 20
_TOKEN = re.compile("gh[a-z]_|github_pat_|glpat-")


class _Compared(NamedTuple):
    """The commit that is online, if there is one, the tree to bring online instead, and how the two differ."""

    online: str
    tree: str
    changes: Changes


class GitTarget:
    """A branch; `state` is a folder of our own, and `domain` the site's, unless it lives under a host's."""

    removes_later = False

    def __init__(self, settings: GitHub, state: Path, *, domain: str = "", root: Path = Path()) -> None:
        """Count a repository's path from `root`. Raises `TargetError` where it cannot be meant."""
        self._repository = _repository(settings.repository, root)
        shown = re.sub(r"(?<=://)[^/@]*@", "", settings.repository)
        self.where = f"{shown} ({settings.branch})"
        self._branch = f"refs/heads/{settings.branch}"
        self._earlier = f"refs/lectern/before/{settings.branch}"
        self._history = settings.history
        self._domain = domain
        self._git = Git(state, self.where)
        self._compared: _Compared | None = None

    def compare(self, release: Release) -> Changes:
        """Say by which files the branch would differ."""
        try:
            self._compared = self._compare(release)
        except BrokenError:  # what is kept here may have been hurt, and can be fetched again
            self._git.forget()
            self._compared = self._compare(release)
        return self._compared.changes

    def deliver(self, release: Release, progress: Progress) -> None:
        """Bring the release online, if that is still so which it was compared with."""
        if self._compared is None:
            self.compare(release)
        compared, self._compared = self._compared, None
        assert compared  # noqa: S101  just set
        online, tree, differs = compared
        with progress.step(f"Sending files ({len(differs.added) + len(differs.changed)})"):
            before = online if online and not self._is_empty(online) else ""
            if self._history:
                parents = [online] if online else []
                self._push(online, commits.commit(self._git, tree, release.name, parents, before))
            else:
                kept = [f"+{before}:{self._earlier}"] if before else []
                self._push(online, commits.commit(self._git, tree, release.name, [], ""), *kept)

    def roll_back(self, progress: Progress) -> str:
        """Bring the release before online."""
        with progress.step("Switching back"):
            online = self._fetch(self._branch, _MINE)
            earlier = self._before(online) if online else ""
            if not earlier:
                raise TargetError(f"{self.where} keeps no release before the one that is online.")
            told = commits.told(self._git, earlier)
            name = told.release or earlier[:12]
            if self._history:
                made = commits.commit(self._git, self._tree(earlier), name, [online], told.before)
                self._push(online, made)
            else:
                self._push(online, earlier, f":{self._earlier}")
        return name

    def _compare(self, release: Release) -> _Compared:
        online = self._fetch(self._branch, _MINE)
        if online and not self._is_empty(online) and not self._is_ours(online):
            advice = "choose a `branch` that is not there yet, or one of an empty repository"
            raise TargetError(f"{self.where} holds what Lectern has not published; {advice}.")
        added = {".nojekyll": b""} | ({"CNAME": f"{self._domain}\n".encode()} if self._domain else {})
        tree = commits.tree(self._git, release, added)
        return _Compared(online, tree, commits.changes(self._git, online, tree))

    def _before(self, online: str) -> str:
        """Give the commit of the release before, fetched; nothing where there is none."""
        if not self._history:
            return self._fetch(self._earlier, _EARLIER)
        told = commits.told(self._git, online)
        before = told.before if told.release or not self._is_ours(online) else f"{online}^"
        if told.before:
            self._have(told.before)
        return self._git.line("rev-parse", "--verify", before) if before else ""

    def _fetch(self, ref: str, here: str, depth: int = 1) -> str:
        """Fetch the newest commits of a ref to one of our own, and give the last; nothing where there is none."""
        options = ("--quiet", "--no-tags", "--no-prune", "--no-recurse-submodules", f"--depth={depth}")
        try:
            self._git.run("fetch", *options, "--", self._repository, f"+{ref}:{here}")
        except NoRefError:
            return ""
        return self._git.line("rev-parse", "--verify", here)

    def _have(self, commit: str) -> None:
        """Fetch a commit that is not here, like one that another computer has published."""
        try:
            self._git.run("cat-file", "-e", f"{commit}^{{tree}}")
        except TargetError:
            self._fetch(commit, _EARLIER)

    def _is_empty(self, commit: str) -> bool:
        return self._tree(commit) == self._git.line("mktree")

    def _is_ours(self, online: str) -> bool:
        """Tell whether Lectern has made the branch; since then, a host may have written a file of its own to it."""
        if commits.told(self._git, online).release:
            return True
        self._fetch(self._branch, _MINE, _DEPTH)
        last = self._git.line("rev-list", "--first-parent", f"--max-count={_DEPTH}", online).split()
        return any(commits.told(self._git, commit).release for commit in last)

    def _tree(self, commit: str) -> str:
        return self._git.line("rev-parse", "--verify", f"{commit}^{{tree}}")

    def _push(self, online: str, commit: str, *more: str) -> None:
        """Bring a commit online, at one stroke with what else belongs to it, if `online` still is; see that it is."""
        options = ["--quiet", "--no-verify", "--no-signed", "--no-follow-tags", "--recurse-submodules=no"]
        options += ["--atomic"] if more else []
        lease = f"--force-with-lease={self._branch}:{online}"
        try:
            self._git.run("push", *options, lease, "--", self._repository, f"{commit}:{self._branch}", *more)
        except TargetError:
            # The connection may have broken after the deed.
            if self._fetch(self._branch, _MINE) != commit:
                raise
            return
        if self._fetch(self._branch, _MINE) != commit:
            message = "shows something else than was sent; look at what is online, then publish again"
            raise TargetError(f"{self.where} {message}.")


def _repository(repository: str, root: Path) -> str:
    """Give a repository as git takes it. Secrets have no place in publish.toml."""
    if repository.startswith("-") or "::" in repository.partition("/")[0]:
        raise TargetError(f"`{repository}` is not a repository; write its path or address.")
    if "://" in repository:
        address = urlsplit(repository)
        if address.password is not None or _TOKEN.match(address.username or ""):
            advice = "take it out there and let git's own credential helper keep it"
            raise TargetError(f"The address of the repository holds a password; {advice}.")
        return repository
    if ":" in repository.partition("/")[0] and not Path(repository).drive:
        return repository
    return str((root / Path(repository).expanduser()).absolute())

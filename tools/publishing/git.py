"""Git, kept from all that a machine's or an author's settings could change: no filters, no hooks, no questions."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from typing import TYPE_CHECKING

from tools.publishing.programs import NEVER_ASK, meanings, program, sentence
from tools.publishing.target import TargetError

if TYPE_CHECKING:
    from pathlib import Path

_GROUPS = ("ssh", "git", "disk", "refused", "dropped")
# Of the environment: what leads to other files than ours, and what may ask.
_OTHERS = (
    "GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR", "GIT_OBJECT_DIRECTORY", "GIT_NAMESPACE",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_SHALLOW_FILE", "GIT_PREFIX", "GIT_CONFIG", "GIT_CONFIG_PARAMETERS",
    "GIT_DEFAULT_HASH", "GIT_DEFAULT_REF_FORMAT", "GIT_LITERAL_PATHSPECS", "GIT_TEMPLATE_DIR", "GIT_GRAFT_FILE",
)  # fmt: skip
_SETTINGS = (
    f"core.hooksPath={os.devnull}",
    f"core.attributesFile={os.devnull}",
    "core.autocrlf=false",
    "core.fsync=none",  # it is only a copy
    "gc.autoDetach=false",
    "push.gpgSign=false",
    "push.pushOption=",
    "i18n.commitEncoding=UTF-8",
    "http.lowSpeedLimit=1",
    "http.lowSpeedTime=60",
    "init.defaultBranch=none",
)


class BrokenError(TargetError):
    """A repository cannot be read; it may be our own copy, hurt by a machine's sudden end."""


class NoRefError(TargetError):
    """The other repository has no such branch."""


_KINDS = (
    (NoRefError, re.compile("find remote ref")),
    (BrokenError, re.compile("corrupt|is empty|bad (object|tree)|unable to read|missing (blob|tree|commit)")),
)


class Git:
    """A bare repository of our own in `folder`, made where it is missing, to exchange with the one at `place`."""

    def __init__(self, folder: Path, place: str) -> None:
        """Name the other one `place` in messages."""
        self._place = place
        self._base = ["--git-dir", str(folder.absolute())]
        for setting in _SETTINGS:
            self._base += ["-c", setting]
        self.folder = folder
        self._ready = False
        self._environment = self._prepared()

    def run(
        self, *arguments: str, words: bytes = b"", folder: Path | None = None, variables: dict[str, str] | None = None
    ) -> bytes:
        """Give what a command of git prints; `words` are its input. Raises `TargetError`."""
        if not self._ready:
            self._ready = True
            self._prepare()
        command = [program("git"), *self._base, *arguments]
        done = subprocess.run(  # noqa: S603  git, with arguments of ours
            command,
            input=words,
            capture_output=True,
            check=False,
            cwd=folder,
            env=self._environment | (variables or {}),
        )
        if done.returncode:
            said = done.stderr.decode("utf-8", "replace")
            otherwise = f"could not be published to, git {arguments[0]} ended with status {done.returncode}"
            kind = next((kind for kind, pattern in _KINDS if pattern.search(said)), TargetError)
            raise kind(sentence(self._place, said, meanings(*_GROUPS), otherwise))
        return done.stdout

    def line(self, *arguments: str, words: bytes = b"") -> str:
        """Give the one line that a command prints."""
        return self.run(*arguments, words=words).decode("utf-8", "replace").strip()

    def forget(self) -> None:
        """Let all go that is kept here."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self._ready = False

    def _prepare(self) -> None:
        """Make the repository, and take away the locks of one that was killed: nobody else works in it."""
        for lock in (*self.folder.glob("*.lock"), *self.folder.glob("refs/**/*.lock")):
            lock.unlink(missing_ok=True)
        self.run("init", "--quiet", "--bare", "--template=", "--object-format=sha1")

    def _prepared(self) -> dict[str, str]:
        environment = {key: value for key, value in os.environ.items() if key not in _OTHERS}
        ssh = environment.get("GIT_SSH_COMMAND") or ("" if "GIT_SSH" in environment else self._ssh(environment))
        if ssh:
            environment["GIT_SSH_COMMAND"] = " ".join((ssh, *NEVER_ASK))
        environment.setdefault("GIT_ASKPASS", "")
        return environment | {"GIT_TERMINAL_PROMPT": "0", "GCM_INTERACTIVE": "0", "LC_ALL": "C"}

    def _ssh(self, environment: dict[str, str]) -> str:
        """Give the command that git would start: the author's own, or ssh."""
        command = [program("git"), *self._base, "config", "core.sshCommand"]
        done = subprocess.run(command, capture_output=True, check=False, env=environment)  # noqa: S603  the same
        return done.stdout.decode("utf-8", "replace").strip() or "ssh"

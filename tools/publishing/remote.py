"""Another computer: its `sh` by ssh, and rsync to it."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from tools.publishing.programs import NEVER_ASK, meanings, program, sentence
from tools.publishing.target import TargetError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_SCRIPT = Path(__file__).with_name("remote.sh")
_DISK_FAILED = 11
"""What rsync ends with where a file cannot be written; what was said of it over there does not always arrive."""
_HOST = re.compile(r"(?:[^\s:/@-][^\s:/@]*@)?(?:\[[0-9A-Za-z:.%]+\]|[^\s:/@-][^\s:/@]*)")
# Exit codes of remote.sh.
_REFUSALS = {
    65: "has a `current` that is not a link to a release of ours; move it away, or choose another path",
    66: "was published to by somebody else in between; look at what is online, then publish again",
    67: "has no rsync; install it there, then publish again",
    68: "has a release of this very moment already; publish again",
    69: "does not have the release before any more",
}
_GROUPS = ("ssh", "rsync", "disk", "dropped")


class Remote:
    """A computer that ssh knows as `host`; `ssh` is the command with its options. It never asks anything."""

    def __init__(self, host: str, ssh: str) -> None:
        """Raise `TargetError` where the host or the command cannot be meant."""
        if not _HOST.fullmatch(host):
            advice = "write it like `ada@www.example.org`; a port belongs into ssh's own configuration"
            raise TargetError(f"`{host}` is not a host; {advice}.")
        self._host = host
        try:
            self._ssh = [*shlex.split(ssh), *NEVER_ASK]
        except ValueError:
            raise TargetError(f"The command `{ssh}` has a quotation mark without its partner.") from None

    def sh(self, variables: Mapping[str, str], calls: str) -> str:
        """Call functions of remote.sh there and give what they print. Raises `TargetError`."""
        values = "".join(f"{name}={shlex.quote(value)}\n" for name, value in variables.items())
        script = f"{values}{_SCRIPT.read_text('utf-8')}{calls}\n"
        command = [program(self._ssh[0]), *self._ssh[1:], "--", re.sub(r"[\[\]]", "", self._host), "sh"]
        done = subprocess.run(command, input=script.encode(), capture_output=True, check=False, env=_variables())  # noqa: S603  the author's host
        if done.returncode in _REFUSALS:
            raise TargetError(f"{self._host} {_REFUSALS[done.returncode]}.")
        if done.returncode:
            raise self._error(done.stderr, "ssh", done.returncode)
        return done.stdout.decode("utf-8", "replace")

    def rsync(self, options: tuple[str, ...], folder: Path, place: str) -> Iterator[str]:
        """Let rsync bring the folder's files to `place` there, and yield the lines that it prints."""
        command = [_rsync(), *options, "--secluded-args", "-e", _for_rsync(self._ssh), "--"]
        command += [f"{folder}{os.sep}", f"{self._host}:{place}/"]
        with tempfile.TemporaryFile() as said:
            with subprocess.Popen(  # noqa: S603  the same
                command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=said, env=_variables()
            ) as process:
                assert process.stdout  # noqa: S101  it is a pipe
                for line in process.stdout:
                    yield line.decode("utf-8", "replace").rstrip("\n")
            if process.returncode:
                said.seek(0)
                raise self._error(said.read(), "rsync", process.returncode)

    def _error(self, said: bytes, name: str, status: int) -> TargetError:
        words = f"could not be published to, {name} ended with status {status}"
        if name == "rsync" and status == _DISK_FAILED:
            words = "could not store the site: its disk may be full; make room, then publish again"
        return TargetError(sentence(self._host, said.decode("utf-8", "replace"), meanings(*_GROUPS), words))


def _rsync() -> str:
    """Give rsync 3. What comes with macOS calls itself 2.6.9 and lacks half of it."""
    found = program("rsync")
    told = subprocess.run([found, "--version"], capture_output=True, check=False).stdout  # noqa: S603  just found
    if not re.match(rb"rsync +version v?[3-9]", told):
        raise TargetError("The rsync on this computer is too old; install version 3, then publish again.")
    return found


def _for_rsync(command: list[str]) -> str:
    """Join words as rsync parts them: a quotation mark inside of quotation marks is doubled."""
    return " ".join("'" + word.replace("'", "''") + "'" for word in command)


def _variables() -> dict[str, str]:
    """Give the environment without what would change rsync's ways, and in the language that is understood here."""
    return {key: value for key, value in os.environ.items() if not key.startswith("RSYNC_")} | {"LC_ALL": "C"}

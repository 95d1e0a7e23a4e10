"""Another computer for tests: a real sshd on this one, with keys, a port and a configuration of its own."""

from __future__ import annotations

import getpass
import os
import re
import shlex
import socket
import subprocess
import threading
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest
from patience import wait_until

from tools import apt

if TYPE_CHECKING:
    from collections.abc import Iterator

HOST = "blog-host"


class Host(NamedTuple):
    """A computer that ssh reaches as `blog-host` with this command; its port, and the folder with all its files."""

    ssh: str
    port: int
    folder: Path

    def ssh_with(self, *options: str) -> str:
        """Give the command with other lines in the configuration, like `Port 22`, `{folder}` being that of its files."""
        text = (self.folder / "ssh_config").read_text("utf-8")
        for option in options:
            text = re.sub(f"(?m)^{option.split()[0]} .*$", option.format(folder=self.folder), text)
        config = self.folder / f"{'-'.join(options).replace('/', '_')}.config"
        config.write_text(text, "utf-8")
        return f"ssh -F {shlex.quote(str(config))}"


def program(name: str) -> str:
    """Give a program's path, or skip the test."""
    found = apt.find(name)
    if os.name == "nt" or not found:
        pytest.skip(f"{name} is not installed" if os.name != "nt" else "a server for ssh wants another system")
    return found


def started(folder: Path) -> Iterator[Host]:
    """Start sshd for whoever runs the tests, and end it."""
    sshd, keygen = program("sshd"), program("ssh-keygen")
    program("rsync")
    for name in ("host", "user", "stranger"):
        subprocess.run([keygen, "-q", "-t", "ed25519", "-N", "", "-f", folder / name], check=True)
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    _configured(folder, port)
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(exist_ok=True)  # sshd wants it, and only a boot makes it
    command = [sshd, "-D", "-E", folder / "log", "-f", folder / "sshd_config"]
    with subprocess.Popen(command) as server:
        try:
            _wait_for(port)
            yield Host(f"ssh -F {shlex.quote(str(folder / 'ssh_config'))}", port, folder)
        finally:
            server.terminate()


def _configured(folder: Path, port: int) -> None:
    (folder / "authorized_keys").write_bytes((folder / "user.pub").read_bytes())
    key = (folder / "host.pub").read_text("utf-8")
    (folder / "known_hosts").write_text(f"{HOST} {key}", "utf-8")
    (folder / "sshd_config").write_text(
        f'ListenAddress 127.0.0.1\nPort {port}\nHostKey "{folder}/host"\nAuthorizedKeysFile "{folder}/authorized_keys"\n'
        "StrictModes no\nPasswordAuthentication no\nKbdInteractiveAuthentication no\nPidFile none\nMaxStartups 100\n"
        "KexAlgorithms curve25519-sha256\n",  # the newest ones take their time
        "utf-8",
    )
    (folder / "ssh_config").write_text(
        f'Host {HOST}\nHostName 127.0.0.1\nPort {port}\nUser {getpass.getuser()}\nIdentityFile "{folder}/user"\n'
        f'IdentitiesOnly yes\nIdentityAgent none\nUserKnownHostsFile "{folder}/known_hosts"\n'
        f"GlobalKnownHostsFile none\nHostKeyAlias {HOST}\nStrictHostKeyChecking yes\n",
        "utf-8",
    )


def _wait_for(port: int) -> None:
    def answers() -> bool:
        with suppress(OSError), closing(socket.create_connection(("127.0.0.1", port))):
            return True
        return False

    wait_until(answers, lambda: "sshd did not start")


class Cut:
    """A way to a port that breaks once so many bytes have gone there."""

    def __init__(self, port: int, after: int) -> None:
        self._to, self._left = port, after
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = self._server.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self._server.close()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                here, _ = self._server.accept()
                there = socket.create_connection(("127.0.0.1", self._to))
                for pair in ((here, there, True), (there, here, False)):
                    threading.Thread(target=self._pass_on, args=pair, daemon=True).start()

    def _pass_on(self, source: socket.socket, target: socket.socket, counts: bool) -> None:  # noqa: FBT001  a thread's argument
        with suppress(OSError):
            while data := source.recv(4096):
                self._left -= len(data) if counts else 0
                if self._left < 0:
                    break
                target.sendall(data)
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

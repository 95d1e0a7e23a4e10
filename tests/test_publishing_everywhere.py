"""The whole command with each kind of target, on receivers of their own: what is built is online, and the way back."""

from __future__ import annotations

import io
import os
import tarfile
from typing import TYPE_CHECKING

import pytest
from buckets import Buckets
from released import QUIET, files, run
from sites import ROOT
from ssh_host import HOST

from tools.publishing.command import Told, publish, roll_back

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Site
    from ssh_host import Host

    Online = Callable[[], dict[str, bytes]]

pytestmark = pytest.mark.skipif(os.name == "nt", reason="there is no sshd, and links want Windows' developer mode")


def _folder(kind: str, tmp_path: Path) -> tuple[str, Online]:
    return f'to = "{kind}"\npath = "www"\n', lambda: files(tmp_path / "www/current")


def _git(tmp_path: Path) -> tuple[str, Online]:
    bare = tmp_path / "bare.git"
    run("git", "init", "--quiet", "--bare", bare)

    def online() -> dict[str, bytes]:
        packed = run("git", "-C", bare, "archive", "gh-pages")
        with tarfile.open(fileobj=io.BytesIO(packed)) as tar:
            found = {one.name: tar.extractfile(one) for one in tar if one.isfile()}
            return {name: file.read() for name, file in found.items() if file and name not in {".nojekyll", "CNAME"}}

    return f'to = "github"\nrepository = "{bare}"\n', online


def _bucket(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> tuple[str, Online]:
    server = Buckets()
    request.addfinalizer(server.close)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "ada")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    bucket = server.make("letters")
    settings = bucket.settings()

    def online() -> dict[str, bytes]:
        return {key: bucket.get(key).body for key in bucket.keys() - {".lectern"}}

    lines = f'bucket = "{settings.bucket}"\nendpoint = "{settings.endpoint}"\nregion = "{settings.region}"\n'
    return f'to = "s3"\n{lines}', online


@pytest.fixture(params=["folder", "cloudflare", "rsync", "github", "s3"])
def place(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, Online]:
    """Lines of publish.toml, and a way to see what is online there."""
    match request.param:
        case "github":
            return _git(tmp_path)
        case "s3":
            return _bucket(monkeypatch, request)
        case "rsync":
            host: Host = request.getfixturevalue("ssh_host")
            lines = f'to = "rsync"\nhost = "{HOST}"\npath = "{tmp_path / "far"}"\nssh = """{host.ssh}"""\n'
            return lines, lambda: files(tmp_path / "far/current")
    return _folder(request.param, tmp_path)


def test_what_is_built_is_online_and_can_be_taken_back(site: Site, tmp_path: Path, place: tuple[str, Online]) -> None:
    lines, online = place

    def shows(version: dict[str, bytes]) -> bool:
        found = online()
        # A store of objects keeps what somebody may still have open until the publishing after.
        return found == version or ('"s3"' in lines and version.items() <= found.items())

    conf = f"import runpy\nglobals().update(runpy.run_path({str(ROOT / 'publishconf.py')!r}))\n"
    (tmp_path / "publishconf.py").write_text(conf, "utf-8")
    site.write("publish.toml", f"[publish.web]\n{lines}")
    told: list[str] = []
    asked = tmp_path, site.content, "web", Told(told.append, told.append, QUIET)
    versions = []
    for words in ("One.", "Two."):
        site.post("hello", f"{words}\n")
        publish(*asked)
        versions.append(files(tmp_path / ".cache/publishing/web/built"))
        assert shows(versions[-1])
    assert "1 post changed: “Hello”." in told
    roll_back(*asked)
    assert shows(versions[0])
    assert told[-2].startswith(("Online again: https://ada.example.org/ as of ", "Ready to be uploaded again: "))
    assert told[-1].startswith("The next publish brings the newer state back")
    publish(*asked)
    assert shows(versions[1])

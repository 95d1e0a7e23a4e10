from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tools import apt, browser

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def _bare_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that has no browser in any of the usual places."""
    monkeypatch.delenv(browser.VARIABLE, raising=False)
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(browser, "_PLACES", {})


def program(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("", "utf-8")
    path.chmod(0o755)
    return path


def test_the_variable_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(tmp_path / "chromium")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv(browser.VARIABLE, str(program(tmp_path / "mine")))
    assert browser.find() == tmp_path / "mine"


def test_a_variable_that_names_nothing_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(browser.VARIABLE, str(tmp_path / "none"))
    with pytest.raises(browser.NoBrowserError, match=r"LECTERN_BROWSER names .*none, which is not there"):
        browser.find_or_install()


@pytest.mark.skipif(os.name == "nt", reason="Windows finds programs by their suffix")
@pytest.mark.parametrize("name", ["chromium", "google-chrome", "microsoft-edge-stable"])
def test_the_path_is_searched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv("PATH", str(program(tmp_path / name).parent))
    assert browser.find() == tmp_path / name


def test_the_usual_places_are_searched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    monkeypatch.setattr(browser, "_PLACES", {sys.platform: (("~/none", "~/programs"), ("A/b", "C/d"))})
    assert browser.find() is None
    assert browser.find() or program(tmp_path / "programs/C/d") == browser.find()


@pytest.mark.parametrize(
    ("system", "words"),
    [
        ("darwin", "brew install"),
        ("win32", "winget install"),
        ("debian", "sudo apt install chromium"),
        ("beos", "Chromium"),
    ],
)
def test_each_system_has_its_command(system: str, words: str) -> None:
    assert words in browser.command(system)


def test_without_a_browser_the_command_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apt, "is_root_on_debian", lambda: False)
    with pytest.raises(browser.NoBrowserError, match=r"run `.+`, or name one in LECTERN_BROWSER\.$"):
        browser.find_or_install()


@pytest.mark.skipif(os.name == "nt", reason="Debian is no Windows")
def test_as_root_on_debian_it_is_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(tmp_path / "apt-get")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(apt.platform, "freedesktop_os_release", lambda: {"ID": "debian"})
    commands = []

    def run(command: list[str], **options: object) -> None:
        assert options["env"]["DEBIAN_FRONTEND"] == "noninteractive"  # type: ignore[index]
        commands.append(" ".join(command))
        if "install" in command:
            program(tmp_path / "chromium")

    monkeypatch.setattr(subprocess, "run", run)
    assert browser.find_or_install() == tmp_path / "chromium"
    assert commands == ["apt-get --quiet --quiet update", "apt-get --quiet --quiet install --yes chromium"]


@pytest.mark.parametrize(
    ("told", "words"),
    [({"ID": "ubuntu"}, "snap"), ({"ID": "linuxmint", "ID_LIKE": "ubuntu debian"}, "snap"), ({"ID": "fedora"}, "dnf")],
)
def test_only_debian_itself_is_installed_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, told: dict[str, str], words: str
) -> None:
    program(tmp_path / "apt-get")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(os, "geteuid", lambda: 0, raising=False)
    monkeypatch.setattr(apt.platform, "freedesktop_os_release", lambda: told)
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: pytest.fail("nothing should run"))
    with pytest.raises(browser.NoBrowserError, match=words):
        browser.find_or_install()

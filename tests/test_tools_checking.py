from __future__ import annotations

import subprocess
from pathlib import Path
from types import SimpleNamespace

import pytest

from tools import apt, browser, checking, environment
from tools.installer import SetupError
from tools.locking import LockError, write_locks
from tools.program import plainly

CHECKS = ["ruff check", "ruff format --check", "mypy", "pytest -n 2 --dist loadfile"]


@pytest.fixture(autouse=True)
def _ready(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment, "prepare", lambda root, *, test: root / "python" if test else pytest.fail("base"))
    monkeypatch.setattr(browser, "find_or_install", lambda: Path("/browser"))
    monkeypatch.setattr(apt, "find", lambda name: name)


def test_every_check_runs_whatever_the_others_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ran = []

    def run(command: list[str], *, cwd: Path, env: dict[str, str], check: bool) -> SimpleNamespace:
        assert (command[:2], cwd, check) == ([tmp_path / "python", "-m"], tmp_path, False)
        assert env["LECTERN_BROWSER"] == "/browser"
        ran.append(" ".join(command[2:]))
        return SimpleNamespace(returncode=int(command[2] in {"ruff", "pytest"}))

    monkeypatch.setattr(subprocess, "run", run)
    assert checking.check_project(tmp_path) == [CHECKS[0], CHECKS[1], CHECKS[3]]
    assert ran == CHECKS
    assert capsys.readouterr().out.splitlines() == [f"$ {check}" for check in CHECKS]


def test_without_a_browser_the_checks_still_run_and_fail(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def none() -> None:
        raise browser.NoBrowserError("get one")

    monkeypatch.setattr(browser, "find_or_install", none)
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: SimpleNamespace(returncode=0))
    assert checking.check_project(tmp_path) == ["browser"]
    assert capsys.readouterr().out.startswith("get one\n$ ruff check\n")


def test_tools_that_cannot_be_installed_are_told_in_a_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def offline(*_: object, **__: object) -> None:
        raise SetupError("no network")

    monkeypatch.setattr(environment, "prepare", offline)
    with pytest.raises(Exception, match=r"^no network$") as caught, plainly():
        checking.check_project(tmp_path)
    assert getattr(caught.value, "code", None) == 1
    assert capsys.readouterr().err == ""


def test_locks_need_uv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(LockError, match="install it"):
        write_locks(tmp_path)


@pytest.mark.parametrize("upgrade", [False, True])
def test_locks_are_written_for_every_system_and_without_an_index(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, upgrade: bool
) -> None:
    commands = []

    def run(command: list[str], **_: object) -> SimpleNamespace:
        commands.append(command)
        return SimpleNamespace(returncode=0)

    monkeypatch.setattr("shutil.which", lambda name: f"/bin/{name}")
    monkeypatch.setattr(subprocess, "run", run)
    write_locks(tmp_path, upgrade=upgrade)
    assert [command[-1] for command in commands] == ["lock.txt", "tests/lock.txt"]
    for command in commands:
        assert {"--universal", "--generate-hashes", "--no-emit-index-url"} < set(command)
        assert ("--upgrade" in command) is upgrade

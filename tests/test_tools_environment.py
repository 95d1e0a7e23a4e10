from __future__ import annotations

import ast
import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from tools import environment, installer
from tools.environment import FOLDER, MARK
from tools.installer import SetupError

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parent.parent
# A project's tasks.py, as far as the environment goes.
SCRIPT = f"""\
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
sys.path.insert(0, {str(ROOT)!r})
from tools import environment
environment.enter(Path(__file__).resolve(), sys.argv[1:])
import tiny
print(sys.prefix, tiny.__name__, *sys.argv[1:])
sys.exit(7)
"""
NOWHERE = "http://127.0.0.1:9/"


def wheel(folder: Path, name: str) -> str:
    """Write a package of one empty module, and give its line of a lock."""
    info = f"{name}-1.0.dist-info"
    path = folder / f"{name}-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr(f"{name}.py", "")
        file.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        file.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        file.writestr(f"{info}/RECORD", f"{name}.py,,\n{info}/METADATA,,\n{info}/WHEEL,,\n{info}/RECORD,,\n")
    return f"{name}==1.0 --hash=sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}\n"


def project(folder: Path) -> Path:
    """Write a project with both locks, its packages in a folder beside it."""
    (folder / "wheels").mkdir()
    root = folder / "project"
    (root / "tests").mkdir(parents=True)
    tiny, more = wheel(folder / "wheels", "tiny"), wheel(folder / "wheels", "more")
    (root / "lock.txt").write_text(tiny, "utf-8")
    (root / "tests/lock.txt").write_text(tiny + more, "utf-8")
    (root / "tasks.py").write_text(SCRIPT, "utf-8")
    return root


def start(root: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Start the project's script in a nearly empty environment, with the Python that this one was made from."""
    python = getattr(sys, "_base_executable", sys.executable)
    kept = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(root.parent / "wheels"), "PIP_CONFIG_FILE": os.devnull}
    return subprocess.run(
        [python, root / "tasks.py", *arguments],
        env={key: value for key, value in (kept | variables).items() if value},
        cwd=root.parent,
        text=True,
        capture_output=True,
        check=False,
    )


def has(root: Path, name: str) -> bool:
    return bool(list((root / FOLDER).glob(f"[Ll]ib/**/site-packages/{name}.py")))


class Made(NamedTuple):
    root: Path
    offline: subprocess.CompletedProcess[str]
    online: subprocess.CompletedProcess[str]


@pytest.fixture(scope="module")
def first_starts(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """A new project, started without a network, and then with one."""
    root = project(tmp_path_factory.mktemp("made"))
    offline = start(root, PIP_NO_INDEX="", PIP_FIND_LINKS="", PIP_INDEX_URL=NOWHERE, PIP_RETRIES="0")
    (root / FOLDER / "half").mkdir()
    return Made(root, offline, start(root, "build", "it"))


@pytest.fixture(scope="module")
def made(first_starts: Made) -> Path:
    """A project whose environment is ready; tests leave it so."""
    return first_starts.root


@pytest.fixture
def copy(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A ready project that a test may spoil, its interpreter leading to a file beside it."""
    root = tmp_path / "project"
    shutil.copytree(made, root, symlinks=True)
    python = root / FOLDER / installer.INTERPRETER
    python.unlink()
    base = tmp_path / "python"
    base.write_text("", "utf-8")
    python.symlink_to(base)
    kind, digest, *_ = (root / FOLDER / MARK).read_text("utf-8").splitlines()
    stamp = f"{kind}\n{digest}\n{root / FOLDER}\n{base}\n"
    (root / FOLDER / MARK).write_text(stamp, "utf-8", newline="\n")
    with monkeypatch.context() as patched:
        patched.setattr(subprocess, "Popen", none_may_run)
        environment.prepare(root)
    return root


@pytest.fixture
def pip(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """This process finds the project's packages, and no uv."""
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(made.parent / "wheels"))
    monkeypatch.setenv("PATH", "")


def none_may_run(*_: object, **__: object) -> None:
    pytest.fail("nothing should run")


@pytest.fixture
def no_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subprocess, "Popen", none_may_run)


def test_without_a_network_the_first_start_fails_with_one_sentence(first_starts: Made) -> None:
    failed = first_starts.offline
    assert (failed.returncode, failed.stdout) == (1, "")
    assert failed.stderr == (
        "Setting up .venv, once: fetching 1 package, some 80 MB. This takes a minute or two …\nThe packages could not be fetched; connect to the network and run the command again "
        "(details: .venv/lectern.log).\n"
    )


def test_the_next_start_begins_anew_and_hands_its_arguments_on(first_starts: Made) -> None:
    root, _, done = first_starts
    assert (done.returncode, done.stdout) == (7, f"{root / FOLDER} tiny build it\n"), done.stderr
    assert not (root / FOLDER / "half").exists()


@pytest.mark.usefixtures("no_command")
def test_a_ready_environment_is_found_without_running_anything(made: Path) -> None:
    assert environment.prepare(made) == made / FOLDER / installer.INTERPRETER


def test_a_second_start_says_nothing_of_its_own(made: Path) -> None:
    again = start(made, "x")
    assert (again.returncode, again.stderr) == (7, "")


def test_a_misleading_pythonhome_does_not_reach_the_environments_python(made: Path) -> None:
    python = str(made / FOLDER / installer.INTERPRETER)
    code = f"import os; os.environ['PYTHONHOME'] = '/nowhere'; __file__ = {str(made / 'tasks.py')!r}; "
    code += "exec(open(__file__).read())"
    base = getattr(sys, "_base_executable", sys.executable)
    done = subprocess.run([base, "-c", code], text=True, capture_output=True, check=False)
    assert (done.returncode, python in done.stderr) == (7, False), done.stderr


@pytest.mark.usefixtures("pip")
def test_the_test_tools_come_when_asked_for_and_stay(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    environment.prepare(made, test=True)
    assert has(made, "more")
    monkeypatch.setattr(subprocess, "Popen", none_may_run)
    environment.prepare(made, test=True)
    environment.prepare(made)
    assert has(made, "more")


@pytest.mark.usefixtures("pip")
def test_a_changed_lock_is_followed_or_leaves_what_worked(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    environment.prepare(made, test=True)
    locks = [made / "lock.txt", made / "tests/lock.txt"]
    before = [lock.read_text("utf-8") for lock in locks]
    line = wheel(made.parent / "wheels", "later")
    with monkeypatch.context() as offline:
        offline.delenv("PIP_FIND_LINKS")
        for lock in locks:
            lock.write_text(line, "utf-8")
        with pytest.raises(SetupError, match=r"connect to the network.* \(details: \.venv/lectern\.log\)\.$"):
            environment.prepare(made)
        for lock, text in zip(locks, before, strict=True):
            lock.write_text(text, "utf-8")
        offline.setattr(subprocess, "Popen", none_may_run)
        environment.prepare(made)
    for lock, text in zip(locks, before, strict=True):
        lock.write_text(text + line, "utf-8")
    environment.prepare(made)
    assert has(made, "later")
    assert has(made, "more")
    monkeypatch.setattr(subprocess, "Popen", none_may_run)
    environment.prepare(made, test=True)


@pytest.mark.usefixtures("pip")
def test_a_package_with_other_bytes_is_not_installed(made: Path) -> None:
    lock = made / "lock.txt"
    before = lock.read_text("utf-8")
    stamp = (made / FOLDER / MARK).read_text("utf-8")
    wheel(made.parent / "wheels", "forged")
    (made / FOLDER / MARK).write_text(stamp.replace("test\n", "base\n"), "utf-8", newline="\n")
    lock.write_text(f"{before}forged==1.0 --hash=sha256:{'0' * 64}\n", "utf-8")
    with pytest.raises(SetupError, match="not the one that the lock names"):
        environment.prepare(made)
    lock.write_text(before, "utf-8")
    (made / FOLDER / MARK).write_text(stamp, "utf-8", newline="\n")
    assert not has(made, "forged")


@pytest.mark.usefixtures("pip")
def test_a_lock_without_hashes_is_refused(made: Path) -> None:
    environment.prepare(made, test=True)
    lock = made / "tests/lock.txt"
    before = lock.read_text("utf-8")
    wheel(made.parent / "wheels", "bare")
    lock.write_text("bare==1.0\n", "utf-8")
    with pytest.raises(SetupError):
        environment.prepare(made)
    lock.write_text(before, "utf-8")
    assert not has(made, "bare")


def test_an_update_that_is_interrupted_is_not_taken_for_done(
    made: Path, copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(installer, "install", interrupted)
    for lock in ("lock.txt", "tests/lock.txt"):
        (copy / lock).write_text("", "utf-8")
    with pytest.raises(KeyboardInterrupt):
        environment.prepare(copy)
    for lock in ("lock.txt", "tests/lock.txt"):
        shutil.copy(made / lock, copy / lock)
    monkeypatch.setattr(installer, "make", interrupted)
    with pytest.raises(KeyboardInterrupt):
        environment.prepare(copy)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda root: root.rename(root.with_name("moved")), id="moved"),
        pytest.param(lambda root: (root / FOLDER / MARK).write_text("", "utf-8"), id="interrupted"),
        pytest.param(lambda root: (root / FOLDER / installer.INTERPRETER).unlink(), id="interpreter gone"),
        pytest.param(lambda root: (root.parent / "python").unlink(), id="what it leads to gone"),
        pytest.param(lambda root: (root / FOLDER / "pyvenv.cfg").write_text("home = /nowhere\n"), id="its Python gone"),
    ],
)
def test_what_no_longer_stands_is_made_anew(
    copy: Path, monkeypatch: pytest.MonkeyPatch, change: Callable[[Path], object]
) -> None:
    moved = change(copy)

    def make(venv: Path) -> None:
        assert [path.name for path in venv.iterdir()] == [MARK]
        raise SetupError("made anew")

    monkeypatch.setattr(installer, "make", make)
    with pytest.raises(SetupError, match="made anew"):
        environment.prepare(moved if isinstance(moved, Path) else copy)


def test_a_start_that_is_interrupted_leaves_the_next_one_to_begin_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    root = project(tmp_path)

    def interrupted(venv: Path) -> None:
        (venv / "half").write_text("", "utf-8")
        raise KeyboardInterrupt

    monkeypatch.setattr(installer, "make", interrupted)
    for _ in range(2):
        with pytest.raises(SystemExit, match="130"):
            environment.enter(root / "tasks.py", [])
        assert sorted(path.name for path in (root / FOLDER).iterdir()) == ["half", MARK]
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.usefixtures("no_command")
@pytest.mark.parametrize("kind", ["folder", "file", "dangling link"])
def test_an_environment_of_others_is_left_as_it_is(tmp_path: Path, kind: str) -> None:
    root = project(tmp_path)
    venv = root / FOLDER
    if kind == "folder":
        venv.mkdir()
        (venv / "pyvenv.cfg").write_text("home = /usr/bin\n", "utf-8")
    elif kind == "file":
        venv.write_text("", "utf-8")
    else:
        venv.symlink_to(tmp_path / "nowhere")
    with pytest.raises(SystemExit) as caught:
        environment.enter(root / "tasks.py", [])
    assert str(caught.value) == (
        ".venv was not made by this project and is left as it is; move it away and run the command again."
    )
    assert os.path.lexists(venv)
    assert kind != "folder" or [path.name for path in venv.iterdir()] == ["pyvenv.cfg"]


def test_a_python_without_ensurepip_is_told_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    with pytest.raises(SetupError, match=rf"`sudo apt install python{version}-venv`"):
        environment.prepare(project(tmp_path))


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", ".venv")

    root = project(tmp_path)
    monkeypatch.setattr(Path, "mkdir", forbidden)
    with pytest.raises(SystemExit, match=r"Setting up \.venv failed: .*Permission denied"):
        environment.enter(root / "tasks.py", [])


@pytest.mark.skipif(os.name == "nt", reason="Windows starts no script by its first line")
def test_uv_is_used_where_it_is_and_hears_what_pip_was_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    uv = tmp_path / "uv"
    code = "import json, os, sys\njson.dump([sys.argv[1:], dict(os.environ)], open(os.environ['TOLD'], 'w'))\n"
    uv.write_text(f"#!{sys.executable}\n{code}", "utf-8")
    uv.chmod(0o755)
    for name, value in {
        "PATH": str(tmp_path),
        "TOLD": str(tmp_path / "told"),
        "PIP_INDEX_URL": NOWHERE,
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": "pip's",
        "UV_FIND_LINKS": "uv's own",
    }.items():
        monkeypatch.setenv(name, value)
    (tmp_path / "lock.txt").write_text("a==1\n", "utf-8")
    installer.install(tmp_path, tmp_path / "lock.txt")
    arguments, variables = json.loads((tmp_path / "told").read_text("utf-8"))
    assert variables["UV_NATIVE_TLS"] == "true"
    assert arguments[:3] == ["pip", "sync", "--require-hashes"]
    assert arguments[-2:] == [str(tmp_path / "lock.txt"), "--no-index"]
    assert (variables["UV_DEFAULT_INDEX"], variables["UV_FIND_LINKS"]) == (NOWHERE, "uv's own")


def test_an_older_python_can_read_what_tells_it_so() -> None:
    ast.parse((ROOT / "tasks.py").read_text("utf-8"), feature_version=(3, 6))


@pytest.mark.parametrize("lock", ["lock.txt", "tests/lock.txt"])
def test_a_lock_pins_every_package_by_hash_and_names_no_machine(lock: str) -> None:
    text = (ROOT / lock).read_text("utf-8")
    packages = [line for line in text.splitlines() if line and line[0] not in " #"]
    entries = text.replace("\\\n", "").splitlines()
    pinned = [line for line in entries if "==" in line.partition("--hash=sha256:")[0] and "--hash=sha256:" in line]
    assert len(pinned) == len(packages)
    assert "://" not in text


def versions(lock: str) -> set[str]:
    """Give `name==version` of every package."""
    lines = (ROOT / lock).read_text("utf-8").splitlines()
    return {line.split(" ")[0] for line in lines if line and line[0] not in " #"}


def test_the_test_lock_holds_the_same_versions_as_the_other() -> None:
    assert versions("lock.txt") <= versions("tests/lock.txt")


def test_the_locks_name_all_that_the_project_asks_for() -> None:
    asked = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    for lock, wanted in (
        ("lock.txt", asked["project"]["dependencies"]),
        ("tests/lock.txt", asked["dependency-groups"]["test"]),
    ):
        names = {re.split(r"[\[><=~!; ]", line)[0] for line in wanted}
        assert not names - {version.partition("==")[0] for version in versions(lock)}


PIP = "Looking in links: x\nCollecting a==1 (from -r x (line 3))\n  Downloading a.whl (134 kB)\nProcessing /x/b.whl (from -r x)\n"
UV = "Using Python 3.11.7 environment at: u\nResolved 40 packages in 1.31s\nDownloading typst (32.5MiB)\nDownloading botocore (16.1MiB)\n"


@pytest.mark.parametrize(
    ("log", "said"),
    [
        pytest.param("", "", id="nothing yet"),
        pytest.param(PIP, "package 2 of 40", id="pip"),
        pytest.param(PIP + "Requirement already satisfied: c==1 in x\n", "package 3 of 40", id="pip, one is there"),
        pytest.param(PIP * 30, "package 40 of 40", id="pip, more than all"),
        pytest.param(
            f"{PIP}Installing collected packages: a, b\n", "everything is fetched; installing it", id="pip ends"
        ),
        pytest.param(UV.partition("Downloading")[0], "", id="uv begins"),
        pytest.param(UV, "0 of the 2 large packages fetched", id="uv"),
        pytest.param(f"{UV} Downloaded botocore\n", "1 of the 2 large packages fetched", id="uv, one is there"),
        pytest.param(f"{UV}Prepared 40 packages in 9.18s\n", "everything is fetched; installing it", id="uv ends"),
    ],
)
def test_how_far_an_installer_is_can_be_read_from_its_words(log: str, said: str) -> None:
    assert installer.progress(log, 40) == said


SLOW = """\
import sys, time
print("Collecting a==1", flush=True)
time.sleep(1.2)
print("Collecting b==1", flush=True)
time.sleep(1.2)
"""


def slow_start(tmp_path: Path) -> list[str]:
    """Return the command that installs three packages slowly, as another process sees it."""
    (tmp_path / "lock.txt").write_text("a==1\nb==1\nc==1\n", "utf-8")
    code = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from pathlib import Path; from tools import installer\n"
    code += f"installer._FILE_TICK = 0.5\ninstaller._run([sys.executable, '-c', {SLOW!r}], Path({str(tmp_path)!r}), 'x', packages=3)\n"
    return [sys.executable, "-c", code]


def test_a_file_gets_a_line_now_and_then(tmp_path: Path) -> None:
    done = subprocess.run(slow_start(tmp_path), capture_output=True, text=True, check=True)
    assert done.stdout == ""
    assert "\r" not in done.stderr
    lines = done.stderr.splitlines()
    assert 2 <= len(lines) <= 8
    assert re.fullmatch(r"  package 1 of 3, \d+ s …", next(line for line in lines if "1 of" in line))


@pytest.mark.skipif(os.name == "nt", reason="Windows has no pseudo-terminals in Python")
def test_a_terminal_gets_one_line_that_goes_when_all_is_there(tmp_path: Path) -> None:
    import pty

    ours, theirs = pty.openpty()
    subprocess.run(
        slow_start(tmp_path), stdin=theirs, stdout=theirs, stderr=theirs, env=os.environ | {"COLUMNS": "40"}, check=True
    )
    os.close(theirs)
    said = os.read(ours, 1 << 16).decode()
    os.close(ours)
    assert "package 1 of 3" in said
    assert "package 2 of 3" in said
    assert "\n" not in said
    assert said.rpartition("…")[2].strip() == ""
    assert max(map(len, said.split("\r"))) <= 39


def test_verbose_shows_the_installers_own_words_and_counts_nothing(tmp_path: Path) -> None:
    variables = os.environ | {"LECTERN_VERBOSE": "1"}
    done = subprocess.run(slow_start(tmp_path), capture_output=True, text=True, check=True, env=variables)
    assert done.stderr.splitlines() == ["Collecting a==1", "Collecting b==1"]


def test_an_installer_goes_when_its_start_is_interrupted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[subprocess.Popen[bytes]] = []

    def interrupted(process: subprocess.Popen[bytes], *_: object) -> int:
        started.append(process)
        raise KeyboardInterrupt

    monkeypatch.setattr(installer, "_watched", interrupted)
    with pytest.raises(KeyboardInterrupt):
        installer._run([sys.executable, "-c", "import time; time.sleep(60)"], tmp_path, "x", packages=3)  # noqa: SLF001
    assert started[0].poll() is not None


@pytest.mark.parametrize("kind", ["base", "test"])
def test_what_is_said_of_a_setup_counts_the_packages_of_the_lock(kind: str) -> None:
    lock = ROOT / environment.LOCKS[kind]
    assert installer.count(lock) == len(versions(environment.LOCKS[kind]))
    assert environment.MEGABYTES[kind] >= 50

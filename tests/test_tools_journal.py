"""A build that is killed, or finds no room: the output is the old site or the new one, whatever happens and when."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sites import EPOCH, ROOT, Site

from tools import journal, staging
from tools.announcing import builds
from tools.announcing.command import announce
from tools.build import build
from tools.faults import FULL, BuildError
from tools.inspection.looking import look
from tools.journal import Memory
from tools.output import MANIFEST

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

KILLS = int(os.environ.get("LECTERN_KILLS", "10"))
NO_MOUNTS = "only root on Linux may mount a small disk"
MAY_MOUNT = sys.platform == "linux" and os.geteuid() == 0 and shutil.which("mount") is not None
# Every way in which a site can change: what stays, changes, comes and goes, and names that change their nature.
OLD = dict.fromkeys("index.html feed.xml a/b/gone.html gone.html Photo.png x y/index.html".split(), "old")
NEW = dict.fromkeys("index.html feed.xml n/e/w/index.html page.html photo.png x/index.html y".split(), "new")
OLD["same.css"] = NEW["same.css"] = "same"
STRANGERS = {"mine.txt": b"mine", "a/mine.txt": b"mine", ".git/HEAD": b"mine"}


class KilledError(BaseException):
    """Nobody's `except` is for this."""


class Place:
    """A project with an output that holds the old site, a stranger's files, and what is remembered of it."""

    def __init__(self, folder: Path) -> None:
        self.root, self.output = folder, folder / "output"
        self.stage = folder / ".output.staged"
        self.memory = folder / "memory"
        self.put(OLD, "old")
        for name, data in STRANGERS.items():
            (self.output / name).parent.mkdir(parents=True, exist_ok=True)
            (self.output / name).write_bytes(data)

    def put(self, files: dict[str, str], memory: str = "new") -> None:
        """Change the output as a build does, that has drawn these files."""
        self.draw(files)
        staging.apply(self.stage / "site", self.output, Memory(str(self.memory), memory))
        shutil.rmtree(self.stage)

    def draw(self, files: dict[str, str]) -> None:
        for name, text in files.items():
            path = self.stage / "site" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")

    def holds(self) -> str:
        """Tell which site stands in the output, whole, with what is remembered of it and nobody else's file changed."""
        found = files(self.output)
        assert {name: found.pop(name) for name in STRANGERS} == STRANGERS
        listed = found.pop(MANIFEST).decode().splitlines()
        which = next(
            name
            for name, site in {"old": OLD, "new": NEW}.items()
            if found == {path: text.encode() for path, text in site.items()}
        )
        assert len(listed) == len(found)
        assert self.memory.read_text("utf-8") == which
        assert not self.stage.exists()
        return which


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


@contextmanager
def killed_at(step: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """End whatever runs at the given one of all steps that change something on the disk."""
    left = step

    def stepping(change: Callable[..., Any]) -> Callable[..., Any]:
        def changed(*args: Any, **options: Any) -> Any:
            nonlocal left
            left -= 1
            if left < 0:
                raise KilledError
            done = change(*args, **options)
            if change is opened:  # with nothing written yet
                left -= 1
                if left < 0:
                    done.close()
                    raise KilledError
            return done

        return changed

    opened = Path.open

    with monkeypatch.context() as patched:
        for name in ("replace", "mkdir", "rmdir", "unlink", "open"):
            patched.setattr(Path, name, stepping(getattr(Path, name)))
        patched.setattr(os, "fsync", stepping(os.fsync))
        yield


def kill(step: int, run: Callable[[], None], monkeypatch: pytest.MonkeyPatch) -> bool:
    """Run it, and kill it at a step. Tells whether there was such a step."""
    with killed_at(step, monkeypatch):
        try:
            run()
        except KilledError:
            return True
    return False


def test_killed_at_any_step_the_output_is_the_old_or_the_new_site(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen, step, going = [], 0, True
    while going:
        place = Place(tmp_path / str(step))
        going = kill(step, lambda: place.put(NEW), monkeypatch)  # noqa: B023  called at once
        staging.recover(place.root)
        seen.append(place.holds())
        step += 1
    assert step > 40
    assert sorted(seen, reverse=True) == seen, "the journal is the one point from which on the new site comes"
    assert set(seen) == {"old", "new"}


def test_finishing_may_be_killed_as_well(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From every ninth step of a change, at every step of the finishing, and at half as many of the one after that."""
    count = 0
    for step in range(0, 200, 9):
        for second in range(100):
            place = Place(tmp_path / f"{step}-{second}")
            if not kill(step, lambda: place.put(NEW), monkeypatch):  # noqa: B023  called at once
                break
            decided = journal.is_written(place.stage)
            was_killed = kill(second, lambda: staging.recover(place.root), monkeypatch)  # noqa: B023
            kill(second // 2, lambda: staging.recover(place.root), monkeypatch)  # noqa: B023
            staging.recover(place.root)
            assert place.holds() == ("new" if decided else place.holds())
            count += was_killed
            if not was_killed:
                break
    assert count > 100


def killed_in_the_middle(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """Kill a change when it has moved a first file in, and not yet the last one."""
    move_in = journal._move_in  # noqa: SLF001  where it is to be killed

    def killing(stage: Path, output: Path, path: str, *, ours: bool) -> None:
        if path == "page.html":
            raise KilledError
        move_in(stage, output, path, ours=ours)

    with monkeypatch.context() as patched:
        patched.setattr(journal, "_move_in", killing)
        with pytest.raises(KilledError):
            place.put(NEW)
    assert (place.output / "index.html").read_text("utf-8") == "new"
    assert not (place.output / "page.html").exists()
    assert not place.memory.exists(), "what is remembered would not fit"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        pytest.param("page.html", "page.html came while", id="in a file's place"),
        pytest.param("x", "x cannot be changed now", id="in a folder's place"),
    ],
)
def test_what_somebody_puts_in_the_way_meanwhile_stays(
    place: Place, name: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    killed_in_the_middle(place, monkeypatch)
    with suppress(OSError):
        (place.output / name).rmdir()
    (place.output / name).write_bytes(b"a stranger's")
    for _ in range(2):
        with pytest.raises(BuildError, match=words):
            staging.recover(place.root)
    assert (place.output / name).read_bytes() == b"a stranger's"
    (place.output / name).unlink()
    staging.recover(place.root)
    assert place.holds() == "new"


def test_what_was_done_is_not_done_again(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    killed_in_the_middle(place, monkeypatch)
    (place.output / "index.html").write_bytes(b"a stranger's")
    staging.recover(place.root)
    assert (place.output / "index.html").read_bytes() == b"a stranger's"
    (place.output / "index.html").write_text("new", "utf-8")
    assert place.holds() == "new"


def test_a_file_of_a_name_that_was_taken_away_is_anothers(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    taken = journal._take_away  # noqa: SLF001  where it is to be killed
    with monkeypatch.context() as patched:
        patched.setattr(journal, "_take_away", lambda *a: (taken(*a), kill_if(a[2] == "gone.html")))
        with pytest.raises(KilledError):
            place.put(NEW)
    (place.output / "gone.html").write_bytes(b"a stranger's")
    staging.recover(place.root)
    assert (place.output / "gone.html").read_bytes() == b"a stranger's"
    (place.output / "gone.html").unlink()
    assert place.holds() == "new"


def kill_if(wanted: bool) -> None:  # noqa: FBT001
    if wanted:
        raise KilledError


def test_what_cannot_be_moved_is_told_and_done_by_the_next_command(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on Windows, where a file that a program has open cannot be replaced."""
    replace = Path.replace

    def refusing(path: Path, target: Path) -> Path:
        if Path(target) == place.output / "feed.xml":
            raise PermissionError(13, "Permission denied", str(path), None, str(target))
        return replace(path, target)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", refusing)
        for run in (lambda: place.put(NEW), lambda: staging.recover(place.root)):
            with pytest.raises(BuildError) as caught:
                run()
            assert str(caught.value) == (
                f"{place.output} is only partly new: {place.output / 'feed.xml'} cannot be changed now (Permission "
                "denied). Mend that; the next command, `check` for example, does the rest."
            )
    staging.recover(place.root)
    assert place.holds() == "new"


def test_where_the_first_step_fails_nothing_has_changed(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    before = files(place.output), sorted(place.output.rglob("*"))
    replace = Path.replace

    def refusing(path: Path, target: Path) -> Path:
        if Path(target) == place.output / MANIFEST:
            raise OSError(18, "Invalid cross-device link", str(path), None, str(target))
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", refusing)
    with pytest.raises(BuildError, match="is a disk or a mount of its own; build into a folder inside it"):
        place.put(NEW)
    assert (files(place.output), sorted(place.output.rglob("*"))) == before
    assert place.memory.read_text("utf-8") == "old"
    assert not journal.is_written(place.stage)


def test_a_journal_that_cannot_be_read_is_told(place: Place) -> None:
    place.stage.mkdir()
    (place.stage / "journal").write_text("[1]", "utf-8")
    with pytest.raises(BuildError, match=r"was left by another version; delete it, then build .* anew"):
        staging.recover(place.root)


def test_nothing_is_written_where_nothing_has_changed(place: Place) -> None:
    times = {path: path.stat().st_mtime_ns for path in place.output.rglob("*")}
    place.put(OLD, "newer")
    assert {path: path.stat().st_mtime_ns for path in place.output.rglob("*")} == times
    assert place.memory.read_text("utf-8") == "newer"


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """Mount a disk of eight megabytes."""
    if not MAY_MOUNT:
        pytest.skip(NO_MOUNTS)
    disk = tmp_path / "disk"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", disk], check=True)  # noqa: S607
    yield disk
    subprocess.run(["umount", "--recursive", disk], check=True)  # noqa: S607


def filled(disk: Path, left: int) -> None:
    """Leave so many bytes of a disk free."""
    (disk / "filling").write_bytes(b"")
    free = shutil.disk_usage(disk).free
    (disk / "filling").write_bytes(bytes(free - left))


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], tuple[Path, Path]]:
    """Give the settings of a project, and the content of one of its sites."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", EPOCH)
    config = tmp_path / "publishconf.py"
    config.write_text(f"import runpy\nglobals().update(runpy.run_path({str(ROOT / 'publishconf.py')!r}))\n", "utf-8")

    def project(name: str) -> tuple[Path, Path]:
        site = Site(tmp_path / name)
        site.post("hello", f"This is site {name}.\n")
        site.post(f"only-in-{name}", f"This is site {name}.\n")
        for at in range(80):
            site.write(f"extra/files/{at}.txt", f"{name} {at}\n")
            site.write(f"extra/{name}/{at}.txt", f"{name} {at}\n")
        return config, site.content

    return project


@pytest.mark.parametrize("left", [0, 60_000, 400_000, 800_000, 2_500_000])
def test_a_full_disk_is_one_message_and_the_site_as_before(
    disk: Path, project: Callable[[str], tuple[Path, Path]], left: int
) -> None:
    output = disk / "output"
    build(*project("a"), output)
    before = files(output)
    config, content = project("b")
    (content / "extra/large.bin").write_bytes(bytes(3_000_000))
    filled(disk, left)
    with pytest.raises(BuildError) as caught:
        build(config, content, output)
    assert caught.value.lines == (FULL,)
    assert files(output) == before
    assert sorted(path.name for path in disk.iterdir()) == ["filling", "output"]
    (disk / "filling").unlink()
    build(config, content, output)
    assert b"This is site b" in files(output)["hello/index.html"]


def test_no_room_for_the_journal_is_told_before_anything_has_changed(disk: Path) -> None:
    place = Place(disk)
    before = files(place.output)
    place.draw(NEW)
    filled(disk, 4096)
    with pytest.raises(BuildError, match="The disk is full"):
        staging.apply(place.stage / "site", place.output, Memory(str(place.memory), "new"))
    assert files(place.output) == before
    staging.recover(place.root)
    (disk / "filling").unlink()
    assert place.holds() == "old"


def test_what_has_begun_needs_no_room(disk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = Place(disk)
    killed_in_the_middle(place, monkeypatch)
    filled(disk, 0)
    staging.recover(place.root)
    (disk / "filling").unlink()
    # That alone may need room; a build is as good without.
    place.memory.write_text("new", "utf-8")
    assert place.holds() == "new"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        pytest.param("ro", "Read-only file system", id="the whole disk"),
        pytest.param("bind,ro", "cannot be written to; allow it. Nothing was written.", id="the folder"),
        pytest.param("bind", "is a disk or a mount of its own; build into a folder inside it", id="a mount"),
    ],
)
def test_a_folder_that_cannot_be_written_stays_as_it_was(disk: Path, options: str, words: str) -> None:
    place = Place(disk)
    before = files(place.output)
    if "bind" in options:
        subprocess.run(["mount", "--bind", place.output, place.output], check=True)  # noqa: S607
        subprocess.run(["mount", "-o", f"remount,{options}", place.output], check=True)  # noqa: S607
    else:
        subprocess.run(["mount", "-o", f"remount,{options}", disk], check=True)  # noqa: S607

    def change() -> None:
        with staging.staging(place.root, place.output) as site:
            place.draw(NEW)
            staging.apply(site, place.output, Memory(str(place.memory), "new"))

    with pytest.raises(BuildError, match=words):
        change()
    assert files(place.output) == before
    assert not place.stage.exists()


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_inside_that_is_closed_is_told_beforehand(place: Place) -> None:
    before = files(place.output)
    (place.output / "a").chmod(0o555)
    with pytest.raises(BuildError, match="a cannot be written to; allow it"):
        place.put(NEW)
    (place.output / "a").chmod(0o755)
    assert files(place.output) == before


def test_the_next_command_finishes_whatever_it_is_for(
    tmp_path: Path, project: Callable[[str], tuple[Path, Path]], monkeypatch: pytest.MonkeyPatch
) -> None:
    output = tmp_path / "elsewhere/site"
    config, content = project("a")
    build(*project("b"), tmp_path / "whole")
    commands = {
        "check": lambda: look(config, content),
        "announce": lambda: announce(tmp_path, output, dry_run=True),
        "another build": lambda: build(config, content, tmp_path / "output"),
    }
    for run in commands.values():
        build(config, content, output)
        with monkeypatch.context() as patched:
            patched.setattr(journal, "finish", lambda *_: kill_if(wanted=True))
            with pytest.raises(KilledError):
                build(*project("b"), output)
        run()
        assert files(output) == files(tmp_path / "whole")
        book = builds.last(tmp_path, output)
        assert book is not None
        assert book.content == str(project("b")[1])
        assert not list(output.parent.glob(".*"))


BUILD = """
import sys; sys.path.insert(0, "."); from pathlib import Path; from tools.build import build
build(*map(Path, sys.argv[1:]))
"""


def test_killed_at_random_moments_the_output_is_one_of_the_sites(
    tmp_path: Path, project: Callable[[str], tuple[Path, Path]]
) -> None:
    """`LECTERN_KILLS` says how often. Every other time the moment is one at which files are being moved."""
    output = tmp_path / "output"
    sites = {name: project(name) for name in "ab"}
    whole = {}
    for name, (config, content) in sites.items():
        build(config, content, tmp_path / f"whole-{name}")
        whole[name] = files(tmp_path / f"whole-{name}")
    build(*sites["a"], output)
    (output / "mine.txt").write_bytes(b"mine")
    chance = random.Random(7)  # noqa: S311  no secret
    now, seen = "a", []
    for at in range(KILLS):
        other = "b" if now == "a" else "a"
        process = subprocess.Popen([sys.executable, "-c", BUILD, *map(str, (*sites[other], output))], cwd=ROOT)
        if at % 2:
            wait_for((tmp_path / ".output.staged/journal").exists, process)
            time.sleep(chance.uniform(0, 0.02))
        else:
            time.sleep(chance.uniform(0.3, 1.5))
        process.kill()
        process.wait()
        was = files(output)
        mixed = was.pop("mine.txt") == b"mine" and was not in whole.values()
        look(*sites[now]) if at % 5 == 1 else staging.recover(tmp_path)
        found = files(output)
        assert found.pop("mine.txt") == b"mine"
        now = next(name for name, site in whole.items() if found == site)
        seen.append((now == other, mixed))
        book = builds.last(tmp_path, output)
        assert book is None or book.content == str(sites[now][1])
        assert not (tmp_path / ".output.staged").exists()
    sys.stdout.write(f"{json.dumps({'new': sum(n for n, _ in seen), 'mixed': sum(m for _, m in seen), 'of': KILLS})}\n")
    build(*sites["a"], output)
    assert files(output) == whole["a"] | {"mine.txt": b"mine"}


def wait_for(there: Callable[[], bool], process: subprocess.Popen[bytes]) -> None:
    while not there() and process.poll() is None:
        with suppress(subprocess.TimeoutExpired):
            process.wait(0.0005)

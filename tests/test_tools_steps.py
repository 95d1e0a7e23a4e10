from __future__ import annotations

import os
import re
import subprocess
import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

import pytest
from sites import EPOCH, ROOT

import tasks
from tools import steps
from tools.build import draw
from tools.program import Commands
from tools.progress import Progress

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sites import Site

PUBLIC = ROOT / "publishconf.py"


class Noted(Progress):
    """Notes what it is told: each step with its total, and how many parts were done."""

    def __init__(self) -> None:
        super().__init__(quiet=True)
        self.steps: list[tuple[str, int | None]] = []
        self.done: dict[str, int] = {}

    @contextmanager
    def step(self, words: str, total: int | None = None) -> Iterator[Callable[[int], None]]:
        self.steps.append((words, total))
        self.done[words] = 0

        def advance(count: int) -> None:
            self.done[words] += count

        yield advance


def test_every_post_and_page_is_counted(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps, "PATIENCE", 0.0)
    for name in ("one", "two", "three"):
        site.post(name)
    progress = Noted()
    draw(PUBLIC, site.content, tmp_path / "drawn", progress)
    (reading, texts), (writing, pages) = (
        step for step in progress.steps if step[0] in {"Reading files", "Writing pages"}
    )
    assert (reading, texts, progress.done[reading]) == ("Reading files", 5, 5)
    drawn = sum(1 for _ in (tmp_path / "drawn").rglob("*.html"))
    assert (writing, pages) == ("Writing pages", drawn)
    words = [words for words, _ in progress.steps]
    assert len(set(words)) == len(words), "a step that was left comes again"
    assert words.index(reading) < words.index(writing)


def test_what_is_made_anew_is_told(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps, "PATIENCE", 0.0)
    site.post("one", title=f"Never drawn before: {os.urandom(8).hex()}")
    progress = Noted()
    draw(PUBLIC, site.content, tmp_path / "drawn", progress)
    assert progress.done["Drawing cards"] == 1
    assert "Listing words for the search" in progress.done


def test_a_short_build_tells_of_no_steps(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps, "PATIENCE", 1000.0)
    site.post("one")
    progress = Noted()
    draw(PUBLIC, site.content, tmp_path / "drawn", progress)
    assert progress.steps == []


def test_what_was_read_early_counts_once_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    moments = iter([0.0, 0.2, 0.4, 1.5, 1.6])
    monkeypatch.setattr("tools.steps.time.monotonic", lambda: next(moments))
    progress = Noted()
    course = steps._Steps(progress, 4)  # noqa: SLF001  without a whole site
    for _ in range(4):
        course.read(object())
    assert (progress.steps, progress.done) == ([("Reading files", 4)], {"Reading files": 4})


def test_a_step_that_was_left_does_not_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps, "PATIENCE", 0.0)
    progress = Noted()
    course = steps._Steps(progress, 1)  # noqa: SLF001  as above
    course.written("a")
    for folder in ("cards", "cards", "fonts"):
        course.making(folder)
    course.written("b")
    assert progress.steps == [("Writing pages", None), ("Drawing cards", None)]
    assert progress.done == {"Writing pages": 1, "Drawing cards": 2}


def run(*arguments: str) -> None:
    Commands(tasks.Collection.from_module(tasks)).run(["tasks.py", *arguments])


def test_on_a_pipe_a_step_is_a_line(
    site: Site, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(steps, "PATIENCE", 0.0)
    site.post("one")
    run("build", "--content", str(site.content), "--output", str(tmp_path / "public"))
    told = capsys.readouterr()
    assert re.fullmatch(r"Built 1 post and 2 pages into .* s\.\n", told.out)
    lines = told.err.splitlines()
    assert lines[0] == "Reading files (3) …"
    assert re.fullmatch(r"Writing pages \(\d+\) …", lines[1])
    assert len(lines) <= 6


def test_quiet_tells_of_problems_and_warnings_only(
    site: Site, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(steps, "PATIENCE", 0.0)
    arguments = ("build", "--quiet", "--content", str(site.content), "--output", str(tmp_path / "public"))
    site.post("one")
    run(*arguments)
    told = capsys.readouterr()
    assert (told.out, told.err) == ("", "")
    site.post("two", title="\N{CUNEIFORM SIGN A}")  # no font of the theme has it
    run(*arguments)
    assert capsys.readouterr().err.startswith("Warning: ")
    site.post("two", title="")
    with pytest.raises(SystemExit, match="1"):
        run(*arguments)
    told = capsys.readouterr()
    assert told.out == ""
    assert "two.md:1: `title` is missing" in told.err


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pty")
def test_in_a_terminal_there_is_a_bar(site: Site, tmp_path: Path) -> None:
    import pty

    site.post("one")
    code = (
        "import sys; sys.path.insert(0, '.'); from pathlib import Path; from tools import build, progress, steps\n"
        "steps.PATIENCE = 0; build.draw(*map(Path, sys.argv[1:]), progress.Progress())"
    )
    ours, theirs = pty.openpty()
    command = [sys.executable, "-c", code, str(PUBLIC), str(site.content), str(tmp_path / "drawn")]
    environment = os.environ | {"TERM": "xterm", "COLUMNS": "80", "SOURCE_DATE_EPOCH": EPOCH}
    with subprocess.Popen(command, cwd=ROOT, stderr=theirs, env=environment) as process:
        os.close(theirs)
        shown = b""
        with suppress(OSError):  # what Linux says at the end
            while part := os.read(ours, 65536):
                shown += part
    os.close(ours)
    assert process.returncode == 0, shown
    assert b"Reading files" in shown
    assert re.search(rb"3/3", shown)
    assert b"Traceback" not in shown

from __future__ import annotations

import os
import shutil
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from patience import PATIENCE, wait_until

from tools import watching
from tools.passing import matters
from tools.watching import Watcher

if TYPE_CHECKING:
    from collections.abc import Iterator

AGAIN = 0.5
"""Seconds beside the quiet that ends a save, after which that is written anew for which a watcher may have been too late."""


class Seen:
    """What a watcher gives, gathered by a thread.

    Changes are told in their order. So tests don't wait for a time in which nothing may come: they change a file of their
    own, the mark, and what had to come before it has come when it does.
    """

    def __init__(self, watcher: Watcher, root: Path) -> None:
        self._batches: list[set[Path]] = []
        self._came = threading.Condition()
        self._folder, self._above = root / "plugins" / "talks", root / "publishconf.py"
        self._marks: set[Path] = {self._above}
        threading.Thread(target=self._gather, args=(watcher,), daemon=True).start()

    def _gather(self, watcher: Watcher) -> None:
        while batch := watcher.wait():
            with self._came:
                self._batches.append(batch)
                self._came.notify_all()

    @property
    def batches(self) -> list[set[Path]]:
        """Give what has come so far, without marks."""
        with self._came:
            return [batch for each in self._batches if (batch := each - self._marks)]

    def ready(self) -> None:
        """Return once changes are seen below the folders and above them."""
        self._pass_marks()
        self._batches.clear()

    def after(self) -> list[set[Path]]:
        """Give the batches that have come, once the first one has, and a mark after it."""
        wait_until(lambda: self.batches, lambda: "nothing was seen")
        return self.by_now()

    def by_now(self) -> list[set[Path]]:
        """Give the batches in which all is told that has changed so far."""
        self._pass_marks()
        found = self.batches
        self._batches.clear()
        return found

    def of_writing(self, path: Path) -> list[set[Path]]:
        """Write a file until it is seen: a folder that has just come is watched a moment later."""
        while not self._comes({path}):
            path.write_text(str(time.time_ns()), "utf-8")
        return self.by_now()

    def _pass_marks(self) -> None:
        # The settings are watched apart from the folders.
        below, above = set(), {self._above}
        end = time.monotonic() + PATIENCE
        while not (self._comes(below) and self._comes(above)):
            assert time.monotonic() < end, "the watcher sees nothing any more"
            mark = self._folder / f"mark-{time.time_ns()}.py"
            below.add(mark)
            self._marks.add(mark)
            for path in (mark, self._above):
                path.write_text(str(time.time_ns()), "utf-8")

    def _comes(self, any_of: set[Path]) -> bool:
        with self._came:
            came = self._came.wait_for
            return bool(any_of) and came(lambda: any(any_of & each for each in self._batches), watching.QUIET + AGAIN)


@pytest.fixture(autouse=True)
def _saves_are_over_later(monkeypatch: pytest.MonkeyPatch) -> None:
    """Between two writes of one save, a machine may be busy elsewhere for longer than an author's is."""
    monkeypatch.setattr(watching, "QUIET", 0.4)
    monkeypatch.setattr(watching, "LONGEST", PATIENCE)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path.resolve() / ".hidden" / "project"
    for name in ("content/posts", "theme/templates", "plugins/talks", "tools", ".preview"):
        (root / name).mkdir(parents=True)
    (root / "pelicanconf.py").write_text("", "utf-8")
    (root / "content/posts/a.md").write_text("title: A\n", "utf-8")
    return root


@contextmanager
def watched(root: Path, content: Path | None = None) -> Iterator[Seen]:
    watcher = Watcher(root, content or root / "content")
    with watcher.at_work():
        seen = Seen(watcher, root)
        seen.ready()
        yield seen


@pytest.mark.parametrize(
    "name",
    ["content/posts/b.md", "content/new.toml", "theme/x.css", "plugins/talks/x.py", "tools/x.py", "pelicanconf.py"],
)
def test_what_the_site_is_made_from_is_seen(root: Path, name: str) -> None:
    with watched(root) as seen:
        (root / name).write_text("x", "utf-8")
        assert seen.after() == [{root / name}]


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("posts/a.md", True),
        ("posts/.a.md.swp", False),
        ("posts/a.md.swp", False),
        ("posts/4913", False),
        ("posts/.#a.md", False),
        ("posts/#a.md#", False),
        ("posts/a.md~", False),
        ("posts/.~lock.a.md#", False),
        ("posts/.goutputstream-X1Y2Z3", False),
        ("posts/a.md___jb_tmp___", False),
        ("images/Thumbs.db", False),
        ("images/.DS_Store", False),
        ("images/photo.jpg.part", False),
        (".git/index", False),
        (".obsidian/workspace.json", False),
        ("talks/__pycache__/x.cpython-311.pyc", False),
        ("extra/.nojekyll", True),
        ("extra/.well-known/security.txt", True),
        ("extra/.DS_Store", False),
        ("extra/._robots.txt", False),
    ],
)
def test_passing_and_hidden_files_do_not_count(name: str, *, counts: bool) -> None:
    assert matters(Path("/home/.x/content", name), Path("/home/.x/content")) is counts


def test_what_passes_wakes_nobody(root: Path) -> None:
    with watched(root) as seen:
        for name in ("content/posts/.a.md.swp", "content/posts/4913", ".preview/index.html", "README.md", ".preview.x"):
            (root / name).write_text("x", "utf-8")
            (root / name).unlink()
        assert seen.by_now() == []


def test_two_hundred_files_are_one_change(root: Path) -> None:
    with watched(root) as seen:
        for at in range(200):
            (root / f"content/posts/{at}.md").write_text("x", "utf-8")
        (batch,) = seen.after()
        assert len(batch) == 200


def test_what_changes_while_nobody_waits_is_one_change(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    watcher = Watcher(root, root / "content")
    kept, keep = threading.Semaphore(0), watcher._keep  # noqa: SLF001  to know what waits there

    def keep_and_tell(changed: set[Path]) -> None:
        keep(changed)
        for _ in changed & {root / "content/posts/b.md", root / "content/posts/c.md"}:
            kept.release()

    monkeypatch.setattr(watcher, "_keep", keep_and_tell)
    with watcher.at_work():
        for name in ("b", "c"):
            path = root / f"content/posts/{name}.md"
            path.write_text("x", "utf-8")
            while not kept.acquire(timeout=AGAIN):
                path.write_text("x", "utf-8")
        assert Seen(watcher, root).after() == [{root / "content/posts/b.md", root / "content/posts/c.md"}]


def test_a_renaming_is_one_change(root: Path) -> None:
    with watched(root) as seen:
        (root / "content/posts/a.md").rename(root / "content/posts/b.md")
        assert seen.after() == [{root / "content/posts/a.md", root / "content/posts/b.md"}]


def test_a_save_by_way_of_another_file_is_one_change(root: Path) -> None:
    with watched(root) as seen:
        (root / "content/posts/a.md~").write_text("x", "utf-8")
        (root / "content/posts/a.md~").replace(root / "content/posts/a.md")
        assert seen.after() == [{root / "content/posts/a.md"}]


def test_a_file_that_is_being_written_is_waited_for(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "QUIET", 2.0)  # else a slow machine is right to call it over
    path = root / "content/posts/long.md"
    with watched(root) as seen, path.open("w", encoding="utf-8") as file:
        for _ in range(12):
            file.write("half a line ")
            file.flush()
            time.sleep(0.25)
        end = time.monotonic()
        assert seen.batches == []
        assert seen.after() == [{path}]
        assert time.monotonic() - end < PATIENCE / 2


def test_a_file_that_was_emptied_to_be_written_is_waited_for(root: Path) -> None:
    path = root / "content/posts/a.md"
    with watched(root) as seen, path.open("w", encoding="utf-8") as file:
        time.sleep(3 * watching.QUIET)
        assert seen.batches == []
        file.write("title: A\n")
        file.close()
        assert seen.after() == [{path}]


def test_writing_without_end_is_not_waited_for_for_ever(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "LONGEST", 0.5)
    over = threading.Event()

    def write() -> None:
        while not over.wait(0.03):
            (root / "content/posts/log.md").write_text(str(time.time()), "utf-8")

    with watched(root) as seen:
        thread = threading.Thread(target=write)
        thread.start()
        try:
            wait_until(lambda: len(seen.batches) >= 2)
        finally:
            over.set()
            thread.join()


def test_a_folder_made_later_is_watched(root: Path) -> None:
    with watched(root) as seen:
        (root / "content/talks").mkdir()
        (root / "content/talks/a.md").write_text("x", "utf-8")
        assert seen.after()
        (root / "content/talks/a.md").write_text("y", "utf-8")
        assert seen.after() == [{root / "content/talks/a.md"}]


@pytest.mark.parametrize("name", ["content", "theme"])
def test_a_folder_that_is_replaced_is_still_watched(root: Path, name: str) -> None:
    with watched(root) as seen:
        (root / name).rename(root / "aside")
        assert seen.after()
        shutil.copytree(root / "aside", root / name)
        assert seen.after()
        assert {root / name / "new.md"} in seen.of_writing(root / name / "new.md")
        (root / "aside" / "old.md").write_text("x", "utf-8")
        assert seen.by_now() == []
        (root / name / "new.md").write_text("y", "utf-8")
        assert seen.after() == [{root / name / "new.md"}]


def test_content_elsewhere_comes_and_goes(root: Path, tmp_path: Path) -> None:
    content = tmp_path.resolve() / "writing"
    content.mkdir()
    with watched(root, content) as seen:
        content.rename(tmp_path / "moved")
        assert seen.after()
        (tmp_path / "moved").rename(content)
        assert seen.after()
        assert {content / "a.md"} in seen.of_writing(content / "a.md")


def test_a_link_to_the_content_is_followed(root: Path, tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with watched(root, tmp_path / "link") as seen:
        (tmp_path / "link" / "a.md").write_text("x", "utf-8")
        assert seen.after() == [{tmp_path.resolve() / "real" / "a.md"}]


def test_looking_again_and_again_sees_the_same(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WATCHFILES_FORCE_POLLING", "1")
    with watched(root) as seen:
        (root / "content/posts/b.md").write_text("x", "utf-8")
        assert seen.after() == [{root / "content/posts/b.md"}]
        (root / "content/posts/.b.md.swp").write_text("x", "utf-8")
        assert seen.by_now() == []


def test_where_the_system_does_not_tell_files_are_looked_at(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    watch = watching.watch

    def limited(*places: Path, **options: Any) -> Any:
        if not options["force_polling"]:
            raise OSError(28, os.strerror(28))
        return watch(*places, **options)

    monkeypatch.setattr(watching, "watch", limited)
    with watched(root) as seen:
        (root / "content/posts/b.md").write_text("x", "utf-8")
        assert seen.after() == [{root / "content/posts/b.md"}]
    assert "looking three times a second" in capsys.readouterr().err

from __future__ import annotations

import os
import shutil
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tools import watching
from tools.passing import matters
from tools.watching import Watcher

if TYPE_CHECKING:
    from collections.abc import Iterator

SOON = 3.0
SHORTLY = 0.25


class Seen:
    """What a watcher gives, gathered by a thread so that a test never waits for nothing."""

    def __init__(self, watcher: Watcher) -> None:
        self.batches: list[set[Path]] = []
        self._came = threading.Condition()
        threading.Thread(target=self._gather, args=(watcher,), daemon=True).start()

    def _gather(self, watcher: Watcher) -> None:
        while batch := watcher.wait():
            with self._came:
                self.batches.append(batch)
                self._came.notify_all()

    def after(self, seconds: float) -> list[set[Path]]:
        """Give the batches so far once the first has come, and `seconds` have passed in which more might have."""
        with self._came:
            assert self._came.wait_for(lambda: self.batches, SOON), "nothing was seen"
            self._came.wait_for(lambda: len(self.batches) > 1, seconds)
            found, self.batches = self.batches, []
            return found

    def nothing(self, seconds: float = 0.5) -> bool:
        with self._came:
            return not self._came.wait_for(lambda: self.batches, seconds)


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
        time.sleep(0.2)
        yield Seen(watcher)


@pytest.mark.parametrize(
    "name",
    ["content/posts/b.md", "content/new.toml", "theme/x.css", "plugins/talks/x.py", "tools/x.py", "pelicanconf.py"],
)
def test_what_the_site_is_made_from_is_seen(root: Path, name: str) -> None:
    with watched(root) as seen:
        (root / name).write_text("x", "utf-8")
        assert seen.after(SHORTLY) == [{root / name}]


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
        assert seen.nothing()


def test_two_hundred_files_are_one_change(root: Path) -> None:
    with watched(root) as seen:
        for at in range(200):
            (root / f"content/posts/{at}.md").write_text("x", "utf-8")
        (batch,) = seen.after(1)
        assert len(batch) == 200


def test_what_changes_while_nobody_waits_is_one_change(root: Path) -> None:
    watcher = Watcher(root, root / "content")
    with watcher.at_work():
        time.sleep(0.2)
        for name in ("b", "c"):
            (root / f"content/posts/{name}.md").write_text("x", "utf-8")
            time.sleep(2 * watching.QUIET)
        seen = Seen(watcher)
        assert seen.after(SHORTLY) == [{root / "content/posts/b.md", root / "content/posts/c.md"}]


def test_a_renaming_is_one_change(root: Path) -> None:
    with watched(root) as seen:
        (root / "content/posts/a.md").rename(root / "content/posts/b.md")
        assert seen.after(SHORTLY) == [{root / "content/posts/a.md", root / "content/posts/b.md"}]


def test_a_save_by_way_of_another_file_is_one_change(root: Path) -> None:
    with watched(root) as seen:
        (root / "content/posts/a.md~").write_text("x", "utf-8")
        (root / "content/posts/a.md~").replace(root / "content/posts/a.md")
        assert seen.after(SHORTLY) == [{root / "content/posts/a.md"}]


def test_a_file_that_is_being_written_is_waited_for(root: Path) -> None:
    path = root / "content/posts/long.md"
    with watched(root) as seen, path.open("w", encoding="utf-8") as file:
        for _ in range(12):
            file.write("half a line ")
            file.flush()
            time.sleep(0.06)
        end = time.monotonic()
        assert seen.nothing(0)
        assert seen.after(SHORTLY) == [{path}]
        assert time.monotonic() - end < 1.5


def test_a_file_that_was_emptied_to_be_written_is_waited_for(root: Path) -> None:
    path = root / "content/posts/a.md"
    with watched(root) as seen, path.open("w", encoding="utf-8") as file:
        time.sleep(0.6)
        assert seen.nothing(0)
        file.write("title: A\n")
        file.close()
        assert seen.after(SHORTLY) == [{path}]


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
            assert len(seen.after(SOON)) >= 2
        finally:
            over.set()
            thread.join()


def test_a_folder_made_later_is_watched(root: Path) -> None:
    with watched(root) as seen:
        (root / "content/talks").mkdir()
        (root / "content/talks/a.md").write_text("x", "utf-8")
        assert seen.after(SHORTLY)
        (root / "content/talks/a.md").write_text("y", "utf-8")
        assert seen.after(SHORTLY) == [{root / "content/talks/a.md"}]


@pytest.mark.parametrize("name", ["content", "theme"])
def test_a_folder_that_is_replaced_is_still_watched(root: Path, name: str) -> None:
    with watched(root) as seen:
        (root / name).rename(root / "aside")
        assert seen.after(SHORTLY)
        shutil.copytree(root / "aside", root / name)
        assert seen.after(0.6)
        (root / "aside" / "old.md").write_text("x", "utf-8")
        assert seen.nothing(0.4)
        (root / name / "new.md").write_text("x", "utf-8")
        assert seen.after(SHORTLY) == [{root / name / "new.md"}]


def test_content_elsewhere_comes_and_goes(root: Path, tmp_path: Path) -> None:
    content = tmp_path.resolve() / "writing"
    content.mkdir()
    with watched(root, content) as seen:
        content.rename(tmp_path / "moved")
        assert seen.after(SHORTLY)
        (tmp_path / "moved").rename(content)
        assert seen.after(SHORTLY)
        (content / "a.md").write_text("x", "utf-8")
        assert seen.after(SHORTLY) == [{content / "a.md"}]


def test_a_link_to_the_content_is_followed(root: Path, tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with watched(root, tmp_path / "link") as seen:
        (tmp_path / "link" / "a.md").write_text("x", "utf-8")
        assert seen.after(SHORTLY) == [{tmp_path.resolve() / "real" / "a.md"}]


def test_looking_again_and_again_sees_the_same(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WATCHFILES_FORCE_POLLING", "1")
    with watched(root) as seen:
        time.sleep(0.3)
        (root / "content/posts/b.md").write_text("x", "utf-8")
        assert seen.after(0.6) == [{root / "content/posts/b.md"}]
        (root / "content/posts/.b.md.swp").write_text("x", "utf-8")
        assert seen.nothing(0.8)


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
        time.sleep(0.3)
        (root / "content/posts/b.md").write_text("x", "utf-8")
        assert seen.after(0.6) == [{root / "content/posts/b.md"}]
    assert "looking three times a second" in capsys.readouterr().err

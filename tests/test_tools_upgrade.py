"""Later versions come from a real repository into a real clone."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest

from tools.desk.desk import RefusedError
from tools.desk.upgrading import upgrade

if TYPE_CHECKING:
    from pathlib import Path

FIRST = {
    "theme/main.css": "1\n2\n3\n4\n5\n6\n7\n8\n9\n",
    "plugins/old.py": "OLD = 1\n",
    "content/speaker.toml": 'name = "Hank Blank"\n',
    "content/posts/his.md": "His.\n",
    "content/posts/hers.md": "Hers.\n",
    "content/pages/about.md": "About him.\n",
}
LATER = {
    "theme/main.css": "One\n2\n3\n4\n5\n6\n7\n8\n9\n",
    "plugins/new.py": "NEW = 1\n",
    "content/speaker.toml": 'name = "Hank Blank"\nbio = "More."\n',
    "content/posts/his.md": "His, mended.\n",
    "content/posts/next.md": "His next.\n",
    "content/events.toml": "# His.\n",
}
MINE = {
    "theme/words/de.toml": "# Deutsch\n",
    "content/speaker.toml": 'name = "I"\n',
    "content/posts/mine.md": "Mine.\n",
    "content/pages/about.md": "About me.\n",
}


def git(folder: Path, *words: str) -> str:
    ended = subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True, text=True)  # noqa: S607  any
    return ended.stdout


def write(folder: Path, texts: dict[str, str]) -> None:
    for name, text in texts.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8", newline="\n")


def commit(folder: Path, texts: dict[str, str], *gone: str) -> None:
    write(folder, texts)
    for name in gone:
        (folder / name).unlink()
    git(folder, "add", "--all")
    git(folder, "commit", "-m", "More")


def files(folder: Path) -> dict[str, str]:
    paths = (path for path in folder.rglob("*") if path.is_file())
    named = {path.relative_to(folder).as_posix(): path for path in paths}
    return {name: path.read_text("utf-8") for name, path in named.items() if not name.startswith(".git/")}


@pytest.fixture(autouse=True)
def _somebody(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    settings = tmp_path / "gitconfig"
    settings.write_text(
        "[user]\nname = Somebody\nemail = somebody@example.org\n[init]\ndefaultBranch = main\n", encoding="utf-8"
    )
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(settings))
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", os.devnull)


@pytest.fixture
def theirs(tmp_path: Path) -> Path:
    folder = tmp_path / "it's theirs"
    folder.mkdir()
    git(folder, "init")
    commit(folder, FIRST)
    return folder


@pytest.fixture
def mine(theirs: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "mine"
    git(tmp_path, "clone", str(theirs), str(folder))
    commit(folder, MINE, "content/posts/his.md", "content/posts/hers.md")
    return folder


def test_a_later_version_comes_in_and_what_is_mine_stays(
    theirs: Path, mine: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    commit(theirs, LATER, "plugins/old.py", "content/posts/hers.md")
    upgrade(mine, None)
    code = {name: text for name, text in LATER.items() if not name.startswith("content/")}
    assert files(mine) == MINE | code
    assert git(mine, "status", "--porcelain") == ""
    assert capsys.readouterr().out.startswith("The new version is in, and content/ is as it was.")
    commit(theirs, {"content/posts/next.md": "Mended.\n", "plugins/new.py": "NEW = 2\n"})
    commit(mine, {"theme/main.css": "One\n2\n3\n4\n5\n6\n7\n8\nmine\n"})
    upgrade(mine, str(theirs))
    assert files(mine) == MINE | {"plugins/new.py": "NEW = 2\n", "theme/main.css": "One\n2\n3\n4\n5\n6\n7\n8\nmine\n"}
    capsys.readouterr()
    upgrade(mine, None)
    assert capsys.readouterr().out.startswith("There is nothing newer at origin. Nothing was changed.")


def test_what_both_have_changed_is_told_and_nothing_is_changed(theirs: Path, mine: Path) -> None:
    commit(theirs, LATER)
    commit(mine, {"theme/main.css": "Mine\n2\n3\n4\n5\n6\n7\n8\n9\n"})
    before = files(mine)
    with pytest.raises(RefusedError, match=r"in the same places:\n  theme/main\.css\nNothing was") as caught:
        upgrade(mine, None)
    assert files(mine) == before
    assert git(mine, "status", "--porcelain") == ""
    with pytest.raises(subprocess.CalledProcessError):
        git(mine, "merge", str(caught.value).rpartition(" ")[2])
    assert git(mine, "diff", "--name-only", "--diff-filter=U") == "theme/main.css\n"


@pytest.mark.parametrize("name", ["content/posts/mine.md", "content/posts/new.md"], ids=["changed", "new"])
def test_words_that_git_does_not_have_come_first(theirs: Path, mine: Path, name: str) -> None:
    commit(theirs, LATER)
    write(mine, {name: "Words.\n"})
    before = files(mine)
    with pytest.raises(RefusedError, match=f"Git does not have these yet:\n  {name}\nCommit them first"):
        upgrade(mine, None)
    assert files(mine) == before


def test_my_own_repository_is_not_taken_for_the_projects(mine: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    git(tmp_path, "clone", str(mine), str(elsewhere))
    commit(elsewhere, {"content/posts/from-elsewhere.md": "Words.\n"})
    before = files(mine)
    with pytest.raises(RefusedError, match=r"is a blog of its own, perhaps yours: `git pull` brings in what was"):
        upgrade(mine, str(elsewhere))
    assert files(mine) == before


def test_where_git_cannot_do_it_the_zip_is_named(theirs: Path, tmp_path: Path) -> None:
    unpacked = tmp_path / "unpacked"
    write(unpacked, FIRST)
    with pytest.raises(RefusedError, match=r"not a git repository of its own. README says, under"):
        upgrade(unpacked, str(theirs))
    git(unpacked, "init")
    commit(unpacked, MINE)
    with pytest.raises(RefusedError, match=r"Where is the new version\? Say it by --from"):
        upgrade(unpacked, None)
    with pytest.raises(RefusedError, match=r"have no beginning in common. README says, under"):
        upgrade(unpacked, str(theirs))
    with pytest.raises(RefusedError, match="not a git repository of its own"):
        upgrade(unpacked / "content", str(theirs))
    with pytest.raises(RefusedError, match="git fetch says:\n  fatal: "):
        upgrade(unpacked, str(tmp_path / "nowhere"))
    assert files(unpacked) == FIRST | MINE

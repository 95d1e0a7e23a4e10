"""`python3 tasks.py upgrade`: a later version of Lectern comes in by git, and content/ is not touched.

Git would merge the samples too: each that was set aside here and changed there is a conflict. So what is merged is the
new version with content/ as it was where the two parted; of the two only this one has changed it then.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import tomllib
from pathlib import Path

from tools.desk.desk import RefusedError, tell
from tools.desk.first_owner import is_first_owners

CONTENT = "content"
_BY_ZIP = 'README says, under "Taking later versions", how to go on from the new ZIP file. Nothing was changed.'


def upgrade(root: Path, source: str | None) -> None:
    """Merge the newest version from an address or a remote's name; without one from `upstream`, else `origin`.

    Raises `RefusedError` where that cannot be done: nothing has been changed then.
    """
    _see_that_it_can_be_done(root)
    remotes = _git(root, "remote").split()
    place = source or next((name for name in ("upstream", "origin") if name in remotes), "")
    if not place:
        raise RefusedError("Where is the new version? Say it by --from, with the address that you cloned from.")
    _git(root, "fetch", "--quiet", "--", place, "HEAD")
    new = _git(root, "rev-parse", "FETCH_HEAD").strip()
    if not _is_lecterns(_asked(root, "show", f"{new}:{CONTENT}/speaker.toml")):
        # To leave out its content/ would be to lose what was written there.
        message = f"What {place} holds is a blog of its own, perhaps yours: `git pull` brings in what was written there"
        raise RefusedError(f"{message}.\nSay by --from where Lectern itself is. Nothing was changed.")
    parted = _asked(root, "merge-base", "HEAD", new)
    if not parted:
        raise RefusedError(f"What {place} holds and what is here have no beginning in common. {_BY_ZIP}")
    if parted == new:
        tell(f"There is nothing newer at {place}. Nothing was changed.")
        return
    _merge(root, _without_its_content(root, new, parted))
    tell("The new version is in, and content/ is as it was. CHANGELOG.md says what is new.")
    tell("Look at it before you publish: python3 tasks.py check, python3 tasks.py serve")


def _see_that_it_can_be_done(root: Path) -> None:
    if not shutil.which("git"):
        raise RefusedError(f"There is no git on this computer. {_BY_ZIP}")
    top = _asked(root, "rev-parse", "--show-toplevel")
    if not top or not Path(top).samefile(root) or not _asked(root, "rev-parse", "--verify", "HEAD"):
        raise RefusedError(f"This folder is not a git repository of its own. {_BY_ZIP}")
    changed = _git(root, "status", "--porcelain").splitlines()
    if changed:
        listed = "\n".join(f"  {line[3:]}" for line in changed[:5])
        more = f"\n  and {len(changed) - 5} more" if changed[5:] else ""
        message = f"Git does not have these yet:\n{listed}{more}\nCommit them first, so that nothing can be lost"
        raise RefusedError(f'{message}: git add --all, then\ngit commit -m "Mine". Nothing was changed.')


def _is_lecterns(speaker: str) -> bool:
    try:
        return is_first_owners(tomllib.loads(speaker))
    except tomllib.TOMLDecodeError:
        return False


def _without_its_content(root: Path, new: str, parted: str) -> str:
    """Give a commit that follows the new version and has content/ as it was where the two parted."""
    with tempfile.TemporaryDirectory() as folder:
        index = {"GIT_INDEX_FILE": str(Path(folder, "index"))}
        _git(root, "read-tree", new, **index)
        _git(root, "rm", "-r", "--force", "--quiet", "--cached", "--ignore-unmatch", "--", CONTENT, **index)
        if _asked(root, "rev-parse", "--verify", f"{parted}:{CONTENT}"):
            _git(root, "read-tree", f"--prefix={CONTENT}/", f"{parted}:{CONTENT}", **index)
        tree = _git(root, "write-tree", **index).strip()
    return _git(root, "commit-tree", tree, "-p", new, "-m", "Leave the content to its owner").strip()


def _merge(root: Path, commit: str) -> None:
    """Merge all of it or nothing."""
    try:
        _git(root, "merge", "--quiet", "--no-ff", "-m", "Take a later version of Lectern", commit)
    except RefusedError as refused:
        both = _git(root, "diff", "--name-only", "--diff-filter=U").splitlines()
        if _asked(root, "rev-parse", "--verify", "--quiet", "MERGE_HEAD"):
            _git(root, "merge", "--abort")
        if not both:
            raise
        message = "You have changed these files, and the new version has, too, in the same places:"
        advice = f"Nothing was changed. To choose line by line: git merge {commit[:12]}"
        raise RefusedError("\n".join([message, *(f"  {name}" for name in both), advice])) from refused


def _asked(root: Path, *words: str) -> str:
    """Give what git answers, or nothing where it has no answer."""
    try:
        return _git(root, *words).strip()
    except RefusedError:
        return ""


def _git(root: Path, *words: str, **variables: str) -> str:
    done = subprocess.run(  # noqa: S603  git, with words of our own and an address that the author typed
        [shutil.which("git") or "git", "-c", "core.quotePath=false", *words],
        cwd=root,
        env=os.environ | {"LC_ALL": "C"} | variables,
        capture_output=True,
        check=False,
        encoding="utf-8",
        errors="replace",
    )
    if done.returncode:
        said = (done.stderr.strip() or done.stdout.strip()).replace("\n", "\n  ")
        raise RefusedError(f"git {words[0]} says:\n  {said}\nNothing was changed.")
    return done.stdout

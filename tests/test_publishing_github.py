from __future__ import annotations

import io
import os
import shutil
import tarfile
import time
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from killing import KILLS, kill_at_random, wait_until_seen, watched
from released import ODD, QUIET, disk, files, needs_mount, release, run, wait_for_orphans
from ssh_host import HOST, Cut, Host, program

from tools.publishing.github import GitTarget
from tools.publishing.programs import sentence
from tools.publishing.release import Changes
from tools.publishing.settings import GitHub
from tools.publishing.target import TargetError

if TYPE_CHECKING:
    from pathlib import Path

A, B = {"index.html": b"a", "same": b"same"}, {"index.html": b"b", "same": b"same", "new": b""}


@pytest.fixture(autouse=True)
def _git_without_an_owner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine on which nobody has told git anything."""
    program("git")
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    monkeypatch.delenv("EMAIL", raising=False)
    (tmp_path / "gitconfig").write_text("[core]\nfsync = none\n", "utf-8")


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """A repository as a host keeps it."""
    place = tmp_path / "the host" / "blog.git"
    place.parent.mkdir()
    run("git", "init", "--quiet", "--bare", "--initial-branch=main", place)
    return place


def target(bare: Path | str, state: Path, *, history: bool = True, domain: str = "") -> GitTarget:
    return GitTarget(GitHub("github", str(bare), history=history), state, domain=domain)


def git(bare: Path, *arguments: str) -> str:
    return run("git", "-c", "i18n.logOutputEncoding=UTF-8", "--git-dir", bare, *arguments).decode().strip()


def online(bare: Path, branch: str = "gh-pages") -> dict[str, bytes]:
    """Give the files of a branch. None may be run, or be anything but a file."""
    found = {}
    for line in run("git", "--git-dir", bare, "ls-tree", "-r", "-z", branch).split(b"\0")[:-1]:
        entry, _, path = line.partition(b"\t")
        mode, kind, name = entry.split()
        assert (mode, kind) == (b"100644", b"blob")
        found[path.decode()] = run("git", "--git-dir", bare, "cat-file", "blob", name.decode())
    return found


def history(bare: Path) -> list[str]:
    return git(bare, "log", "--format=%s", "gh-pages").splitlines()


def commit(bare: Path, files: dict[str, bytes], *parents: str, branch: str = "gh-pages") -> None:
    """Let somebody else commit these files."""
    (bare / "index").unlink(missing_ok=True)
    for path, data in files.items():
        (bare / "file").write_bytes(data)
        blob = git(bare, "hash-object", "-w", str(bare / "file"))
        git(bare, "update-index", "--add", "--cacheinfo", f"100644,{blob},{path}")
    tree = git(bare, "write-tree") if files else git(bare, "hash-object", "-w", "-t", "tree", os.devnull)
    options = [word for parent in parents for word in ("-p", parent)]
    names = ("-c", "user.name=Bob", "-c", "user.email=bob@example.org")
    git(bare, "update-ref", f"refs/heads/{branch}", git(bare, *names, "commit-tree", tree, "-m", "Bob's", *options))


def test_what_arrives_is_what_was_sent(bare: Path, tmp_path: Path) -> None:
    first = release(tmp_path, "a", ODD)
    publishing = target(bare, tmp_path / "state", domain="www.example.org")
    expected = {**ODD, ".nojekyll": b"", "CNAME": b"www.example.org\n"}
    assert publishing.compare(first) == Changes(tuple(sorted(expected)), (), ())
    publishing.deliver(first, QUIET)
    assert online(bare) == expected
    second = release(
        tmp_path,
        "b",
        {**{path: data for path, data in ODD.items() if path != "empty.txt"}, "new": b"", "a:b/c:d": b"C"},
    )
    assert publishing.compare(second) == Changes(("new",), ("a:b/c:d",), ("empty.txt",))
    publishing.deliver(second, QUIET)
    assert publishing.compare(second) == Changes((), (), ())
    assert history(bare) == ["Publish release b", "Publish release a"]
    assert online(bare, "gh-pages~") == expected


def test_nothing_that_git_was_told_changes_a_byte(bare: Path, tmp_path: Path) -> None:
    for name in ("pre-push", "reference-transaction"):
        hook = tmp_path / "templates/hooks" / name
        hook.parent.mkdir(parents=True, exist_ok=True)
        hook.write_text("#!/bin/sh\nexit 1\n", "utf-8")
        hook.chmod(0o755)
    git(bare, "config", "core.hooksPath", "hooks")
    shutil.copytree(hook.parent, tmp_path / "hooks")
    (tmp_path / "attributes").write_text("* text=auto eol=crlf ident filter=shout\n", "utf-8")
    (tmp_path / "gitconfig").write_text(
        f"""
        [core]
        autocrlf = true
        safecrlf = true
        attributesFile = {tmp_path}/attributes
        excludesFile = {tmp_path}/ignore
        hooksPath = {tmp_path}/hooks
        quotePath = true
        [init]
        templateDir = {tmp_path}/templates
        defaultBranch = gh-pages
        [filter "shout"]
        clean = tr a-z A-Z
        required = true
        [commit]
        gpgSign = true
        [push]
        gpgSign = if-asked
        followTags = true
        recurseSubmodules = on-demand
        pushOption = x
        [i18n]
        commitEncoding = ISO-8859-1
        [diff]
        renames = copies
        [log]
        showSignature = true
        [fetch]
        prune = true
        [safe]
        bareRepository = explicit
        [user]
        name = Ada Löwe
        email = ada@example.org
        """,
        "utf-8",
    )
    (tmp_path / "ignore").write_text("*\n", "utf-8")
    for history in (True, False):
        for name in "ab":
            target(bare, tmp_path / "state", history=history).deliver(release(tmp_path, name, ODD), QUIET)
            assert online(bare) == {**ODD, ".nojekyll": b""}
    assert git(bare, "log", "-1", "--format=%an <%ae> %cn", "gh-pages") == "Ada Löwe <ada@example.org> Ada Löwe"


def test_without_a_name_the_commit_is_lecterns(bare: Path, tmp_path: Path) -> None:
    target(bare, tmp_path / "state").deliver(release(tmp_path, "20261128T101500123Z", A), QUIET)
    told = git(bare, "log", "-1", "--format=%an <%ae>, %cn <%ce>: %B", "gh-pages")
    assert told == (
        "Lectern <lectern@localhost>, Lectern <lectern@localhost>: Publish release 20261128T101500123Z\n\n"
        "Lectern-Release: 20261128T101500123Z"
    )


def test_the_owners_cname_wins(bare: Path, tmp_path: Path) -> None:
    mine = {"index.html": b"a", "CNAME": b"mine.example.org"}
    target(bare, tmp_path / "state", domain="www.example.org").deliver(release(tmp_path, "a", mine), QUIET)
    assert online(bare)["CNAME"] == b"mine.example.org"


def test_without_history_there_is_one_commit_and_the_one_before(bare: Path, tmp_path: Path) -> None:
    publishing = target(bare, tmp_path / "state", history=False)
    for name, given in (("a", A), ("b", B), ("c", A)):
        publishing.deliver(release(tmp_path, name, given), QUIET)
        assert history(bare) == [f"Publish release {name}"]
    assert git(bare, "for-each-ref", "--format=%(refname) %(subject)").splitlines() == [
        "refs/heads/gh-pages Publish release c",
        "refs/lectern/before/gh-pages Publish release b",
    ]
    assert target(bare, tmp_path / "elsewhere", history=False).roll_back(QUIET) == "b"
    assert online(bare) == {**B, ".nojekyll": b""}
    with pytest.raises(TargetError, match="keeps no release before"):
        publishing.roll_back(QUIET)
    publishing.deliver(release(tmp_path, "d", A), QUIET)
    assert publishing.roll_back(QUIET) == "b"


def test_the_way_back_and_on(bare: Path, tmp_path: Path) -> None:
    publishing = target(bare, tmp_path / "state")
    for name in "abc":
        publishing.deliver(release(tmp_path, name, {"index.html": name.encode()}), QUIET)
    assert publishing.roll_back(QUIET) == "b"
    publishing.deliver(release(tmp_path, "d", {"index.html": b"d"}), QUIET)
    elsewhere = target(bare, tmp_path / "elsewhere")
    assert elsewhere.roll_back(QUIET) == "b", "what was taken back is not gone back to"
    assert elsewhere.roll_back(QUIET) == "a"
    assert online(bare) == {"index.html": b"a", ".nojekyll": b""}
    with pytest.raises(TargetError, match="keeps no release before"):
        elsewhere.roll_back(QUIET)
    assert history(bare)[0] == "Publish release a"
    assert len(history(bare)) == 7, "nothing is taken out of the history"


def test_a_branch_of_somebody_else_is_left_alone(bare: Path, tmp_path: Path) -> None:
    commit(bare, {"README.md": b"theirs"})
    for history in (True, False):
        publishing = target(bare, tmp_path / "state", history=history)
        for call in (publishing.compare, lambda made, to=publishing: to.deliver(made, QUIET)):
            with pytest.raises(
                TargetError, match="holds what Lectern has not published; choose a `branch` that is not"
            ):
                call(release(tmp_path, "a", A))
        with pytest.raises(TargetError, match="keeps no release before"):
            publishing.roll_back(QUIET)
    assert online(bare) == {"README.md": b"theirs"}


def test_an_empty_branch_may_be_filled(bare: Path, tmp_path: Path) -> None:
    commit(bare, {})
    target(bare, tmp_path / "state").deliver(release(tmp_path, "a", A), QUIET)
    assert history(bare) == ["Publish release a", "Bob's"]
    with pytest.raises(TargetError, match="keeps no release before"):
        target(bare, tmp_path / "state").roll_back(QUIET)


def test_what_a_host_adds_to_our_branch_is_replaced_and_can_be_gone_back_to(bare: Path, tmp_path: Path) -> None:
    publishing = target(bare, tmp_path / "state")
    for name in "ab":
        publishing.deliver(release(tmp_path, name, A), QUIET)
    commit(bare, {**A, "CNAME": b"www.example.org"}, git(bare, "rev-parse", "gh-pages"))
    third = release(tmp_path, "c", A)
    elsewhere = target(bare, tmp_path / "elsewhere")
    assert elsewhere.compare(third) == Changes((".nojekyll",), (), ("CNAME",))
    elsewhere.deliver(third, QUIET)
    assert elsewhere.roll_back(QUIET) == git(bare, "rev-parse", "--short=12", "gh-pages~2")
    assert online(bare)["CNAME"] == b"www.example.org"


@pytest.mark.parametrize("history", [True, False], ids=["history", "one commit"])
def test_who_publishes_in_between_is_not_overrun(bare: Path, tmp_path: Path, *, history: bool) -> None:
    mine, theirs = (target(bare, tmp_path / state, history=history) for state in ("mine", "theirs"))
    for first, second, third in (("a", "b", "c"), ("d", "e", "f")):
        mine.compare(release(tmp_path, second, B))
        theirs.deliver(release(tmp_path, first, {"index.html": first.encode()}), QUIET)
        with pytest.raises(TargetError, match=r"was published to by somebody else in between.*\(.*stale info"):
            mine.deliver(release(tmp_path, second, B), QUIET)
        assert online(bare)["index.html"] == first.encode()
        mine.deliver(release(tmp_path, third, B), QUIET)
        assert online(bare) == {**B, ".nojekyll": b""}


@pytest.mark.parametrize(
    "repository",
    [
        "https://ada:hunter2@git.example.org/blog.git",
        "https://:hunter2@git.example.org/blog.git",
        "https://ghp_hunter2@git.example.org/blog.git",
        "https://github_pat_hunter2@git.example.org/blog.git",
        "ssh://git:hunter2@git.example.org/blog.git",
    ],
)
def test_a_password_is_refused_and_not_shown(tmp_path: Path, repository: str) -> None:
    with pytest.raises(TargetError, match="holds a password; take it out there") as caught:
        target(repository, tmp_path / "state")
    assert "hunter2" not in str(caught.value)


def test_what_programs_say_is_shown_without_secrets_and_colours() -> None:
    said = "@@@\nfatal: \033[1mhttps://ada:hunter2@git.example.org/ is odd.\n"
    assert sentence("Here", said, (), "failed") == "Here failed (fatal:  [1mhttps://git.example.org/ is odd)."
    assert sentence("Here", " \n", (), "failed") == "Here failed."


@pytest.mark.parametrize("repository", ["--upload-pack=x", "ext::sh -c x"])
def test_what_is_no_repository_is_refused(tmp_path: Path, repository: str) -> None:
    with pytest.raises(TargetError, match="is not a repository"):
        target(repository, tmp_path / "state")


@pytest.mark.parametrize(
    ("repository", "where"),
    [
        ("git@github.com:ada/blog.git", "git@github.com:ada/blog.git (gh-pages)"),
        ("https://ada@github.com/ada/blog.git", "https://github.com/ada/blog.git (gh-pages)"),
        ("../blog.git", "../blog.git (gh-pages)"),
    ],
)
def test_places(tmp_path: Path, repository: str, where: str) -> None:
    assert target(repository, tmp_path).where == where


def test_a_path_counts_from_the_project(bare: Path, tmp_path: Path) -> None:
    settings = GitHub("github", "the host/blog.git")
    GitTarget(settings, tmp_path / "state", root=tmp_path).deliver(release(tmp_path, "a", A), QUIET)
    assert history(bare) == ["Publish release a"]


def test_locks_and_leftovers_of_a_killed_one_are_cleared(bare: Path, tmp_path: Path) -> None:
    state = tmp_path / "state"
    target(bare, state).deliver(release(tmp_path, "a", A), QUIET)
    for name in (
        "lectern-index",
        "lectern-index.lock",
        "shallow.lock",
        "config.lock",
        "HEAD.lock",
        "refs/lectern/online.lock",
    ):
        (state / name).write_bytes(b"")
    (state / "HEAD").unlink()
    target(bare, state).deliver(release(tmp_path, "b", B), QUIET)
    assert online(bare) == {**B, ".nojekyll": b""}


def test_a_state_that_is_broken_is_made_anew(bare: Path, tmp_path: Path) -> None:
    state = tmp_path / "state"
    target(bare, state).deliver(release(tmp_path, "a", A), QUIET)
    for path in (state / "objects").rglob("*"):
        if path.is_file():
            path.chmod(0o600)
            path.write_bytes(b"")
    target(bare, state).deliver(release(tmp_path, "b", B), QUIET)
    assert online(bare) == {**B, ".nojekyll": b""}


def _refused(bare: Path) -> None:
    (bare / "hooks/pre-receive").write_text("#!/bin/sh\necho >&2 'Only the \033[1mchief\033[0m may'; exit 1\n", "utf-8")
    (bare / "hooks/pre-receive").chmod(0o755)


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        pytest.param(_refused, "does not take it from you; look at who may write to that branch.*hook declined", id="refused"),
        pytest.param(lambda bare: (bare / "HEAD").unlink(), "is not a git repository; make it first", id="no repository"),
    ],
)  # fmt: skip
@pytest.mark.skipif(os.name == "nt", reason="hooks want `sh`")
def test_what_a_host_refuses_is_told(bare: Path, tmp_path: Path, spoil: object, message: str) -> None:
    target(bare, tmp_path / "state").deliver(release(tmp_path, "a", A), QUIET)
    spoil(bare)  # type: ignore[operator]
    with pytest.raises(TargetError, match=message) as caught:
        target(bare, tmp_path / "state").deliver(release(tmp_path, "b", B), QUIET)
    assert str(caught.value).isprintable()
    (bare / "HEAD").write_text("ref: refs/heads/main\n", "utf-8")
    assert online(bare) == {**A, ".nojekyll": b""}


def test_a_host_that_does_not_answer_is_told(tmp_path: Path) -> None:
    with pytest.raises(TargetError, match=r"does not answer; look whether it is up.*\(.*(refused|connect)"):
        target("http://127.0.0.1:1/blog.git", tmp_path / "state").compare(release(tmp_path, "a", A))


def test_a_host_that_wants_a_password_is_not_answered(
    ssh_host: Host, bare: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_SSH_COMMAND", ssh_host.ssh_with('IdentityFile "{folder}/stranger"'))
    with pytest.raises(TargetError, match=rf"{HOST}.* accepts none of your keys.*Permission denied \(publickey"):
        target(f"ssh://{HOST}{bare}", tmp_path / "state").compare(release(tmp_path, "a", A))


@pytest.mark.parametrize("how", ["environment", "configuration"])
def test_by_ssh(ssh_host: Host, bare: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    if how == "environment":
        monkeypatch.setenv("GIT_SSH_COMMAND", ssh_host.ssh)
    else:
        run("git", "config", "--global", "core.sshCommand", ssh_host.ssh)
    target(f"{HOST}:{bare}", tmp_path / "state").deliver(release(tmp_path, "a", A), QUIET)
    assert online(bare) == {**A, ".nojekyll": b""}


def test_a_connection_that_breaks_leaves_the_branch_as_it_was(
    ssh_host: Host, bare: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target(bare, tmp_path / "state").deliver(release(tmp_path, "a", A), QUIET)
    big = release(tmp_path, "b", {"index.html": b"b", "big": os.urandom(1_000_000)})
    with closing(Cut(ssh_host.port, 200_000)) as way:
        monkeypatch.setenv("GIT_SSH_COMMAND", ssh_host.ssh_with(f"Port {way.port}"))
        with pytest.raises(TargetError, match=r"was lost on the way; publish again \("):
            target(f"ssh://{HOST}{bare}", tmp_path / "state").deliver(big, QUIET)
    assert online(bare) == {**A, ".nojekyll": b""}
    target(bare, tmp_path / "state").deliver(big, QUIET)
    assert set(online(bare)) == {"index.html", "big", ".nojekyll"}


@needs_mount
def test_a_full_disk_leaves_the_branch_as_it_was(tmp_path: Path) -> None:
    with disk(tmp_path / "disk", "600k") as place:
        bare = place / "blog.git"
        run("git", "init", "--quiet", "--bare", "--template=", bare)
        target(bare, tmp_path / "state").deliver(release(tmp_path, "a", A), QUIET)
        with pytest.raises(TargetError, match=r"has no room left; make some.*No space left on device"):
            target(bare, tmp_path / "state").deliver(release(tmp_path, "b", {"big": os.urandom(900_000)}), QUIET)
        assert online(bare) == {**A, ".nojekyll": b""}
        target(bare, tmp_path / "state").deliver(release(tmp_path, "c", B), QUIET)
        assert online(bare) == {**B, ".nojekyll": b""}


@needs_mount
def test_a_repository_that_cannot_be_written_stays_as_it_was(tmp_path: Path) -> None:
    with disk(tmp_path / "disk", "600k") as place:
        bare = place / "blog.git"
        run("git", "init", "--quiet", "--bare", "--template=", bare)
        target(bare, tmp_path / "state").deliver(release(tmp_path, "a", A), QUIET)
        run("mount", "-o", "remount,ro", place)
        with pytest.raises(TargetError, match=r"cannot be written to.*Read-only file system"):
            target(bare, tmp_path / "state").deliver(release(tmp_path, "b", B), QUIET)
        assert online(bare) == {**A, ".nojekyll": b""}


def archived(bare: Path) -> frozenset[tuple[str, bytes]]:
    """Give the files of the branch as they are at one moment."""
    with tarfile.open(fileobj=io.BytesIO(run("git", "--git-dir", bare, "archive", "--format=tar", "gh-pages"))) as tar:
        return frozenset((entry.name, tar.extractfile(entry).read()) for entry in tar if entry.isfile())  # type: ignore[union-attr]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
@pytest.mark.parametrize("history", [True, False], ids=["history", "one commit"])
def test_killed_at_any_moment_the_branch_is_whole(bare: Path, tmp_path: Path, *, history: bool) -> None:
    versions = {}
    for name in "ab":
        made = release(
            tmp_path, name, {f"{number}/index.html": f"{name}{number}".encode() * 1000 for number in range(60)}
        )
        target(bare, tmp_path / "state", history=history).deliver(made, QUIET)
        versions[archived(bare)] = name
    code = f"""if True:
    import itertools, random, time
    from pathlib import Path
    from tools.publishing.github import GitTarget
    from tools.publishing.release import Release, sha256
    from tools.publishing.settings import GitHub
    from tools.publishing.target import TargetError
    from tools.progress import Progress
    print("ready", flush=True)
    for turn in itertools.count(random.randrange(2)):
        folder = Path({str(tmp_path)!r}, "ab"[turn % 2])
        files = {{p.relative_to(folder).as_posix(): sha256(p) for p in folder.rglob("*") if p.is_file()}}
        target = GitTarget(GitHub("github", {str(bare)!r}, history={history}), Path({str(tmp_path / "state")!r}))
        try:
            target.deliver(Release(f"{{time.time_ns()}}", folder, files, {{}}), Progress(quiet=True))
        except TargetError as error:  # what the killed one has started may still have pushed
            if "in between" not in str(error):
                raise
    """

    def look() -> str:
        time.sleep(0.01)
        return versions[archived(bare)]

    with watched(look) as seen:
        for turn in range(KILLS // 2):
            kill_at_random(code, 1, turn)
        wait_for_orphans(tmp_path)
        for version in "ab":
            whole = release(tmp_path, version, files(tmp_path / version))
            target(bare, tmp_path / "state", history=history).deliver(whole, QUIET)
            wait_until_seen(version, seen)
    assert set(seen) == {"a", "b"}
    target(bare, tmp_path / "state", history=history).deliver(release(tmp_path, "last", A), QUIET)
    assert online(bare) == {**A, ".nojekyll": b""}
    assert not [*bare.rglob("*.lock"), *(tmp_path / "state").rglob("*.lock")]
    git(bare, "fsck", "--strict", "--connectivity-only")

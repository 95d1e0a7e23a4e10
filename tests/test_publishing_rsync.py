from __future__ import annotations

import os
import shlex
import stat
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from killing import KILLS, kill_at_random, wait_until_seen, watched
from released import ODD, QUIET, disk, files, needs_mount, release, run, wait_for_orphans
from ssh_host import HOST, Cut, program

from tools.publishing.folder import FolderTarget
from tools.publishing.release import Changes, sha256
from tools.publishing.remote import Remote
from tools.publishing.rsync import RsyncTarget
from tools.publishing.settings import Rsync
from tools.publishing.target import TargetError

if TYPE_CHECKING:
    from pathlib import Path

    from ssh_host import Host

pytestmark = pytest.mark.skipif(os.name == "nt", reason="a computer to publish to by ssh is no Windows")


def far(host: Host, folder: Path, *options: str, keep: int = 5) -> RsyncTarget:
    return RsyncTarget(Rsync("rsync", HOST, str(folder), keep, host.ssh_with(*options)))


@pytest.fixture
def near(tmp_path: Path) -> str:
    """A command that takes what ssh takes and runs it here, since most of what is tested is not ssh. $NEAR runs first."""
    program("rsync")
    script = tmp_path / "near ssh"
    script.write_text(
        '#!/bin/sh\nALL="$*"\nwhile [ "$1" != here ]; do shift; done\nshift\neval "$NEAR"\nexec sh -c "$*"\n', "utf-8"
    )
    script.chmod(0o755)
    return shlex.quote(str(script))


def here(near: str, folder: Path, keep: int = 5) -> RsyncTarget:
    return RsyncTarget(Rsync("rsync", "here", str(folder), keep, near))


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "releases").iterdir())


def test_what_arrives_is_what_was_sent(ssh_host: Host, tmp_path: Path) -> None:
    www = tmp_path / 'a "place", it\'s ; $HOME'
    target = far(ssh_host, www)
    first = release(tmp_path, "a", ODD)
    assert target.compare(first) == Changes(tuple(sorted(ODD)), (), ())
    target.deliver(first, QUIET)
    assert files(www / "current") == ODD
    second = release(
        tmp_path, "b", {**ODD, "index.html": b"<p>two</p>\r\n<p>two\n", "new": b"", "-rf/--delete": b"dasheS"}
    )
    del second.files["empty.txt"]  # type: ignore[attr-defined]
    (second.folder / "empty.txt").unlink()
    assert target.compare(second) == Changes(("new",), ("-rf/--delete", "index.html"), ("empty.txt",))
    target.deliver(second, QUIET)
    assert files(www / "current") == files(second.folder)
    assert files(www / "releases/a") == ODD
    assert target.compare(second) == Changes((), (), ())
    for path in ODD.keys() - {"empty.txt"}:
        changed = path in {"index.html", "-rf/--delete"}
        assert (www / "releases/a" / path).samefile(www / "current" / path) is not changed, path
    for path in (www / "releases").rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) == (0o755 if path.is_dir() else 0o644), path
    assert (www / "current").readlink().as_posix() == "releases/b"


def test_a_folder_here_reads_what_rsync_has_written(near: str, tmp_path: Path) -> None:
    www = tmp_path / "www"
    first, second = release(tmp_path, "a", ODD), release(tmp_path, "b", {"index.html": b"b"})
    here(near, www).deliver(first, QUIET)
    folder = FolderTarget(www, 5)
    assert folder.compare(first) == Changes((), (), ())
    folder.deliver(second, QUIET)
    assert here(near, www).compare(second) == Changes((), (), ())
    assert here(near, www).roll_back(QUIET) == "a"
    assert files(www / "current") == ODD


def test_the_way_back_and_on(near: str, tmp_path: Path) -> None:
    target, www = here(near, tmp_path / "www", keep=3), tmp_path / "www"
    for name in "abcd":
        target.deliver(release(tmp_path, name, {"index.html": name.encode()}), QUIET)
    assert names(www) == ["b", "b.json", "c", "c.json", "d", "d.json"]
    assert target.roll_back(QUIET) == "c"
    target.deliver(release(tmp_path, "e", {"index.html": b"e"}), QUIET)
    assert names(www) == ["b", "b.json", "c", "c.json", "e", "e.json"]
    assert [target.roll_back(QUIET), target.roll_back(QUIET)] == ["c", "b"]
    with pytest.raises(TargetError, match="keeps no release before"):
        target.roll_back(QUIET)
    assert files(www / "current") == {"index.html": b"b"}


def test_what_is_not_ours_is_left_alone(near: str, tmp_path: Path) -> None:
    www = tmp_path / "www"
    (www / "releases/theirs").mkdir(parents=True)
    (www / "releases/theirs/file").write_bytes(b"theirs")
    (www / "index.html").write_bytes(b"theirs")
    target = here(near, www, keep=2)
    for name in "abc":
        target.deliver(release(tmp_path, name, {"index.html": b""}), QUIET)
    assert names(www) == ["b", "b.json", "c", "c.json", "theirs"]
    assert (www / "index.html").read_bytes() == b"theirs"


def test_what_a_killed_publishing_has_left_is_cleared(near: str, tmp_path: Path) -> None:
    www = tmp_path / "www"
    here(near, www).deliver(release(tmp_path, "a", {"index.html": b"a"}), QUIET)
    for left in ("releases/x.lectern-part", "releases/.gone.7"):
        (www / left).mkdir()
        (www / left / "half").write_bytes(b"")
    for left in ("releases/y.json.lectern-part", "releases/z.json", ".current.7"):
        (www / left).write_bytes(b"{}")
    (www / "releases/z.json").write_bytes(b'{"files":{},"moved":{},"before":"a"}')
    here(near, www).deliver(release(tmp_path, "b", {"index.html": b"b"}), QUIET)
    assert names(www) == ["a", "a.json", "b", "b.json"]
    assert sorted(path.name for path in www.iterdir()) == ["current", "releases"]


def test_ssh_is_told_never_to_ask(near: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEAR", f'echo "$ALL" >> {shlex.quote(str(tmp_path / "log"))}')
    here(near, tmp_path / "www").deliver(release(tmp_path, "a", {"index.html": b"a"}), QUIET)
    calls = (tmp_path / "log").read_text("utf-8").splitlines()
    assert sum("rsync --server" in call for call in calls) == 2
    assert all("-o BatchMode=yes -o ConnectTimeout=20" in call for call in calls)


@pytest.mark.parametrize("kind", ["folder", "file", "link"])
def test_a_current_that_is_not_ours_is_refused(near: str, tmp_path: Path, kind: str) -> None:
    www = tmp_path / "www"
    www.mkdir()
    current = www / "current"
    {"folder": current.mkdir, "file": current.touch, "link": lambda: current.symlink_to(tmp_path)}[kind]()
    for call in (here(near, www).compare, lambda release: here(near, www).deliver(release, QUIET)):
        with pytest.raises(TargetError, match="has a `current` that is not a link to a release of ours; move it away"):
            call(release(tmp_path, "a", {"index.html": b"a"}))
    assert [path.name for path in www.iterdir()] == ["current"]


def test_who_publishes_in_between_is_not_overrun(near: str, tmp_path: Path) -> None:
    mine, theirs, www = here(near, tmp_path / "www"), here(near, tmp_path / "www"), tmp_path / "www"
    first, second = (release(tmp_path, name, {"index.html": name.encode()}) for name in "ab")
    mine.compare(second)
    theirs.deliver(first, QUIET)
    with pytest.raises(TargetError, match="was published to by somebody else in between"):
        mine.deliver(second, QUIET)
    assert files(www / "current") == {"index.html": b"a"}
    mine.deliver(second, QUIET)
    assert files(www / "current") == {"index.html": b"b"}


def test_who_publishes_at_the_last_moment_is_not_overrun(
    near: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    www = tmp_path / "www"
    here(near, www).deliver(release(tmp_path, "a", {"index.html": b"a"}), QUIET)
    second = release(tmp_path, "b", {"index.html": b"b"})
    # Once the files are there, somebody else switches.
    monkeypatch.setenv(
        "NEAR",
        f"case $* in *rsync*) cd {shlex.quote(str(www))} && mkdir -p releases/x && ln -sfn releases/x current; cd ;; esac",
    )
    with pytest.raises(TargetError, match="was published to by somebody else in between"):
        here(near, www).deliver(second, QUIET)
    assert (www / "current").readlink().name == "x"


def test_a_disk_that_lies_is_noticed(near: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    www = tmp_path / "www"
    here(near, www).deliver(release(tmp_path, "a", {"index.html": b"a"}), QUIET)
    part = shlex.quote(str(www / "releases/b.lectern-part/index.html"))
    monkeypatch.setenv("NEAR", f"[ ! -e {part} ] || echo B > {part}")
    with pytest.raises(TargetError, match=r"does not hold what was sent \(<fc.* index.html\); publish again"):
        here(near, www).deliver(release(tmp_path, "b", {"index.html": b"b"}), QUIET)
    assert files(www / "current") == {"index.html": b"a"}
    monkeypatch.delenv("NEAR")
    here(near, www).deliver(release(tmp_path, "b", {"index.html": b"b"}), QUIET)
    assert names(www) == ["a", "a.json", "b", "b.json"]


@pytest.mark.parametrize(
    "mv",
    ['[ "$1" = -T ]', '[ "$1" = -h ] && shift && set -- -T "$@"', '[ "${1#-}" = "$1" ]'],
    ids=["GNU", "BSD", "old"],
)
def test_every_system_switches_at_one_stroke(
    near: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mv: str
) -> None:
    script = tmp_path / "bin/mv"
    script.parent.mkdir()
    plain = '[ "${1#-}" = "$1" ]'
    script.write_text(f'#!/bin/sh\n{plain} || {{ {mv}; }} || exit 1\nexec {shlex.quote(program("mv"))} "$@"\n', "utf-8")
    script.chmod(0o755)
    monkeypatch.setenv("NEAR", f"PATH={shlex.quote(str(script.parent))}:$PATH")
    target = here(near, tmp_path / "www")
    for name in "ab":
        target.deliver(release(tmp_path, name, {"index.html": name.encode()}), QUIET)
    assert files(tmp_path / "www/current") == {"index.html": b"b"}
    assert sorted(path.name for path in (tmp_path / "www").iterdir()) == ["current", "releases"]
    assert not (tmp_path / "www/releases/a/b").exists()


@pytest.mark.parametrize("shell", ["sh", "bash", "busybox", "ksh", "zsh"])
def test_every_shell_reads_the_script(near: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shell: str) -> None:
    found = program(shell)
    command = f"{shlex.quote(found)}{' sh' if shell == 'busybox' else ' --emulate sh' if shell == 'zsh' else ''}"
    monkeypatch.setenv("NEAR", f'[ "$*" != sh ] || exec {command}')
    target = here(near, tmp_path / "www", keep=2)
    for name in "abc":
        target.deliver(release(tmp_path, name, {**ODD, "index.html": name.encode()}), QUIET)
    assert names(tmp_path / "www") == ["b", "b.json", "c", "c.json"]
    assert target.roll_back(QUIET) == "b"


@pytest.mark.parametrize(
    ("setup", "message"),
    [
        pytest.param("PATH=/none; command() { false; }; export PATH", "here has no rsync; install it there", id="no rsync"),
        pytest.param("[ \"$*\" = sh ] || { echo 'rsync: command not found' >&2; exit 127; }", "here has no rsync", id="no rsync on its way"),
        pytest.param("echo Welcome to the machine", "prints something whenever somebody logs in", id="greets"),
        pytest.param("echo Sorry. >&2; exit 3", r"ssh ended with status 3 \(Sorry\)\.$", id="says anything"),
        pytest.param("exit 3", r"ssh ended with status 3\.$", id="says nothing"),
    ],
)  # fmt: skip
def test_a_computer_that_is_not_ready_is_told(
    near: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, setup: str, message: str
) -> None:
    www = tmp_path / "www"
    here(near, www).deliver(release(tmp_path, "a", {"index.html": b"a"}), QUIET)
    if "PATH" in setup:
        (tmp_path / "bin").mkdir()
        for name in ("sh", "readlink", "tail", "tr", "cat"):
            (tmp_path / "bin" / name).symlink_to(program(name))
        setup = f"PATH={shlex.quote(str(tmp_path / 'bin'))}"
    monkeypatch.setenv("NEAR", setup)
    with pytest.raises(TargetError, match=message) as caught:
        here(near, www).deliver(release(tmp_path, "b", {"index.html": b"b"}), QUIET)
    assert "\n" not in str(caught.value)
    assert files(www / "current") == {"index.html": b"a"}


@pytest.fixture(scope="module")
def published(ssh_host: Host, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site that is online, for tests that leave it so."""
    folder = tmp_path_factory.mktemp("published")
    far(ssh_host, folder / "www").deliver(release(folder, "a", {"index.html": b"a"}), QUIET)
    return folder / "www"


@pytest.mark.parametrize(
    ("option", "message"),
    [
        pytest.param('IdentityFile "{folder}/stranger"', r"accepts none of your keys.*Permission denied \(publickey", id="wrong key"),
        pytest.param("UserKnownHostsFile none", r"is not known to this computer.*\(.*key", id="unknown key"),
        pytest.param('UserKnownHostsFile "{folder}/changed"', "shows another key than it used to", id="changed key"),
        pytest.param("HostName nowhere.invalid", r"is a name that nobody knows.*nowhere\.invalid", id="no such name"),
        pytest.param("Port 1", r"does not answer.*Connection refused", id="down"),
    ],
)  # fmt: skip
def test_what_keeps_ssh_away_is_told(
    ssh_host: Host, published: Path, tmp_path: Path, option: str, message: str
) -> None:
    host_key = (ssh_host.folder / "stranger.pub").read_text("utf-8")
    (ssh_host.folder / "changed").write_text(f"{HOST} {host_key}", "utf-8")
    target = far(ssh_host, published, option)
    with pytest.raises(TargetError, match=f"^{HOST} {message}") as caught:
        target.compare(release(tmp_path, "b", {"index.html": b"b"}))
    assert "\n" not in str(caught.value)
    assert files(published / "current") == {"index.html": b"a"}


@pytest.mark.parametrize("after", [6_000, 150_000])
def test_a_connection_that_breaks_leaves_the_site_as_it_was(ssh_host: Host, tmp_path: Path, after: int) -> None:
    www = tmp_path / "www"
    far(ssh_host, www).deliver(release(tmp_path, "a", {"index.html": b"a"}), QUIET)
    big = release(tmp_path, "b", {"index.html": b"b", "big": os.urandom(1_000_000)})
    with (
        closing(Cut(ssh_host.port, after)) as way,
        pytest.raises(TargetError, match=r"was lost on the way; publish again \(") as caught,
    ):
        far(ssh_host, www, f"Port {way.port}").deliver(big, QUIET)
    assert "\n" not in str(caught.value)
    assert files(www / "current") == {"index.html": b"a"}
    far(ssh_host, www).deliver(big, QUIET)
    assert files(www / "current") == files(big.folder)
    assert names(www) == ["a", "a.json", "b", "b.json"]


@needs_mount
def test_a_full_disk_leaves_the_site_as_it_was(ssh_host: Host, tmp_path: Path) -> None:
    with disk(tmp_path / "disk", "256k") as www:
        far(ssh_host, www).deliver(release(tmp_path, "a", {"index.html": b"a"}), QUIET)
        with pytest.raises(TargetError, match=r"has no room left.*No space left on device|its disk may be full"):
            far(ssh_host, www).deliver(release(tmp_path, "b", {"big": os.urandom(300_000)}), QUIET)
        assert files(www / "current") == {"index.html": b"a"}
        far(ssh_host, www).deliver(release(tmp_path, "c", {"big": os.urandom(100_000)}), QUIET)
        assert names(www) == ["a", "a.json", "c", "c.json"]


@needs_mount
def test_a_disk_that_cannot_be_written_leaves_the_site_as_it_was(ssh_host: Host, tmp_path: Path) -> None:
    with disk(tmp_path / "disk", "256k") as www:
        far(ssh_host, www).deliver(release(tmp_path, "a", {"index.html": b"a"}), QUIET)
        run("mount", "-o", "remount,ro", www)
        with pytest.raises(TargetError, match=r"cannot be written to.*Read-only file system"):
            far(ssh_host, www).deliver(release(tmp_path, "b", {"index.html": b"b"}), QUIET)
        assert files(www / "current") == {"index.html": b"a"}


@pytest.mark.parametrize(
    ("host", "path", "ssh", "message"),
    [
        pytest.param("-oProxyCommand=x", "p", "ssh", "is not a host", id="an option"),
        pytest.param("ada@-x", "p", "ssh", "is not a host", id="an option behind a name"),
        pytest.param("www.example.org:22", "p", "ssh", "a port belongs into ssh's own configuration", id="port"),
        pytest.param("a b", "p", "ssh", "is not a host", id="space"),
        pytest.param("a", "~bob/p", "ssh", "write the whole path", id="another home"),
        pytest.param("a", "p\nq", "ssh", "must stand in one line", id="two lines"),
        pytest.param("a", "p", "ssh -F 'x", "has a quotation mark without its partner", id="quotes"),
    ],
)
def test_settings_that_cannot_be_meant_are_refused(host: str, path: str, ssh: str, message: str) -> None:
    with pytest.raises(TargetError, match=message):
        RsyncTarget(Rsync("rsync", host, path, 5, ssh))


@pytest.mark.parametrize("host", ["www.example.org", "ada@www.example.org", "ada@[::1]", "192.0.2.1"])
def test_hosts(host: str) -> None:
    Remote(host, "ssh")


@pytest.mark.parametrize(
    ("path", "at"), [("/srv/www", "/srv/www"), ("~/www", "./www"), ("~", "./"), ("www", "./www"), ("-x", "./-x")]
)
def test_paths_begin_where_ssh_does(
    near: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str, at: str
) -> None:
    monkeypatch.setenv("NEAR", f"cd {shlex.quote(str(tmp_path))}")
    target = RsyncTarget(Rsync("rsync", "here", path, 5, near))
    assert target._path == at  # noqa: SLF001  no test may write to /srv
    if not path.startswith("/"):
        target.deliver(release(tmp_path, "a", {"index.html": b"a"}), QUIET)
        assert files(tmp_path / at / "current") == {"index.html": b"a"}


@pytest.mark.parametrize(
    ("lacks", "message"),
    [
        pytest.param("ssh", "`no-ssh` is not on this computer; install it", id="no ssh"),
        pytest.param("rsync", "`rsync` is not on this computer; install it", id="no rsync"),
        pytest.param("3", "The rsync on this computer is too old; install version 3", id="an old rsync"),
    ],
)
def test_programs_that_are_missing_here_are_told(
    near: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lacks: str, message: str
) -> None:
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in ("sh", "readlink", "tail", "tr", "cat", "mkdir", "rm", "mv", "ln"):
        (programs / name).symlink_to(program(name))
    if lacks == "3":
        (programs / "rsync").write_text(
            "#!/bin/sh\necho openrsync: protocol version 29\necho rsync version 2.6.9 compatible\n", "utf-8"
        )
        (programs / "rsync").chmod(0o755)
    (tmp_path / "far").mkdir()
    (tmp_path / "far/rsync").symlink_to(program("rsync"))
    monkeypatch.setenv("PATH", str(programs))
    monkeypatch.setenv("NEAR", f'PATH="$PATH":{shlex.quote(str(tmp_path / "far"))}')
    target = RsyncTarget(Rsync("rsync", "here", str(tmp_path / "www"), 5, "no-ssh" if lacks == "ssh" else near))
    with pytest.raises(TargetError, match=message):
        target.deliver(release(tmp_path, "a", {"index.html": b"a"}), QUIET)


def test_killed_at_any_moment_the_site_is_whole(ssh_host: Host, tmp_path: Path) -> None:
    versions = {}
    for name in "ab":
        contents = {f"{number}/index.html": f"{name}{number}".encode() * 1000 for number in range(60)}
        made = release(tmp_path, name, {**contents, f"asset {name}": b""})
        versions[frozenset(made.files.items())] = name
    www = tmp_path / "www"
    code = f"""if True:
    import itertools, random, time
    from pathlib import Path
    from tools.publishing.release import Release, sha256
    from tools.publishing.rsync import RsyncTarget
    from tools.publishing.settings import Rsync
    from tools.publishing.target import TargetError
    from tools.progress import Progress
    target = RsyncTarget(Rsync("rsync", {HOST!r}, {str(www)!r}, 5, {ssh_host.ssh!r}))
    print("ready", flush=True)
    for turn in itertools.count(random.randrange(2)):
        folder = Path({str(tmp_path)!r}, "ab"[turn % 2])
        files = {{p.relative_to(folder).as_posix(): sha256(p) for p in folder.rglob("*") if p.is_file()}}
        try:
            target.deliver(Release(f"{{time.time_ns()}}", folder, files, {{}}), Progress(quiet=True))
        except TargetError as error:  # what the killed one has started may still have switched
            if "in between" not in str(error):
                raise
    """

    def look() -> str:
        place = (www / "current").resolve()
        return versions[frozenset((path, sha256(place / path)) for path in files(place))]

    first = release(tmp_path, "0", files(tmp_path / "a"))
    far(ssh_host, www).deliver(first, QUIET)
    with watched(look) as seen:
        for turn in range(KILLS):
            kill_at_random(code, 1.5, turn)
        wait_for_orphans(tmp_path, HOST)
        last = release(tmp_path, "9", files(tmp_path / "b"))
        far(ssh_host, www, keep=2).deliver(last, QUIET)
        wait_until_seen("b", seen)
    assert set(seen) == {"a", "b"}
    assert len(names(www)) == 4
    assert sorted(path.name for path in www.iterdir()) == ["current", "releases"]

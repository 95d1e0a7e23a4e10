from __future__ import annotations

import hashlib
import os
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from killing import KILLS, kill_at_random, wait_until_seen, watched
from released import QUIET, disk, files, needs_mount, run

from plugins import ledger
from plugins.problems import SiteError
from tools.build import build
from tools.faults import BuildError
from tools.holding import HeldError, held
from tools.publishing import command, summary
from tools.publishing.command import Told
from tools.publishing.folder import FolderTarget, HostTarget
from tools.publishing.release import Changes, Release, changes, sha256
from tools.publishing.shelf import Store
from tools.publishing.target import TargetError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from conftest import Site

ROOT = Path(__file__).resolve().parent.parent
FOLDER = '[publish.here]\nto = "folder"\npath = "www"\nkeep = 3\n'


@pytest.fixture
def project(site: Site, tmp_path: Path) -> Path:
    """A project whose content has a target `here`."""
    (tmp_path / "publishconf.py").write_text(
        f"import runpy\nglobals().update(runpy.run_path({str(ROOT / 'publishconf.py')!r}))\n", "utf-8"
    )
    site.write("publish.toml", FOLDER)
    site.post("hello")
    return tmp_path


def publish(project: Path, site: Site, *, dry_run: bool = False, verbose: bool = False) -> list[str]:
    """Publish, and give the lines that are told, the warnings among them."""
    lines: list[str] = []
    told = Told(lines.append, lambda words: lines.append(f"Warning: {words}"), QUIET, every_file=verbose)
    command.publish(project, site.content, "here", told, dry_run=dry_run)
    return lines


def roll_back(project: Path, site: Site) -> list[str]:
    lines: list[str] = []
    command.roll_back(project, site.content, "here", Told(lines.append, print, QUIET))
    return lines


def released(folder: Path, name: str, **texts: str) -> Release:
    """Write a release's files; `_` in a name stands for a slash."""
    for key, text in texts.items():
        path = folder / name / key.replace("_", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    hashes = {path: hashlib.sha256(data).hexdigest() for path, data in files(folder / name).items()}
    return Release(name, folder / name, hashes, {})


def test_what_is_built_is_online_byte_for_byte(project: Path, site: Site) -> None:
    lines = publish(project, site)
    build(project / "publishconf.py", site.content, project / "output")
    built = files(project / "output")
    del built[".lectern"]
    assert files(project / "www/current") == built
    assert lines[:2] == [
        "Everything is new: 1 post, 2 pages.",
        f"Files at {project / 'www/current'}: {len(built)} added, 0 changed, 0 removed.",
    ]
    when = r"\d{1,2} [A-Z][a-z]+ \d{4}, \d\d:\d\d \(UTC\)"
    place = re.escape(str(project / "www/current"))
    assert re.fullmatch(rf"Online: https://ada\.example\.org/ as of {when}, in {place}\.", lines[2])
    assert ledger.load(site.content / ledger.NAME, "")["posts/hello.md"].addresses == ("hello/",)


def test_what_changes_is_told_and_the_rest_is_linked(project: Path, site: Site) -> None:
    publish(project, site)
    before = (project / "www/current").resolve()
    site.post("hello", "Other words.\n")
    site.post("second")
    lines = publish(project, site, verbose=True)
    after = (project / "www/current").resolve()
    assert lines[:2] == ["1 new post: “Second”.", "1 post changed: “Hello”."]
    assert "  ~ hello/index.html" in lines
    assert "  + second/index.html" in lines
    assert after != before
    assert (after / "robots.txt").samefile(before / "robots.txt")
    assert not (after / "hello/index.html").samefile(before / "hello/index.html")
    assert "Other words." not in (before / "hello/index.html").read_text("utf-8")


def test_nothing_new_makes_no_release(project: Path, site: Site) -> None:
    publish(project, site)
    before = files(project / "www")
    assert publish(project, site)[0].startswith("Nothing has changed")
    assert files(project / "www") == before


@pytest.mark.parametrize("verbose", [False, True])
def test_a_dry_run_tells_the_same_and_does_nothing(project: Path, site: Site, verbose: bool) -> None:  # noqa: FBT001
    lines = publish(project, site, dry_run=True, verbose=verbose)
    assert lines[0] == "Everything is new: 1 post, 2 pages."
    listed = [line for line in lines if line.startswith("  + ")]
    assert (len(listed) > 20) == verbose
    assert not verbose or listed[0].endswith("index.html"), "pages come first"
    assert lines[-1] == "Nothing was sent."
    assert not (project / "www").exists()
    assert not (site.content / ledger.NAME).exists()


def test_a_broken_site_stays_at_home(project: Path, site: Site) -> None:
    publish(project, site)
    before = files(project / "www")
    site.post("broken", title="")
    with pytest.raises(SiteError, match="`title` is missing"):
        publish(project, site)
    assert files(project / "www") == before


def test_the_way_back_and_on(project: Path, site: Site) -> None:
    versions = []
    for words in ("One.", "Two.", "Three."):
        site.post("hello", f"{words}\n")
        publish(project, site)
        versions.append(files(project / "www/current"))
    told = roll_back(project, site)
    assert told[0].startswith("Online again: https://ada.example.org/ as of ")
    assert told[1] == "The next publish brings the newer state back; mend first what was wrong with it."
    assert files(project / "www/current") == versions[1]
    site.post("hello", "Four.\n")
    publish(project, site)
    roll_back(project, site)
    assert files(project / "www/current") == versions[1], "what was taken back is not gone back to"
    roll_back(project, site)
    assert files(project / "www/current") == versions[0]
    with pytest.raises(TargetError, match="keeps no release before"):
        roll_back(project, site)
    assert files(project / "www/current") == versions[0]


TALK = "---\ntitle: Arches\npromise: P\ntakeaways:\n  - a\n  - b\n  - c\n---\nWords.\n"


def _edit_post(site: Site) -> None:
    site.post("hello", "Other words.\n")


def _new_title(site: Site) -> None:
    site.post("hello", title="Good morning")


def _rename(site: Site) -> None:
    (site.content / "posts/hello.md").unlink()
    site.post("hi", title="Hello", id="https://ada.example.org/hello/")


def _theme(site: Site) -> None:
    site.write("doors/footer.html", "<p>A new footer.</p>\n")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        pytest.param(_edit_post, ["1 post changed: “Hello”."], id="a post"),
        pytest.param(_new_title, ["1 post changed: “Good morning”."], id="a title"),
        pytest.param(lambda site: site.post("third"), ["1 new post: “Third”."], id="a new post, its neighbours are not named"),
        pytest.param(lambda site: (site.content / "posts/second.md").unlink(), ["1 post removed: “Second”."], id="a post that is gone"),
        pytest.param(_rename, ["1 post changed: “Hello”."], id="another address"),
        pytest.param(lambda site: site.write("talks/arches.md", TALK), ["1 new talk: “Arches”."], id="a talk"),
        pytest.param(
            lambda site: site.write("pages/speaking.md", "title: Ask me\ntemplate: speaking\n\nArches.\n"),
            ["1 page changed: “Ask me”."],
            id="a page",
        ),
        pytest.param(_theme, ["No listed post, talk or page has changed; other files have."], id="a footer"),
        pytest.param(
            lambda site: [site.post(f"n{n}", title=f"N{n}") for n in range(7)],
            ["7 new posts: “N0”, “N1”, “N2”, “N3”, “N4” and 2 more."],
            id="many",
        ),
        pytest.param(lambda site: site.post("third", title="A <b> & “B”"), ["1 new post: “A <b> & “B””."], id="markup"),
    ],
)  # fmt: skip
def test_what_is_published_is_said_of_texts_by_their_titles(
    project: Path, site: Site, change: Callable[[Site], object], said: list[str]
) -> None:
    site.post("second")
    publish(project, site)
    change(site)
    lines = [line for line in publish(project, site) if not line.startswith("Warning: ")]
    at = next(n for n, line in enumerate(lines) if line.startswith("Files at "))
    assert lines[:at] == said
    assert not any(line.startswith("  ") for line in lines)


def test_after_a_way_back_or_on_another_computer_files_tell_what_changes(project: Path, site: Site) -> None:
    publish(project, site)
    site.post("hello", "Other words.\n")
    site.post("second")
    publish(project, site)
    roll_back(project, site)
    lines = publish(project, site)
    assert {"1 new post: “Second”.", "1 post changed: “Hello”."} <= set(lines)
    (site.content / "posts/second.md").unlink()
    shutil.rmtree(project / ".cache")
    assert "1 post removed: “Second”." in publish(project, site)


def test_what_another_computer_published_meanwhile_is_not_taken_for_ours(project: Path, site: Site) -> None:
    publish(project, site)
    memory = project / ".cache/publishing/here/texts.json"
    ours = memory.read_bytes()
    site.post("hello", "Theirs.\n")
    publish(project, site)
    memory.write_bytes(ours)
    site.post("hello")
    assert publish(project, site)[0] == "1 post changed: “Hello”."
    memory.write_bytes(b"{")
    site.post("hello", "Anew.\n")
    assert publish(project, site)[0] == "1 post changed: “Hello”."


def test_a_way_back_does_without_a_speaker_that_can_be_read(project: Path, site: Site) -> None:
    publish(project, site)
    site.post("hello", "Two.\n")
    publish(project, site)
    site.write("speaker.toml", "name =\n")
    assert roll_back(project, site)[0].startswith(f"Online again: {project / 'www/current'} as of ")


@pytest.mark.parametrize(
    ("name", "zone", "said"),
    [
        ("20270604T070509123Z", "Europe/Berlin", "4 June 2027, 09:05 (Europe/Berlin)"),
        ("20261231T233000000Z", "Asia/Tokyo", "1 January 2027, 08:30 (Asia/Tokyo)"),
        ("20270604T070509123Z", "UTC", "4 June 2027, 07:05 (UTC)"),
        ("0123456789ab", "UTC", "0123456789ab"),
        ("a", "UTC", "a"),
    ],
)
def test_a_moment_is_said_as_people_write_it(name: str, zone: str, said: str) -> None:
    assert summary.moment(name, zone) == said


def test_a_place_for_trials_is_not_called_the_sites_address_nor_a_folder_to_upload_online(
    project: Path, site: Site
) -> None:
    site.write("publish.toml", FOLDER + "announce = false\n")
    assert any(line.startswith(f"Online: {project / 'www/current'} as of ") for line in publish(project, site))
    site.write("publish.toml", '[publish.here]\nto = "netlify"\npath = "net"\n')
    assert any(
        line.startswith("Ready to be uploaded: https://ada.example.org/ as of ") for line in publish(project, site)
    )


def test_only_so_many_releases_are_kept(tmp_path: Path) -> None:
    target = FolderTarget(tmp_path / "www", keep=2)
    for name in "abcd":
        target.deliver(released(tmp_path, name, index=name), QUIET)
    assert sorted(path.name for path in (tmp_path / "www/releases").iterdir()) == ["c", "c.json", "d", "d.json"]


def test_two_publishings_do_not_meet(project: Path, site: Site) -> None:
    state = project / ".cache/publishing/here"
    state.mkdir(parents=True)
    with held(state / "lock", ""), pytest.raises(HeldError, match="Another publishing to here is running"):
        publish(project, site)
    assert not (project / "www").exists()
    publish(project, site)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("", "There is no target `here`", id="none"),
        pytest.param('[publish.there]\nto = "folder"\npath = "x"\n', "did you mean `there`", id="another"),
        pytest.param('[publish.here]\nto = "ftp"\n', "publish.toml:2: `ftp` is not a kind of target; known", id="kind"),
        pytest.param('[publish.here]\nto = "foldr"\npath = "x"\n', "did you mean `folder`", id="near kind"),
        pytest.param("[publish.here]\npath = 3\n", "publish.toml:1: `to` is missing", id="no kind"),
        pytest.param('[publish.here]\nto = "folder"\n', "publish.toml:1: `path` is missing", id="no path"),
        pytest.param(
            '[publish.here]\nto = "folder"\npath = "x"\npassword = "y"\n',
            "publish.toml:4: unknown key `password`",
            id="unknown key",
        ),
        pytest.param('[publish.here]\nto = "folder"\npath = "x"\nkeep = 1\n', "publish.toml:4: ", id="too few"),
        pytest.param('[publish."Here there"]\nto = "folder"\npath = "x"\n', "cannot name a target", id="name"),
        pytest.param(
            '[publish.here]\nto = "rsync"\nhost = "me@www.müller.example"\npath = "x"\n',
            "publish.toml:3: .* write me@www.xn--mller-kva.example",
            id="a host of umlauts",
        ),
        pytest.param(
            '[publish.here]\nto = "s3"\nbucket = "x"\nendpoint = "https://s3.müller.example"\n',
            "publish.toml:4: .* write https://s3.xn--mller-kva.example",
            id="a store of umlauts",
        ),
        pytest.param("publish = 1\n", "publish.toml:1: `publish` has the wrong shape", id="shape"),
        pytest.param("[publish\n", "publish.toml:1: this line cannot be read", id="no TOML"),
        *(
            pytest.param(FOLDER.replace("www", path), "publish.toml:3: `.*has another use", id=f"into {path}")
            for path in ("content/posts", ".", "..", "output", "output/x", ".preview", ".cache/x", "theme")
        ),
        pytest.param('\n[web]\nto = "folder"\n', r"publish.toml:2: .* like \[publish.web\]", id="without its place"),
        pytest.param(
            '[publish.here]\nto = "github"\nrepository = "x"\nbranch = "bad branch"\n',
            "publish.toml:4: `bad branch` cannot name a branch; write one like gh-pages",
            id="branch",
        ),
    ],
)
def test_wrong_settings_are_told(project: Path, site: Site, text: str, message: str) -> None:
    site.write("publish.toml", text)
    with pytest.raises((SiteError, BuildError), match=message):
        publish(project, site)


def test_a_site_that_was_never_published_has_no_settings(project: Path, site: Site) -> None:
    (site.content / "publish.toml").unlink()
    with pytest.raises(BuildError, match=r"There is no content/publish\.toml, which says where") as caught:
        publish(project, site)
    advice = str(caught.value).partition(":\n\n")[2]
    site.write("publish.toml", advice.replace("where/your/web/server/looks", "www"))
    assert "Everything is new: 1 post, 2 pages." in publish(project, site)


def test_the_folder_of_somebody_else_is_left_alone(project: Path, site: Site) -> None:
    (project / "www/current").mkdir(parents=True)
    (project / "www/current/index.html").write_text("mine", "utf-8")
    with pytest.raises(TargetError, match="is not a link to a release of ours"):
        publish(project, site)
    assert files(project / "www") == {"current/index.html": b"mine"}


def test_what_others_keep_beside_the_releases_stays(tmp_path: Path) -> None:
    strangers = {"album/song": "la", "note.txt": "n", "x.part": "p", "other.json": "{}", ".y.json.bak": "y"}
    for name, text in strangers.items():
        (tmp_path / "www/releases" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "www/releases" / name).write_text(text, "utf-8")
    target = FolderTarget(tmp_path / "www", keep=2)
    for name in "abcd":
        target.deliver(released(tmp_path, name, index=name), QUIET)
    found = files(tmp_path / "www/releases")
    assert {name: found[name].decode() for name in strangers} == strangers
    assert "a/index" not in found


def test_a_file_that_was_damaged_online_is_sent_anew(tmp_path: Path) -> None:
    target = FolderTarget(tmp_path / "www", keep=2)
    target.deliver(released(tmp_path, "a", index="a", about="x"), QUIET)
    (tmp_path / "www/current/about").write_text("hacked", "utf-8")
    again = released(tmp_path, "b", index="a", about="x")
    assert target.compare(again) == Changes((), ("about",), ())
    target.deliver(again, QUIET)
    assert files(tmp_path / "www/current") == {"index": b"a", "about": b"x"}


def test_a_place_for_trials_is_not_announced(project: Path, site: Site) -> None:
    site.write("publish.toml", f"{FOLDER}announce = false\n")
    assert publish(project, site)[-1] == "Not announced, since `announce` is false for here."
    assert not (site.content / ledger.NAME).exists()


def test_a_name_may_have_a_hyphen(project: Path, site: Site) -> None:
    site.write("publish.toml", FOLDER.replace("here", "my-site"))
    lines: list[str] = []
    command.publish(project, site.content, "my-site", Told(lines.append, lines.append, QUIET))
    assert (project / "www/current/hello/index.html").exists()


def test_a_disk_that_lies_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = FolderTarget(tmp_path / "www", keep=2)
    target.deliver(released(tmp_path, "a", index="a"), QUIET)
    monkeypatch.setattr("shutil.copyfile", lambda _, to: to.write_text("x"))
    with pytest.raises(TargetError, match="does not hold what was sent, index for one"):
        target.deliver(released(tmp_path, "b", index="b"), QUIET)
    assert (tmp_path / "www/current/index").read_text("utf-8") == "a"
    assert sorted(path.name for path in (tmp_path / "www/releases").iterdir()) == ["a", "a.json"]


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    with disk(tmp_path / "disk", "256k") as place:
        yield place


@needs_mount
def test_a_full_disk_leaves_the_site_as_it_was(small: Path, tmp_path: Path) -> None:
    target = FolderTarget(small, keep=2)
    target.deliver(released(tmp_path, "a", index="a"), QUIET)
    with pytest.raises(TargetError, match=r"No space left on device\); nothing has changed online"):
        target.deliver(released(tmp_path, "b", index="b", big="x" * 300_000), QUIET)
    assert files(small / "current") == {"index": b"a"}
    target.deliver(released(tmp_path, "c", index="c", big="x" * 100_000), QUIET)
    assert (small / "current/index").read_text("utf-8") == "c"


@needs_mount
def test_a_disk_that_cannot_be_written_leaves_the_site_as_it_was(small: Path, tmp_path: Path) -> None:
    target = FolderTarget(small, keep=2)
    target.deliver(released(tmp_path, "a", index="a"), QUIET)
    run("mount", "-o", "remount,ro", small)
    with pytest.raises(TargetError, match=r"Read-only file system\); nothing has changed online"):
        target.deliver(released(tmp_path, "b", index="b"), QUIET)
    assert files(small / "current") == {"index": b"a"}


@pytest.mark.skipif(os.name == "nt", reason="only POSIX systems have `sh`")
def test_a_hosts_uploader_is_given_the_folder(tmp_path: Path) -> None:
    command = ("sh", "-c", 'cp -r "$0" "$1"', "{folder}", str(tmp_path / "uploaded"))
    texts = {"old_index.html": "moved", "hidden_index.html": "moved", "index": "a"}
    (tmp_path / "a").mkdir()
    (tmp_path / "a/_redirects").write_text("/blog/old/ /blog/new/ 301\n", "utf-8")
    moved = {f"{old}/index.html": "https://a.example/blog/new/" for old in ("old", "hidden")}
    release = released(tmp_path, "a", **texts)._replace(moved=moved)
    target = HostTarget(tmp_path / "www", 2, command, tmp_path, base="/blog")
    assert target.compare(release) == Changes(("_redirects", "hidden/index.html", "index"), (), ())
    target.deliver(release, QUIET)
    assert files(tmp_path / "uploaded") == files(tmp_path / "www/current")
    assert sorted(files(tmp_path / "uploaded")) == ["_redirects", "hidden/index.html", "index"]


@pytest.mark.parametrize(
    ("command", "message"),
    [
        pytest.param(
            ("sh", "-c", "echo first; echo wrong key >&2; exit 3"),
            r"sh ended with status 3 \(wrong key\)\. The folder",
            id="fails",
        ),
        pytest.param(("no-such-uploader",), "no-such-uploader could not be started", id="missing"),
    ],
)
@pytest.mark.skipif(os.name == "nt", reason="only POSIX systems have `sh`")
def test_an_uploader_that_fails_is_asked_again_the_next_time(
    tmp_path: Path, command: tuple[str, ...], message: str
) -> None:
    release = released(tmp_path, "a", index="a")
    with pytest.raises(TargetError, match=message):
        HostTarget(tmp_path / "www", 2, command, tmp_path).deliver(release, QUIET)
    again = release._replace(name="a2")
    assert any(HostTarget(tmp_path / "www", 2, command, tmp_path).compare(again))
    with pytest.raises(TargetError, match=message):
        HostTarget(tmp_path / "www", 2, command, tmp_path).deliver(again, QUIET)
    assert sorted(path.name for path in (tmp_path / "www/releases").iterdir()) == ["a2", "a2.json"]
    HostTarget(tmp_path / "www", 2, (), tmp_path).deliver(release._replace(name="b"), QUIET)
    assert (tmp_path / "www/current").resolve().name == "b"


def test_a_store_remembers_what_is_online_elsewhere(tmp_path: Path) -> None:
    store = Store(tmp_path / "store", keep=2)
    for name in "ab":
        store.add(released(tmp_path, name, index=name), lambda _: None)
        store.switch(name)
    earlier = store.before()
    assert earlier
    assert (earlier.name, files(earlier.folder)) == ("a", {"index": b"a"})
    assert store.online() == "b"


def test_changes() -> None:
    assert changes({"a": "1", "b": "1", "c": "1"}, {"b": "2", "c": "1", "d": "1"}) == Changes(("d",), ("b",), ("a",))


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
def test_killed_at_any_moment_the_site_is_whole(tmp_path: Path) -> None:
    versions = {}
    for name in "ab":
        names = {f"{number}_index": f"{name}{number}" * 1000 for number in range(60)}
        names["asset" + name] = name
        release = released(tmp_path, name, **names)
        versions[frozenset(release.files.items())] = name
    www = tmp_path / "www"
    code = f"""if True:
    import itertools, time
    from pathlib import Path
    from tools.publishing.folder import FolderTarget
    from tools.publishing.release import Release, sha256
    from tools.progress import Progress
    target, quiet = FolderTarget(Path({str(www)!r}), 5), Progress(quiet=True)
    print("ready", flush=True)
    for turn in itertools.count():
        folder = Path({str(tmp_path)!r}, "ab"[turn % 2])
        files = {{p.relative_to(folder).as_posix(): sha256(p) for p in folder.rglob("*") if p.is_file()}}
        target.deliver(Release(f"{{time.time_ns()}}", folder, files, {{}}), quiet)
    """

    def look() -> str:
        place = (www / "current").resolve()
        return versions[frozenset((path, sha256(place / path)) for path in files(place))]

    FolderTarget(www, 5).deliver(released(tmp_path, "a"), QUIET)
    with watched(look) as seen:
        for turn in range(KILLS):
            kill_at_random(code, 0.25, turn)
        FolderTarget(www, 5).deliver(released(tmp_path, "b")._replace(name="9"), QUIET)
        wait_until_seen("b", seen)
    assert set(seen) == {"a", "b"}
    assert not list(www.rglob("*part"))


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
def test_a_publishing_that_is_killed_loses_nothing_and_the_next_one_succeeds(project: Path, site: Site) -> None:
    publish(project, site)
    code = f"""if True:
    import time
    from pathlib import Path
    from tools.publishing.command import Told, publish
    from tools.progress import Progress
    root = Path({str(project)!r})
    print("ready", flush=True)
    publish(root, root / "content", "here", Told(print, print, Progress(quiet=True)))
    time.sleep(60)
    """
    versions = [files(project / "www/current")]
    for turn in range(max(2, KILLS // 3)):
        site.post("hello", f"Words of the turn {turn}.\n")
        before = files(site.content)
        kill_at_random(code, 1.2, turn)
        after = files(site.content)
        assert before.keys() == after.keys()
        assert {name for name in before if before[name] != after[name]} <= {ledger.NAME}
        assert ledger.load(site.content / ledger.NAME, "").keys() == {
            *("pages/speaking.md", "pages/subscribe.md", "posts/hello.md")
        }
        online = files(project / "www/current")
        assert online == versions[-1] or f"Words of the turn {turn}." in online["hello/index.html"].decode()
        publish(project, site)
        versions.append(files(project / "www/current"))
        assert f"Words of the turn {turn}." in versions[-1]["hello/index.html"].decode()
        assert not list(project.rglob("*part"))

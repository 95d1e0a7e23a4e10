from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from selectolax.lexbor import LexborHTMLParser
from sites import EPOCH, ROOT, build
from terminal import Terminal

import tasks
from plugins.sharing.networks import NETWORKS, named
from plugins.speaker import Speaker, load_speaker
from tools.desk.answers import full_stop
from tools.desk.first_owner import FIRST_OWNER, is_first_owners
from tools.desk.fresh_files import FRESH_SPEAKER, pages_of, with_answers
from tools.desk.here import time_zone_here
from tools.program import Commands

if TYPE_CHECKING:
    from collections.abc import Mapping

SHIPPED = ROOT / "content"
ANSWERS = {
    "name": "Dr. Ada Example",
    "line": 'speaks about "bridges" \\ rivers',
    "email": "ada@example.org",
    "site": "https://ada.example.org",
    "timezone": "Europe/Berlin",
    "share": "email, linkedin",
}
SAID = {
    "name": "Dr. Ada Example",
    "given_name": "Ada",
    "line": 'speaks about "bridges" \\ rivers',
    "email": "ada@example.org",
    "site": "https://ada.example.org",
    "language": "en",
    "timezone": "Europe/Berlin",
    "share": ["email", "linkedin"],
}


def flags(**others: str) -> list[str]:
    return [word for key, said in (ANSWERS | others).items() for word in (f"--{key}", said)]


FLAGS = flags()


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", EPOCH)
    monkeypatch.setenv("TZ", "Asia/Tokyo")


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """Give a fresh copy of the shipped content folder."""
    return Path(shutil.copytree(SHIPPED, tmp_path / "blog" / "content"))


def run(*arguments: object) -> int:
    try:
        Commands(tasks.Collection.from_module(tasks)).run(["tasks.py", *map(str, arguments)])
    except SystemExit as ended:
        return int(ended.code or 0)
    return 0


def adopt(content: Path, *arguments: object) -> int:
    return run("adopt", "--content", content, *arguments)


def files(folder: Path) -> dict[str, bytes]:
    """Give every file below a folder; git's own are left out."""
    found = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    return {name: path.read_bytes() for name, path in found.items() if not name.startswith(".git/")}


def said(content: Path) -> dict[str, object]:
    return tomllib.loads((content / "speaker.toml").read_text("utf-8-sig"))


def moved_away() -> dict[str, bytes]:
    """Give what must be in samples/ in the end."""
    return {name: raw for name, raw in files(SHIPPED).items() if not name.startswith("doors/")}


def fresh() -> set[str]:
    return {name for name in files(SHIPPED) if name.startswith("doors/")} | {*pages_of("x"), "speaker.toml"}


def git(folder: Path, *words: str) -> None:
    said = ("-c", "user.name=Somebody", "-c", "user.email=somebody@example.org", "-c", "init.defaultBranch=main")
    subprocess.run(["git", *said, *words], cwd=folder, check=True, capture_output=True)  # noqa: S607  wherever it is


class TestTheClone:
    def test_becomes_the_blog_of_whoever_answers(self, content: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert adopt(content, *FLAGS) == 0
        out, errors = capsys.readouterr()
        assert (errors, out.splitlines()[0]) == ("", "This is the blog of Dr. Ada Example now.")
        assert max(map(len, out.replace(str(content.parent), "").splitlines())) <= 80
        assert said(content).items() >= SAID.items()
        load_speaker(content / "speaker.toml", "speaker.toml", NETWORKS)
        assert files(content).keys() == fresh()
        assert files(content.parent / "samples") == moved_away()
        assert "My name is Dr. Ada Example." in (content / "pages/about.md").read_text("utf-8")

    def test_keeps_nothing_of_its_first_owner(self, content: Path) -> None:
        assert adopt(content, *FLAGS) == 0
        assert [name for name, raw in files(content).items() if b"hank" in raw.lower()] == []

    def test_takes_its_answers_from_a_file(self, content: Path, tmp_path: Path) -> None:
        text = "".join(f"{key} = {value!r}\n" for key, value in SAID.items() if key not in {"given_name", "timezone"})
        path = tmp_path / "answers.toml"
        path.write_text(text.replace("\\\\", "\\"), "utf-8")
        assert adopt(content, "--answers", path, "--timezone", "Europe/Berlin") == 0
        assert said(content).items() >= SAID.items()

    def test_reads_the_clock_of_this_computer(self, content: Path) -> None:
        assert adopt(content, *FLAGS[:8], "--share", "none") == 0
        assert said(content).items() >= {"timezone": "Asia/Tokyo", "share": []}.items()

    def test_has_published_nothing_yet(self, content: Path) -> None:
        names = ("published.toml", "publish.toml", "events.toml", "his.ics", "extra/CNAME", "talks/a.md")
        ours = dict.fromkeys(names, b"# His.\n") | {"doors/head.html": b"<meta name=x content=Hank>\n"}
        (content / "talks").mkdir(exist_ok=True)
        for name, raw in ours.items():
            (content / name).write_bytes(raw)
        assert adopt(content, *FLAGS) == 0
        assert files(content).keys() == fresh() - {"doors/head.html"}
        assert files(content.parent / "samples") == moved_away() | ours

    def test_is_checked_built_and_published_with_no_letter_and_with_one(
        self, content: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert adopt(content, *FLAGS) == 0
        (content / "posts").rmdir()  # git keeps no empty folder
        there = content.parent / "www"
        (content / "publish.toml").write_text(f'[publish.web]\nto = "folder"\npath = {str(there)!r}\n', "utf-8")
        at = ("--content", content)
        assert run("check", *at) == 0
        assert run("build", *at, "--output", content.parent / "output") == 0
        assert run("publish", "web", *at) == 0
        assert "The first letter is" in (there / "current/index.html").read_text("utf-8").replace("\n", " ")
        capsys.readouterr()
        assert run("new", "My first letter", *at) == 0
        assert run("check", *at) == 1
        told = "this post has no text; write it below the empty line, or a line `status: draft` below its title until you do"
        assert told in capsys.readouterr().out
        with (content / "posts/my-first-letter.md").open("a", encoding="utf-8") as file:
            file.write("A sentence.\n")
        assert run("check", *at) == 0
        assert run("publish", "web", *at) == 0
        assert "A sentence." in (there / "current/index.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        pytest.param([], ["Missing: --name, --line, --email, --site. Give them"], id="none"),
        pytest.param(FLAGS[:4], ["Missing: --email, --site. Give them"], id="some"),
        pytest.param(
            ["--email", "x", "--site", "y", "--language", "xx", "--timezone", "Mars", "--share", "orkut"],
            [
                "--email: `x` is not an e-mail address;",
                "--site: `y` is not a web address;",
                "--language: the theme does not speak `xx` yet, only en;",
                "--timezone: `Mars` is not a time zone;",
                "--share: unknown network `orkut`;",
                "Missing: --name, --line.",
            ],
            id="all-at-once",
        ),
        pytest.param(flags(share="email,orkut"), ["--share: unknown network `orkut`"], id="one-of-a-list"),
        pytest.param(
            flags(share="twtter, orkut;myspace and Facebok"),
            [
                "--share: there are no networks `twtter`, `orkut`, `myspace` and `facebok` (did you mean `facebook`?); the known ones are linkedin, "
            ],
            id="all-wrong-networks",
        ),
        pytest.param(
            flags(line="speaks about bridges."),
            ["--line: this ends with a full stop; write `speaks about bridges`."],
            id="full-stop",
        ),
        pytest.param(
            ["--answers", "bad.toml", "--site", "y", "--share", "orkut,qzone"],
            ["bad.toml:1:", "bad.toml:2:", "--site:", "`orkut` and `qzone`", "Nothing was changed."],
            id="file-and-options",
        ),
        pytest.param(
            ["--answers", "worse.toml"],
            [
                "worse.toml:1: this ends with a full stop",
                "worse.toml:2: unknown network `orkut`",
                "worse.toml:2: unknown network `qzone`",
            ],
            id="file-all-at-once",
        ),
        pytest.param(flags(name=" "), ["--name: this cannot be empty; write something."], id="empty"),
        pytest.param(flags(line="a\x07b"), ["--line: this holds a control character"], id="control"),
        pytest.param(flags(line="a\udcff"), ["--line: this holds a control character, or bytes"], id="bytes"),
        pytest.param(
            flags(email=FIRST_OWNER["email"].upper(), site=f"{FIRST_OWNER['site']}/"),
            ["is Hank Blank's; write your own", f"--site: `{FIRST_OWNER['site']}/` is Hank Blank's"],
            id="the-first-owners",
        ),
        pytest.param(["--answers", "no-such.toml"], ["--answers: there is no file ", "Nothing was"], id="no-file"),
        pytest.param(["--answers", "bad.toml"], ["bad.toml:2: unknown key `nmae`; did you mean `name`?"], id="key"),
        pytest.param(["--answers", "bad.toml"], ["bad.toml:1: `x` is not an e-mail address"], id="value"),
    ],
)
def test_what_cannot_be_is_told_at_once_and_nothing_is_changed(
    content: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    told: list[str],
) -> None:
    monkeypatch.chdir(content.parent)
    Path("bad.toml").write_text('email = "x"\nnmae = "Ada"\n', "utf-8")
    Path("worse.toml").write_text('line = "I speak."\nshare = ["orkut", "twitter", "qzone"]\n', "utf-8")
    before = files(content.parent)
    assert adopt(content, *arguments) == 1
    out, errors = capsys.readouterr()
    assert (out, [words for words in told if words not in errors]) == ("", [])
    assert files(content.parent) == before


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        pytest.param("twitter", ["x"], id="the old name"),
        pytest.param("Twitter, X", ["x"], id="both names of one"),
        pytest.param("X (Twitter) , fb", ["x", "facebook"], id="as it calls itself"),
        pytest.param("E-Mail; Hacker News; LinkedIn", ["email", "hackernews", "linkedin"], id="labels"),
        pytest.param("hn mail bsky", ["hackernews", "email", "bluesky"], id="short names, by spaces"),
        pytest.param("linkedin, mastodon and email", ["linkedin", "mastodon", "email"], id="a sentence"),
        pytest.param("None", [], id="none"),
    ],
)
def test_networks_are_known_by_the_names_that_people_use(content: Path, typed: str, names: list[str]) -> None:
    assert adopt(content, *flags(share=typed)) == 0
    assert said(content)["share"] == names


def test_a_file_of_answers_may_use_those_names_too(content: Path, tmp_path: Path) -> None:
    (tmp_path / "answers.toml").write_text('share = ["Twitter", "E-mail", "x"]\n', "utf-8")
    assert adopt(content, *FLAGS[:10], "--answers", tmp_path / "answers.toml") == 0
    assert said(content)["share"] == ["x", "email"]


def test_no_two_networks_share_a_name() -> None:
    for key, network in NETWORKS.items():
        assert {named(name) for name in (key, network.label, *network.aliases)} == {key}


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("speaks about bridges", False),
        ("speaks about bridges.", True),
        ("speaks about bridges . ", True),
        ("I speak. People listen.", True),
        ("speaks at Bridges Inc.", False),
        ("speaks in the U.S.", False),
        ("on bridges, rivers, etc.", False),
        ("橋について話す。", True),
        ("पुलों के बारे में बोलती हैं।", True),
        ("speaks about bridges!", False),
        ("bridges?", False),
        ("bridges…", False),
    ],
)
def test_a_line_ends_without_a_full_stop(line: str, wrong: object) -> None:
    complaint = full_stop(line)
    assert bool(complaint) == bool(wrong)
    if complaint:
        assert full_stop(complaint.partition("write `")[2].removesuffix("`")) is None, "its own advice is taken"


@pytest.mark.skipif(os.name == "nt", reason="there are no terminals of this kind")
class TestInATerminal:
    def test_asks_again_until_an_answer_will_do(self, content: Path) -> None:
        with Terminal(["adopt", "--content", content, "--share", "none"], TZ="Asia/Tokyo") as terminal:
            shown = terminal.until("> ")
            assert shown.startswith("Enter takes what stands in [brackets]. Ctrl-C stops, and nothing is changed.\r\n")
            for typed, answered in (
                ("", "This cannot be empty; write something.\r\n> "),
                ("Dr. Ada Example", "[Ada] "),
                ("", "without a full stop.\r\n> "),
                ("speaks about bridges.", "write `speaks about bridges`.\r\n> "),
                ("speaks about bridges", "It is shown on the site.\r\n> "),
                ("ada", "`ada` is not an e-mail address; write one address like name@example.com.\r\n> "),
                ("hank@hankblank.com", "`hank@hankblank.com` is Hank Blank's; write your own.\r\n> "),
                ("ada@example.org", "like https://www.example.org\r\n> "),
                ("www.müller.example", "https://www.xn--mller-kva.example.\r\n> "),
                ("https://ada.example.org/", "[en] "),
                ("tlh", "the theme does not speak `tlh` yet, only en;".replace("the", "The", 1)),
                ("", "[Asia/Tokyo] "),
                ("", "This is the blog of Dr. Ada Example now."),
            ):
                terminal.type(f"{typed}\n")
                terminal.until(answered)
            assert terminal.end()[0] == 0
        assert said(content).items() >= {"given_name": "Ada", "timezone": "Asia/Tokyo", "share": []}.items()

    @pytest.mark.parametrize(("key", "status"), [("\x03", 130), ("\x04", 1)], ids=["ctrl-c", "end-of-input"])
    def test_whoever_stops_has_changed_nothing(self, content: Path, key: str, status: int) -> None:
        before = files(content.parent)
        with Terminal(["adopt", "--content", content]) as terminal:
            terminal.until("> ")
            terminal.type("Ada Example\n")
            terminal.until("[Ada] ")
            terminal.type(key)
            ended, shown = terminal.end()
        assert (ended, shown.split()[-3:]) == (status, ["Nothing", "was", "changed."])
        assert files(content.parent) == before

    def test_offers_what_was_answered_before(self, content: Path) -> None:
        assert adopt(content, *FLAGS) == 0
        before = (content / "speaker.toml").read_text("utf-8").splitlines()
        with Terminal(["adopt", "--content", content]) as terminal:
            for offer, typed in (
                ("[Dr. Ada Example] ", ""),
                ("[Ada] ", ""),
                ('[speaks about "bridges" \\ rivers] ', "speaks about rivers"),
                ("[ada@example.org] ", ""),
                ("[https://ada.example.org] ", ""),
                ("[en] ", ""),
                ("[Europe/Berlin] ", ""),
                ("[email, linkedin] ", ""),
            ):
                terminal.until(offer)
                terminal.type(f"{typed}\n")
            terminal.until("Changed line in ")
            assert terminal.end()[0] == 0
        after = (content / "speaker.toml").read_text("utf-8").splitlines()
        assert [new for old, new in zip(before, after, strict=True) if old != new] == ['line = "speaks about rivers"']


class TestTwice:
    def test_only_what_is_answered_otherwise_changes(self, content: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert adopt(content, *FLAGS) == 0
        (content / "posts/mine.md").write_text("title: Mine\ndate: 2026-01-01\n\nWords.\n", "utf-8")
        (content / "pages/about.md").write_text("title: I\n\nMy own words.\n", "utf-8")
        before = files(content.parent)
        capsys.readouterr()
        assert adopt(content) == 0
        assert adopt(content, *FLAGS) == 0
        assert capsys.readouterr().out == "Nothing is answered otherwise; nothing was changed.\n" * 2
        assert files(content.parent) == before
        assert adopt(content, "--email", "new@example.org", "--share", "none") == 0
        assert "Changed email, share in " in capsys.readouterr().out
        after = files(content.parent)
        old, new = (one.pop("content/speaker.toml").decode().splitlines() for one in (before, after))
        assert after == before
        changed = [line for was, line in zip(old, new, strict=True) if was != line]
        assert changed == ['email = "new@example.org"', "share = []"]

    def test_the_first_owner_keeps_his_letters(self, content: Path) -> None:
        before = files(content)
        assert adopt(content, "--name", FIRST_OWNER["name"], "--timezone", "America/Los_Angeles") == 0
        after = files(content)
        assert after.pop("speaker.toml") != before.pop("speaker.toml")
        assert after == before
        assert not (content.parent / "samples").exists()

    def test_a_missing_speaker_is_written_and_nothing_is_moved(self, content: Path) -> None:
        (content / "speaker.toml").unlink()
        before = files(content)
        assert adopt(content, *FLAGS) == 0
        assert files(content).items() > before.items()
        assert said(content).items() >= SAID.items()

    def test_a_speaker_that_cannot_be_read_stays_as_it_is(
        self, content: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (content / "speaker.toml").write_text('name = "Ada\n', "utf-8")
        before = files(content.parent)
        assert adopt(content, *FLAGS) == 1
        assert "speaker.toml:1: the quotation mark at the end of this text is missing" in capsys.readouterr().err
        assert files(content.parent) == before


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(b'\xef\xbb\xbf# Me\r\nname = "A"   # mine\r\nshare = [\r\n  "x",  # why\r\n]\r\n', id="crlf-bom"),
        pytest.param(b"# Me\nname = 'A'\n\n[[menu]]\nlabel = \"X\"\nurl = '/'\n", id="a-table-below"),
        pytest.param(b"[[menu]]\nlabel = \"X\"\nurl = '/'", id="tables-only"),
        pytest.param(b'# Me\r\nname = "A"\r\n', id="crlf-and-a-new-line"),
        pytest.param(b"", id="empty"),
    ],
)
def test_the_other_lines_of_a_speaker_stay_as_they_are(raw: bytes) -> None:
    new = with_answers(raw, {"name": 'B "b"', "share": ("email",)})
    before, after = (tomllib.loads(text.decode("utf-8-sig")) for text in (raw, new))
    assert after == before | {"name": 'B "b"', "share": ["email"]}
    assert new.startswith(b"\xef\xbb\xbf") == raw.startswith(b"\xef\xbb\xbf")
    assert new.count(b"\r\n") == (new.count(b"\n") if b"\r\n" in raw else 0)
    for line in raw.removeprefix(b"\xef\xbb\xbf").splitlines():
        assert line in new or line.startswith((b"name", b"share", b'  "x"'))
    assert b"# mine" not in raw or b'name = "B \\"b\\""   # mine\r\n' in new


@pytest.mark.parametrize(
    "name",
    [
        'Ada "the" *O\'Neill*',
        "Ada *Star* _B_ [x](y) #1",
        "<b>Ada</b> & Co",
        "A\\B `c` {d} | !",
        "Нина Петрова",
        "عائشة",
    ],
)
def test_any_name_is_read_as_it_was_typed(content: Path, name: str) -> None:
    assert adopt(content, *flags(name=name)) == 0
    build(content, content.parent / "output")
    page = LexborHTMLParser((content.parent / "output/about/index.html").read_text("utf-8"))
    straight = {0xA0: " ", 0x2018: "'", 0x2019: "'", 0x201C: '"', 0x201D: '"'}
    assert f"My name is {name}." in page.css_first("main").text().translate(straight)


def test_the_time_zone_is_the_systems(monkeypatch: pytest.MonkeyPatch) -> None:
    for said_of_it, zone in ((":America/New_York", "America/New_York"), ("Etc/UTC", "UTC")):
        monkeypatch.setenv("TZ", said_of_it)
        assert time_zone_here() == zone
    monkeypatch.setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3")
    assert time_zone_here() != "CET-1CEST,M3.5.0,M10.5.0/3"


def test_the_first_owner_is_known_by_his_name_his_address_and_his_site() -> None:
    assert said(SHIPPED).items() >= FIRST_OWNER.items()
    assert all(is_first_owners({key: value}) for key, value in FIRST_OWNER.items())


# Runs adopt in children of its own, each killed before one more of its changes to files than the one before; then once
# more, to the end. Prints how many steps there are.
_KILLED_AT_EACH_STEP = """
import os, shutil, signal, sys
from pathlib import Path
from tools.desk.adopting import adopt
shipped, folder, answers = Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3])
CHANGES = {"os.rename", "os.link", "os.remove", "os.mkdir", "os.chmod"}

def in_child(content, killed_at):
    child = os.fork()
    if child:
        return os.WIFSIGNALED(os.waitpid(child, 0)[1])
    left = [killed_at]
    def count(event, arguments):
        if event in CHANGES or (event == "open" and isinstance(arguments[2], int) and arguments[2] & os.O_CREAT):
            left[0] -= 1
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)
    sys.stdout = open(os.devnull, "w")
    if killed_at:
        sys.addaudithook(count)
    try:
        adopt(Path.cwd(), content, {}, answers)
    except BaseException as error:
        os.write(2, repr(error).encode())
    os._exit(0)

step = 1
while in_child(shutil.copytree(shipped, folder / str(step) / "content"), step):
    in_child(folder / str(step) / "content", 0)
    step += 1
print(step)
"""


@pytest.mark.skipif(os.name == "nt", reason="there is no fork")
def test_killed_at_any_step_it_goes_on_from_there(tmp_path: Path) -> None:
    answers = tmp_path / "answers.toml"
    answers.write_bytes(with_answers(b"", {**ANSWERS, "given_name": "Ada", "share": ("email", "linkedin")}))
    shipped = Path(shutil.copytree(SHIPPED, tmp_path / "shipped"))
    (shipped / "published.toml").write_text("# His.\n", "utf-8")
    ended = subprocess.run(
        [sys.executable, "-c", _KILLED_AT_EACH_STEP, shipped, tmp_path / "runs", answers],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert ended.stderr == ""
    steps = int(ended.stdout)
    assert steps > len(moved_away())
    whole = files(tmp_path / f"runs/{steps}")
    for step in range(1, steps):
        found = files(tmp_path / f"runs/{step}")
        # A half-written file of its own may be left; what is anybody's is whole.
        left = {name for name in found if Path(name).name.startswith(".") and name not in whole}
        assert {name: raw for name, raw in found.items() if name not in left} == whole, f"killed at {step}"
        assert len(left) <= 1
    for name, raw in (moved_away() | {"published.toml": b"# His.\n"}).items():
        assert whole[f"samples/{name}"] == raw


class TestThePlaceForTheSamples:
    @pytest.mark.parametrize("name", ["samples", "samples/posts"])
    def test_may_be_a_file(self, content: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
        path = content.parent / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("Mine.", "utf-8")
        before = files(content.parent)
        assert adopt(content, *FLAGS) == 1
        assert f"{name} is in the way: what came with the project is to go into a folder" in capsys.readouterr().err
        assert files(content.parent) == before

    def test_may_hold_files_of_these_names(self, content: Path) -> None:
        mine = {"speaker.toml": b"mine", "pages/about.md": b"mine too", "pages/about-2.md": b"and this"}
        for name, raw in mine.items():
            path = content.parent / "samples" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(raw)
        assert adopt(content, *FLAGS) == 0
        found, shipped = files(content.parent / "samples"), moved_away()
        assert found.items() > mine.items()
        assert found["speaker-2.toml"] == shipped["speaker.toml"]
        assert found["pages/about-3.md"] == shipped["pages/about.md"]

    @pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="nobody is kept from writing")
    def test_may_be_closed(self, content: Path) -> None:
        (content.parent / "samples").mkdir(mode=0o500)
        before = files(content.parent)
        assert adopt(content, *FLAGS) == 1
        assert files(content.parent) == before


class TestWithGit:
    @pytest.fixture
    def clone(self, content: Path) -> Path:
        """Give a clone of a repository that holds the shipped content."""
        git(content.parent, "init")
        git(content.parent, "add", ".")
        git(content.parent, "commit", "-m", "Shipped")
        there = content.parent.parent / "clone"
        git(content.parent, "clone", ".", str(there))
        return there

    def test_letters_of_ones_own_stay(self, clone: Path) -> None:
        content = clone / "content"
        for name in ("committed", "staged", "untracked"):
            assert run("new", name, "--content", content) == 0
            if name != "untracked":
                git(clone, "add", ".")
            if name == "committed":
                git(clone, "commit", "-m", "Mine")
        (content / "published.toml").write_text("# His.\n", "utf-8")
        assert adopt(content, *FLAGS) == 0
        own = {f"posts/{name}.md" for name in ("committed", "staged", "untracked")}
        assert files(content).keys() == fresh() | own
        assert files(clone / "samples") == moved_away() | {"published.toml": b"# His.\n"}
        for name in own:
            assert b"\nid: tag:ada.example.org,2026-11-22:" in (content / name).read_bytes()

    def test_without_a_repository_elsewhere_all_that_is_committed_came_with_it(self, clone: Path) -> None:
        git(clone, "remote", "remove", "origin")
        assert adopt(clone / "content", *FLAGS) == 0
        assert files(clone / "content").keys() == fresh()

    def test_in_a_repository_of_something_else_all_came_with_the_project(self, content: Path) -> None:
        git(content.parent, "init")
        assert adopt(content, *FLAGS) == 0
        assert files(content).keys() == fresh()

    def test_a_history_written_anew_keeps_nothing_back(self, clone: Path) -> None:
        git(clone, "commit", "--amend", "-m", "Another beginning")
        assert adopt(clone / "content", *FLAGS) == 0
        assert files(clone / "content").keys() == fresh()


def _explained(path: Path) -> Mapping[str, str]:
    """Give by key, or by the line in brackets, the comments above it, without what stands behind them as an example."""
    found: dict[str, str] = {}
    words: list[str] = []
    for line in path.read_text("utf-8").splitlines():
        key = line.removeprefix("# ").partition(" = ")[0]
        if key.isidentifier() and " = " in line:
            found[key] = "\n".join(words)
            words = []
        elif line.removeprefix("# ").startswith("["):
            found[line.removeprefix("# ")] = "\n".join(words)
            words = []
        elif line.startswith("#"):
            words.append(line)
    return found


def test_the_fresh_speaker_explains_what_the_shipped_one_does() -> None:
    shipped, new = _explained(SHIPPED / "speaker.toml"), _explained(FRESH_SPEAKER)
    assert list(new) == list(shipped)
    assert {*Speaker.__struct_fields__} <= {key.strip("[]") for key in new}
    different = {key for key in new if new[key] != shipped[key]}
    # These tell of the first owner: him, his name, one of his letters.
    assert different == {"name", "given_name", "permalink"}


def test_the_fresh_speaker_holds_nothing_but_what_anybody_begins_with() -> None:
    assert tomllib.loads(FRESH_SPEAKER.read_text("utf-8")) == {
        **dict.fromkeys(("name", "given_name", "line", "email", "site"), ""),
        "language": "en",
        "timezone": "UTC",
        "permalink": "{slug}/",
        "share": [],
        "menu": said(SHIPPED)["menu"],
    }

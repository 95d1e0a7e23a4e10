from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import tomllib
from typing import TYPE_CHECKING

import pytest
from selectolax.lexbor import LexborHTMLParser
from sites import EPOCH, ROOT, build
from terminal import Terminal

import tasks
from plugins.sharing.networks import NETWORKS
from plugins.speaker import Speaker, load_speaker
from tools.desk import adopting, here
from tools.desk.adopting import FRESH
from tools.desk.first_owner import FIRST_OWNER, is_first_owners
from tools.program import Commands

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ADA = {
    "name": "Ada Example",
    "line": "speaks about bridges",
    "email": "ada@example.org",
    "site": "https://ada.example.org",
}
OPTIONS = [word for key, value in ADA.items() for word in (f"--{key}", value)]
ANSWERS = "".join(f'{key} = "{value}"\n' for key, value in ADA.items())
CSS = "/* {} */\na\nb\nc\n"
DOORS = {f"doors/{name}" for name in ("after-post.html", "footer.html", "header.html", "style.css")}
PAGES = {f"pages/{name}.md" for name in ("404", "about", "speaking", "subscribe")}


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", EPOCH)
    monkeypatch.setenv("TZ", "Europe/Berlin")
    for name in ("GIT_AUTHOR", "GIT_COMMITTER"):
        monkeypatch.setenv(f"{name}_NAME", "Ada")
        monkeypatch.setenv(f"{name}_EMAIL", "ada@example.org")


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """The content folder as it comes with the project, and more of what its owner may once have."""
    folder = tmp_path / "content"
    shutil.copytree(ROOT / "content", folder)
    (folder / "talks").mkdir(exist_ok=True)
    for name in ("events.toml", "published.toml", "publish.toml", "calendar.ics", "extra/CNAME", "talks/a.md"):
        (folder / name).write_text(f"# Hank's {name}\n", "utf-8")
    (folder / "doors/head.html").write_text("<meta name=x content=Hank>\n", "utf-8")
    return folder


@pytest.fixture
def adopt(content: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Give status, output and errors of the command, without the folder."""

    def call(*arguments: object) -> tuple[int, str, str]:
        capsys.readouterr()
        status = run("adopt", "--content", content, *arguments)
        out, errors = capsys.readouterr()
        return status, out.replace(f"{content.parent}/", ""), errors.replace(f"{content.parent}/", "")

    return call


def run(*arguments: object) -> int:
    try:
        Commands(tasks.Collection.from_module(tasks)).run(["tasks.py", *map(str, arguments)])
    except SystemExit as ended:
        return int(ended.code or 0)
    return 0


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def speaker(content: Path) -> Speaker:
    return load_speaker(content / "speaker.toml", "speaker.toml", NETWORKS)


def test_a_clone_becomes_ones_own(content: Path, adopt: Callable[..., tuple[int, str, str]]) -> None:
    before = files(content)
    status, out, errors = adopt(*OPTIONS)
    assert (status, errors) == (0, "")
    found = speaker(content)
    assert {key: getattr(found, key) for key in ADA} == ADA
    assert (found.given_name, found.language, found.timezone) == ("Ada", "en", "Europe/Berlin")
    assert found.share == ("linkedin", "email")
    after = files(content)
    assert after.keys() == {"speaker.toml", *PAGES, *DOORS}
    assert not re.search(b"hank", b"".join(after.values()), re.IGNORECASE)
    assert files(content.parent / "samples") == {name: raw for name, raw in before.items() if name not in DOORS}
    assert b"My name is Ada Example." in after["pages/about.md"]
    assert out.startswith("This is the blog of Ada Example now.\n")
    assert f"has Hank Blank's {len(before) - len(DOORS)} files" in out
    assert 'python3 tasks.py new "My first letter"' in out


def test_every_comment_of_the_file_stays(content: Path, adopt: Callable[..., tuple[int, str, str]]) -> None:
    assert adopt(*OPTIONS)[0] == 0
    lines = (content / "speaker.toml").read_text("utf-8").splitlines()
    fresh = (FRESH / "speaker.toml").read_text("utf-8").splitlines()
    assert [line for line in lines if line.startswith("#")] == [line for line in fresh if line.startswith("#")]


def test_the_fresh_file_explains_all_that_can_be_said() -> None:
    text = (FRESH / "speaker.toml").read_text("utf-8")
    explained = re.findall(r"^(?:# )?\[{0,2}([a-z_]+)(?:\]{1,2}$| = )", text, re.MULTILINE)
    assert set(Speaker.__struct_fields__) <= set(explained)


def test_the_first_owner_is_known_by_his_name_his_address_and_his_site() -> None:
    shipped = tomllib.loads((ROOT / "content/speaker.toml").read_text("utf-8"))
    assert {key: shipped[key] for key in FIRST_OWNER} == FIRST_OWNER
    for key in FIRST_OWNER:
        assert is_first_owners({key: shipped[key]})


def test_what_is_adopted_builds_without_a_letter_and_with_one(
    content: Path, adopt: Callable[..., tuple[int, str, str]], tmp_path: Path
) -> None:
    assert adopt(*OPTIONS)[0] == 0
    assert run("check", "--content", content) == 0
    output = tmp_path / "output"
    build(content, output)
    home = LexborHTMLParser((output / "index.html").read_text("utf-8"))
    assert "The first letter is still being written." in home.text()
    assert json.loads((output / "feed.json").read_text("utf-8"))["items"] == []
    for name in ("feed.xml", "atom.xml", *(f"{name}/index.html" for name in ("search", "archive", "tags", "card"))):
        assert (output / name).is_file()
    assert run("new", "My first letter", "--content", content) == 0
    build(content, output)
    assert (output / "my-first-letter/index.html").is_file()
    everything = b"".join(raw for name, raw in files(output).items() if not name.startswith("pagefind/"))
    assert b"hankblank" not in everything
    assert b"Hank" not in everything


def test_the_second_time_only_what_is_answered_otherwise_changes(
    content: Path, adopt: Callable[..., tuple[int, str, str]]
) -> None:
    assert adopt(*OPTIONS)[0] == 0
    assert run("new", "My first letter", "--content", content) == 0
    (content / "pages/404.md").unlink()
    mine = content / "speaker.toml"
    mine.write_bytes(mine.read_bytes().replace(b"\n", b"\r\n").replace(b'\r\ntimezone = "Europe/Berlin"', b""))
    before = files(content.parent)
    assert adopt() == (0, "Nothing is answered otherwise; nothing was changed.\n", "")
    assert files(content.parent) == before
    line = "talks about the bridges of Ölst"
    status, out, _ = adopt("--line", line, "--timezone", "Asia/Tokyo", "--share", "none")
    assert (status, out) == (0, "Changed line, timezone, share in content/speaker.toml. The rest is as it was.\n")
    after = files(content.parent)
    old, new = before.pop("content/speaker.toml"), after.pop("content/speaker.toml")
    assert after == before
    old = old.replace(b'"speaks about bridges"', f'"{line}"'.encode()).replace(b'["linkedin", "email"]', b"[]")
    assert new == b'timezone = "Asia/Tokyo"\r\n' + old
    assert (speaker(content).timezone, speaker(content).share) == ("Asia/Tokyo", ())


def test_the_first_owner_may_change_his_own_lines(content: Path, adopt: Callable[..., tuple[int, str, str]]) -> None:
    before = files(content)
    status, out, _ = adopt("--name", "Hank Blank", "--line", "a speaker")
    assert (status, out) == (0, "Changed line in content/speaker.toml. The rest is as it was.\n")
    assert before.keys() == files(content).keys()
    assert speaker(content).bio.startswith("Hank Blank is")
    assert not (content.parent / "samples").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param([], "Missing: --name, --line, --email, --site. Give them as options, or in a file", id="missing"),
        pytest.param(["--email", "x"], "--email: `x` is not an e-mail address; write one address like", id="email"),
        pytest.param(["--site", "x.org"], "--site: `x.org` is not a web address; write one like", id="site"),
        pytest.param(
            ["--email", "hank@hankblank.com"], "`hank@hankblank.com` is Hank Blank's; write", id="his-address"
        ),
        pytest.param(["--site", "https://www.hankblank.com/"], "is Hank Blank's; write your own", id="his-site"),
        pytest.param(
            ["--timezone", "Berlin"], "--timezone: `Berlin` is not a time zone; write one like", id="timezone"
        ),
        pytest.param(["--language", "English"], "--language: `English` is not a language tag", id="language"),
        pytest.param(["--language", "de"], "only en; copy theme/words/en.toml to theme/words/de.toml", id="no-words"),
        pytest.param(["--share", "myspace"], "--share: unknown network `myspace`", id="network"),
        pytest.param(["--name", " "], "--name: this cannot be empty; write something.", id="empty"),
        pytest.param(["--line", "a\x07"], "--line: this holds a control character", id="control"),
        pytest.param(["--answers", "no-such-file"], "no-such-file:1: this file is missing", id="no-answers"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_changed(
    content: Path, adopt: Callable[..., tuple[int, str, str]], arguments: list[str], said: str
) -> None:
    before = files(content.parent)
    status, out, errors = adopt(*arguments)
    assert (status, out) == (1, "")
    assert said in errors
    assert files(content.parent) == before


def test_all_that_is_wrong_is_told_at_once(adopt: Callable[..., tuple[int, str, str]]) -> None:
    errors = adopt("--email", "x", "--site", "x.org", "--language", "de")[2]
    told = [line.partition(":")[0] for line in errors.splitlines()]
    assert told == ["--email", "--site", "--language", "Nothing was changed."]


def test_answers_come_from_a_file(content: Path, adopt: Callable[..., tuple[int, str, str]], tmp_path: Path) -> None:
    path = tmp_path / "answers.toml"
    path.write_text(ANSWERS + 'share = ["bluesky", "email"]\ntimezone = "Asia/Tokyo"\n', "utf-8")
    assert adopt("--answers", path, "--given-name", "Countess")[0] == 0
    found = speaker(content)
    assert (found.name, found.share, found.timezone) == ("Ada Example", ("bluesky", "email"), "Asia/Tokyo")
    assert found.given_name == "Countess"


def test_a_file_with_answers_is_checked_like_any_other(
    content: Path, adopt: Callable[..., tuple[int, str, str]], tmp_path: Path
) -> None:
    path = tmp_path / "answers.toml"
    path.write_text('nam = "Ada"\nemail = "x"\nshare = ["a"]\n', "utf-8")
    before = files(content)
    status, _, errors = adopt("--answers", path)
    assert (status, files(content)) == (1, before)
    told = [line.removeprefix("answers.toml:")[:30] for line in errors.splitlines()]
    assert told == [
        "1: unknown key `nam`; did you ",
        "2: `x` is not an e-mail addres",
        "3: unknown network `a`; the kn",
    ]


def test_a_broken_file_is_told_by_its_line(content: Path, adopt: Callable[..., tuple[int, str, str]]) -> None:
    (content / "speaker.toml").write_text('name = "Ada\n', "utf-8")
    before = files(content)
    status, _, errors = adopt(*OPTIONS)
    assert (status, files(content)) == (1, before)
    assert errors == "content/speaker.toml:1: the quotation mark at the end of this text is missing\n"


def test_names_keep_their_signs(content: Path, adopt: Callable[..., tuple[int, str, str]], tmp_path: Path) -> None:
    name = 'Ada *the* [Bridge] <O\'Neill> & {Söhne} "Quote" `x` \\ _y_'
    assert adopt("--name", name, *OPTIONS[2:])[0] == 0
    assert speaker(content).name == name
    build(content, tmp_path / "output")
    text = LexborHTMLParser((tmp_path / "output/about/index.html").read_text("utf-8")).css_first("main").text()
    straight = text.translate({0x2018: "'", 0x2019: "'", 0x201C: '"', 0x201D: '"'})
    assert f"My name is {name}." in straight


def test_what_is_there_already_is_never_written_over(content: Path, adopt: Callable[..., tuple[int, str, str]]) -> None:
    aside = content.parent / "samples"
    (aside / "pages").mkdir(parents=True)
    (aside / "pages/about.md").write_text("mine", "utf-8")
    (aside / "speaker.toml").write_text("mine", "utf-8")
    about, his = (content / "pages/about.md").read_bytes(), (content / "speaker.toml").read_bytes()
    assert adopt(*OPTIONS)[0] == 0
    found = files(aside)
    assert (found["pages/about.md"], found["pages/about-2.md"]) == (b"mine", about)
    assert (found["speaker.toml"], found["speaker-2.toml"]) == (b"mine", his)


class KilledError(BaseException):
    """Nothing catches it, as nothing catches a kill."""


@pytest.mark.parametrize("step", [0, 1, 5, 12, 20, 21, 22, 23, 24, 25, 26, 27, 28])
def test_killed_anywhere_it_can_be_run_again(
    content: Path, adopt: Callable[..., tuple[int, str, str]], monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    before = files(content)
    left = iter([True] * step)

    def stepping(work: Callable[..., object]) -> Callable[..., object]:
        def step_by_step(*arguments: object) -> object:
            if not next(left, False):
                raise KilledError
            return work(*arguments)

        return step_by_step

    with monkeypatch.context() as patch:
        for name in ("set_aside", "create", "replace"):
            patch.setattr(adopting, name, stepping(getattr(adopting, name)))
        with pytest.raises(KilledError):
            adopt(*OPTIONS)
    assert is_first_owners(tomllib.loads((content / "speaker.toml").read_text("utf-8")))
    assert adopt(*OPTIONS)[0] == 0
    assert files(content.parent / "samples") == {name: raw for name, raw in before.items() if name not in DOORS}
    assert files(content).keys() == {"speaker.toml", *PAGES, *DOORS}
    assert {key: getattr(speaker(content), key) for key in ADA} == ADA


def test_without_a_speaker_the_first_files_are_written(
    content: Path, adopt: Callable[..., tuple[int, str, str]]
) -> None:
    shutil.rmtree(content)
    (content / "pages").mkdir(parents=True)
    (content / "pages/about.md").write_text("Title: Me\n\nMine.\n", "utf-8")
    assert adopt(*OPTIONS)[0] == 0
    assert (content / "pages/about.md").read_text("utf-8") == "Title: Me\n\nMine.\n"
    assert not (content.parent / "samples").exists()
    assert run("check", "--content", content) == 0


def test_the_time_zone_is_the_systems(monkeypatch: pytest.MonkeyPatch) -> None:
    assert here.time_zone_here() == "Europe/Berlin"
    monkeypatch.setenv("TZ", ":America/New_York")
    assert here.time_zone_here() == "America/New_York"
    monkeypatch.setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3")
    assert here.time_zone_here() != "CET-1CEST,M3.5.0,M10.5.0/3"


@pytest.mark.skipif(os.name == "nt", reason="needs a POSIX terminal")
class TestInATerminal:
    def test_each_answer_is_asked_for_until_it_is_right(self, content: Path) -> None:
        dialogue = [
            ("every page.\r\n> ", " Ada  Exämple"),
            ("call you by.\r\n[Ada] ", ""),
            ("full stop.\r\n> ", ""),
            ("This cannot be empty; write something.\r\n> ", "speaks about bridges"),
            ("shown on the site.\r\n> ", "ada at example"),
            ("`ada at example` is not an e-mail address; write one address like", "hank@hankblank.com"),
            ("`hank@hankblank.com` is Hank Blank's; write your own.", "ada@example.org"),
            ("www.example.org\r\n> ", "https://ada.example.org/blog"),
            ("[en] ", "de"),
            ("The theme does not speak `de` yet, only en; copy theme/words/en.toml", ""),
            ("[Asia/Tokyo] ", ""),
            ("[linkedin, email] ", "Bluesky email"),
        ]
        seen = ""
        with Terminal(["adopt", "--content", content], TZ="Asia/Tokyo") as terminal:
            for question, answer in dialogue:
                seen += terminal.until(question)
                terminal.type(f"{answer}\r")
            status, rest = terminal.end()
        assert status == 0, rest
        assert "This is the blog of Ada Exämple now." in rest
        assert "Traceback" not in seen + rest
        assert max(map(len, rest.replace(f"{content.parent}/", "").splitlines())) <= 80
        found = speaker(content)
        assert (found.name, found.site, found.timezone) == ("Ada Exämple", "https://ada.example.org/blog", "Asia/Tokyo")
        assert found.share == ("bluesky", "email")

    @pytest.mark.parametrize(
        ("keys", "status"), [pytest.param("\x03", 130, id="ctrl-c"), pytest.param("\x04", 1, id="ctrl-d")]
    )
    def test_stopping_changes_nothing(self, content: Path, keys: str, status: int) -> None:
        before = files(content.parent)
        with Terminal(["adopt", "--content", content, "--name", "Ada Example"]) as terminal:
            terminal.until("[Ada] ")
            terminal.type("\r")
            terminal.until("full stop.\r\n> ")
            terminal.type(keys)
            ended, rest = terminal.end()
        assert (ended, rest.strip().splitlines()[-1]) == (status, "Nothing was changed.")
        assert "Traceback" not in rest
        assert files(content.parent) == before

    def test_the_second_time_the_present_answers_are_offered(self, content: Path) -> None:
        assert run("adopt", "--content", content, *OPTIONS) == 0
        offers = [
            "Ada Example",
            "Ada",
            ADA["line"],
            ADA["email"],
            ADA["site"],
            "en",
            "Europe/Berlin",
            "linkedin, email",
        ]
        with Terminal(["adopt", "--content", content]) as terminal:
            for offer in offers:
                terminal.until(f"[{offer}] ")
                terminal.type("https://www.example.org\r" if offer == ADA["site"] else "\r")
            status, rest = terminal.end()
        assert (status, "Changed site in " in rest) == (0, True)
        assert speaker(content).site == "https://www.example.org"


def git(folder: Path, *words: str, check: bool = True) -> str:
    environment = os.environ | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    command = ["git", "-C", str(folder), *words]
    return subprocess.run(command, check=check, capture_output=True, text=True, env=environment).stdout


@pytest.fixture
def clone(content: Path, tmp_path: Path) -> Path:
    """A clone of a project with the content folder, a theme and the project's own .gitignore."""
    upstream = tmp_path / "upstream"
    upstream.mkdir()
    content.rename(upstream / "content")
    shutil.copy(ROOT / ".gitignore", upstream)
    (upstream / "theme.css").write_text(CSS.format("one"), "utf-8")
    git(upstream, "init", "-q", "-b", "main")
    git(upstream, "add", "-A")
    git(upstream, "commit", "-q", "-m", "One")
    git(tmp_path, "clone", "-q", str(upstream), "clone")
    return tmp_path / "clone"


@pytest.mark.skipif(not shutil.which("git"), reason="needs git")
class TestInAClone:
    def test_what_was_made_here_stays(self, clone: Path) -> None:
        content = clone / "content"
        assert run("new", "Before I came", "--content", content) == 0
        assert b"tag:www.hankblank.com" in (content / "posts/before-i-came.md").read_bytes()
        (content / "images/mine.png").write_bytes(b"x")
        (content / "posts/staged.md").write_text("title: Staged\ndate: 2026-01-02\n\nWords.\n", "utf-8")
        git(clone, "add", "content/posts/staged.md")
        assert run("adopt", "--content", content, *OPTIONS) == 0
        assert set(files(content / "posts")) == {"before-i-came.md", "staged.md"}
        assert set(files(content / "images")) == {"mine.png"}
        assert b"\nid: tag:ada.example.org,2026-11-22:before-i-came\n" in files(content)["posts/before-i-came.md"]
        assert "samples" not in git(clone, "status", "--porcelain")

    def test_in_a_repository_of_something_else_all_is_moved(self, content: Path, tmp_path: Path) -> None:
        git(tmp_path, "init", "-q")
        assert run("adopt", "--content", content, *OPTIONS) == 0
        assert not list((content / "posts").iterdir())

    def test_later_versions_meet_nothing_of_ones_own(self, clone: Path) -> None:
        """README's way, with everything that may change in the content folder where it comes from."""
        content, upstream = clone / "content", clone.parent / "upstream"
        git(clone, "remote", "rename", "origin", "upstream")
        assert run("adopt", "--content", content, *OPTIONS) == 0
        assert run("new", "My first letter", "--content", content) == 0
        (clone / "theme.css").write_text(CSS.format("one") + "/* mine */\n", "utf-8")
        for time in (1, 2):
            git(clone, "add", "-A")
            git(clone, "commit", "-q", "-m", "What I have written", check=False)
            change(upstream, time)
            before = files(content)
            git(clone, "fetch", "-q", "upstream")
            git(clone, "merge", "--no-commit", "--no-ff", "upstream/main", check=False)
            unknown_to_git = content / "posts/not-yet-added.md"
            unknown_to_git.write_text("title: Later\ndate: 2026-01-02\n\nWords.\n", "utf-8")
            git(clone, "rm", "-r", "-f", "-q", "content")
            git(clone, "checkout", "HEAD", "--", "content")
            git(clone, "commit", "-q", "-m", "A later version of Lectern")
            unknown_to_git.unlink()
            assert files(content) == before
            assert git(clone, "status", "--porcelain") == ""
            assert (clone / "theme.css").read_text("utf-8") == CSS.format(time) + "/* mine */\n"


def change(upstream: Path, time: int) -> None:
    """Change, add and delete what is the first owner's, and the theme."""
    content = upstream / "content"
    for name in ("posts/have-we-met.md", "pages/about.md", "speaker.toml", "published.toml"):
        path = content / name
        path.write_text(path.read_text("utf-8").replace("e", f"e{time}") + f"# {time}\n", "utf-8")
    (content / f"posts/new-{time}.md").write_text("title: His\ndate: 2026-01-02\n\nHis.\n", "utf-8")
    min((content / "posts").glob("[a-g]*.md")).unlink()
    (upstream / "theme.css").write_text(CSS.format(time), "utf-8")
    git(upstream, "add", "-A")
    git(upstream, "commit", "-q", "-m", f"Version {time}")

from __future__ import annotations

import errno
import hashlib
import os
import re
import shutil
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from invoke.exceptions import Exit
from patience import PATIENCE

import tasks
from plugins.problems import SiteError
from tools import journal, staging
from tools.build import Report, build
from tools.builder import Builder
from tools.faults import BuildError
from tools.inspection.looking import look
from tools.journal import Memory
from tools.output import MANIFEST
from tools.program import Commands, plainly
from tools.replacing import create, replace

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Site

ROOT = Path(__file__).resolve().parent.parent
PUBLIC = ROOT / "publishconf.py"
AS_IN_PUBLIC = f"import runpy\nglobals().update(runpy.run_path({str(PUBLIC)!r}))\n"


def files(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Give bytes and time of every file."""
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): (path.read_bytes(), path.stat().st_mtime_ns) for path in found}


def staged(folder: Path, *names: str, text: str = "new") -> Path:
    """Write a site of these files, each with the same text."""
    site = folder / ".staged/site"
    shutil.rmtree(site.parent, ignore_errors=True)
    site.mkdir(parents=True)
    for name in names:
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_text(text, "utf-8")
    return site


def apply(site: Path, output: Path) -> None:
    staging.apply(site, output, Memory(str(site.parent / "memory")))


@pytest.fixture
def output(tmp_path: Path) -> Path:
    return tmp_path / "public"


@pytest.fixture
def broken(site: Site, tmp_path: Path) -> Path:
    """Settings of a project that has a theme of its own to break; what a test appends breaks them."""
    site.post("hello")
    shutil.copytree(ROOT / "theme", tmp_path / "theme")
    config = tmp_path / "settings.py"
    config.write_text(f"{AS_IN_PUBLIC}THEME = {str(tmp_path / 'theme')!r}\n", "utf-8")
    return config


def listed(output: Path) -> list[str]:
    return (output / MANIFEST).read_text("utf-8").splitlines()


def hashed(path: str) -> str:
    return hashlib.sha256(path.encode()).hexdigest()[:32]


def test_a_build_fills_the_output_and_lists_it(site: Site, output: Path) -> None:
    site.post("hello")
    report = build(PUBLIC, site.content, output)
    assert (report.posts, report.drafts, report.pages) == (1, 0, 2)
    assert "Hello" in (output / "hello/index.html").read_text("utf-8")
    assert listed(output) == sorted(map(hashed, files(output).keys() - {MANIFEST}))
    assert "hello" not in (output / MANIFEST).read_text("utf-8"), "a hidden post could be found there"


def test_a_second_build_touches_only_what_has_changed(site: Site, output: Path) -> None:
    site.post("hello")
    build(PUBLIC, site.content, output)
    first = files(output)
    site.post("hello", "Other words.\n")
    build(PUBLIC, site.content, output)
    changed = {name for name, file in files(output).items() if file != first.get(name)}
    assert {"hello/index.html", "feed.xml", MANIFEST} <= changed
    assert not changed & {"speaking/index.html", "robots.txt", "favicon.svg"}


def test_settings_are_read_anew_for_each_build(site: Site, output: Path) -> None:
    site.post("hello")
    build(PUBLIC, site.content, output)
    site.write(
        "speaker.toml", (site.content / "speaker.toml").read_text("utf-8").replace("ada.example.org", "b.example")
    )
    build(PUBLIC, site.content, output)
    assert "https://b.example/hello/" in (output / "feed.xml").read_text("utf-8")


def test_every_problem_is_told_and_the_output_stays_as_it_was(site: Site, output: Path) -> None:
    site.post("hello")
    build(PUBLIC, site.content, output)
    before = files(output)
    site.post("one", title="")
    site.post("two", date="tomorrow")
    with pytest.raises(SiteError) as caught:
        build(PUBLIC, site.content, output)
    assert [Path(problem.path).name for problem in caught.value.problems] == ["one.md", "two.md"]
    assert files(output) == before
    assert not list(output.parent.glob(".public*"))


@pytest.mark.parametrize(
    ("file", "text", "line"),
    [
        pytest.param(
            "theme/templates/article.html",
            "\n{{ nobody }}",
            "theme/templates/article.html:2: 'nobody' is undefined",
            id="undefined",
        ),
        pytest.param(
            "theme/templates/article.html",
            "\n\n{% if %}",
            "theme/templates/article.html:3: Expected an expression",
            id="syntax",
        ),
        pytest.param(
            "theme/templates/article.html",
            '{% include "no.html" %}',
            "theme/templates/article.html:1: there is no template `no.html`",
            id="include",
        ),
        pytest.param(
            "theme/templates/article.html",
            "{{ 1 / 0 }}",
            "theme/templates/article.html:1: ZeroDivisionError: division by zero",
            id="exception",
        ),
        pytest.param("settings.py", "x = = 1\n", "settings.py:1: invalid syntax", id="settings that are not Python"),
        pytest.param(
            "settings.py",
            "\nx = 1 / 0\n",
            "settings.py:2: ZeroDivisionError: division by zero",
            id="settings that fail",
        ),
        pytest.param(
            "settings.py",
            f"{AS_IN_PUBLIC}THEME = 'none'\n",
            "Could not find the theme none",
            id="a wrong setting",
        ),
    ],
)
def test_a_failure_names_its_place(broken: Path, output: Path, file: str, text: str, line: str) -> None:
    (broken.parent / file).write_text(text, "utf-8")
    with pytest.raises(BuildError) as caught:
        build(broken, broken.parent / "content", output)
    assert [found for found in caught.value.lines if line in found], caught.value.lines
    assert not output.exists()


@pytest.mark.parametrize(
    ("code", "line"),
    [
        pytest.param("import nobody", "broken_plugin.py:1: ModuleNotFoundError: No module named 'nobody'", id="import"),
        pytest.param(
            "def register():\n    raise ValueError('no')", "broken_plugin.py:2: ValueError: no", id="register"
        ),
        pytest.param("def register() -> None:\n  !", "broken_plugin.py:2: invalid syntax", id="syntax"),
        pytest.param(
            "from pelican import signals\n\ndef stop(_):\n    raise KeyError('x')\n\n"
            "def register():\n    signals.finalized.connect(stop)",
            "broken_plugin.py:4: KeyError: 'x'",
            id="receiver",
        ),
        pytest.param(
            "import logging\nfrom pelican import signals\n\ndef tell(_):\n"
            "    logging.getLogger('pelican').error('bad %s', 1)\n\n"
            "def register():\n    signals.finalized.connect(tell)",
            "bad 1",
            id="log",
        ),
    ],
)
def test_pelican_does_not_get_past_a_broken_plugin(
    broken: Path, output: Path, monkeypatch: pytest.MonkeyPatch, code: str, line: str
) -> None:
    (broken.parent / "broken_plugin.py").write_text(code, "utf-8")
    with broken.open("a", encoding="utf-8") as config:
        config.write("PLUGINS = [*PLUGINS, 'broken_plugin']\n")
    monkeypatch.delitem(sys.modules, "broken_plugin", raising=False)
    with pytest.raises(BuildError) as caught:
        build(broken, broken.parent / "content", output)
    assert [found for found in caught.value.lines if found.startswith(line)], caught.value.lines
    assert not output.exists()


def test_nothing_is_drawn_without_a_plugin_that_could_not_be_loaded(broken: Path, output: Path) -> None:
    with broken.open("a", encoding="utf-8") as config:
        config.write("PLUGINS = ['missing_plugin']\n")
    with pytest.raises(BuildError) as caught:
        build(broken, broken.parent / "content", output)
    assert [line.partition(" (")[0] for line in caught.value.lines] == [
        "ImportError: Cannot import plugin `missing_plugin`"
    ]


def test_what_fails_below_a_template_is_told_with_the_templates_line(broken: Path, output: Path) -> None:
    with broken.open("a", encoding="utf-8") as config:
        config.write("def fail(_):\n    raise KeyError('x')\n\nJINJA_FILTERS = {**JINJA_FILTERS, 'fail': fail}\n")
    (broken.parent / "theme/templates/article.html").write_text("\n\n{{ 1|fail }}", "utf-8")
    with pytest.raises(BuildError) as caught:
        build(broken, broken.parent / "content", output)
    assert caught.value.lines == ("theme/templates/article.html:3: KeyError: 'x'",)


def test_warnings_are_told_once_each_and_again_in_the_next_build(broken: Path, output: Path) -> None:
    with broken.open("a", encoding="utf-8") as config:
        config.write("import logging\nfor _ in 'ab': logging.getLogger('pelican').warning('Mind\\nthe %s', 'gap')\n")
    for _ in range(2):
        assert build(broken, broken.parent / "content", output).warnings == ("Mind the gap",)


def test_a_file_that_cannot_be_copied_stops_the_build(
    site: Site, output: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pelican would only warn, and the site would lack it."""
    site.write("extra/paper.pdf", b"pdf")
    build(PUBLIC, site.content, output)
    before = files(output)
    copy = shutil.copyfile

    def failing(source: str, target: str) -> str:
        if source.endswith("paper.pdf"):
            raise OSError(5, "Input/output error", source)
        return copy(source, target)

    monkeypatch.setattr(shutil, "copyfile", failing)
    with pytest.raises(BuildError, match=r"Input/output error.*paper\.pdf"):
        build(PUBLIC, site.content, output)
    assert files(output) == before


def test_missing_settings_and_content_are_told(site: Site, output: Path, tmp_path: Path) -> None:
    with pytest.raises(BuildError, match="no settings file"):
        build(tmp_path / "none.py", site.content, output)
    with pytest.raises(BuildError, match="no content folder"):
        build(PUBLIC, tmp_path / "none", output)


@pytest.mark.parametrize("place", [".", "..", "content", "content/x", "theme/static", "plugins", ".git/x", ".venv"])
def test_the_sources_are_never_built_over(broken: Path, place: str) -> None:
    before = files(broken.parent)
    with pytest.raises(BuildError, match="what the site is made from"):
        build(broken, broken.parent / "content", (broken.parent / place).resolve())
    assert files(broken.parent) == before


def test_a_folder_with_files_of_others_is_refused(broken: Path, output: Path) -> None:
    output.mkdir()
    (output / "letter.txt").write_text("mine", "utf-8")
    with pytest.raises(BuildError, match="holds files of others"):
        build(broken, broken.parent / "content", output)
    with pytest.raises(BuildError, match="is a file"):
        build(broken, broken.parent / "content", output / "letter.txt")
    assert list(files(output)) == ["letter.txt"]


def test_files_that_are_gone_go_with_their_folders_and_others_stay(tmp_path: Path, output: Path) -> None:
    apply(staged(tmp_path, "a/b/one.html", "two.html"), output)
    (output / "mine.txt").write_text("mine", "utf-8")
    apply(staged(tmp_path, "two.html"), output)
    assert list(files(output)) == [MANIFEST, "mine.txt", "two.html"]
    assert not (output / "a").exists()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("a", "a/index.html", id="file to folder"),
        pytest.param("a/index.html", "a", id="folder to file"),
        pytest.param("Photo.png", "photo.png", id="case"),
    ],
)
def test_a_name_may_change_its_nature(tmp_path: Path, output: Path, before: str, after: str) -> None:
    apply(staged(tmp_path, before), output)
    apply(staged(tmp_path, after), output)
    assert list(files(output)) == [MANIFEST, after]


def test_a_file_of_others_in_the_way_stops_before_anything_is_written(tmp_path: Path, output: Path) -> None:
    apply(staged(tmp_path, "one.html"), output)
    (output / "CNAME").write_text("mine", "utf-8")
    (output / "a").write_text("mine", "utf-8")
    (output / "b").mkdir()
    (output / "b/mine.txt").write_text("mine", "utf-8")
    before = files(output)
    with pytest.raises(BuildError) as caught:
        apply(staged(tmp_path, "one.html", "two.html", "CNAME", "a/index.html", "b"), output)
    assert [line.partition(" is not")[0] for line in caught.value.lines] == [
        str(output / name) for name in ("CNAME", "a", "b/mine.txt")
    ]
    assert files(output) == before


def test_a_file_of_others_with_the_same_bytes_is_taken_over(tmp_path: Path, output: Path) -> None:
    apply(staged(tmp_path, "one.html"), output)
    (output / "CNAME").write_text("new", "utf-8")
    apply(staged(tmp_path, "one.html", "CNAME"), output)
    assert listed(output) == sorted(map(hashed, ["CNAME", "one.html"]))


def test_pages_come_after_what_they_name_and_feeds_last(
    tmp_path: Path, output: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    moved: list[str] = []
    replace = Path.replace

    def noted(path: Path, target: Path) -> Path:
        moved.append(Path(target).name)
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", noted)
    apply(staged(tmp_path, "a.html", "feed.xml", "images/z.png"), output)
    assert moved == ["journal", MANIFEST, "z.png", "a.html", "feed.xml", MANIFEST]


def test_an_apply_whose_journal_was_lost_is_made_whole_by_the_next(
    tmp_path: Path, output: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    apply(staged(tmp_path, "a.html", "gone.html", text="old"), output)
    with monkeypatch.context() as patched:
        move_in = journal._move_in  # noqa: SLF001  where it is to be killed
        patched.setattr(
            journal, "_move_in", lambda *a, ours: pytest.fail("killed") if a[2] == "a.html" else move_in(*a, ours=ours)
        )
        with pytest.raises(pytest.fail.Exception):
            apply(staged(tmp_path, "a.html", "0.css"), output)
    assert (output / "0.css").read_text("utf-8") == "new"
    apply(staged(tmp_path, "a.html"), output)
    assert list(files(output)) == [MANIFEST, "a.html"]


def test_an_output_of_an_earlier_version_is_taken_over(tmp_path: Path, output: Path) -> None:
    apply(staged(tmp_path, "a.html", "gone.html", text="old"), output)
    (output / MANIFEST).write_text("a.html\ngone.html\n", "utf-8")
    apply(staged(tmp_path, "a.html"), output)
    assert list(files(output)) == [MANIFEST, "a.html"]


def test_no_manifest_leads_out_of_the_output(tmp_path: Path, output: Path) -> None:
    outside = tmp_path / "mine.txt"
    outside.write_text("mine", "utf-8")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder/mine.txt").write_text("mine", "utf-8")
    apply(staged(tmp_path, "a.html"), output)
    (output / "link").symlink_to(tmp_path / "folder", target_is_directory=True)
    (output / MANIFEST).write_text(f"a.html\n../mine.txt\n{outside}\nlink/mine.txt\n", "utf-8")
    apply(staged(tmp_path, "a.html"), output)
    assert outside.exists()
    assert (tmp_path / "folder/mine.txt").exists()
    with pytest.raises(BuildError, match="link is not this site's"):
        apply(staged(tmp_path, "link/a.html"), output)


def test_leftovers_of_a_killed_build_go(tmp_path: Path, output: Path) -> None:
    leftover = output.parent / ".public.staged/old.html"
    leftover.parent.mkdir(parents=True)
    leftover.write_text("old", "utf-8")
    with staging.staging(tmp_path, output) as site:
        assert not list(site.iterdir())
    assert not list(output.parent.glob(".public*"))


def test_one_build_waits_for_another(
    tmp_path: Path, output: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    order: list[str] = []
    waiting = threading.Event()
    monkeypatch.setattr("tools.holding.time.sleep", lambda _: waiting.set())

    def second() -> None:
        with staging.staging(tmp_path, output):
            order.append("second")

    thread = threading.Thread(target=second)
    with staging.staging(tmp_path, output) as site:
        thread.start()
        assert waiting.wait(PATIENCE)
        order.append("first")
        assert site.is_dir()
    thread.join(PATIENCE)
    assert order == ["first", "second"]
    assert capsys.readouterr().err == f"Another build into {output} is running; waiting …\n"


def test_check_finds_the_same_and_keeps_nothing(site: Site, tmp_path: Path) -> None:
    site.post("hello")
    before = files(tmp_path)
    assert look(PUBLIC, site.content).contents == "1 post and 2 pages"
    assert files(tmp_path) == before
    site.post("one", title="")
    assert "one.md:1: `title` is missing" in str(look(PUBLIC, site.content).findings.errors[0])


@pytest.mark.parametrize(
    ("report", "words"),
    [
        (Report(1, 0, 0, 0, "", ()), "1 post and 0 pages"),
        (Report(12, 1, 1, 5, "", ()), "12 posts, 1 talk and 5 pages, 1 draft"),
        (Report(12, 0, 0, 5, "", (), waiting=1), "12 posts and 5 pages, 1 waiting for its day"),
        (Report(1, 3, 2, 1, "", (), waiting=2), "1 post, 2 talks and 1 page, 3 drafts and 2 waiting for their day"),
    ],
)
def test_contents_are_counted_in_words(report: Report, words: str) -> None:
    assert report.contents == words


DRAFTS = [
    pytest.param([], 0, 0, id="none"),
    pytest.param(["post"], 1, 0, id="a post"),
    pytest.param(["talk"], 1, 0, id="a talk"),
    pytest.param(["page"], 1, 0, id="a page"),
    pytest.param(["waiting"], 0, 1, id="a post that waits"),
    pytest.param(["draft that waits"], 1, 0, id="a draft of a day to come"),
    pytest.param(["post", "talk", "page", "waiting", "hidden"], 3, 1, id="all of them"),
]


@pytest.mark.parametrize(("kinds", "drafts", "waiting"), DRAFTS)
def test_the_terminal_counts_drafts_as_the_banner_does(
    site: Site, output: Path, kinds: list[str], drafts: int, waiting: int
) -> None:
    talk = "---\ntitle: Begun\nstatus: draft\npromise: P\ntakeaways:\n  - a\n  - b\n  - c\n---\nWords.\n"
    site.post("hello")
    plant = {
        "post": lambda: site.post("begun", status="draft"),
        "talk": lambda: site.write("talks/begun.md", talk),
        "page": lambda: site.write("pages/begun-too.md", "title: Begun\nstatus: draft\n\nWords.\n"),
        "waiting": lambda: site.post("later", date="2031-01-01"),
        "draft that waits": lambda: site.post("later", date="2031-01-01", status="draft"),
        "hidden": lambda: site.post("secret", status="hidden"),
    }
    for kind in kinds:
        plant[kind]()
    report = build(ROOT / "pelicanconf.py", site.content, output)
    assert (report.drafts, report.waiting, report.talks) == (drafts, waiting, 0)
    home = (output / "index.html").read_text("utf-8")
    banner = re.search(r"Drafts: (\d+)\. Waiting for their day: (\d+)\.", home)
    assert (tuple(map(int, banner.groups())) if banner else (0, 0)) == (drafts, waiting)
    public = build(PUBLIC, site.content, output.with_name("online"))
    assert (public.drafts, public.waiting, public.posts) == (0, 0, report.posts)
    assert public.contents == look(PUBLIC, site.content).contents


def test_a_builder_builds_again_and_again_and_tells_problems(site: Site, output: Path) -> None:
    builder = Builder(ROOT / "pelicanconf.py", site.content, output)
    try:
        site.post("hello")
        assert builder.build().contents == "1 post and 2 pages"
        site.post("one", title="")
        assert "one.md:1: `title` is missing" in builder.build().problems
    finally:
        builder.close()


def run(*arguments: str) -> None:
    Commands(tasks.Collection.from_module(tasks)).run(["tasks.py", *arguments])


def test_the_commands_say_what_they_made(site: Site, output: Path, capsys: pytest.CaptureFixture[str]) -> None:
    site.post("hello")
    run("build", "--content", str(site.content), "--output", str(output))
    assert capsys.readouterr().out.startswith(f"Built 1 post and 2 pages into {output}/ in ")
    run("check", "--content", str(site.content))
    assert capsys.readouterr().out == "No problems found in 1 post and 2 pages.\n"
    run("check", "--networks", "--content", str(site.content))
    shown = capsys.readouterr().out.splitlines()
    assert shown[0].split()[:2] == ["Name", "Network"]
    assert shown[-1] == "These lines stand in plugins/sharing/networks.toml."


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        pytest.param(["biuld"], 2, "There is no command `biuld`; did you mean `build`?\n", id="command"),
        pytest.param(["xyz"], 2, "There is no command `xyz`; `python3 tasks.py` lists them.\n", id="no-command"),
        pytest.param(["build", "--outptu"], 2, "no option `--outptu`; did you mean `--output`?\n", id="option"),
        pytest.param(["publish", "web", "--dryrun"], 2, "did you mean `--dry-run`?\n", id="hyphen"),
        pytest.param(["build", "--x"], 2, "; `python3 tasks.py build --help` lists them.\n", id="no-option"),
        pytest.param(["publish", "a", "b"], 2, "one TARGET; put quotes around it if it holds spaces.\n", id="two"),
        pytest.param(["publish", "a", "--dry-run", "--rollback"], 2, "A way back has no dry run", id="two-ways"),
        pytest.param(["build", "--output"], 2, "--output needs a value.", id="value"),
        pytest.param(["serve", "--port", "web"], 2, "--port must be a number like 8000, not web.", id="port"),
        pytest.param(["build", "--config", "none.py"], 1, "There is no settings file", id="settings"),
        pytest.param(["build", "--output", str(ROOT)], 1, "what the site is made from", id="output"),
    ],
)
def test_a_wrong_command_gets_one_line(
    arguments: list[str], status: int, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        run(*arguments)
    told = capsys.readouterr()
    assert (caught.value.code, told.out) == (status, "")
    assert words in told.err
    assert told.err.count("\n") == 1


@pytest.mark.skipif(os.name == "nt", reason="Windows knows no broken pipes")
@pytest.mark.parametrize("arguments", [["check", "--rules"], []], ids=["long", "short"])
def test_a_reader_that_goes_ends_a_command_quietly(arguments: list[str]) -> None:
    ours, theirs = os.pipe()
    os.close(ours)
    try:
        ended = subprocess.run(
            [sys.executable, ROOT / "tasks.py", *arguments], stdout=theirs, stderr=subprocess.PIPE, check=False
        )
    finally:
        os.close(theirs)
    assert ended.stderr == b""
    assert ended.returncode in {1, 141}


@pytest.mark.parametrize(
    ("number", "name", "said"),
    [
        pytest.param(errno.EACCES, "new", "new cannot be written (why); allow it, then run", id="write"),
        pytest.param(errno.EROFS, "there", "there cannot be written (why); allow it, then run", id="read-only"),
        pytest.param(errno.ENOSPC, "new", "new cannot be written (why); make room, then run", id="full"),
        pytest.param(errno.EISDIR, "there", "there cannot be used (why); move away what stands there", id="folder"),
        pytest.param(errno.ENOENT, "new", "new cannot be found (why); bring it back, then run", id="gone"),
        pytest.param(errno.ENOENT, "none/new", "new cannot be opened (why); make its folder, then run", id="no-folder"),
        pytest.param(errno.EIO, "there", "there cannot be used (why); mend that, then run", id="else"),
    ],
)
def test_what_the_system_refuses_is_told_with_what_to_do(tmp_path: Path, number: int, name: str, said: str) -> None:
    (tmp_path / "there").touch()
    with pytest.raises(Exit, match=re.escape(said)), plainly():
        raise OSError(number, "why", str(tmp_path / name))


@pytest.mark.parametrize("write", [create, replace])
def test_a_file_that_cannot_be_written_is_named_itself(tmp_path: Path, write: Callable[[Path, bytes], None]) -> None:
    path = tmp_path / "none/new.md"
    with pytest.raises(FileNotFoundError) as caught:
        write(path, b"")
    assert caught.value.filename == str(path)


def test_problems_are_lines_and_a_traceback_comes_only_when_asked_for(
    site: Site, output: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    site.post("one", title="")
    for verbose in ("", "1"):
        monkeypatch.setenv("LECTERN_VERBOSE", verbose)
        with pytest.raises(SystemExit, match="1"):
            run("build", "--content", str(site.content), "--output", str(output))
        told = capsys.readouterr().err
        assert "one.md:1: `title` is missing" in told
        assert ("Traceback" in told) is bool(verbose)


def test_ctrl_c_ends_a_command_with_the_shells_status(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("tools.build.build", interrupted)
    with pytest.raises(SystemExit, match="130"):
        run("build")


def test_the_commands_are_listed_with_a_line_each(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        run()
    listed = capsys.readouterr().out.splitlines()
    for name in ("build", "check", "serve", "test"):
        assert [line for line in listed if line.startswith(f"  {name} ") and line.endswith(".")]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param('[off]\nqqq = "So."\n', "there is no rule `qqq`; `check --rules` lists them", id="unknown rule"),
        pytest.param('[off]\nleftovers = ""\n', "`leftovers` needs a reason", id="no reason"),
        pytest.param("[off]\n\nnonsense = 3\n", "there is no rule `nonsense`", id="nonsense"),
        pytest.param("nonsense = 3\n[off]\n", "unknown key `nonsense`", id="no table"),
    ],
)
def test_a_wrong_switch_stops_a_build_with_all_else_that_does(site: Site, output: Path, text: str, said: str) -> None:
    site.write("checks.toml", text)
    with pytest.raises(SiteError, match=said) as stopped:
        build(PUBLIC, site.content, output)
    assert len(stopped.value.problems) == 1
    site.write("posts/a.md", "title: A\ndate: 2026-01-02\n\n[a](/none/)\n")
    with pytest.raises(SiteError) as stopped:
        build(PUBLIC, site.content, output)
    assert [problem.rule for problem in stopped.value.problems] == ["checks", "broken-link"]

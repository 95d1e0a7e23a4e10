from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import validate
from sites import EPOCH, ROOT

import tasks
from plugins.problems import Edit, Problem
from tools.inspection import formats
from tools.inspection.judging import Findings, all_rules, judged, sections
from tools.inspection.looking import Looked, look
from tools.inspection.mending import Mended, difference, mend, mended
from tools.program import Commands
from tools.replacing import replace

if TYPE_CHECKING:
    from pathlib import Path

    from sites import Site

HEAD = "title: A\ndate: 2026-01-02\n\n"
TEXT = "Some words about bridges, so that there is something to read here.\n"
PUBLIC = ROOT / "publishconf.py"
SCHEMA = json.loads((ROOT / "tools/inspection/findings.schema.json").read_text("utf-8"))


@pytest.fixture(autouse=True)
def _on_that_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", EPOCH)


def run(*arguments: str) -> int:
    """Run the command, and give its status."""
    try:
        Commands(tasks.Collection.from_module(tasks)).run(["tasks.py", *arguments])
    except SystemExit as end:
        return int(end.code or 0)
    return 0


def check(site: Site, *arguments: str) -> int:
    return run("check", "--content", str(site.content), *arguments)


def test_no_two_rules_have_one_name() -> None:
    assert len(all_rules()) == sum(map(len, sections().values()))


def test_findings_are_lines_with_their_rules_and_a_count(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    place = f"{site.content}/posts/a.md"
    site.write("posts/b.md", f"title: B\ndate: 2026-01-03\n\n{TEXT}")
    site.write("posts/a.md", f"{HEAD}{TEXT}\nSee [this](https://ada.example.org/b/).\n")
    assert check(site) == 0
    told = capsys.readouterr()
    assert told.err == ""
    assert told.out.splitlines() == [
        "Warnings:",
        f"{place}:6: `https://ada.example.org/b/` is a page of this site, and its address may change; write {{filename}}b.md  [own-address]",
        "",
        "No problems, 1 warning in 2 posts and 2 pages. --fix mends 1 of them.",
    ]
    site.write("posts/a.md", f"{HEAD}{TEXT}\n\n##Heading\n\nWords\n[a](/none/)\n")
    assert check(site) == 1
    assert capsys.readouterr().out.splitlines() == [
        f"{place}:7: a heading has a space behind its signs; write `## Heading`  [headings]",
        "  5 |",
        "  6 |",
        "> 7 | ##Heading",
        "  8 |",
        "  9 | Words",
        f"{place}:10: there is no page or file /none/ on this site; write {{filename}} and the path of a post or page  [broken-link]",
        "   8 |",
        "   9 | Words",
        "> 10 | [a](/none/)",
        "",
        "2 problems. The pages are looked at once these are mended. --fix mends 1 of them.",
    ]


def test_what_is_found_on_pages_stops_a_check_too(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    site.write("posts/a.md", f"{HEAD}{TEXT}\nTODO: the rest.\n")
    assert check(site) == 1
    assert f"{site.content}/posts/a.md:6: " in (told := capsys.readouterr().out)
    assert "[leftovers]\n" in told
    assert told.endswith("\n1 problem in 1 post and 2 pages.\n")
    site.write("checks.toml", '[off]\nleftovers = "A post about leftovers."\n')
    assert check(site) == 0
    assert capsys.readouterr().out == "No problems found in 1 post and 2 pages.\n"


def test_quiet_tells_of_nothing_but_what_is_found(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    site.write("posts/a.md", f"{HEAD}{TEXT}")
    assert check(site, "--quiet") == 0
    assert capsys.readouterr() == ("", "")
    site.write("posts/a.md", f"{HEAD}{TEXT}\n[a](/none/)\n")
    assert check(site, "--quiet") == 1
    assert "[broken-link]" in capsys.readouterr().out


def test_online_other_sites_are_asked_and_only_then(
    site: Site, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def findings(drawn: Any, cache: Path, tell: Any) -> list[Problem]:
        asked.append((drawn.content, cache))
        tell("Asking …")
        return [Problem("content/a.md", 2, "gone", "dead-link")]

    monkeypatch.setattr("tools.inspection.online.findings", findings)  # nothing may be asked from a test
    assert check(site) == 0
    assert asked == []
    for quiet, said in (((), "Asking …\n"), (("--quiet",), "")):
        capsys.readouterr()
        assert check(site, "--online", *quiet) == 1
        told = capsys.readouterr()
        assert (told.out.splitlines()[0], told.err) == ("content/a.md:2: gone  [dead-link]", said)
    assert asked[0] == (site.content, ROOT / ".cache/lectern/links")


def test_what_breaks_a_build_otherwise_is_found_as_well(
    site: Site, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(ROOT / "theme", tmp_path / "theme")
    config = tmp_path / "settings.py"
    public = f"import runpy\nglobals().update(runpy.run_path({str(PUBLIC)!r}))\n"
    config.write_text(f"{public}THEME = {str(tmp_path / 'theme')!r}\n", "utf-8")
    (tmp_path / "theme/templates/base.html").write_text("<p>\n{% if %}", "utf-8")
    assert check(site, "--config", str(config), "--format", "json") == 1
    (found,) = json.loads(capsys.readouterr().out)["findings"]
    assert (found["rule"], found["path"], found["line"]) == ("build", "theme/templates/base.html", 2)
    assert run("check", "--content", str(tmp_path / "none")) == 1
    assert f"There is no content folder {tmp_path / 'none'}.  [build]" in capsys.readouterr().out


# How findings are shown to programs

TWO = Looked(
    Findings(
        (Problem("content/a, b.md", 3, "50% off:\nx", "list", (Edit(3, "a", "\na"),)), Problem("", 0, "No.", "build")),
        (Problem("content/c.md", 1, "é", "own-address"),),
    )
)


def test_github_gets_workflow_commands_with_its_escapes() -> None:
    assert formats.as_github(TWO).splitlines() == [
        "::error file=content/a%2C b.md,line=3,title=list::50%25 off:%0Ax",
        "::error title=build::No.",
        "::warning file=content/c.md,line=1,title=own-address::é",
    ]


def test_json_is_one_document_as_its_schema_has_it() -> None:
    document = json.loads(formats.as_json(TWO))
    validate(document, SCHEMA)
    assert document["counts"] == {"errors": 2, "warnings": 1}
    assert document["findings"][0] == {
        "rule": "list",
        "level": "error",
        "path": "content/a, b.md",
        "line": 3,
        "message": "50% off:\nx",
        "why": "It would run on as a paragraph, or be numbered anew.",
        "fix": [{"line": 3, "old": "a", "new": "\na"}],
    }
    assert [document["findings"][1][key] for key in ("path", "line", "fix")] == [None, None, None]


@pytest.mark.parametrize("form", ["json", "github"])
def test_nothing_else_goes_to_standard_output(site: Site, form: str, capsys: pytest.CaptureFixture[str]) -> None:
    site.write("posts/a.md", f"{HEAD}{TEXT}")
    assert check(site, "--format", form, "--fix") == 0
    told = capsys.readouterr()
    assert (told.out == "", told.err) == (form == "github", "")
    site.write("posts/a.md", f"{HEAD}{TEXT}\n[a](www.example.net)\n[b](/none/)\n")
    assert check(site, "--format", form, "--fix") == 1
    told = capsys.readouterr()
    assert "+[a](https://www.example.net)\n" in told.err
    if form == "json":
        validate(json.loads(told.out), SCHEMA)
    else:
        assert re.fullmatch(r"::error file=.*,line=7,title=broken-link::.*\n", told.out)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--format", "xml"], "--format must be text, json or github, not xml.\n"),
        (["--format", "json", "--networks"], "--networks shows a list and does no more; leave --format out.\n"),
        (["--rules", "--fix", "--online"], "--rules shows a list and does no more; leave --fix and --online out.\n"),
        (["--rules", "--networks"], "--rules shows a list and does no more; leave --networks out.\n"),
    ],
)
def test_a_wrong_option_is_misuse(arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("check", *arguments) == 2
    assert capsys.readouterr() == ("", words)


def test_networks_are_shown_and_no_more(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    site.write("posts/a.md", f"{HEAD}[a](/none/)\n")
    assert check(site, "--networks") == 0
    told = capsys.readouterr().out
    assert "linkedin" in told
    assert "[broken-link]" not in told


# Every rule, and which are off


def test_every_rule_is_a_line_where_a_program_reads(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    site.write("checks.toml", '[off]\nlist = "Old posts."\n')
    assert check(site, "--rules") == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.partition(" (")[0] for line in lines] == list(all_rules())
    assert [line for line in lines if "Switched off" in line] == [
        "list (error): A list begins and counts as it is written, and no line of prose is taken for one. It would run on as a paragraph, or be numbered anew. Switched off: Old posts."
    ]
    assert "broken-link (error, cannot be switched off): " in "\n".join(lines)
    assert "own-address (warning): " in "\n".join(lines)


def test_a_switch_that_no_rule_has_is_found_and_told(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    site.write("checks.toml", '[off]\nleftover = "So."\n')
    assert check(site) == 1
    assert capsys.readouterr().out.splitlines()[0] == (
        f"{site.content}/checks.toml:2: there is no rule `leftover`; did you mean `leftovers`?  [checks]"
    )
    assert check(site, "--rules") == 1
    told = capsys.readouterr()
    assert len(told.out.splitlines()) == len(all_rules()), "the rules are listed all the same"
    place = f"{site.content}/checks.toml:2"
    said = f'{place}: there is no rule `leftover`; did you mean `leftovers`?\n  1 | [off]\n> 2 | leftover = "So."\n'
    assert told.err == said
    site.write("checks.toml", '[off]\nqqq = "So."\n')
    assert check(site, "--rules") == 1
    assert capsys.readouterr().err == (
        f'{site.content}/checks.toml:2: there is no rule `qqq`; `check --rules` lists them\n  1 | [off]\n> 2 | qqq = "So."\n'
    )


@pytest.mark.parametrize("form", ["text", "json", "github"])
def test_lines_stand_around_problems_for_people_only_and_around_no_warning(
    site: Site, form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    own = "See [this](https://ada.example.org/b/).\n"
    site.write("posts/b.md", f"title: B\ndate: 2026-01-03\n\n{TEXT}")
    site.write("posts/a.md", f"{HEAD}{TEXT}{own}TODO\n")
    assert check(site, "--format", form) == 1
    told = capsys.readouterr().out
    assert ("> 6 | TODO" in told) == (form == "text")
    assert told.count(" | See [this]") == (form == "text"), "the warning of that line has none of its own"


def test_beyond_twenty_problems_stand_alone_and_it_is_said(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    site.write("posts/a.md", HEAD + "".join(f"[{n}](/none-{n}/)\n\n" for n in range(23)))
    assert check(site) == 1
    told = capsys.readouterr().out
    assert told.count("[broken-link]") == 23
    assert told.count("\n> ") == 20
    assert "\nThe lines around are shown for the first 20 of the 23 problems.\n" in told


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no terminals of this kind")
@pytest.mark.parametrize("arguments", [("--rules",), ()])
def test_in_a_terminal_nothing_is_wider_than_80_columns(site: Site, arguments: tuple[str, ...]) -> None:
    import pty

    site.write("posts/a.md", f"{HEAD}{TEXT}\nWords\n- one\n- two\n\n[a](/{'none/' * 30})\n[b](/another-one/)\n")
    main, end = pty.openpty()
    environment = os.environ | {"COLUMNS": "80", "TERM": "xterm-256color"}
    command = [sys.executable, "-c", "import sys, tasks\ntasks.Commands(tasks.Collection.from_module(tasks)).run()"]
    done = subprocess.Popen(
        [*command, "check", "--content", str(site.content), *arguments], stdout=end, cwd=ROOT, env=environment
    )
    os.close(end)
    shown = b""
    while chunk := _read(main):
        shown += chunk
    done.wait()
    os.close(main)
    lines = re.sub(rb"\x1b\[[0-9;]*m", b"", shown).decode().splitlines()
    assert len(lines) > 5
    assert max(map(len, lines)) <= 80
    assert b"\x1b[1m" in shown


def _read(handle: int) -> bytes:
    try:
        return os.read(handle, 1 << 16)
    except OSError:  # Linux says so that the other end is closed
        return b""


# Mending

OTHER = f"title: B\ndate: 2026-01-03\n\n{TEXT}"
MENDS = [
    pytest.param(f"{HEAD}[a](b.md)\n", f"{HEAD}[a]({{filename}}b.md)\n", id="a file"),
    pytest.param(f"{HEAD}[a](B.md)\n", f"{HEAD}[a]({{filename}}b.md)\n", id="a file in other capitals"),
    pytest.param(f"{HEAD}[a](<b.md> 'B')\n", f"{HEAD}[a](<{{filename}}b.md> 'B')\n", id="a file with a title"),
    pytest.param(f"{HEAD}[a][1]\n\n[1]: b.md\n", f"{HEAD}[a][1]\n\n[1]: {{filename}}b.md\n", id="a definition"),
    pytest.param(f"{HEAD}<a href='b.md'>a</a>\n", f"{HEAD}<a href='{{filename}}b.md'>a</a>\n", id="HTML"),
    pytest.param(f"{HEAD}[a]({{filename}}B.md)\n", f"{HEAD}[a]({{filename}}b.md)\n", id="capitals"),
    pytest.param(f"{HEAD}[a](/B/)\n", f"{HEAD}[a](/b/)\n", id="capitals of an address"),
    pytest.param(
        f"{HEAD}![A hat]({{static}}/images/X.PNG)\n",
        f"{HEAD}![A hat]({{static}}/images/x.png)\n",
        id="capitals of a picture",
    ),
    pytest.param(f"{HEAD}[a](ada@example.org)\n", f"{HEAD}[a](mailto:ada@example.org)\n", id="e-mail"),
    pytest.param(f"{HEAD}[a](www.example.net/x)\n", f"{HEAD}[a](https://www.example.net/x)\n", id="no https"),
    pytest.param(
        f"{HEAD}[a](https://ada.example.org/b/#x)\n\n## X\n",
        f"{HEAD}[a](https://ada.example.org/b/#x)\n\n## X\n",
        id="own address, no such place",
    ),
    pytest.param(f"{HEAD}[a](https://ada.example.org/b/)\n", f"{HEAD}[a]({{filename}}b.md)\n", id="own address"),
    pytest.param(
        f"{HEAD}[a](b.md) and [b](www.example.net)\n",
        f"{HEAD}[a]({{filename}}b.md) and [b](https://www.example.net)\n",
        id="two on a line",
    ),
    pytest.param("title:A\ndate:2026-1-2\n\nHi.\n", "title: A\ndate: 2026-01-02\n\nHi.\n", id="no spaces"),
    pytest.param(
        "---\ntitle:A\ndate: 2026-01-02\n---\nHi.\n", "---\ntitle: A\ndate: 2026-01-02\n---\nHi.\n", id="YAML, no space"
    ),
    pytest.param("title: A\n date: 2026-01-02\n\nHi.\n", "title: A\ndate: 2026-01-02\n\nHi.\n", id="space before"),
    pytest.param("title: A\ndate: 2026/6/4\n\nHi.\n", "title: A\ndate: 2026-06-04\n\nHi.\n", id="slashes"),
    pytest.param(
        "---\ntitle: A\ndate: '2026.6.4'\n---\nHi.\n",
        "---\ntitle: A\ndate: '2026-06-04'\n---\nHi.\n",
        id="dots, quoted",
    ),
    pytest.param("title: A\ndate: 2026-1-2 09:30\n\nHi.\n", "title: A\ndate: 2026-01-02 09:30\n\nHi.\n", id="a time"),
    pytest.param(
        f"{HEAD}# One\n\nHi.\n\n## Two\n\n# Three\n", f"{HEAD}## One\n\nHi.\n\n### Two\n\n## Three\n", id="headings"
    ),
    pytest.param(f"{HEAD}##Words\n\nText.\n", f"{HEAD}## Words\n\nText.\n", id="a heading"),
]
"""A post before and after."""
LEFT = [
    pytest.param(f"{HEAD}[a](c.md)\n", id="no such file"),
    pytest.param(f"{HEAD}[a](two/Hat.md)\n", id="two such files"),
    pytest.param(f"{HEAD}[a](ada@example)\n", id="no e-mail"),
    pytest.param(f"{HEAD}`[a](b.md)` [a](b.md)\n", id="in code as well"),
    pytest.param("title: A\ndate: 2026-2-30\n\nHi.\n", id="no such day"),
    pytest.param("title: A\ndate: 4/6/2026\n\nHi.\n", id="day or month"),
    pytest.param("title: A\nfoo:bar\ndate: 2026-01-02\n\nHi.\n", id="an unknown key"),
    pytest.param(f"{HEAD}# A\n\nHi.\n", id="the title again"),
    pytest.param(f"{HEAD}## One\n\n# Two\n", id="headings of two minds"),
    pytest.param(f"{HEAD}# One\n\n<h2>Two</h2>\n", id="a heading in HTML"),
    pytest.param(f"{HEAD}Words\n- dash\n", id="a dash, perhaps"),
    pytest.param(f"{HEAD}/// quote\n    text: Ah.\n", id="an open block"),
    pytest.param(f"{HEAD}A[^1]\n", id="a footnote"),
]


@pytest.fixture
def desk(site: Site) -> Site:
    site.write("posts/b.md", OTHER)
    site.write("posts/two/hat.md", "title: Hat\ndate: 2026-01-03\nslug: hat-one\n\nAbout a hat.\n")
    site.write("images/x.png", (ROOT / "content/images/letter-and-card.png").read_bytes())
    return site


@pytest.mark.parametrize(("before", "after"), MENDS)
def test_what_is_certain_is_mended(desk: Site, before: str, after: str, capsys: pytest.CaptureFixture[str]) -> None:
    path = desk.write("posts/a.md", before)
    check(desk, "--fix")
    assert path.read_bytes() == after.encode()
    shown = capsys.readouterr().out
    changed = [line for line in before.splitlines() if line not in after.splitlines()]
    assert all(f"-{line}\n" in shown for line in changed)
    check(desk, "--fix")
    assert path.read_bytes() == after.encode()
    assert "+++" not in capsys.readouterr().out, "a second time there is nothing to mend"


@pytest.mark.parametrize("before", LEFT)
def test_where_a_person_must_decide_nothing_is_touched(
    desk: Site, before: str, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.write("posts/two/HAT.md", "title: Hat\ndate: 2026-01-03\nslug: hat-two\n\nAbout another hat.\n")
    if len(list((desk.content / "posts/two").iterdir())) < 2:
        pytest.skip("this file system ignores capitals")
    path = desk.write("posts/a.md", before)
    assert check(desk, "--fix") == 1
    assert path.read_bytes() == before.encode()
    told = capsys.readouterr().out
    assert "+++" not in told
    assert "--fix mends" not in told


def test_line_ends_and_the_mark_of_utf8_stay(desk: Site) -> None:
    before = f"\ufeff{HEAD}Words é\n\n##Née\n\n[a](b.md)".replace("\n", "\r\n").encode()
    path = desk.write("posts/a.md", before)
    assert check(desk, "--fix") == 0
    assert path.read_bytes() == before.replace(b"##N", b"## N").replace(b"(b.md", b"({filename}b.md")


def test_a_file_that_a_mend_no_longer_fits_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("one\ntwo\n", "utf-8")
    sound = Problem("a.md", 1, "x", "list", (Edit(1, "one", "ONE"),))
    gone = Problem("a.md", 2, "y", "list", (Edit(2, "deux", "TWO"),))
    beyond = Problem("a.md", 9, "y", "list", (Edit(9, "nine", "NINE"),))
    for stale in (gone, beyond):
        assert list(mend(tmp_path, [sound, stale])) == []
        assert path.read_text("utf-8") == "one\ntwo\n"
    assert list(mend(tmp_path, [sound])) == [Mended("a.md", "one\ntwo\n", "ONE\ntwo\n")]
    assert [each.name for each in tmp_path.iterdir()] == ["a.md"]


def test_of_two_places_and_of_two_mends_in_one_place_none_is_guessed() -> None:
    assert mended("a a\n", [(Edit(1, "a", "b"),)]) == "a a\n"
    assert mended("abc\n", [(Edit(1, "ab", "x"),), (Edit(1, "bc", "y"),)]) == "xc\n"
    assert mended("abc\n", [(Edit(1, "ab", "x"),), (Edit(1, "ab", "x"),)]) == "xc\n"


@pytest.mark.skipif(sys.platform == "win32" or not hasattr(os, "geteuid"), reason="needs folders that refuse writing")
def test_a_file_that_cannot_be_written_stays_whole(
    desk: Site, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = desk.write("posts/a.md", f"{HEAD}[a](b.md)\n")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    assert check(desk, "--fix") == 1
    assert path.read_text("utf-8") == f"{HEAD}[a](b.md)\n"
    assert not [each for each in path.parent.iterdir() if each.name.startswith(".")]
    told = capsys.readouterr()
    assert told.err == f"{path} cannot be written (No space left on device); its mends were left out.\n"
    assert "[broken-link]" in told.out


def test_each_mend_is_shown_even_where_another_file_cannot_be_written(
    desk: Site, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in "acd":
        desk.write(f"posts/{name}.md", f"title: {name}\ndate: 2026-01-02\n\n[a](https://ada.example.org/b/)\n")

    def refusing(path: Path, raw: bytes) -> None:
        if path.name == "c.md":
            raise PermissionError(13, "Permission denied")
        replace(path, raw)

    monkeypatch.setattr("tools.inspection.mending.replace", refusing)
    assert check(desk, "--fix") == 1
    told = capsys.readouterr()
    assert [line.rpartition("/")[2] for line in told.out.splitlines() if line.startswith("+++")] == ["a.md", "d.md"]
    assert told.err.endswith("c.md cannot be written (Permission denied); its mends were left out.\n")
    assert told.err.count("\n") == 1
    assert "c.md:4: `https://ada.example.org/b/` is a page of this site" in told.out


WORDS = st.text("ab é\t", max_size=6)
ENDS = [("\n",), ("\r\n",), ("\r",), ("\n", "\r\n")]
LINES = st.sampled_from(ENDS).flatmap(
    lambda ends: st.lists(st.tuples(WORDS, st.sampled_from(ends)), min_size=1, max_size=6)
)


@given(LINES, st.text("ab", max_size=3), st.data())
def test_a_mend_changes_no_other_bytes_than_it_shows(
    lines: list[tuple[str, str]], last: str, data: st.DataObject
) -> None:
    before = "".join(text + end for text, end in lines) + last
    texts = [*(text for text, _ in lines), last]
    edits = st.builds(
        Edit, st.integers(1, len(texts)), st.text("ab ", min_size=1, max_size=2), st.text("xy\n", max_size=3)
    )
    fixes = data.draw(st.lists(st.lists(edits, min_size=1, max_size=2).map(tuple), max_size=4))
    after = mended(before, fixes)
    shown = list(difference(Mended("a.md", before, after)))
    taken, put = ([line[1:] for line in shown[2:] if line[0] == sign] for sign in "-+")
    touched = {edit.line for fix in fixes for edit in fix}
    assert len(taken) <= len(touched)
    assert all(line in texts for line in taken)
    assert all(line in re.split(r"\r\n|\r|\n", after) for line in put)
    if not shown:
        assert after == before
    kept_before = [text for at, text in enumerate(texts, 1) if at not in touched]
    found = iter(re.split(r"\r\n|\r|\n", after))
    assert all(text in found for text in kept_before), "every other line is there, in the same order"
    assert {end for _, end in lines} >= set(re.findall(r"\r\n|\r|\n", after))


def test_a_look_keeps_nothing(site: Site) -> None:
    before = sorted(path.name for path in site.content.rglob("*"))
    looked = look(PUBLIC, site.content)
    assert (looked.contents, looked.findings) == ("0 posts and 2 pages", Findings())
    assert sorted(path.name for path in site.content.rglob("*")) == before


def test_a_verdict_leaves_out_what_is_off_and_what_is_said_twice() -> None:
    problems: list[Any] = [
        Problem("b.md", 1, "x", "list"),
        Problem("a.md", 1, "y", "own-address"),
        Problem("b.md", 1, "x", "list"),
        Problem("a.md", 2, "z", "headings"),
    ]
    assert judged(problems, {"headings": "So."}) == Findings((problems[0],), (problems[1],))

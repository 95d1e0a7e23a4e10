from __future__ import annotations

import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from sites import ROOT

from tools.excerpts import MOST, Entry, entries, excerpt
from tools.problem_print import print_problems

if TYPE_CHECKING:
    from pathlib import Path


def shown(path: Path, number: int) -> list[str]:
    return [f"{'>' if line.marked else ' '}{line.number} {line.text}" for line in excerpt(path, number)]


@pytest.mark.parametrize(
    ("raw", "number", "lines"),
    [
        pytest.param(b"a\nb\nc\nd\ne\nf\n", 3, [" 1 a", " 2 b", ">3 c", " 4 d", " 5 e"], id="in the middle"),
        pytest.param(b"a\nb\nc\nd\n", 1, [">1 a", " 2 b", " 3 c"], id="first"),
        pytest.param(b"a\nb\nc\nd\n", 4, [" 2 b", " 3 c", ">4 d"], id="last"),
        pytest.param(b"a\nb", 2, [" 1 a", ">2 b"], id="last without an end"),
        pytest.param(b"a\nb\n", 3, [" 1 a", " 2 b", ">3 "], id="what should follow"),
        pytest.param(b"a\nb\n", 4, [], id="beyond the end"),
        pytest.param(b"a\n", 0, [], id="line nought"),
        pytest.param(b"", 1, [], id="empty"),
        pytest.param(b"\n\n", 1, [], id="blank"),
        pytest.param(b"\xef\xbb\xbfa\r\nb\rc\n", 2, [" 1 a", ">2 b", " 3 c"], id="line ends of other systems"),
        pytest.param("a\u2028b\x0cc\nd".encode(), 2, [" 1 a\\u2028b\\x0cc", ">2 d"], id="no line ends of ours"),
        pytest.param(b"caf\xe9\n", 1, [">1 caf\\xe9"], id="not UTF-8"),
        pytest.param("\x1b[31mred\u202egnp.\u200f\n".encode(), 1, [">1 \\x1b[31mred\\u202egnp.\\u200f"], id="controls"),
        pytest.param(b"\tx \n", 1, [">1     x"], id="tabs and space at the end"),
        pytest.param("👩‍💻 می‌روم\n".encode(), 1, [">1 👩‍💻 می‌روم"], id="joiners stay"),
        pytest.param(b"\x89PNG\r\n\x1a\n\0\0\0", 1, [], id="binary"),
    ],
)
def test_the_lines_around_a_place(tmp_path: Path, raw: bytes, number: int, lines: list[str]) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(raw)
    assert shown(path, number) == lines


def test_long_lines_are_cut(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("x" * 3_000_000 + "\ny\n", "utf-8")
    first, second = excerpt(tmp_path / "a.md", 2)
    assert (len(first.text), first.text[-2:], second.text) == (160, "x…", "y")


def test_lines_that_nobody_would_scroll_to_are_not_looked_for(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("line\n" * 1_000_000, "utf-8")
    assert excerpt(tmp_path / "a.md", 999_999) == ()


def test_what_is_no_file_gives_none(tmp_path: Path) -> None:
    assert excerpt(tmp_path, 1) == ()
    assert excerpt(tmp_path / "none", 1) == ()
    assert excerpt(tmp_path / "a\0b", 1) == ()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no named pipes in folders")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert excerpt(tmp_path / "pipe", 1) == ()


def test_every_problem_gets_its_lines(tmp_path: Path) -> None:
    (tmp_path / "content").mkdir()
    (tmp_path / "content" / "a.md").write_text("one\ntwo\n", "utf-8")
    outside = tmp_path / "elsewhere.md"
    outside.write_text("three\n", "utf-8")
    one, two, three, four = entries(
        f"content/a.md:2: wrong: 3:4: so\n{outside}:1: wrong\nthere is no template `x`\ncontent/gone.md:1: gone\n",
        tmp_path,
    )
    assert one.message == "content/a.md:2: wrong: 3:4: so"
    assert [(line.number, line.marked) for line in one.lines] == [(1, False), (2, True)]
    assert [line.text for line in two.lines] == ["three"]
    assert three == Entry("there is no template `x`")
    assert four == Entry("content/gone.md:1: gone")


def test_what_a_message_quotes_does_nothing_on_a_terminal(tmp_path: Path) -> None:
    (entry,) = entries("a.md:1: unknown key `\x1b]0;x\x07`", tmp_path)
    assert entry.message == "a.md:1: unknown key `\\x1b]0;x\\x07`"
    (long,) = entries("x" * 100_000, tmp_path)
    assert len(long.message) == 2000


def test_beyond_the_first_ones_problems_stand_alone(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("one\n", "utf-8")
    found = entries("a.md:1: wrong\n" * (MOST + 5), tmp_path)
    assert [bool(entry.lines) for entry in found] == [True] * MOST + [False] * 5


def test_a_file_gets_them_plain_and_whole(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.md").write_text("\n" * 8 + "[bold]nine[/]\n" + "ten " * 39 + "\n", "utf-8")
    message = "a.md:10: " + "words " * 40 + ":smile: [red]end[/red]"
    print_problems(entries(message, tmp_path))
    lines = capsys.readouterr().err.splitlines()
    assert lines == [message, "   8 |", "   9 | [bold]nine[/]", "> 10 | " + ("ten " * 39).rstrip()]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no pseudo-terminals in Python")
def test_a_terminal_of_80_columns_gets_words_whole_and_lines_cut(tmp_path: Path) -> None:
    import pty

    (tmp_path / "a.md").write_text("word " * 30 + "\n", "utf-8")
    code = (
        "from pathlib import Path; from tools.excerpts import entries; from tools.problem_print import print_problems;"
    )
    code += f"print_problems(entries('a.md:1: ' + 'several words ' * 12, Path({str(tmp_path)!r})))"
    parent, child = pty.openpty()
    env = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "80"}
    env.pop("NO_COLOR", None)
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, stderr=child, env=env, check=True)
    os.close(child)
    told = os.read(parent, 65536).decode()
    os.close(parent)
    assert "\x1b[31m" in told
    lines = re.sub(r"\x1b\[[0-9;]*m", "", told).splitlines()
    assert max(map(len, lines)) <= 80
    assert lines[-1].startswith("> 1 | word word")
    assert lines[-1].endswith("…")
    assert all(line.split()[0] in {"a.md:1:", "several", "words"} for line in lines[:-1])


@pytest.mark.parametrize(
    ("line", "message", "begins"),
    [
        pytest.param("word " * 40 + "[x]({filename}gone.md) end", "there is no file posts/gone.md", "…", id="a file"),
        pytest.param("word " * 40 + "[x](/none/) end", "there is no page /none/ here", "…", id="an address"),
        pytest.param("word " * 40 + "qoute end", "unknown block `qoute`", "…", id="words in backticks"),
        pytest.param("qoute " + "word " * 400, "unknown block `qoute`", "qoute word", id="in sight already"),
        pytest.param("word " * 400, "something is wrong", "word word", id="nothing quoted"),
        pytest.param("word " * 400, "unknown `qoute`", "word word", id="quoted and not there"),
        pytest.param("\x1b" * 300 + "qoute", "unknown `qoute`", "…\\x1b", id="controls before it"),
        pytest.param("語" * 300 + "qoute", "unknown `qoute`", "…語", id="wide letters"),
    ],
)
def test_of_a_long_line_the_part_is_shown_that_the_message_names(
    tmp_path: Path, line: str, message: str, begins: str
) -> None:
    (tmp_path / "a.md").write_text(f"before\n{line}\n", "utf-8")
    (entry,) = entries(f"a.md:2: {message}", tmp_path)
    shown = entry.lines[-1].text
    assert shown.startswith(begins)
    assert len(shown) <= 160
    if begins.startswith("…"):
        quoted = re.search(r"gone\.md|/none/|qoute", line)
        assert quoted
        assert quoted[0] in shown


def test_how_many_have_lines_is_said_where_not_all_have(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.md").write_text("one\n", "utf-8")
    print_problems(entries("a.md:1: wrong\n" * MOST, tmp_path))
    assert "The lines around" not in capsys.readouterr().err
    print_problems(entries("a.md:1: wrong\n" * (MOST + 1), tmp_path))
    last = f"The lines around are shown for the first {MOST} of the {MOST + 1} problems."
    assert capsys.readouterr().err.splitlines()[-1] == last

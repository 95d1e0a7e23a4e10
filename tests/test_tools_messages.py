from __future__ import annotations

import ast
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from said import COMMANDS, named_commands, named_options, options_of
from sites import ROOT, Site

import tasks
from tools.program import Commands

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# Words of other programs, and of a style sheet.
OTHERS = ("brew install", "winget install", "git add --all", "`--measure`")
SOURCES = [ROOT / "tasks.py", *(ROOT / "tools").rglob("*.py"), *(ROOT / "plugins").rglob("*.py")]
TEXTS = [
    ROOT / "README.md",
    *(ROOT / "tools/desk/fresh").rglob("*.*"),
    *(ROOT / "theme/words").glob("*.toml"),
    *(ROOT / "content").rglob("*.toml"),
]
DRAFT = """\
---
title: Begun
status: draft
promise: You will know.
takeaways:
  - One
  - Two
  - Three
---
Words.
"""


def messages(path: Path) -> Iterator[str]:
    """Yield the texts of a module that somebody may read: what is no docstring and has words around the options."""
    tree = ast.parse(path.read_text("utf-8"))
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.value


def test_each_option_that_a_message_names_is_some_commands() -> None:
    every = set().union(*map(options_of, COMMANDS.task_names))
    said = [(path, text) for path in SOURCES for text in messages(path) if " " in text]
    named = [
        (path, option) for path, text in said if not any(o in text for o in OTHERS) for option in named_options(text)
    ]
    assert len(named) > 20
    assert [(str(path), option) for path, option in named if option not in every] == []


def test_each_command_that_a_text_names_is_there_and_has_the_options_beside_it() -> None:
    texts = [(path, text) for path in SOURCES for text in messages(path)]
    texts += [(path, path.read_text("utf-8")) for path in TEXTS]
    named = [(path.name, *found) for path, text in texts for found in named_commands(text)]
    assert len(named) > 30
    assert [found for found in named if found[1] not in COMMANDS.task_names] == []
    assert [found for found in named if not set(found[2]) <= options_of(found[1])] == []


@pytest.mark.parametrize(
    ("command", "words", "named"),
    [
        pytest.param("new", ["x", "--talk", "begun"], "--draft", id="a letter of a draft"),
        pytest.param("new-event", ["x", "--date", "2027-06-04", "--online", "--talk", "begun"], "--talk", id="an event of a draft"),
        pytest.param("new-event", ["x", "--date", "2027-06-04"], "--place", id="an event of no place"),
        pytest.param("new-event", ["x", "--date", "2027-06-04", "--online", "--talk", "no"], "--talk", id="an event of no talk"),
        pytest.param("new-event", ["🎉", "--online"], "--date", id="an event of no day"),
        pytest.param("new-talk", ["🎉"], "--slug", id="a talk without letters"),
        pytest.param("new-talk", ["Begun"], "--slug", id="a talk that is there"),
        pytest.param("serve", ["--port", "x"], "--port", id="a port that is none"),
        pytest.param("check", ["--format", "x"], "--format", id="a format that is none"),
        pytest.param("check", ["--rules", "--fix"], "--fix", id="two that do not go together"),
        pytest.param("publish", ["web", "--dry-run", "--rollback"], "--rollback", id="a way back without going"),
        pytest.param("inquiries", ["x.eml", "--accept", "x"], "--accept", id="no number"),
        pytest.param("inquiries", ["x.eml", "--csv", "gone/x.csv"], "", id="no folder for a table"),
        pytest.param("adopt", ["--email", "Ada"], "--email", id="a wrong answer"),
        pytest.param("adopt", ["--answers", "gone.toml"], "--answers", id="no answers"),
        pytest.param("build", ["--ouput", "x"], "--output", id="an option that is near"),
    ],
)  # fmt: skip
def test_what_a_refusal_advises_the_command_takes(
    site: Site, capsys: pytest.CaptureFixture[str], command: str, words: list[str], named: str
) -> None:
    site.write("talks/begun.md", DRAFT)
    site.write("publish.toml", '[publish.web]\nto = "folder"\npath = "../www"\n')
    with pytest.raises(SystemExit) as ended:
        Commands(tasks.Collection.from_module(tasks)).run(["tasks.py", command, "--content", str(site.content), *words])
    assert ended.value.code
    said = "".join(capsys.readouterr())
    assert named in said
    typed = {word for word in words if word.startswith("--")}
    assert set(named_options(said)) - typed <= options_of(command), said


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("publish", "publish needs TARGET: one of those in content/publish.toml. "),
        ("new", 'new needs TITLE: in quotes, like "The second row". '),
        ("new-talk", "new-talk needs TITLE: in quotes"),
        ("new-event", "new-event needs EVENT: what the occasion is called, in quotes. "),
        ("inquiries", "inquiries needs MAIL: a saved mail"),
    ],
)
def test_what_a_command_lacks_is_said_in_the_words_of_its_help(command: str, said: str) -> None:
    # In a process of its own: Invoke reads these words once in each.
    code = "import tasks; tasks.Commands(tasks.Collection.from_module(tasks)).run()"
    done = subprocess.run([sys.executable, "-c", code, command], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(said)

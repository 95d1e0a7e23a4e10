from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from plugins import catalogue, switches
from plugins.catalogue import RULES, Rule
from plugins.checks.rules import RULES as TEXT_RULES
from plugins.problems import Edit, Problem, SiteError, each_once

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sites import Site

ROOT = Path(__file__).resolve().parent.parent
# Rules over the drawn site keep their names beside themselves.
ELSEWHERE = {path for path in (ROOT / "tools/inspection").glob("*.py") if "RULES" in path.read_text("utf-8")}


def named() -> Iterator[str]:
    """Yield each rule that the code names, where a problem is made or whoever makes it is told."""
    for path in sorted({*(ROOT / "plugins").rglob("*.py"), *(ROOT / "tools").rglob("*.py")} - ELSEWHERE):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                yield from (value for word in node.keywords if word.arg == "rule" for value in texts(word.value))
                if getattr(node.func, "id", "") in {"Problem", "placed"}:
                    yield from (value for argument in node.args[-2:] for value in texts(argument) if is_name(value))
            elif (
                isinstance(node, ast.Tuple) and node.elts and path.name == "reader.py"
            ):  # it carries (…, rule) for a while
                yield from (value for value in texts(node.elts[-1]) if not isinstance(node.elts[0], ast.Constant))
    yield from (name for name, _ in TEXT_RULES)


def texts(node: ast.expr) -> Iterator[str]:
    """Yield the texts that an expression may give."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from (*texts(node.body), *texts(node.orelse))


def is_name(text: str) -> bool:
    return text.replace("-", "").isalpha() and text == text.lower()


def test_the_code_names_the_rules_of_the_catalogue_and_no_others() -> None:
    assert set(named()) == set(RULES)


def test_every_rule_says_what_it_asks_and_why() -> None:
    assert len(RULES) == len(catalogue._NEEDED) + len(catalogue._OPTIONAL)  # noqa: SLF001  a name that stands twice would hide one
    for rule in RULES.values():
        assert rule.name == rule.name.lower()
        for sentence in (rule.asks, rule.why):
            assert sentence.endswith(".")
            assert sentence.count(". ") == 0, sentence


def test_a_problem_is_kept_once_and_with_its_mend() -> None:
    plain, mended = Problem("a.md", 3, "x", "list"), Problem("a.md", 3, "x", "list", (Edit(3, "a", "b"),))
    assert each_once([mended, plain, plain._replace(line=1)]) == (plain._replace(line=1), mended)
    assert str(SiteError([mended, plain])) == "a.md:3: x"
    assert str(Problem("", 0, "x", "build")) == "x"


HEADS = "title: A\ndate: 2026-01-02\n\n"


def test_what_is_switched_off_stops_no_build_and_is_not_warned_of(site: Site) -> None:
    from tools.build import draw

    site.write("posts/a.md", HEADS + "# Big\n\nOne\n- two\n")
    site.write("posts/b.md", HEADS + "[a](https://ada.example.org/a/)\n")
    assert [problem.split(":")[1] for problem in site.problems()] == ["4", "7"]
    site.write("checks.toml", '[off]\nheadings = "An old post."\n')
    assert [problem.split(":")[1] for problem in site.problems()] == ["7"]
    site.write("checks.toml", '[off]\nheadings = "An old post."\nlist = "Another."\n')
    assert site.problems() == []
    assert len(draw(ROOT / "publishconf.py", site.content, site.output).warnings) == 1
    site.write("checks.toml", '[off]\nheadings = "An old post."\nlist = "Another."\nown-address = "The same."\n')
    assert draw(ROOT / "publishconf.py", site.content, site.output).warnings == ()


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        pytest.param('[off]\nlist = ""\n', 2, "`list` needs a reason", id="no reason"),
        pytest.param('[off]\nlist = "a"\nmenu = "  "\n', 3, "`menu` needs a reason", id="blank reason"),
        pytest.param('[off]\nbroken-link = "a"\n', 2, "`broken-link` cannot be switched off", id="needed rule"),
        pytest.param(
            "[off]\nlist = true\n",
            2,
            '`list` has the wrong shape; write the reason as a text in "quotes"',
            id="no text",
        ),
        pytest.param('off = "list"\n', 1, "`off` has the wrong shape", id="no table"),
        pytest.param('[of]\nlist = "a"\n', 1, "unknown key `of`", id="another table"),
        pytest.param("[off]\nlist = a\n", 2, "cannot be read as TOML", id="no TOML"),
    ],
)
def test_a_wrong_switch_is_a_problem_with_its_line(site: Site, text: str, line: int, message: str) -> None:
    site.write("checks.toml", text)
    site.write("posts/a.md", HEADS + "# Big\n")
    first, second = site.problems()
    assert first.startswith(f"checks.toml:{line}: ")
    assert message in first
    assert second.startswith("posts/a.md:4: "), "a broken file switches nothing off, and hides nothing"


def test_a_name_that_no_rule_has_is_a_problem_where_all_rules_are_known(site: Site) -> None:
    path = site.write("checks.toml", '[off]\nlst = "a"\n')
    assert switches.load(path, "x", RULES, complete=False) == {"lst": "a"}
    with pytest.raises(SiteError, match=r"x:2: there is no rule `lst`; did you mean `list`\?"):
        switches.load(path, "x", RULES, complete=True)
    assert switches.load(path, "x", {**RULES, "lst": Rule("lst", "a", "b", stops=False)}, complete=True)

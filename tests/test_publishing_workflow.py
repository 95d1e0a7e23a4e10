from __future__ import annotations

import os
import re
import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from invoke.collection import Collection
from invoke.parser import Parser
from released import run

import tasks
from plugins.problems import SiteError
from tools.faults import BuildError
from tools.publishing.workflow import workflow, write_workflow

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Site

TEXT = workflow("UTC")
# YAML 1.1 reads the key `on` as true.
FILE: dict[Any, Any] = yaml.safe_load(TEXT)
STEPS: list[dict[str, Any]] = FILE["jobs"]["publish"]["steps"]
COMMANDS = [step["run"] for step in STEPS if step.get("run", "").startswith("python3 tasks.py ")]


def step(action: str) -> dict[str, Any]:
    return next(step for step in STEPS if step.get("uses", "").startswith(f"actions/{action}@"))


def test_it_runs_on_every_push_and_every_night() -> None:
    assert FILE[True] == {
        "push": {"branches": ["main", "master"]},
        "schedule": [{"cron": "17 0 * * *", "timezone": "Etc/UTC"}],
        "workflow_dispatch": None,
    }
    night = yaml.safe_load(workflow("Europe/Berlin"))[True]["schedule"]
    assert night == [{"cron": "17 0 * * *", "timezone": "Europe/Berlin"}]


def test_it_may_do_no_more_than_it_does() -> None:
    assert FILE["permissions"] == {}
    assert FILE["concurrency"] == {"group": "pages", "cancel-in-progress": False}
    assert FILE["jobs"].keys() == {"publish"}
    job = FILE["jobs"]["publish"]
    assert job["permissions"] == {"contents": "write", "pages": "write", "id-token": "write"}
    assert job["environment"]["name"] == "github-pages"
    assert "pull_request" not in TEXT
    assert "secrets." not in TEXT


def test_only_what_github_makes_itself_is_used() -> None:
    used = [step["uses"] for step in STEPS if "uses" in step]
    assert all(re.fullmatch(r"actions/[a-z-]+@v\d+", action) for action in used)
    assert step("upload-pages-artifact")["with"] == {"path": "output", "include-hidden-files": True}


def test_checked_before_it_is_built_and_announced_once_it_is_online() -> None:
    said = [step.get("run") or step["uses"].partition("@")[0] for step in STEPS]
    order = [
        "tasks.py check",
        "tasks.py build",
        "upload-pages-artifact",
        "deploy-pages",
        "tasks.py announce",
        "git push",
    ]
    places = [next(place for place, words in enumerate(said) if word in words) for word in order]
    assert places == sorted(places)


@pytest.mark.parametrize("command", COMMANDS)
def test_its_commands_are_there(command: str) -> None:
    Parser(contexts=Collection.from_module(tasks).to_contexts()).parse_argv(command.split()[2:])


@pytest.mark.skipif(os.name == "nt", reason="it runs on Linux")
def test_the_ledger_is_kept_where_it_has_changed(tmp_path: Path) -> None:
    script = STEPS[-1]["run"]
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("bash is not installed")
    bare, clone, other = tmp_path / "blog.git", tmp_path / "clone", tmp_path / "other"
    run("git", "init", "--quiet", "--bare", "--initial-branch=main", bare)
    variables = {
        **os.environ,
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_AUTHOR_NAME": "Ada",
        "GIT_AUTHOR_EMAIL": "ada@example.org",
        "GIT_COMMITTER_NAME": "Ada",
        "GIT_COMMITTER_EMAIL": "ada@example.org",
    }

    def shell(words: str, folder: Path) -> None:
        subprocess.run([bash, "-eo", "pipefail", "-c", words], cwd=folder, env=variables, check=True)

    shell(
        f"git clone -q '{bare}' clone; cd clone; git commit -q --allow-empty -m a; git push -q origin HEAD:main",
        tmp_path,
    )
    shell(f"rm -r clone; git clone -q '{bare}' clone; git clone -q '{bare}' other", tmp_path)
    shell(script, clone)
    (clone / "content").mkdir()
    (clone / "content/published.toml").write_text("a = 1\n", "utf-8")
    (clone / "output").mkdir()
    (clone / "output/index.html").write_text("", "utf-8")
    shell("git commit -q --allow-empty -m 'Meanwhile'; git push -q", other)
    shell(script, clone)
    shell(script, clone)
    assert run("git", "--git-dir", bare, "log", "--format=%s", "main").decode().split("\n") == [
        "Note what is online",
        "Meanwhile",
        "a",
        "",
    ]
    assert run("git", "--git-dir", bare, "ls-tree", "-r", "--name-only", "main") == b"content/published.toml\n"


@pytest.fixture
def project(site: Site, tmp_path: Path) -> Path:
    site.post("hello")
    return tmp_path


def test_it_is_written_once_and_never_over_anothers(project: Path) -> None:
    path = write_workflow(project)
    assert path == project / ".github/workflows/lectern.yml"
    assert path.read_text("utf-8") == TEXT
    assert write_workflow(project) == path
    path.write_text(f"{TEXT}# mine\n", "utf-8")
    with pytest.raises(BuildError, match=r"\.github/workflows/lectern\.yml is there already, and not as it would be"):
        write_workflow(project)
    assert path.read_text("utf-8") == f"{TEXT}# mine\n"


def test_the_night_is_the_speakers(project: Path, site: Site) -> None:
    speaker = site.content / "speaker.toml"
    text = re.sub("(?m)^timezone = .*\n", "", speaker.read_text("utf-8"))
    speaker.write_text(f'timezone = "Asia/Tokyo"\n{text}', "utf-8")
    assert 'timezone: "Asia/Tokyo"' in write_workflow(project).read_text("utf-8")
    speaker.write_text(f'timezone = "Nowhere"\n{text}', "utf-8")
    with pytest.raises(SiteError, match=r"content/speaker\.toml:1: `Nowhere` is not a time zone"):
        write_workflow(project)

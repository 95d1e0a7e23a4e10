"""A newcomer's first hour: each command is the real one, in a copy of the project; each answer is read."""

from __future__ import annotations

import http.client
import os
import re
import select
import shutil
import signal
import subprocess
import sys
import sysconfig
from contextlib import closing
from http import HTTPStatus
from pathlib import Path

import pytest
from patience import PATIENCE, wait_until
from sites import ROOT

from tools import environment

ANSWERS = {
    "name": "Ada Example",
    "given-name": "Ada",
    "line": "speaks about bridges",
    "email": "ada@example.org",
    "site": "https://ada.example.org",
    "language": "en",
    "timezone": "Europe/London",
    "share": "linkedin,email",
}
pytestmark = pytest.mark.skipif(os.name == "nt", reason="the links of a folder target want Windows' developer mode")


def _copied(folder: Path) -> Path:
    """Copy what a clone of the project would hold, and give it this environment instead of one of its own."""
    git = shutil.which("git")
    assert git
    listed = [git, "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, capture_output=True, text=True, check=True).stdout.split("\0")
    project = folder / "blog"
    for name in filter(None, names):
        if (ROOT / name).is_file() and not name.startswith("tests/"):
            (project / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, project / name)
    venv = project / environment.FOLDER
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", venv], check=True)
    inside = Path(sysconfig.get_path("purelib", "venv", {"base": str(venv), "platbase": str(venv)}))
    (inside / "borrowed.pth").write_text(f"{sysconfig.get_path('purelib')}\n", "utf-8")
    (venv / environment.MARK).write_text(environment._stamp(project, "base"), "utf-8", newline="\n")  # noqa: SLF001
    return project


@pytest.fixture(scope="module", params=["piped", "terminal"])
def newcomer(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Newcomer:
    return Newcomer(_copied(tmp_path_factory.mktemp("newcomer")), on_a_terminal=request.param == "terminal")


class Newcomer:
    """Somebody who types commands, with output into files or on a terminal of 80 columns."""

    def __init__(self, project: Path, *, on_a_terminal: bool) -> None:
        self.project = project
        self.content = project / "content"
        self.on_a_terminal = on_a_terminal

    def command(self, *words: str) -> list[str]:
        return [sys.executable, str(self.project / "tasks.py"), *words]

    def types(self, *words: str, status: int = 0) -> str:
        """Run a command and give all that it said, without colours."""
        variables = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        command = self.command(*words)
        if self.on_a_terminal:
            import fcntl
            import pty
            import struct
            import termios

            ours, theirs = pty.openpty()
            fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
            process = subprocess.Popen(
                command, cwd=self.project, env=variables | {"TERM": "xterm"}, stdin=theirs, stdout=theirs, stderr=theirs
            )
            os.close(theirs)
            said = _read(ours)
            os.close(ours)
            found = process.wait(PATIENCE)
        else:
            done = subprocess.run(
                command,
                cwd=self.project,
                env=variables,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                check=False,
                timeout=10 * PATIENCE,
            )
            said, found = done.stdout, done.returncode
            assert "\x1b" not in said, "colours in a file"
        assert found == status, said
        assert "Traceback" not in said
        return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", said)


def _read(terminal: int) -> str:
    said = b""
    while True:
        assert select.select([terminal], [], [], 60)[0], f"it waits for somebody: {said.decode('utf-8', 'replace')}"
        try:
            more = os.read(terminal, 65536)
        except OSError:  # Linux has no other way to say that the terminal is closed
            more = b""
        if not more:
            return said.decode("utf-8", "replace").replace("\r\n", "\n")
        said += more


def unwrapped(said: str) -> str:
    """Give what was said in one line, however a terminal broke it."""
    return " ".join(said.split())


def page(www: Path, name: str) -> str:
    return (www / "current" / name).read_text("utf-8")


def test_a_newcomers_first_hour(newcomer: Newcomer) -> None:
    types, content, www = newcomer.types, newcomer.content, newcomer.project / "www"

    assert "Usage: python3 tasks.py COMMAND" in types()
    wrong = ANSWERS | {"line": "speaks about bridges.", "share": "twitter, orkut and myspace"}
    said = unwrapped(types("adopt", *(f"--{key}={value}" for key, value in wrong.items()), status=1))
    assert "--line: this ends with a full stop; write `speaks about bridges`." in said
    assert "--share: there are no networks `orkut` and `myspace`;" in said
    said = types("adopt", *(f"--{key}={value}" for key, value in ANSWERS.items()))
    assert "the blog of Ada Example" in said
    assert 'tasks.py new "My first letter"' in unwrapped(said)
    assert not list((content / "posts").glob("*.md"))

    said = types("new", "-5 things: “bridges” & #1 🌉")
    letter = content / "posts/5-things-bridges-sharp1.md"
    assert letter.exists(), said
    assert "content/posts/5-things-bridges-sharp1.md" in unwrapped(said)
    assert "has this address already" in unwrapped(types("new", "-5 things: “bridges” & #1 🌉", status=1))
    head = letter.read_text("utf-8")
    letter.write_text(f"{head}\nA bridge is a promise. [More]({{filename}}../pages/abuot.md).\n", "utf-8")

    _serves(newcomer, letter)
    said = unwrapped(types("check"))
    assert "No problems" in said
    _leaves_samples(newcomer)
    _begins_a_talk(newcomer)

    (content / "publish.toml").write_text(f'[publish.web]\nto = "folder"\npath = "{www}"\n', "utf-8")
    assert "did you mean `web`" in types("publish", "wbe", status=1)
    said = unwrapped(types("publish", "web", "--dry-run"))
    assert "Everything is new: 1 post, 3 pages." in said
    assert "+ " not in said.partition("Everything")[2]
    assert "+ 5-things-bridges-sharp1/index.html" in unwrapped(types("publish", "web", "--dry-run", "--verbose"))
    assert not www.exists()
    said = unwrapped(types("publish", "web"))
    assert "Online: https://ada.example.org/ as of " in said
    assert "(Europe/London)" in said
    assert "A bridge is a promise." in page(www, "5-things-bridges-sharp1/index.html")
    assert "Ada Example" in page(www, "index.html")
    assert "Hank" not in "".join(path.read_text("utf-8") for path in (www / "current").rglob("*.html"))

    letter.rename(letter.with_name("bridges.md"))
    said = unwrapped(types("publish", "web"))
    assert "1 post changed: “-5 things: “bridges” & #1 🌉”." in said
    assert "https://ada.example.org/bridges/" in page(www, "5-things-bridges-sharp1/index.html")
    assert page(www, "feed.xml").count("<item>") == 1

    said = unwrapped(types("publish", "web", "--rollback"))
    assert "Online again: https://ada.example.org/ as of " in said
    assert "The next publish brings the newer state back" in said
    assert "A bridge is a promise." in page(www, "5-things-bridges-sharp1/index.html")
    assert "keeps no release before" in unwrapped(types("publish", "web", "--rollback", status=1))
    assert "Online: " in unwrapped(types("publish", "web"))
    assert "A bridge is a promise." in page(www, "bridges/index.html")


def _leaves_samples(newcomer: Newcomer) -> None:
    """Take the # away from samples of speaker.toml, be told by line, and put it back."""
    speaker = newcomer.content / "speaker.toml"
    before = speaker.read_text("utf-8")
    lines = before.splitlines()
    left = [n for n, line in enumerate(lines) if line.startswith(("# av = ", "# pronouns = ", "# as_of = "))]
    for n in left:
        lines[n] = lines[n].removeprefix("# ")
    speaker.write_text("\n".join(lines) + "\n", "utf-8")
    said = newcomer.types("check", status=1)
    assert "A clip-on microphone" in said
    for n in left:
        assert f"content/speaker.toml:{n + 1}: " in said
        assert f"> {n + 1} | {lines[n][:40]}" in said, "the lines around"
    assert len(left) == 3
    speaker.write_text(before, "utf-8")


def _begins_a_talk(newcomer: Newcomer) -> None:
    """Begin a talk, try to announce it before it is ready, and take it back."""
    assert "It is a draft" in newcomer.types("new-talk", "Arches")
    event = ["new-event", "Spring meeting", "--date", "2031-06-04", "--online"]
    said = unwrapped(newcomer.types(*event, "--talk", "arches", status=1))
    assert "finish it first, or leave out --talk for now" in said
    assert "Nobody but you sees it" in unwrapped(newcomer.types(*event, "--tentative"))
    assert "No problems" in unwrapped(newcomer.types("check"))
    talk = newcomer.content / "talks/arches.md"
    talk.write_text(talk.read_text("utf-8").replace("status: draft\n", "").replace("TODO ", "") + "Words.\n", "utf-8")
    assert unwrapped(newcomer.types("check", status=1)).count("is still the sample that stood here") == 5
    talk.unlink()
    (newcomer.content / "events.toml").unlink()


def _serves(newcomer: Newcomer, letter: Path) -> None:
    """See the letter in the preview: broken, then mended, then the preview ended by Ctrl-C."""
    log = newcomer.project / "serve.txt"
    # Where tests run in a shell's background, Ctrl-C is switched off for all that they start.
    code = "import os, signal, sys; signal.signal(signal.SIGINT, signal.SIG_DFL); os.execv(sys.argv[1], sys.argv[1:])"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-c", code, *newcomer.command("serve")],
            cwd=newcomer.project,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait_for(log, "Not built")
        assert f"content/posts/{letter.name}:" in log.read_text("utf-8")
        assert "did you mean pages/about.md?" in unwrapped(log.read_text("utf-8"))
        letter.write_text(letter.read_text("utf-8").replace("abuot", "about"), "utf-8")
        _wait_for(log, "Built 1 post")
        found = re.search(r"http://127\.0\.0\.1:(\d+)/", log.read_text("utf-8"))
        assert found
        assert "A bridge is a promise." in _fetched(int(found[1]), f"/{letter.stem}/", HTTPStatus.OK)
        assert "Ada Example" in _fetched(int(found[1]), "/nothing/", HTTPStatus.NOT_FOUND)
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE) == 0
    finally:
        process.kill()
        process.wait()
    assert "Traceback" not in log.read_text("utf-8")


def _fetched(port: int, path: str, status: HTTPStatus) -> str:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)) as connection:
        connection.request("GET", path)
        answer = connection.getresponse()
        assert answer.status == status
        return answer.read().decode()


def _wait_for(log: Path, words: str) -> None:
    wait_until(lambda: words in log.read_text("utf-8"), lambda: log.read_text("utf-8"))

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
from patience import PATIENCE, wait_until

from plugins import media
from plugins.search import indexing
from tools import preview_server
from tools.builder import Outcome
from tools.excerpts import Entry, Line
from tools.faults import BuildError
from tools.live import Live, State
from tools.preview_server import PreviewServer
from tools.serve import USUAL_PORT, greeting, listen, rebuild

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import Site

ROOT = Path(__file__).resolve().parent.parent
POLICY = "default-src 'self'; script-src 'self'; style-src 'none'; connect-src 'self'"
PAGE = f"""<!doctype html><html lang="en"><head><title>Page</title><meta http-equiv="Content-Security-Policy"
content="{POLICY}"></head><body>{"<p>words</p>" * 200}</body></html>"""


@contextmanager
def running(server: PreviewServer) -> Iterator[PreviewServer]:
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield server
    finally:
        server.live.close()
        server.shutdown()
        server.server_close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A built site."""
    (tmp_path / "secret.txt").write_text("secret", "utf-8")
    site = tmp_path / "site"
    for name, text in {
        "index.html": PAGE,
        "404.html": "<!doctype html><html><head></head><p>lost</p></html>",
        "page/index.html": PAGE,
        "empty/x.txt": "x",
        "feed.xml": "<rss/>",
        ".lectern": "index.html\n",
        "_headers": f"/*\n  Content-Security-Policy: {POLICY}\n  X-One: 1\n  Cache-Control: public\n/page/*\n  X-Two: 2\n/blog/*\n  X-Blog: 3\n",
    }.items():
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_text(text, "utf-8")
    return site


@pytest.fixture
def server(folder: Path) -> Iterator[PreviewServer]:
    with running(PreviewServer(0, folder, Live())) as server:
        server.live.tell(State(build="1"))
        yield server


def ask(server: PreviewServer, path: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], str]:
    with closing(http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=PATIENCE)) as connection:
        connection.request(method, path, headers=headers)
        response = connection.getresponse()
        return response.status, dict(response.headers), response.read().decode()


class Events:
    """The events of a server, read one by one as a browser does."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        self._connection.request("GET", "/_preview/events")
        self._response = self._connection.getresponse()

    def next(self) -> dict[str, Any]:
        while True:
            line = self._response.readline().decode()
            if line.startswith("data: "):
                return dict(json.loads(line.removeprefix("data: ")))

    def ended(self) -> bool:
        return self._response.read().strip() == b""

    def close(self) -> None:
        self._response.close()
        self._connection.close()


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:{port}", "127.0.0.1", "127.0.0.1:1", "localhost.evil.example:{port}", ""]
)
def test_a_foreign_host_is_refused(server: PreviewServer, host: str) -> None:
    assert ask(server, "/", Host=host.format(port=server.server_port))[0] == 421


@pytest.mark.parametrize("host", ["127.0.0.1:{port}", "localhost:{port}", "[::1]:{port}"])
def test_this_computers_own_names_are_answered(server: PreviewServer, host: str) -> None:
    assert ask(server, "/", Host=host.format(port=server.server_port))[0] == 200


def test_only_this_computer_is_listened_to(server: PreviewServer) -> None:
    assert server.server_address[0] == "127.0.0.1"


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/page/../../secret.txt",
        "/..%2fsecret.txt",
        "/%2e%2e%5csecret.txt",
        "//../secret.txt",
        "/%00",
        "/link.txt",
        "/linked/secret.txt",
        "/linked/",
        "/..\\secret.txt",
        "/page/..%5c..%5csecret.txt",
        "/C:/Windows/win.ini",
        "/%252e%252e/secret.txt",
        "/%2e%2e%2fsecret.txt",
        "/.%2e/secret.txt",
        "/page/%2e%2e/%2e%2e/secret.txt",
        "/%ff",
        "/%ed%a0%80",
        "/index.html/",
        "/feed.xml/",
        "/.lectern",
        "/empty/",
        "/none",
        "/" + "x" * 300,
    ],
)
def test_nothing_outside_the_site_and_no_listing_is_sent(server: PreviewServer, folder: Path, path: str) -> None:
    (folder / "link.txt").symlink_to(folder.parent / "secret.txt")
    (folder / "linked").symlink_to(folder.parent)
    status, headers, body = ask(server, path)
    assert (status, headers["Content-Type"]) == (404, "text/html; charset=utf-8")
    assert "<p>lost</p>" in body


def test_until_there_is_a_good_build_every_address_says_so(server: PreviewServer) -> None:
    server.live.tell(State(problems=(Entry("a.md:1: wrong"),)))
    for path in ("/", "/page/", "/none"):
        status, headers, body = ask(server, path)
        assert (status, headers["Content-Type"]) == (503, "text/html; charset=utf-8")
        assert "Not built yet" in body
        assert '<script src="/_preview/reload.js?.." defer></script></head>' in body
    assert ask(server, "/_preview/reload.js")[0] == 200
    with closing(Events(server.server_port)) as events:
        assert events.next()["problems"] == [["a.md:1: wrong", []]]


def test_a_site_without_a_404_page_still_says_so(server: PreviewServer, folder: Path) -> None:
    (folder / "404.html").unlink()
    status, _, body = ask(server, "/none")
    assert status == 404
    assert "reload.js" in body


@pytest.mark.parametrize(
    ("base", "path", "status", "location"),
    [
        ("", "/page", 301, "/page/"),
        ("", "//page", 301, "/page/"),
        ("", "/page/?x=1#y", 200, None),
        ("/blog", "/", 302, "/blog/"),
        ("/blog", "/blog", 302, "/blog/"),
        ("/blog", "/blog/page", 301, "/blog/page/"),
        ("/blog", "/blog/page/", 200, None),
        ("/blog", "/page/", 404, None),
        ("/blog", "/blogpage/", 404, None),
    ],
)
def test_addresses_lead_where_a_static_host_leads(
    server: PreviewServer, base: str, path: str, status: int, location: str | None
) -> None:
    server.base = base
    found, headers, _ = ask(server, path)
    assert (found, headers.get("Location")) == (status, location)


@pytest.mark.parametrize("base", ["", "/blog"])
def test_a_draft_that_was_made_public_is_followed(server: PreviewServer, folder: Path, base: str) -> None:
    server.base = base
    for name in ("2026/hats", "tag/hats", "two", "2026/two", "drafts/still"):
        (folder / name).mkdir(parents=True)
        (folder / name / "index.html").write_text(PAGE, "utf-8")
    status, headers, _ = ask(server, f"{base}/drafts/hats/?x")
    assert (status, headers["Location"]) == (302, f"{base}/2026/hats/")
    found = [ask(server, f"{base}/drafts/{name}/")[0] for name in ("two", "none", "*", "still", "hats/x")]
    assert found == [404, 404, 404, 200, 404]
    assert ask(server, f"{base}/hats/")[0] == 404


def test_a_name_is_asked_for_in_either_form_but_in_its_own_capitals(
    server: PreviewServer, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "Gro\u0308ße").mkdir()
    (folder / "Gro\u0308ße/index.html").write_text(PAGE, "utf-8")
    assert ask(server, f"/{quote('Größe')}/")[0] == 200
    assert ask(server, f"/{quote('größe')}/")[0] == 404
    (folder / "room.txt").write_text("a", "utf-8")
    real = Path.resolve

    def passing_over_capitals(path: Path, *, strict: bool = False) -> Path:
        there = {each.name.casefold(): each.name for each in path.parent.iterdir()}
        return real(path.with_name(there.get(path.name.casefold(), path.name)), strict=strict)

    monkeypatch.setattr(Path, "resolve", passing_over_capitals)
    assert [ask(server, f"/{name}")[0] for name in ("room.txt", "Room.txt")] == [200, 404]


def test_pages_come_with_the_sites_own_headers_and_are_never_kept(server: PreviewServer) -> None:
    _, headers, _ = ask(server, "/page/")
    assert (headers["Content-Security-Policy"], headers["X-One"]) == (POLICY, "1")
    assert "X-Two" not in headers
    assert headers["Cache-Control"] == "no-store"
    server.base = "/blog"
    assert ask(server, "/blog/page/")[1]["X-Blog"] == "3"


@pytest.mark.parametrize("name", ["talk.m4a", "slides.pptx", "talk.vtt", "dates.ics", "drawing.svgz"])
def test_a_file_comes_with_the_type_that_a_host_gives_it(name: str, server: PreviewServer, folder: Path) -> None:
    (folder / name).write_bytes(b"a")
    status, headers, _ = ask(server, f"/{name}")
    assert (status, headers["Content-Type"]) == (200, media.content_type(name))
    assert headers.get("Content-Encoding", "") == media.content_encoding(name)


def test_the_reload_script_is_in_what_is_sent_and_not_in_the_files(server: PreviewServer, folder: Path) -> None:
    server.live.tell(State(build="7"))
    _, headers, body = ask(server, "/")
    assert re.search(r'<script src="/_preview/reload\.js\?7\.[0-9a-f]{20}\.[0-9a-f]{20}" defer></script></head>', body)
    assert headers["Content-Length"] == str(len(body))
    assert (folder / "index.html").read_text("utf-8") == PAGE
    assert ask(server, "/feed.xml")[2] == "<rss/>"
    assert "EventSource" in ask(server, "/_preview/reload.js?7.1.2")[2]


def test_the_search_index_is_made_when_it_is_asked_for(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[bytes] = []
    index = indexing.index
    monkeypatch.setattr(indexing, "index", lambda data, cache: made.append(data) or index(data, cache))
    site.post("one", "Girders.\n", status="draft")
    site.build(publish=False)
    with running(PreviewServer(0, site.output, Live())) as server:
        server.live.tell(State(build="1"))
        assert ask(server, "/search/")[0] == 200
        assert made == []
        status, headers, shelves = ask(server, "/pagefind/shelves.json?1")
        assert (status, headers["Content-Type"]) == (200, "application/json; charset=utf-8")
        assert "'wasm-unsafe-eval'" in headers["Content-Security-Policy"]
        assert "2026" in shelves
        assert ask(server, "/pagefind/pagefind-worker.js")[1]["Content-Type"] == "text/javascript; charset=utf-8"
        assert ask(server, "/pagefind/nothing.js")[0] == 404
        assert len(made) == 1
        site.post("two", date="2025-03-04")
        site.build(publish=False)
        assert "2025" in ask(server, "/pagefind/shelves.json")[2]
        assert len(made) == 2
    assert [path.name for path in (site.output / "pagefind").iterdir()] == ["records.json"]


def test_head_sends_no_body_and_other_methods_nothing(server: PreviewServer) -> None:
    status, headers, body = ask(server, "/", "HEAD")
    assert (status, int(headers["Content-Length"]) > 0, body) == (200, True, "")
    assert ask(server, "/", "POST")[0] == 501


def test_an_open_page_hears_of_each_build(server: PreviewServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preview_server, "HEARTBEAT", 60.0)
    with closing(Events(server.server_port)) as events:
        assert events.next() == {"build": "1", "problems": []}
        server.live.tell(State("2"))
        assert events.next() == {"build": "2", "problems": []}
        server.live.tell(State("2", (Entry("a.md:1: <b>wrong</b>", (Line(1, "<i>", marked=True),)),)))
        assert events.next() == {"build": "2", "problems": [["a.md:1: <b>wrong</b>", [[1, "<i>", True]]]]}


def test_a_page_that_was_closed_leaves_no_thread(server: PreviewServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preview_server, "HEARTBEAT", 0.01)
    before = set(threading.enumerate())
    with closing(Events(server.server_port)) as events:
        events.next()
        (thread,) = set(threading.enumerate()) - before
    thread.join(PATIENCE)
    assert not thread.is_alive()


def test_closing_ends_the_events(server: PreviewServer) -> None:
    with closing(Events(server.server_port)) as events:
        events.next()
        server.live.close()
        assert events.ended()


def test_a_port_that_was_asked_for_and_is_taken_is_told(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(BuildError, match=r"Port \d+ cannot be had"):
        listen(taken.getsockname()[1], folder, Live())


def test_the_next_free_port_is_taken_else(folder: Path) -> None:
    first = listen(None, folder, Live())
    second = listen(None, folder, Live())
    first.server_close()
    second.server_close()
    assert USUAL_PORT <= first.server_port < second.server_port


def test_the_address_is_told_and_why_it_is_another_one(server: PreviewServer) -> None:
    server.base = "/blog"
    at = f"Preview: http://127.0.0.1:{server.server_port}/blog/ "
    assert greeting(server, server.server_port) == f"{at}(Ctrl-C ends it)"
    assert greeting(server, None) == f"{at}(port 8000 is taken; Ctrl-C ends it)"
    assert len(greeting(server, None)) <= 80


class Builds:
    """Gives the outcomes it was made of, one a build."""

    def __init__(self, *outcomes: Outcome) -> None:
        self.outcomes = list(outcomes)

    def build(self) -> Outcome:
        return self.outcomes.pop(0)


def test_a_failed_build_keeps_the_last_good_pages_and_tells_why(
    server: PreviewServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good = Outcome(contents="1 post and 2 pages", base="/blog", warnings=("mind",))
    builder: Any = Builds(good, Outcome(problems="a.md:1: wrong"), good)
    (tmp_path / "a.md").write_text("one\n", "utf-8")
    rebuild(builder, server, tmp_path)
    first = server.live.state
    told = capsys.readouterr()
    assert (server.base, first.problems, told.err) == ("/blog", (), "Warning: mind\n")
    assert re.fullmatch(r"Built 1 post and 2 pages in \d+\.\d s\.\n", told.out)
    rebuild(builder, server, tmp_path)
    assert server.live.state == State(first.build, (Entry("a.md:1: wrong", (Line(1, "one", marked=True),)),))
    assert (server.base, capsys.readouterr().err) == (
        "/blog",
        "a.md:1: wrong\n> 1 | one\nNot built; the preview still shows the last good pages.\n",
    )
    rebuild(builder, server, tmp_path)
    assert server.live.state.problems == ()
    assert server.live.state.build != first.build


@pytest.mark.skipif(os.name == "nt", reason="Windows cannot send Ctrl-C to one process alone")
def test_a_saved_file_is_built_and_ctrl_c_ends_it(site: Site, tmp_path: Path) -> None:
    (tmp_path / "pelicanconf.py").write_text(
        f"import runpy\nglobals().update(runpy.run_path({str(ROOT / 'pelicanconf.py')!r}))\n", "utf-8"
    )
    site.post("hello")
    process = serving(tmp_path, site.content)
    try:
        assert process.stdout
        assert process.stdout.readline() == "Building the preview …\n"
        lines = [process.stdout.readline(), process.stdout.readline()]
        assert lines[0].startswith("Built 1 post and 2 pages in ")
        found = re.search(r"http://127\.0\.0\.1:(\d+)/ ", lines[1])
        assert found, lines
        with closing(Events(int(found[1]))) as events:
            first = events.next()
            assert first["build"]
            site.post("broken", title="")
            ((message, lines),) = events.next()["problems"]
            assert "broken.md:1: `title` is missing" in message
            assert lines[0] == [1, "title:", True]
            site.post("broken")
            assert events.next() != first
            (tmp_path / "pelicanconf.py").write_text("x = = 1\n", "utf-8")
            assert events.next()["problems"] == [["pelicanconf.py:1: invalid syntax", [[1, "x = = 1", True]]]]
            ended_in_order(process, signal.SIGINT, tmp_path)
            assert events.ended()
    finally:
        process.kill()
        process.communicate()


@pytest.mark.skipif(os.name == "nt", reason="Windows cannot send Ctrl-C to one process alone")
@pytest.mark.parametrize("number", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_it_ends_in_order_during_a_build(site: Site, tmp_path: Path, number: str) -> None:
    slow = "from pathlib import Path; import time; Path('reading').touch(); time.sleep(60)\n"
    (tmp_path / "pelicanconf.py").write_text(slow.replace("'reading'", repr(str(tmp_path / "reading"))), "utf-8")
    process = serving(tmp_path, site.content)
    try:
        wait_until((tmp_path / "reading").exists)
        assert list(tmp_path.glob(".preview.*"))
        ended_in_order(process, getattr(signal, number), tmp_path)
    finally:
        process.kill()
        process.communicate()


def ended_in_order(process: subprocess.Popen[str], number: int, root: Path) -> None:
    """Send a signal as a terminal does, to all that it runs; nothing may be left behind."""
    children = children_of(process.pid)
    assert children
    os.killpg(process.pid, number)
    time.sleep(0.1)
    os.killpg(process.pid, number)  # the impatient press twice
    _, errors = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0
    assert "Traceback" not in errors
    assert [child for child in children if Path(f"/proc/{child}").exists()] == []
    assert sorted(path.name for path in root.iterdir() if path.name.startswith(".preview.")) == []


def children_of(pid: int) -> list[str]:
    if not Path("/proc/self/task").exists():
        return ["0"]  # elsewhere they are not looked for
    return Path(f"/proc/{pid}/task/{pid}/children").read_text("utf-8").split()


def serving(root: Path, content: Path) -> subprocess.Popen[str]:
    """Start the preview of a project as a process of its own."""
    # Where tests run in a shell's background, Ctrl-C is switched off for all that they start.
    code = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
    code += "signal.signal(signal.SIGHUP, signal.SIG_DFL); "
    code += (
        f"from pathlib import Path; from tools.serve import serve; serve(Path({str(root)!r}), Path({str(content)!r}))"
    )
    return subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, text=True, stdout=-1, stderr=-1, start_new_session=True
    )

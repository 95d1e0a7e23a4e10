"""Links to other sites, asked for at real servers on this computer that do all that servers do."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import socket
import ssl
import subprocess
import threading
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest
from drawing import drawn, short
from patience import PATIENCE
from sites import SPEAKER

from plugins.problems import Edit
from tools.inspection import asking, online, remembered, requests, robots
from tools.inspection.asking import Asker, Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sites import Site

    from tools.inspection.drawn import Drawn

PAUSE = 0.01
ROBOTS = "User-agent: *\nDisallow: /private/\nAllow: /private/open\n"


class Server:
    """A host whose pages answer as their names say."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, str]] = []
        self.agents: set[str] = set()
        self.robots: tuple[int, str] = (200, ROBOTS)
        self.here = self.most = 0
        self.over = threading.Event()
        self.together: threading.Barrier | None = None
        self.sent = 0
        self._lock = threading.Lock()
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_HEAD(self) -> None:
                server.answer(self)

            def do_GET(self) -> None:
                server.answer(self)

            def log_message(self, *_: object) -> None:
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        threading.Thread(target=self.http.serve_forever, args=(0.02,), daemon=True).start()
        self.url = f"http://127.0.0.1:{self.http.server_port}"

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        with self._lock:
            self.heard.append((request.command, request.path))
            self.agents.add(request.headers["User-Agent"])
            self.here += 1
            self.most = max(self.most, self.here)
        if self.together and request.path == "/900":
            self.together.wait(PATIENCE)
        try:
            self._answer(request, request.path.partition("?")[0].strip("/"))
        except OSError:
            pass  # nobody waits for the rest
        finally:
            request.close_connection = True
            with self._lock:
                self.here -= 1

    def _answer(self, request: BaseHTTPRequestHandler, name: str) -> None:
        head = request.command == "HEAD"
        special = {
            "to": self._to,
            "wait": self._wait,
            "garbage": self._garbage,
            "slow": self._slow,
            "drip": self._drip,
            "huge": self._huge,
        }
        if name in special:
            special[name](request)
        elif name == "robots.txt":
            self._send(request, self.robots[0], self.robots[1].encode())
        elif name == "hangs-up-on-head" and head:
            return
        elif name.isdigit() or (name.startswith("only-get-") and head):
            self._send(request, int(name[-3:]))
        else:
            around = name.removeprefix("around/")
            status, to = (302, f"/around/{int(around) + 1}") if around != name else MOVES.get(name, (200, ""))
            self._send(request, status, b"here", location=to)

    def _garbage(self, request: BaseHTTPRequestHandler) -> None:
        request.wfile.write(b"\x00\x01 what is this\r\n\r\n")

    def _to(self, request: BaseHTTPRequestHandler) -> None:
        self._send(request, 302, location=request.path.partition("?")[2])

    def _wait(self, request: BaseHTTPRequestHandler) -> None:
        time.sleep(0.1)
        self._send(request, 200)

    def _slow(self, _: BaseHTTPRequestHandler) -> None:
        self.over.wait(PATIENCE)

    def _drip(self, request: BaseHTTPRequestHandler) -> None:
        request.wfile.write(b"HTTP/1.1 200 OK\r\n")
        at = 0
        while not self.over.wait(0.1):
            at += 1
            request.wfile.write(f"X-{at % 90}: 1\r\n".encode())
            request.wfile.flush()

    def _huge(self, request: BaseHTTPRequestHandler) -> None:
        request.send_response(200 if request.command == "GET" else 405)
        request.send_header("Content-Length", str(10**10))
        request.end_headers()
        for _ in range(10**4 if request.command == "GET" else 0):
            request.wfile.write(b"x" * 100_000)
            self.sent += 100_000

    def _send(self, request: BaseHTTPRequestHandler, status: int, body: bytes = b"", location: str = "") -> None:
        request.send_response(status)
        if location:
            request.send_header("Location", location)
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        if request.command == "GET":
            request.wfile.write(body)

    def pages(self) -> list[tuple[str, str]]:
        return [(method, path) for method, path in self.heard if path != "/robots.txt"]


MOVES = {
    "old": (301, "/new"),
    "older": (308, "/old"),
    "for-now": (302, "/new"),
    "then-for-now": (301, "/for-now"),
    "to-the-door": (301, "/"),
    "to-nothing": (301, "/404"),
    "circle": (302, "/circle-2"),
    "circle-2": (302, "/circle"),
    "nowhere": (302, ""),
    "to-a-file": (302, "file:///etc/passwd"),
    "to-private": (302, "/private/x"),
}
OUTCOMES = {
    "/there": Outcome("there"),
    "/there?x=1": Outcome("there"),
    "/only-get-405": Outcome("there"),
    "/only-get-501": Outcome("there"),
    "/only-get-403": Outcome("there"),
    "/only-get-404": Outcome("there"),
    "/hangs-up-on-head": Outcome("there"),
    "/huge": Outcome("there"),
    "/404": Outcome("dead", "it answers 404 Not Found"),
    "/410": Outcome("dead", "it answers 410 Gone"),
    "/403": Outcome("silent", "it answers 403"),
    "/500": Outcome("silent", "it answers 500"),
    "/503": Outcome("silent", "it answers 503"),
    "/for-now": Outcome("there"),
    "/to-nothing": Outcome("dead", "it answers 404 Not Found"),
    "/circle": Outcome("silent", "it leads in a circle"),
    "/around/1": Outcome("silent", "it leads on more than 6 times"),
    "/nowhere": Outcome("silent", "it answers 302 and does not say where to go"),
    "/to-a-file": Outcome("silent", "it leads to `file:///etc/passwd`, which is no page"),
    "/garbage": Outcome("silent", "what it answers is not HTTP"),
    "/private/x": Outcome("silent", "its robots.txt asks programs to stay away, so nobody has looked"),
    "/to-private": Outcome("silent", "its robots.txt asks programs to stay away, so nobody has looked"),
    "/private/open": Outcome("there"),
}


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "*")


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    yield server
    server.over.set()
    server.http.shutdown()
    server.http.server_close()


def asked(url: str, timeout: float = PATIENCE) -> Outcome:
    return Asker("Lectern (+https://ada.example.org/)", timeout, PAUSE).outcomes([url])[url]


@pytest.mark.parametrize("path", OUTCOMES)
def test_what_comes_of_asking(path: str, server: Server) -> None:
    assert asked(server.url + path) == OUTCOMES[path]


def test_it_asks_by_head_and_says_who_asks(server: Server) -> None:
    asked(f"{server.url}/there")
    assert server.heard == [("GET", "/robots.txt"), ("HEAD", "/there")]
    assert server.agents == {"Lectern (+https://ada.example.org/)"}


def test_it_asks_by_get_only_where_head_is_refused(server: Server) -> None:
    asked(f"{server.url}/only-get-405")
    assert server.pages() == [("HEAD", "/only-get-405"), ("GET", "/only-get-405")]


def test_what_robots_forbid_is_not_asked_for(server: Server) -> None:
    asked(f"{server.url}/private/x")
    assert server.pages() == []


def test_robots_that_fail_forbid_all_and_robots_that_are_missing_nothing(server: Server) -> None:
    server.robots = (503, "")
    assert asked(f"{server.url}/there").said == "its robots.txt answers 503, so nobody has looked"
    server.robots = (404, "User-agent: *\nDisallow: /\n")
    assert asked(f"{server.url}/there") == Outcome("there")


@pytest.mark.parametrize(
    ("path", "to"),
    [("/old", "/new"), ("/older", "/new"), ("/then-for-now", "/for-now"), ("/to-the-door", "/")],
)
def test_what_moved_for_good(path: str, to: str, server: Server) -> None:
    assert asked(server.url + path) == Outcome("moved", "", server.url + to)


@pytest.mark.parametrize("path", ["/slow", "/drip"])
def test_a_server_that_dawdles_is_left(path: str, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    ask = requests.ask

    def impatient(method: str, url: str, agent: str, timeout: float, most: int) -> requests.Answer:
        """Leave a slow machine all the time for robots.txt."""
        return ask(method, url, agent, 0.4 if url.endswith(path) else timeout, most)

    monkeypatch.setattr(requests, "ask", impatient)
    start = time.monotonic()
    assert asked(server.url + path) == Outcome("silent", "no answer within 0.4 seconds")
    assert time.monotonic() - start < PATIENCE / 2


def test_of_a_huge_page_next_to_nothing_is_taken(server: Server) -> None:
    asked(f"{server.url}/huge")
    assert server.sent < 20_000_000


def test_a_host_that_asks_for_quiet_gets_it(server: Server) -> None:
    urls = [f"{server.url}/{name}" for name in ("429", "there", "new")]
    found = Asker("Lectern", PATIENCE, PAUSE).outcomes(urls)
    assert {outcome.said for outcome in found.values()} == {"its host wants no more requests for now (429)"}
    assert len(server.pages()) == 1


def test_a_host_is_asked_one_thing_at_a_time_and_others_beside_it() -> None:
    servers = [Server() for _ in range(3)]
    together = threading.Barrier(3)
    for server in servers:
        server.together = together
    start = time.monotonic()
    try:
        urls = [f"{server.url}/{at}" for server in servers for at in range(900, 904)]
        found = Asker("Lectern", PATIENCE, 0.2).outcomes(urls)
    finally:
        for server in servers:
            server.http.shutdown()
            server.http.server_close()
    took = time.monotonic() - start
    assert len(found) == 12
    assert [server.most for server in servers] == [1, 1, 1]
    assert took >= 0.8, "five requests a host are four pauses"
    assert not together.broken, "no host waits for another"


def test_a_host_that_nobody_knows_is_gone() -> None:
    assert asked("http://nobody.invalid/") in (
        Outcome("dead", "there is no such host"),
        Outcome("silent", "its host could not be looked up"),  # where there is no line to ask by
    )


def test_hosts_of_which_none_is_known_say_more_of_our_own_line() -> None:
    urls = [f"http://{name}.invalid/" for name in ("one", "two", "three")]
    found = Asker("Lectern", PATIENCE, PAUSE).outcomes(urls)
    assert {outcome.kind for outcome in found.values()} == {"silent"}


def test_what_may_be_our_own_line_is_not_kept(linking: Drawn, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(Asker, "outcomes", lambda _, urls: dict.fromkeys(urls, asking.OFFLINE))
    assert {p.rule for p in online.findings(linking, tmp_path / "cache", lambda _: None)} == {"link-not-answered"}
    assert remembered.load(tmp_path / "cache", linking.day) == {}


def test_a_host_to_which_several_lead_is_asked_one_thing_at_a_time(server: Server) -> None:
    others = [Server() for _ in range(3)]
    urls = [f"{other.url}/to?{server.url}/wait?{at}" for at, other in enumerate(others)]
    try:
        found = Asker("Lectern", PATIENCE, PAUSE).outcomes(urls)
    finally:
        for other in others:
            other.http.shutdown()
            other.http.server_close()
    assert set(found.values()) == {Outcome("there")}
    assert len(server.pages()) == 3
    assert server.most == 1


def test_a_password_is_told_to_nobody_and_makes_no_other_host(
    site: Site, server: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(asking, "PAUSE", PAUSE)
    secret = server.url.replace("//", "//ada:swordfish@")
    site.post("a", f"[One]({secret}/404) [two]({server.url}/404) [three]({secret}/old)\n")
    told: list[str] = []
    found = list(online.findings(drawn(site.content, tmp_path / "drawn"), tmp_path / "cache", told.append))
    assert told == ["Asking for 2 links at 1 host …"]
    assert server.most == 1
    assert "swordfish" not in (tmp_path / "cache" / remembered.NAME).read_text("utf-8")
    assert not [problem for problem in found if "swordfish" in problem.message or problem.fix]
    assert {problem.rule for problem in found} == {"dead-link", "moved-link"}


def test_what_several_lead_to_is_asked_once(server: Server) -> None:
    asker = Asker("Lectern", PATIENCE, PAUSE)
    assert len(asker.outcomes([f"{server.url}/{name}" for name in ("old", "older", "new")])) == 3
    assert server.pages().count(("HEAD", "/new")) == 1


@pytest.mark.parametrize("to", ["mailto:ada@example.org", "http://[::1"])
def test_a_redirect_to_no_page_is_told(to: str, server: Server) -> None:
    assert asked(f"{server.url}/to?{to}") == Outcome("silent", f"it leads to `{to}`, which is no page")


def test_a_host_that_refuses_is_asked_again_another_day() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert asked(f"http://127.0.0.1:{port}/").kind == "silent"


@pytest.mark.parametrize(
    "url", ["http://[::1", "http://127.0.0.1:99999/", "http:///x", "http://a..b/", "http://\u2603\udc80.example/"]
)
def test_what_is_no_address_harms_nobody(url: str) -> None:
    assert asked(url).kind in {"silent", "dead"}


@pytest.mark.skipif(shutil.which("openssl") is None, reason="a certificate is made by openssl")
def test_a_certificate_of_ones_own_is_not_valid(tmp_path: Path) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    command = f"openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -keyout {key} -out {certificate}"
    subprocess.run(command.split(), check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def greet() -> None:
            connection, _ = listening.accept()
            with connection, suppress(OSError):
                context.wrap_socket(connection, server_side=True).close()

        threading.Thread(target=greet, daemon=True).start()
        said = asked(f"https://127.0.0.1:{listening.getsockname()[1]}/").said
    assert said.startswith("its certificate is not valid (")


def test_encryption_where_there_is_none(server: Server) -> None:
    assert asked(server.url.replace("http:", "https:")).said == "no encrypted connection could be made"


@pytest.mark.parametrize(
    ("text", "path", "allowed"),
    [
        pytest.param("", "/x", True, id="nothing"),
        pytest.param("User-agent: *\nDisallow:\n", "/x", True, id="nothing forbidden"),
        pytest.param("User-agent: *\nDisallow: /\n", "/x", False, id="all"),
        pytest.param("User-agent: Other\nDisallow: /\n", "/x", True, id="another"),
        pytest.param("User-agent: *\nDisallow: /\n\nUser-agent: lectern\nDisallow: /y\n", "/x", True, id="our own group"),
        pytest.param("User-agent: Other\nUser-agent: Lectern\nDisallow: /\n", "/x", False, id="a group of two"),
        pytest.param("User-agent: *\nDisallow: /a\nAllow: /a/b\n", "/a/b/c", True, id="the longest wins"),
        pytest.param("User-agent: *\nAllow: /a\nDisallow: /a\n", "/a", True, id="of equals, what allows"),
        pytest.param("User-agent: *\nDisallow: /*.pdf$\n", "/x/y.pdf", False, id="a star and an end"),
        pytest.param("User-agent: *\nDisallow: /*.pdf$\n", "/x/y.pdf?z", True, id="not at the end"),
        pytest.param("# no\nUser-agent: * # all\nDisallow: /x # this\n", "/x", False, id="comments"),
        pytest.param("Disallow: /\n", "/x", True, id="a rule for nobody"),
        pytest.param("\x00\xff what", "/x", True, id="garbage"),
    ],
)  # fmt: skip
def test_what_robots_allow(text: str, path: str, allowed: bool) -> None:  # noqa: FBT001  a column of the table
    assert robots.allows(text, "Lectern", path) is allowed


@pytest.fixture
def linking(site: Site, server: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Drawn:
    """A site whose author links to the server."""
    monkeypatch.setattr(asking, "PAUSE", PAUSE)
    monkeypatch.setattr(requests, "TIMEOUT", 5.0)
    url = server.url
    site.post(
        "a", f"[There]({url}/there) [gone]({url}/404)\n[moved]({url}/old#part)\n[no]({url}/private/x) `{url}/code`\n"
    )
    site.post("b", f"[There too]({url}/there#elsewhere)\n\n[Gone]({url}/404) [door]({url}/to-the-door)\n")
    site.write("speaker.toml", f'{SPEAKER}[[profiles]]\nlabel = "Me"\nurl = "{url}/410"\n')
    return drawn(site.content, tmp_path / "drawn")


def test_the_authors_links_and_no_others_are_asked_for_once_and_placed(
    linking: Drawn, server: Server, tmp_path: Path
) -> None:
    told: list[str] = []
    found = list(online.findings(linking, tmp_path / "cache", told.append))
    url = server.url
    assert sorted((short(p, linking.content), p.line, p.rule) for p in found) == [
        ("posts/a.md", 4, "dead-link"),
        ("posts/a.md", 5, "moved-link"),
        ("posts/a.md", 6, "link-not-answered"),
        ("posts/b.md", 6, "dead-link"),
        ("posts/b.md", 6, "moved-link"),
        ("speaker.toml", 9, "dead-link"),
    ]
    assert told == ["Asking for 6 links at 1 host …"]
    assert sorted(set(server.pages())) == [
        ("GET", "/404"),
        ("GET", "/410"),
        ("HEAD", "/"),
        ("HEAD", "/404"),
        ("HEAD", "/410"),
        ("HEAD", "/new"),
        ("HEAD", "/old"),
        ("HEAD", "/there"),
        ("HEAD", "/to-the-door"),
    ]
    assert len(server.pages()) == 9
    assert [problem.fix for problem in found if problem.fix] == [(Edit(5, f"{url}/old#part", f"{url}/new#part"),)]
    (moved,) = [str(problem) for problem in found if "#part" in problem.message]
    assert moved.endswith(f"posts/a.md:5: {url}/old#part moved; write {url}/new#part")


def test_answers_are_kept_for_a_week_and_bad_ones_for_a_day(linking: Drawn, server: Server, tmp_path: Path) -> None:
    def asked_on(day: dt.date) -> list[str]:
        server.heard.clear()
        before = list(online.findings(linking._replace(day=day), tmp_path / "cache", lambda _: None))
        assert len(before) == 6
        return sorted({path for _, path in server.pages()})

    day = linking.day
    everything = ["/", "/404", "/410", "/new", "/old", "/there", "/to-the-door"]
    assert asked_on(day) == everything
    assert asked_on(day) == []
    assert server.heard == []
    assert asked_on(day + dt.timedelta(days=1)) == ["/404", "/410"]
    assert asked_on(day + dt.timedelta(days=6)) == ["/404", "/410"]
    assert asked_on(day + dt.timedelta(days=7)) == everything
    assert asked_on(day) == everything, "what was found on a later day is not known yet"


def test_a_cache_that_cannot_be_read_or_written_is_no_matter(linking: Drawn, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    cache.mkdir()
    for text in (b"\xff", b"[]", b'{"x": {"day": "tomorrow"}}'):
        (cache / remembered.NAME).write_bytes(text)
        assert remembered.load(cache, linking.day) == {}
    assert len(list(online.findings(linking, cache, lambda _: None))) == 6
    assert len(json.loads((cache / remembered.NAME).read_bytes())) == 6
    (tmp_path / "file").write_text("", "utf-8")
    assert len(list(online.findings(linking, tmp_path / "file", lambda _: None))) == 6

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import parse_qsl

import pytest
from patience import PATIENCE, wait_until
from sites import EPOCH, ROOT, SPEAKER, Site

import tasks
from plugins.addresses.book import AddressBook
from plugins.ledger import Present, Published, load, written
from plugins.problems import SiteError
from tools.announcing import command, pings
from tools.announcing.changes import due, essence, first
from tools.announcing.pings import Ping, PingError, indexnow, send, websub
from tools.build import build
from tools.faults import BuildError
from tools.journal import Memory
from tools.program import Commands
from tools.staging import apply

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

KEY = "0123456789abcdef"


class Heard(NamedTuple):
    """A request as a server got it."""

    path: str
    type: str
    agent: str
    body: bytes


class Server:
    """A search engine or a hub on this computer, which answers with a status once it may."""

    def __init__(self) -> None:
        self.heard: list[Heard] = []
        self.status = 200
        self.may_answer = threading.Event()
        self.may_answer.set()
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                server.heard.append(Heard(self.path, self.headers["Content-Type"], self.headers["User-Agent"], body))
                server.may_answer.wait(PATIENCE)
                self.send_response(server.status)
                self.send_header("Location", "/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def do_GET(self) -> None:
                server.heard.append(Heard(self.path, "GET", "", b""))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        threading.Thread(target=self.http.serve_forever, args=(0.05,), daemon=True).start()
        self.url = f"http://127.0.0.1:{self.http.server_port}/here"

    def pages(self) -> list[str]:
        """Give the addresses that were told, in short, and forget them."""
        found = [url for one in self.heard for url in json.loads(one.body)["urlList"]]
        self.heard.clear()
        return sorted(url.removeprefix("https://ada.example.org/") for url in found)

    def feeds(self) -> list[str]:
        found = [dict(parse_qsl(one.body.decode())) for one in self.heard]
        self.heard.clear()
        assert all(one.keys() == {"hub.mode", "hub.url"} and one["hub.mode"] == "publish" for one in found)
        return sorted(one["hub.url"].removeprefix("https://ada.example.org/") for one in found)


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    yield from _served(monkeypatch)


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    yield from _served(monkeypatch)


def _served(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setenv("no_proxy", "*")
    server = Server()
    yield server
    server.may_answer.set()
    server.http.shutdown()
    server.http.server_close()


@pytest.fixture
def publish(site: Site, engine: Server, hub: Server, monkeypatch: pytest.MonkeyPatch) -> Callable[..., command.Outcome]:
    """Build the site as a project of its own, and announce it."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", EPOCH)
    root = site.content.parent
    config = root / "publishconf.py"
    config.write_text(f"import runpy\nglobals().update(runpy.run_path({str(ROOT / 'publishconf.py')!r}))\n", "utf-8")
    site.write("speaker.toml", f'{SPEAKER}indexnow = "{KEY}"\nhub = "{hub.url}"\n')

    def published(**options: bool) -> command.Outcome:
        build(config, site.content, site.output)
        return command.announce(root, site.output, endpoint=engine.url, **options)

    return published


def all_pages(site: Site) -> list[str]:
    """Give the addresses of the sitemap, in short."""
    return sorted(re.findall("<loc>https://ada.example.org/(.*?)</loc>", site.read("sitemap.xml")))


def all_feeds(site: Site) -> list[str]:
    """Give every feed of the site."""
    names = (path.relative_to(site.output).as_posix() for path in site.output.rglob("*"))
    return sorted(name for name in names if name.rpartition("/")[2] in {"feed.xml", "atom.xml", "feed.json"})


def test_the_first_announcement_tells_all_and_the_next_only_what_changed(
    site: Site, publish: Callable[..., command.Outcome], engine: Server, hub: Server
) -> None:
    site.post("a")
    site.post("b")
    outcome = publish()
    assert outcome.warnings == ()
    assert outcome.lines == (
        "Wrote content/published.toml: 4 entries new or changed. Keep it with your posts.",
        f"Told {engine.url} of {len(all_pages(site))} addresses.",
        f"Told {hub.url} of {len(all_feeds(site))} addresses.",
    )
    (heard,) = engine.heard
    assert (heard.path, heard.type) == ("/here", "application/json; charset=utf-8")
    assert heard.agent == "Lectern (+https://ada.example.org/)"
    said = json.loads(heard.body)
    assert said.pop("urlList")
    assert said == {
        "host": "ada.example.org",
        "key": KEY,
        "keyLocation": f"https://ada.example.org/{KEY}.txt",
    }
    assert {"", "a/", "b/"} < set(all_pages(site))
    assert engine.pages() == all_pages(site)
    assert {one.type for one in hub.heard} == {"application/x-www-form-urlencoded"}
    assert hub.feeds() == all_feeds(site)

    assert publish().lines[1:] == ("Nobody needs to be told: nothing has changed since the last announcement.",)
    assert engine.heard == hub.heard == []

    site.post("a", "Other words.\n")
    publish()
    assert "a/" in engine.pages()
    assert {"atom.xml", "feed.xml"} <= set(hub.feeds())

    (site.content / "posts/b.md").unlink()
    publish()
    assert engine.pages() == ["", "b/"]
    assert load(site.content / "published.toml", "p")["posts/b.md"].gone


def test_a_theme_that_changes_around_the_texts_is_no_news(
    site: Site, publish: Callable[..., command.Outcome], engine: Server, hub: Server
) -> None:
    site.post("a")
    publish()
    engine.heard.clear()
    hub.heard.clear()
    site.write("doors/style.css", "main { color: red }\n")
    site.write("doors/header.html", "<p>Hello</p>\n")
    site.write("doors/after-post.html", "<p>Hello</p>\n")
    publish()
    assert engine.heard == hub.heard == []


def test_a_new_post_is_told_without_its_neighbours(
    site: Site, publish: Callable[..., command.Outcome], engine: Server
) -> None:
    site.post("a")
    publish()
    engine.heard.clear()
    site.post("b", date="2026-05-06")
    publish()
    assert engine.pages() == ["", "b/"]


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (400, "it answered 400 Bad Request"),
        (403, f"it answered 403 Forbidden), see that https://ada.example.org/{KEY}.txt is online"),
        (500, "it answered 500 Internal Server Error"),
        (301, "it answered 301 Moved Permanently"),
        (307, "it answered 307 Temporary Redirect"),
        (599, "it answered 599)"),
    ],
)
def test_what_was_refused_is_a_warning(
    site: Site, publish: Callable[..., command.Outcome], engine: Server, status: int, reason: str
) -> None:
    engine.status = status
    (warning,) = publish().warnings
    assert warning.startswith(f"could not tell {engine.url} of {len(all_pages(site))} addresses ({reason}")
    assert warning.endswith("; the next announcement tells it")
    assert [one.path for one in engine.heard] == ["/here"]


def test_what_was_refused_is_told_again_and_only_that(
    site: Site, publish: Callable[..., command.Outcome], engine: Server, hub: Server
) -> None:
    site.post("a")
    engine.status, hub.status = 429, 202
    assert len(publish().warnings) == 1
    assert hub.feeds() == all_feeds(site)
    engine.heard.clear()
    engine.status = 202
    assert publish().warnings == ()
    assert engine.pages() == all_pages(site)
    assert hub.heard == []


def test_nobody_is_waited_for_too_long(engine: Server) -> None:
    engine.may_answer.clear()
    ping = Ping(engine.url, "text/plain", b"", ())
    start = time.monotonic()
    with pytest.raises(PingError, match=r"no answer within 0\.2 seconds"):
        send(ping, "x", timeout=0.2)
    assert time.monotonic() - start < PATIENCE / 2


def test_a_server_that_is_not_there_and_one_that_talks_nonsense() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/"
        with pytest.raises(PingError, match="refused"):
            send(Ping(url, "text/plain", b"", ()), "x", timeout=PATIENCE)
        taken.listen()

        def nonsense() -> None:
            with taken.accept()[0] as caller:
                caller.sendall(b"SSH-2.0\r\n\r\n")

        threading.Thread(target=nonsense, daemon=True).start()
        with pytest.raises(PingError):
            send(Ping(url, "text/plain", b"", ()), "x", timeout=PATIENCE)


def test_a_hub_that_is_silent_is_waited_for_once(
    site: Site, publish: Callable[..., command.Outcome], hub: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.post("a")
    hub.may_answer.clear()

    def impatient(ping: Ping, agent: str) -> None:
        send(ping, agent, timeout=0.9 if ping.to == hub.url else PATIENCE)

    monkeypatch.setattr(command, "send", impatient)
    (warning,) = publish().warnings
    feeds = len(all_feeds(site))
    assert (
        warning
        == f"could not tell {hub.url} of {feeds} addresses (no answer within 0.9 seconds); the next announcement tells it"
    )
    assert len(hub.heard) == 1
    monkeypatch.setattr(command, "send", send)
    hub.may_answer.set()
    assert publish().warnings == ()
    assert len(hub.heard) == 1 + feeds


@pytest.mark.parametrize("url", ["http://hub.example/", "file:///etc/passwd", "ftp://127.0.0.1/", "", "https://[x/"])
def test_nothing_is_sent_unencrypted_to_another_host(url: str) -> None:
    with pytest.raises(PingError):
        send(Ping(url, "text/plain", b"", ()), "x", timeout=0.1)


def test_a_dry_run_writes_and_sends_nothing(
    site: Site, publish: Callable[..., command.Outcome], engine: Server, hub: Server
) -> None:
    site.post("a")
    for _ in range(2):
        lines = publish(dry_run=True).lines
        assert lines[0] == "Would write content/published.toml: 3 entries new or changed."
        assert lines[1:3] == (f"Would tell {engine.url}:", "  https://ada.example.org/")
        feeds = [f"  https://ada.example.org/{name}" for name in all_feeds(site)]
        assert lines[lines.index(f"Would tell {hub.url}:") + 1 :] == tuple(feeds)
    assert engine.heard == hub.heard == []
    assert not (site.content / "published.toml").exists()
    assert not list((site.content.parent / ".cache/announcing").glob("told-*"))


def book(*here: Present, **more: object) -> AddressBook:
    values = {
        "content": "/c",
        "root": "https://x.example/blog",
        "presents": here,
        "waiting": (),
        "pages": (),
        "feeds": (),
    }
    return AddressBook(**values | {"indexnow": KEY, "hub": "https://hub.example/"} | more)


def test_many_addresses_go_in_several_requests() -> None:
    found = list(indexnow(book(), [f"https://x.example/blog/é{at}/" for at in range(20_001)]))
    assert [len(json.loads(ping.body)["urlList"]) for ping in found] == [10_000, 10_000, 1]
    assert json.loads(found[2].body) == {
        "host": "x.example",
        "key": KEY,
        "keyLocation": f"https://x.example/blog/{KEY}.txt",
        "urlList": ["https://x.example/blog/%C3%A920000/"],
    }
    assert found[0].to == "https://api.indexnow.org/indexnow"
    assert dict(parse_qsl(next(websub(book(), ["https://x.example/?a=b&c"])).body.decode())) == {
        "hub.mode": "publish",
        "hub.url": "https://x.example/?a=b&c",
    }


def test_one_of_several_requests_may_fail(
    site: Site, publish: Callable[..., command.Outcome], engine: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pings, "MOST", 2)
    site.post("a")
    sent = command.send

    def flaky(ping: Ping, agent: str) -> None:
        if "https://ada.example.org/a/" in ping.urls:
            raise PingError("no")
        sent(ping, agent)

    monkeypatch.setattr(command, "send", flaky)
    assert len(publish().warnings) == 1
    told = engine.pages()
    assert len(told) < len(all_pages(site))
    monkeypatch.setattr(command, "send", sent)
    publish()
    assert sorted([*engine.pages(), *told]) == all_pages(site)


NOW = {f"https://x.example/blog/{url}": url or "home" for url in ("", "a/", "b/", "card/")}


@pytest.mark.parametrize(
    ("ledger", "told"),
    [
        pytest.param({}, ["", "a/", "b/", "card/"], id="never published"),
        pytest.param(
            {"posts/a.md": Published("x", ("a/",)), "posts/b.md": Published("y", ("b/",))}, [], id="all known"
        ),
        pytest.param({"posts/a.md": Published("x", ("a/",))}, ["", "b/"], id="one is new"),
        pytest.param(
            {"posts/a.md": Published("x", ("a/",)), "posts/b.md": Published("y", ("c/", "old/"))},
            ["", "b/", "old/"],
            id="one has moved",
        ),
    ],
)
def test_without_memory_the_ledger_tells_what_is_new(ledger: dict[str, Published], told: list[str]) -> None:
    here = book(Present("posts/a.md", "a/"), Present("posts/b.md", "b/"))
    known = first(here, ledger, NOW, {"feed": "1"})
    assert [url.removeprefix("https://x.example/blog/") for url in due(known.pages, NOW)] == told
    assert known.feeds == ({} if told else {"feed": "1"})


def test_memory_may_be_lost_or_damaged(
    site: Site, publish: Callable[..., command.Outcome], engine: Server, hub: Server
) -> None:
    site.post("a")
    publish()
    engine.heard.clear()
    hub.heard.clear()
    (memory,) = (site.content.parent / ".cache/announcing").glob("told-*")
    memory.write_bytes(b'{"root"')
    assert (
        publish().lines[1]
        == "No earlier announcement is remembered here; what content/published.toml knew counts as told."
    )
    assert engine.heard == hub.heard == []


def test_killed_after_the_ledger_nobody_is_forgotten(
    site: Site, publish: Callable[..., command.Outcome], engine: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.post("a")
    with monkeypatch.context() as patched:
        patched.setattr(command, "send", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            publish()
    assert (site.content / "published.toml").exists()
    publish()
    assert "a/" in engine.pages()


def test_at_a_new_address_everything_is_new_and_at_a_new_hub_the_feeds(
    site: Site, publish: Callable[..., command.Outcome], engine: Server, hub: Server
) -> None:
    site.post("a")
    publish()
    hub.heard.clear()
    text = (site.content / "speaker.toml").read_text("utf-8")
    site.write("speaker.toml", text.replace(hub.url, f"{hub.url}/2"))
    publish()
    assert {one.path for one in hub.heard} == {"/here/2"}
    engine.heard.clear()
    site.write("speaker.toml", text.replace("ada.example.org", "b.example"))
    publish()
    assert json.loads(engine.heard[0].body)["host"] == "b.example"
    assert all(url.startswith("https://b.example/") for url in engine.pages())


def test_who_asked_for_nothing_is_told_nothing_and_later_only_news(
    site: Site, publish: Callable[..., command.Outcome], engine: Server, hub: Server
) -> None:
    site.post("a")
    configured = (site.content / "speaker.toml").read_text("utf-8")
    site.write("speaker.toml", SPEAKER)
    assert publish().lines[-1].startswith("Nobody else is told")
    site.write("speaker.toml", configured)
    publish()
    # Not even the feeds: none of them has changed but by naming its hub.
    assert engine.heard == []
    assert set(hub.feeds()) <= set(all_feeds(site))


def test_the_whole_life_of_a_post_in_the_ledger(site: Site, publish: Callable[..., command.Outcome]) -> None:
    path = site.content / "published.toml"
    site.post("one")
    site.post("two", status="draft")
    publish()
    assert set(load(path, "p")) == {"pages/speaking.md", "pages/subscribe.md", "posts/one.md"}
    raw = path.read_bytes()
    path.write_bytes(raw.replace(b"\n", b"\r\n"))
    assert publish().lines[0] == "content/published.toml is as it should be."
    assert path.read_bytes() == raw.replace(b"\n", b"\r\n")
    site.post("one", title="Uno", slug="uno")
    publish()
    assert load(path, "p")["posts/one.md"].addresses == ("one/", "uno/")
    assert b"\r" not in path.read_bytes()
    (site.content / "posts/one.md").unlink()
    site.post("eins", title="Uno")
    with pytest.raises(SiteError, match=r"eins\.md:1: this looks like posts/one\.md"):
        publish()
    site.post("eins", title="Uno", id="https://ada.example.org/one/")
    publish()
    ledger = load(path, "p")
    assert "posts/one.md" not in ledger
    assert ledger["posts/eins.md"].addresses == ("one/", "uno/", "eins/")
    assert "https://ada.example.org/one/" in site.read("feed.xml")


def test_a_ledger_that_cannot_be_written_stays_as_it_was(
    site: Site, publish: Callable[..., command.Outcome], monkeypatch: pytest.MonkeyPatch
) -> None:
    site.post("one")
    publish()
    before = (site.content / "published.toml").read_bytes()
    site.post("two")
    publish(dry_run=True)
    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(OSError("disk full")))
        with pytest.raises(OSError, match="disk full"):
            command.announce(site.content.parent, site.output)
    assert (site.content / "published.toml").read_bytes() == before
    assert sorted(path.name for path in site.content.iterdir()) == ["pages", "posts", "published.toml", "speaker.toml"]


def test_a_writer_killed_at_any_moment_leaves_a_whole_file(tmp_path: Path) -> None:
    """A process writes the ledger again and again; it is killed while it does."""
    path = tmp_path / "published.toml"
    versions = [written({f"posts/{at}-{n}.md": Published(f"{at}{n}", ("a/",)) for at in range(2000)}) for n in "ab"]
    texts = tmp_path / "versions.json"
    texts.write_text(json.dumps(versions), "utf-8")
    code = (
        "import json, sys, itertools; sys.path.insert(0, '.'); from pathlib import Path\n"
        "from tools.replacing import replace\n"
        f"one = json.loads(Path({str(texts)!r}).read_text('utf-8'))\n"
        f"for text in itertools.cycle(one): replace(Path({str(path)!r}), text.encode())\n"
    )
    for delay in (0.0, 0.003, 0.011):
        process = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT)
        wait_until(path.exists)
        time.sleep(0.05 + delay)
        process.kill()
        process.wait()
        assert path.read_text("utf-8") in versions


def test_what_was_not_built_for_the_public_is_not_announced(
    site: Site, publish: Callable[..., command.Outcome]
) -> None:
    root = site.content.parent
    with pytest.raises(BuildError, match="holds no finished build"):
        command.announce(root, site.output)
    publish()
    config = root / "publishconf.py"
    public = config.read_text("utf-8")
    # Another length: of two files alike in it, Python takes the compiled first one within the same second.
    config.write_text(public.replace("publishconf.py", "pelicanconf.py") + "#\n", "utf-8")
    build(config, site.content, site.output)
    with pytest.raises(BuildError, match="holds no finished build"):
        command.announce(root, site.output)
    config.write_text(public, "utf-8")
    publish()
    shutil.rmtree(site.output)
    with pytest.raises(BuildError, match="holds no finished build"):
        command.announce(root, site.output)


def test_an_output_that_was_changed_by_hand_is_told(site: Site, publish: Callable[..., command.Outcome]) -> None:
    site.post("a")
    publish()
    (site.output / "a/index.html").unlink()
    with pytest.raises(BuildError, match=r"a/index\.html is missing; build the site anew"):
        command.announce(site.content.parent, site.output)


@pytest.mark.parametrize(
    ("one", "two", "same"),
    [
        ("<header>1</header><main><article>x</article><nav>a</nav></main>", "<main><article>x</article></main>", True),
        ("<main><article>x</article></main>", "<main><article>y</article></main>", False),
        ("<main><article>x<script src=a.1.js></script></article></main>", "<main><article>x</article></main>", True),
    ],
)
def test_what_a_page_says(one: str, two: str, *, same: bool) -> None:
    assert (essence(one, alone=True) == essence(two, alone=True)) is same
    assert essence("<main>a<nav>b</nav></main>", alone=False) == "<main>a</main>"
    assert essence("<p>no main</p>", alone=False) == "<p>no main</p>"


def test_hidden_folders_are_moved_in_and_taken_away(tmp_path: Path) -> None:
    site, output = tmp_path / "staged/site", tmp_path / "output"
    (site / ".well-known").mkdir(parents=True)
    (site / ".well-known/security.txt").write_text("x", "utf-8")
    apply(site, output, Memory(str(tmp_path / "memory")))
    assert (output / ".well-known/security.txt").read_text("utf-8") == "x"
    site.mkdir(exist_ok=True)
    (site / "index.html").write_text("x", "utf-8")
    shutil.rmtree(site / ".well-known")
    apply(site, output, Memory(str(tmp_path / "memory")))
    assert not (output / ".well-known").exists()


def test_the_command_prints_and_ends_well_whatever_the_servers_say(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def announced(root: Path, output: Path, *, dry_run: bool) -> command.Outcome:
        assert (root, output, dry_run) == (ROOT, ROOT / "output", True)
        return command.Outcome(("Wrote it.",), ("could not tell",))

    monkeypatch.setattr(command, "announce", announced)
    Commands(tasks.Collection.from_module(tasks)).run(["tasks.py", "announce", "--dry-run"])
    told = capsys.readouterr()
    assert (told.out, told.err) == ("Wrote it.\n", "Warning: could not tell\n")


def test_two_announcements_at_once_come_one_after_the_other(
    site: Site,
    publish: Callable[..., command.Outcome],
    engine: Server,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    site.post("a")
    publish(dry_run=True)
    engine.may_answer.clear()
    # The second one waits for the first, which waits for the engine, which waits until the second one does.
    monkeypatch.setattr("tools.holding.time.sleep", lambda _: engine.may_answer.set())
    root, outcomes = site.content.parent, []

    def announced() -> None:
        outcomes.append(command.announce(root, site.output, endpoint=engine.url))

    threads = [threading.Thread(target=announced) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert [outcome.warnings for outcome in outcomes] == [(), ()]
    assert engine.pages() == all_pages(site)
    assert capsys.readouterr().err == "Another announcement is running; waiting …\n"
    assert set(load(site.content / "published.toml", "p")) == {"pages/speaking.md", "pages/subscribe.md", "posts/a.md"}

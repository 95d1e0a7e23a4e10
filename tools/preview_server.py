"""The preview's web server: for this computer only, and every page it sends hears of the next build."""

from __future__ import annotations

import json
import socketserver
import sys
from http import HTTPStatus
from http.client import HTTP_PORT
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

from plugins import media
from plugins.search.indexing import RECORDS
from tools import site_files
from tools.finding import FOLDER, Finder
from tools.likeness import Likeness, likeness
from tools.preview_pages import NOT_BUILT, NOTHING_HERE, with_script

if TYPE_CHECKING:
    from tools.live import Live, State

HOST = "127.0.0.1"
HEARTBEAT = 2.0  # seconds; a page that was closed is noticed at the second one
_NOT_FOUND = HTTPStatus.NOT_FOUND
_SCRIPT = Path(__file__).with_name("reload.js")


class PreviewServer(ThreadingHTTPServer):
    """Serves the files in `folder` below the path `base`. Raises `OSError` where the port is taken."""

    daemon_threads = True
    # Windows would let two servers share one port.
    allow_reuse_address = sys.platform != "win32"

    def __init__(self, port: int, folder: Path, live: Live) -> None:
        """Listen on 127.0.0.1; port 0 takes any free one."""
        super().__init__((HOST, port), Handler)
        self.folder = folder
        self.base = ""
        self.live = live
        self.finder = Finder(folder)

    @property
    def address(self) -> str:
        """The address of the site's home page."""
        return f"http://{HOST}:{self.server_port}{self.base}/"

    def server_bind(self) -> None:
        """Bind without asking for this computer's full name, which can take seconds."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = HOST, int(self.server_address[1])

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of browsers that hang up."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


class Handler(BaseHTTPRequestHandler):
    """Answers one browser."""

    server: PreviewServer
    timeout = 30.0  # seconds; browsers open connections that they may never use

    def do_GET(self) -> None:
        """Send a file of the site or of its search index, the reload script or the events."""
        path = self.path.partition("?")[0]
        # A page of another host whose name leads here could read drafts otherwise (DNS rebinding).
        if self.headers.get("Host") not in self._own_hosts():
            self.send_error(HTTPStatus.MISDIRECTED_REQUEST)
        elif path == "/_preview/events" and self.command == "GET":
            self._send_events()
        elif path == "/_preview/reload.js":
            self._send(HTTPStatus.OK, _SCRIPT, [])
        elif not self.server.live.state.build:
            self._send_page(NOT_BUILT, [], HTTPStatus.SERVICE_UNAVAILABLE)
        else:
            self._send_file()

    def do_HEAD(self) -> None:
        """Send the same without the file."""
        self.do_GET()

    def log_message(self, *_: object) -> None:
        """Leave the terminal to builds and their problems."""

    def _own_hosts(self) -> set[str]:
        # Browsers leave the web's own port out.
        port = "" if self.server.server_port == HTTP_PORT else f":{self.server.server_port}"
        return {f"{name}{port}" for name in (HOST, "localhost", "[::1]")}

    def _send_file(self) -> None:
        site = self.server
        found = site_files.answer(site.folder, site.base, self.path)
        public = site_files.public_place(site.folder, site.base, self.path) if found.status is _NOT_FOUND else None
        if public:
            found = site_files.Answer(HTTPStatus.FOUND, location=public)
        headers = site_files.headers(site.folder, site.base)
        path = self.path.partition("?")[0]
        index = f"{site.base}/{FOLDER}/"
        data = site.finder.file(path.removeprefix(index)) if path.startswith(index) else None
        if data is not None:
            self._send_bytes(data, [*headers, ("Content-Type", media.content_type(path))])
        elif found.location:
            self._head(found.status, [("Location", found.location), ("Content-Length", "0")])
        elif found.file:
            self._send(found.status, found.file, headers)

    def _send(self, status: HTTPStatus, file: Path, headers: list[tuple[str, str]]) -> None:
        try:
            data, kind = file.read_bytes(), media.content_type(file.name)
        except FileNotFoundError:
            self._send_page(NOTHING_HERE, headers, status)
            return
        if kind.startswith("text/html"):
            self._send_page(data, headers, status)
        else:
            encoding = media.content_encoding(file.name)
            more = [("Content-Type", kind), *([("Content-Encoding", encoding)] if encoding else [])]
            self._send_bytes(data, [*headers, *more], status)

    def _send_page(self, page: bytes, headers: list[tuple[str, str]], status: HTTPStatus) -> None:
        """Send a page with the reload script at the end of its head, or of a page that has none."""
        state = self.server.live.state
        known = likeness(page, self._stamp) if state.build else Likeness("", "")
        data = with_script(page, state.build, known)
        self._send_bytes(data, [*headers, ("Content-Type", "text/html; charset=utf-8")], status)

    def _stamp(self, address: str) -> bytes | None:
        """Give what changes with the file at an address, of the search with its index; None where there is none."""
        site = self.server
        if address == f"{site.base}/{FOLDER}/":
            address += RECORDS
        found = site_files.answer(site.folder, site.base, address)
        if found.status is not HTTPStatus.OK or found.file is None:
            return None
        try:
            stat = found.file.stat()
        except OSError:
            return None
        # A build leaves a file alone whose bytes did not change.
        return f"{address} {stat.st_size} {stat.st_mtime_ns}".encode()

    def _send_bytes(self, data: bytes, headers: list[tuple[str, str]], status: HTTPStatus = HTTPStatus.OK) -> None:
        self._head(status, [*headers, ("Content-Length", str(len(data)))])
        if self.command == "GET":
            self.wfile.write(data)

    def _send_events(self) -> None:
        """Send each state as it comes, as https://html.spec.whatwg.org/multipage/server-sent-events.html has it."""
        self._head(HTTPStatus.OK, [("Content-Type", "text/event-stream; charset=utf-8")])
        self.wfile.write(b"retry: 500\n\n")
        seen: State | None = None
        while state := self.server.live.wait(seen, HEARTBEAT):
            data = f"data: {json.dumps(state._asdict())}\n\n" if state is not seen else ":\n\n"
            self.wfile.write(data.encode())
            seen = state

    def _head(self, status: HTTPStatus, headers: list[tuple[str, str]]) -> None:
        self.send_response(status)
        for name, value in headers:
            if name.lower() != "cache-control":
                self.send_header(name, value)
        self.send_header("Cache-Control", "no-store")
        self.end_headers()

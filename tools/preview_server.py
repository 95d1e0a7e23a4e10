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

from tools import site_files
from tools.finding import FOLDER, Finder

if TYPE_CHECKING:
    from tools.live import Live, State

HOST = "127.0.0.1"
HEARTBEAT = 2.0  # seconds; a page that was closed is noticed at the second one
_SCRIPT = Path(__file__).with_name("reload.js")
_ELEMENT = b'<script src="/_preview/reload.js?build=%s" defer></script>'
_NO_PAGE = (
    b"<!doctype html><html lang=en><head><meta charset=utf-8><title>Preview</title></head><p>There is no page here."
)


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
        headers = site_files.headers(site.folder, site.base)
        path = self.path.partition("?")[0]
        index = f"{site.base}/{FOLDER}/"
        data = site.finder.file(path.removeprefix(index)) if path.startswith(index) else None
        if data is not None:
            self._send_bytes(data, [*headers, ("Content-Type", site_files.content_type(Path(path)))])
        elif found.location:
            self._head(found.status, [("Location", found.location), ("Content-Length", "0")])
        elif found.file:
            self._send(found.status, found.file, headers)

    def _send(self, status: HTTPStatus, file: Path, headers: list[tuple[str, str]]) -> None:
        try:
            data, kind = file.read_bytes(), site_files.content_type(file)
        except FileNotFoundError:
            data, kind = _NO_PAGE, "text/html; charset=utf-8"
        if kind.startswith("text/html"):
            data = _with_script(data, self.server.live.state)
        self._send_bytes(data, [*headers, ("Content-Type", kind)], status)

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


def _with_script(page: bytes, state: State) -> bytes:
    """Put the reload script at the end of the head, or of a page that has none."""
    head, end, rest = page.partition(b"</head>")
    return head + _ELEMENT % state.build.encode() + end + rest

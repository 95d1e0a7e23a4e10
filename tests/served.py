"""A built site behind its own headers, as a static host would serve it."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, NamedTuple

from sites import pages_to_read

from plugins import media
from tools import site_files

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Served(NamedTuple):
    """A built site that can be visited."""

    folder: Path
    origin: str
    base: str

    def url(self, path: str = "") -> str:
        return f"{self.origin}{self.base}/{path}"

    def post(self, name: str) -> str:
        """Give the path of a post by its file's name, wherever its permalink puts it."""
        return (
            next(self.folder.rglob(f"{name}/index.html")).relative_to(self.folder).as_posix().removesuffix("index.html")
        )

    def all_urls(self) -> list[str]:
        """Give the address of every page for readers."""
        names = [path.relative_to(self.folder).as_posix() for path in pages_to_read(self.folder)]
        return [self.url(name.removesuffix("index.html")) for name in names]


def _handler(folder: Path, base: str) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = site_files.answer(folder, base, self.path)
            self.send_response(found.status)
            for name, value in site_files.headers(folder, base):
                self.send_header(name, value)
            if found.location:
                self.send_header("Location", found.location)
            data = found.file.read_bytes() if found.file else b""
            if found.file:
                self.send_header("Content-Type", media.content_type(found.file.name))
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            pass

    return Handler


def served(folder: Path, base: str) -> Iterator[Served]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _handler(folder, base)) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield Served(folder, f"http://127.0.0.1:{server.server_port}", base)
        server.shutdown()

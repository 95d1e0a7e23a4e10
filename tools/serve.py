"""The preview: the site with its drafts at an address on this computer, built anew whenever a file is saved."""

from __future__ import annotations

import sys
import threading
import time
import webbrowser
from typing import TYPE_CHECKING

from tools.builder import Builder
from tools.faults import BuildError
from tools.live import Live, State
from tools.output import check_place
from tools.preview_server import PreviewServer
from tools.staging import recover
from tools.watching import Watcher

if TYPE_CHECKING:
    from pathlib import Path

USUAL_PORT = 8000
_TRIES = 50


def serve(root: Path, content: Path, port: int | None = None, *, open_browser: bool = False) -> None:
    """Serve the project in `root` until Ctrl-C. Without a `port`, the first free one from 8000 on is taken.

    Raises `BuildError` where that cannot begin: no content folder, a port in use, a preview folder that is not ours.
    """
    output = root / ".preview"
    if not content.is_dir():
        raise BuildError([f"There is no content folder {content}."])
    recover(root)
    check_place(output, root, content)
    live = Live()
    server = listen(port, output, live)
    builder = Builder(root / "pelicanconf.py", content, output)
    try:
        watcher = Watcher(root, content)
        with watcher.at_work():
            threading.Thread(target=server.serve_forever, args=(0.1,), daemon=True).start()
            rebuild(builder, server)
            _tell(f"Preview: {server.address} (Ctrl-C ends it)")
            if open_browser:
                webbrowser.open(server.address)
            while True:
                watcher.wait()
                rebuild(builder, server)
    except KeyboardInterrupt:
        _tell("")
    finally:
        live.close()
        server.shutdown()
        server.server_close()
        builder.close()


def listen(port: int | None, folder: Path, live: Live) -> PreviewServer:
    """Give a server on the port, or on the first free one from the usual on. Raises `BuildError` where none is."""
    for candidate in [port] if port else range(USUAL_PORT, USUAL_PORT + _TRIES):
        try:
            return PreviewServer(candidate, folder, live)
        except (OSError, OverflowError):
            continue
    taken = f"Port {port}" if port else f"Every port from {USUAL_PORT} to {USUAL_PORT + _TRIES - 1}"
    raise BuildError([f"{taken} cannot be had; name a free one with --port."])


def rebuild(builder: Builder, server: PreviewServer) -> None:
    """Build once, and tell the terminal and the open pages what came of it."""
    start = time.perf_counter()
    outcome = builder.build()
    if outcome.problems:
        server.live.tell(server.live.state._replace(problems=outcome.problems))
        sys.stderr.write(f"{outcome.problems}\nNot built; the preview still shows the last good pages.\n")
        sys.stderr.flush()
        return
    server.base = outcome.base
    # No two builds share a name, not even those of two previews, one after the other, on one port.
    server.live.tell(State(build=str(time.time_ns())))
    for warning in outcome.warnings:
        sys.stderr.write(f"Warning: {warning}\n")
    _tell(f"Built {outcome.contents} in {time.perf_counter() - start:.1f} s.")


def _tell(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()

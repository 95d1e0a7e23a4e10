"""The preview: the site with its drafts at an address on this computer, built anew whenever a file is saved."""

from __future__ import annotations

import signal
import sys
import threading
import time
import webbrowser
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from tools.builder import Builder
from tools.excerpts import entries
from tools.faults import BuildError
from tools.live import Live, State
from tools.output import check_place
from tools.preview_server import PreviewServer
from tools.problem_print import print_problems
from tools.staging import recover
from tools.visible import spelt_out
from tools.watching import Watcher

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import FrameType

USUAL_PORT = 8000
_TRIES = 50
_ENDING = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]


def serve(root: Path, content: Path, port: int | None = None, *, open_browser: bool = False) -> None:
    """Serve the project in `root` until Ctrl-C. Without a `port`, the first free one from 8000 on is taken.

    Raises `BuildError` where that cannot begin: no content folder, a port in use, a preview folder that is not ours.
    """
    output = root / ".preview"
    if not content.is_dir():
        raise BuildError([f"There is no content folder {content}."])
    recover(root)
    check_place(output, root, content)
    with _until_told_to_end(), ExitStack() as closing:
        server = listen(port, output, Live())
        closing.callback(server.server_close)
        builder = Builder(root / "pelicanconf.py", content, output)
        closing.callback(builder.close)
        watcher = Watcher(root, content)
        closing.enter_context(watcher.at_work())
        threading.Thread(target=server.serve_forever, args=(0.1,), daemon=True).start()
        closing.callback(server.shutdown)
        closing.callback(server.live.close)
        _tell("Building the preview …")
        rebuild(builder, server, root)
        _tell(greeting(server, port))
        if open_browser:
            webbrowser.open(server.address)
        while True:
            changed = watcher.wait()
            if any(path.is_relative_to(root / "tools") for path in changed):
                _tell("The tools have changed: end this with Ctrl-C and start it again to work with the new ones.")
            rebuild(builder, server, root)


@contextmanager
def _until_told_to_end() -> Iterator[None]:
    """End the block in order at Ctrl-C, a polite kill or a closed terminal; a second one changes nothing."""
    told = False

    def end(*_: int | FrameType | None) -> None:
        nonlocal told
        if not told:
            told = True
            raise KeyboardInterrupt

    # What a shell has switched off, as for a command in its background or under nohup, stays off.
    heard = [number for number in _ENDING if signal.getsignal(number) is not signal.SIG_IGN]
    before = {number: signal.signal(number, end) for number in heard}
    try:
        yield
    except KeyboardInterrupt:
        _tell("")  # the terminal's own ^C stands in this line
    finally:
        for number, handler in before.items():
            # Who presses once more while Python itself ends gets no other ending.
            signal.signal(number, signal.SIG_IGN if told else handler)


def listen(port: int | None, folder: Path, live: Live) -> PreviewServer:
    """Give a server on the port, or on the first free one from the usual on. Raises `BuildError` where none is."""
    for candidate in [port] if port else range(USUAL_PORT, USUAL_PORT + _TRIES):
        try:
            return PreviewServer(candidate, folder, live)
        except (OSError, OverflowError):
            continue
    taken = f"Port {port}" if port else f"Every port from {USUAL_PORT} to {USUAL_PORT + _TRIES - 1}"
    raise BuildError([f"{taken} cannot be had; name a free one with --port."])


def rebuild(builder: Builder, server: PreviewServer, root: Path) -> None:
    """Build once, and tell the terminal and the open pages what came of it. Paths in problems count from `root`."""
    start = time.perf_counter()
    outcome = builder.build()
    if outcome.problems:
        problems = entries(outcome.problems, root)
        server.live.tell(server.live.state._replace(problems=problems))
        print_problems(problems)
        still = "the preview still shows the last good pages" if server.live.state.build else "there is no page yet"
        sys.stderr.write(f"Not built; {still}.\n")
        sys.stderr.flush()
        return
    server.base = outcome.base
    # No two builds share a name, not even those of two previews, one after the other, on one port.
    server.live.tell(State(build=str(time.time_ns())))
    for warning in outcome.warnings:
        sys.stderr.write(f"Warning: {spelt_out(warning)}\n")
    _tell(f"Built {outcome.contents} in {time.perf_counter() - start:.1f} s.")


def greeting(server: PreviewServer, wanted: int | None) -> str:
    """Give the line that says where the preview is, and why there, if nobody asked for this port."""
    if wanted is None and server.server_port != USUAL_PORT:
        return f"Preview: {server.address} (port {USUAL_PORT} is taken; Ctrl-C ends it)"
    return f"Preview: {server.address} (Ctrl-C ends it)"


def _tell(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()

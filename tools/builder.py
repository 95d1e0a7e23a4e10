"""Builds in a process of their own, so that each sees the plugins and settings as they are now.

`python -m tools.builder CONFIG CONTENT OUTPUT` loads Pelican, waits for a line on standard input, builds, and writes an
`Outcome` as JSON in the last line of its standard output. SIGTERM ends it, and leaves nothing half done behind.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

_PATIENCE = 5.0
"""Seconds for a build that was told to end; it first finishes the picture that it draws."""


class Outcome(NamedTuple):
    """What came of a build: `problems` is empty where it is good, else the lines that say why it is not."""

    problems: str = ""
    warnings: tuple[str, ...] = ()
    contents: str = ""
    base: str = ""


class Builder:
    """Builds one site again and again. While the author writes, the next process is ready and waiting."""

    def __init__(self, config: Path, content: Path, output: Path) -> None:
        """Take the absolute paths of settings, content and output."""
        self._command = [sys.executable, "-m", "tools.builder", str(config), str(content), str(output)]
        self._root, self._output = config.parent, output
        self._is_building = False
        self._next = self._start()

    def build(self) -> Outcome:
        """Build once."""
        self._is_building = True
        out, errors = self._next.communicate("go\n")
        self._is_building = False
        self._next, status = self._start(), self._next.returncode
        try:
            return Outcome(**json.loads(out.splitlines()[-1]))
        except (IndexError, ValueError, TypeError):
            lines = errors.strip().splitlines()
            return Outcome(problems=lines[-1] if lines else f"The build ended with status {status}.")

    def close(self) -> None:
        """End the process that waits, or the one that builds, and take away what it has staged."""
        self._next.terminate()
        try:
            self._next.communicate(timeout=_PATIENCE)
        except subprocess.TimeoutExpired:
            self._next.kill()
            self._next.communicate()
        if self._is_building and self._next.returncode:
            from tools.faults import BuildError
            from tools.staging import settle

            with suppress(OSError, BuildError):  # the next command tries again
                settle(self._root, self._output)

    def _start(self) -> subprocess.Popen[str]:
        return subprocess.Popen(  # noqa: S603 -- our own interpreter and module
            self._command,
            cwd=Path(__file__).resolve().parent.parent,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            errors="replace",
            # Ctrl-C reaches all that a terminal runs; this one is ended by `close`.
            start_new_session=True,
        )


def _built(config: str, content: str, output: str) -> Outcome:
    # Only now: these may have changed since the process was started.
    from plugins.problems import SiteError
    from tools.build import build
    from tools.faults import BuildError
    from tools.refusals import told

    try:
        report = build(Path(config), Path(content), Path(output))
    except (SiteError, BuildError) as error:
        return Outcome(problems=str(error))
    except OSError as error:
        return Outcome(problems=told(error))
    return Outcome(warnings=report.warnings, contents=report.contents, base=report.base)


if __name__ == "__main__":
    # As Ctrl-C does: whatever is staged is cleared away on the way out.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with suppress(KeyboardInterrupt):
        import pelican  # noqa: F401 -- loaded while nobody waits

        if sys.stdin.readline():
            outcome = _built(*sys.argv[1:])
            sys.stdout.write(f"\n{json.dumps(outcome._asdict())}\n")

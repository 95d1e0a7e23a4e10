"""How far a build has come, step by step: told by Pelican's own signals, and by what is made anew."""

from __future__ import annotations

import threading
import time
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

from pelican import signals
from pelican.contents import Static

from plugins.kept import making

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tools.progress import Advance, Progress

PATIENCE = 1.0
"""Seconds after which the author wants to hear something; most builds are done by then."""
_READING, _WRITING = "Reading files", "Writing pages"
# By the folder in which the results are kept.
_MAKING = {
    "images": "Drawing pictures",
    "kit": "Making the organiser's kit",
    "cards": "Drawing cards",
    "search": "Listing words for the search",
}
_ROOMS = ("posts", "pages", "talks")


@contextmanager
def told(progress: Progress, content: Path) -> Iterator[None]:
    """Tell of the build that runs inside the block, from the content folder, once it takes longer than a moment."""
    steps = _Steps(progress, sum(1 for room in _ROOMS for _ in (content / room).rglob("*.md")))
    with (
        signals.content_object_init.connected_to(steps.read),
        signals.all_generators_finalized.connected_to(steps.survey),
        signals.content_written.connected_to(steps.written),
        making.connected_to(steps.making),
        steps.stack,
    ):
        yield


class _Steps:
    """The steps as they come. One that was left does not come again, so that a log has a line for each."""

    def __init__(self, progress: Progress, texts: int) -> None:
        self.stack = ExitStack()
        self._progress = progress
        self._totals = {_READING: texts}
        self._counts: dict[str, int] = {}
        self._left: set[str] = set()
        self._now = ""
        self._advance: Advance | None = None
        self._begun = time.monotonic()
        self._lock = threading.Lock()

    def read(self, content: Any) -> None:
        if not isinstance(content, Static):
            self._tell(_READING)

    def survey(self, generators: list[Any]) -> None:
        """Learn how many pages there will be."""
        context = generators[0].context
        names = [content.save_as for content in context["generated_content"].values() if content is not None]
        names += [name for name, _ in context.get("planned_outputs", ())]
        self._totals[_WRITING] = sum(name.endswith(".html") for name in names)

    def written(self, _: str, **__: Any) -> None:
        self._tell(_WRITING)

    def making(self, folder: str) -> None:
        if folder in _MAKING:
            self._tell(_MAKING[folder])

    def _tell(self, step: str) -> None:
        """Count one part of a step, and tell of it unless it is early, or too late."""
        with self._lock:
            count = self._counts[step] = self._counts.get(step, 0) + 1
            if step in self._left or time.monotonic() - self._begun < PATIENCE:
                return
            if step != self._now:
                self._left.add(self._now)
                self.stack.close()
                self._now = step
                self._advance = self.stack.enter_context(self._progress.step(step, self._totals.get(step)))
                count -= 1
                self._advance(count)
            if self._advance:
                self._advance(1)

"""What open preview pages are told: which build they should show, and why there is none newer."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from tools.excerpts import Entry


class State(NamedTuple):
    """The last good build's name, empty before there is one, and what is wrong where a later one failed."""

    build: str = ""
    problems: tuple[Entry, ...] = ()


class Live:
    """The state, and a way for any number of threads to wait for the next one."""

    def __init__(self) -> None:
        """Begin before the first build."""
        self._changed = threading.Condition()
        self._closed = False
        self.state = State()

    def tell(self, state: State) -> None:
        """Replace the state and wake who waits."""
        with self._changed:
            self.state = state
            self._changed.notify_all()

    def wait(self, seen: State | None, seconds: float) -> State | None:
        """Give the state as soon as it differs from `seen`, the same one after `seconds`, None once it is over."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self.state is not seen, seconds)
            return None if self._closed else self.state

    def close(self) -> None:
        """End all waiting, now and later."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

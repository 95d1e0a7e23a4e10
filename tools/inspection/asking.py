"""Whether addresses elsewhere answer: each asked once, eight at a time, one after the other at each host."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

import msgspec

from tools.inspection import requests, robots
from tools.inspection.requests import Answer, SilentError
from tools.inspection.targets import bare, host
from tools.visible import visible

if TYPE_CHECKING:
    from collections.abc import Iterable

PRODUCT = "Lectern"
AT_ONCE = 8
PAUSE = 0.5
"""Seconds between two requests to one host."""
FOLLOWED = 6
"""Redirects at the most."""
_PATIENCE = 2
"""So many times in vain, and a host is not asked again."""
_ALONE = 3
"""So many hosts that nobody knows are more likely our own trouble."""
_PERMANENT = {301, 308}
_REDIRECTS = {301, 302, 303, 307, 308}
_GONE = {404, 410}
# What servers say that do not take HEAD, or not for this page.
_ASK_AGAIN = {400, 401, 403, 404, 405, 406, 410, 500, 501}
_TOO_MANY = 429


class Outcome(msgspec.Struct, frozen=True):
    """What came of asking: `dead`, `silent`, `moved` (to the address `url`) or `there`; and why."""

    kind: str
    said: str = ""
    url: str = ""


UNKNOWN = Outcome("dead", "there is no such host")
OFFLINE = Outcome("silent", "no host could be found at all; this computer may not be online")
"""What says less of an address than of our own line."""


class Asker:
    """Asks politely: as `agent`, and never what a host's robots.txt forbids."""

    def __init__(self, agent: str, timeout: float = requests.TIMEOUT, pause: float = PAUSE) -> None:
        """Ask nothing yet."""
        self._agent, self._timeout, self._pause = agent, timeout, pause
        self._turns: dict[str, threading.Lock] = defaultdict(threading.Lock)
        self._last: dict[str, float] = {}
        self._robots: dict[str, str] = {}
        self._errors: dict[str, list[SilentError]] = defaultdict(list)
        self._answers: dict[str, Answer | SilentError] = {}
        self._asking: dict[str, threading.Lock] = defaultdict(threading.Lock)
        self._stopped = threading.Event()

    def outcomes(self, urls: Iterable[str]) -> dict[str, Outcome]:
        """Ask for all of them; never raises."""
        by_host: dict[str, list[str]] = defaultdict(list)
        for url in urls:
            by_host[_host(url)].append(url)
        with ThreadPoolExecutor(AT_ONCE) as pool:
            try:
                found = list(pool.map(self._of_host, by_host.values()))
            except BaseException:  # someone has had enough: nobody else is asked
                self._stopped.set()
                raise
        return _in_doubt([part for part in found if part])

    def _of_host(self, urls: list[str]) -> dict[str, Outcome]:
        none = Outcome("silent", "this is no address of the web")
        return {url: self._outcome(url) if _host(url) else none for url in urls}

    def _outcome(self, url: str) -> Outcome:
        """Follow an address to where it ends; nobody is told a name and a password that stand in it."""
        url = bare(url)
        here, moved, lasting, seen = url, url, True, {url}
        for _ in range(FOLLOWED + 1):
            try:
                if not self._may_ask(here):
                    return Outcome("silent", "its robots.txt asks programs to stay away, so nobody has looked")
                answer = self._answer(here)
            except SilentError as error:
                return UNKNOWN if error.unknown else Outcome("silent", str(error))
            if answer.status not in _REDIRECTS:
                return _ended(answer.status, url, moved)
            following = _joined(here, answer.location)
            if not following:
                return Outcome("silent", _astray(answer))
            if following in seen:
                return Outcome("silent", "it leads in a circle")
            seen.add(following)
            lasting = lasting and answer.status in _PERMANENT
            here, moved = following, following if lasting else moved
        return Outcome("silent", f"it leads on more than {FOLLOWED} times")

    def _answer(self, url: str) -> Answer:
        """Give what an address answers, which is asked once, however many lead there. Raises `SilentError`."""
        with self._asking[url]:
            if url not in self._answers:
                try:
                    self._answers[url] = self._asked(url)
                except SilentError as error:
                    self._answers[url] = error
            answer = self._answers[url]
        if isinstance(answer, SilentError):
            raise answer
        return answer

    def _asked(self, url: str) -> Answer:
        """Ask by HEAD, which costs a server least; by GET where it does not take that."""
        try:
            answer = self._request("HEAD", url)
        except SilentError as error:
            if not error.garbled:
                raise
            return self._request("GET", url)
        return self._request("GET", url) if answer.status in _ASK_AGAIN else answer

    def _may_ask(self, url: str) -> bool:
        """Look into the host's robots.txt, once. Raises `SilentError` where the host does not answer at all."""
        origin, parts = _origin(url), urlsplit(url)
        if origin not in self._robots:
            here = f"{origin}/robots.txt"
            for _ in range(FOLLOWED):
                answer = self._request("GET", here, robots.LARGEST)
                following = _joined(here, answer.location) if answer.status in _REDIRECTS else ""
                if not following:
                    break
                here = following
            if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
                raise SilentError(f"its robots.txt answers {answer.status}, so nobody has looked")
            text = answer.body.decode("utf-8", "replace") if answer.status == HTTPStatus.OK else ""
            self._robots[origin] = text
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        return robots.allows(self._robots[origin], PRODUCT, path)

    def _request(self, method: str, url: str, most: int = 0) -> Answer:
        """Wait for our turn at this host, and ask; not again where it did not answer, or wants to be left alone."""
        origin, host = _origin(url), _host(url)
        with self._turns[host]:
            errors = self._errors[origin]
            if len(errors) >= _PATIENCE:
                raise errors[-1]
            wait = self._last.get(host, -self._pause) + self._pause - time.monotonic()
            if self._stopped.wait(max(0, wait)):
                raise SilentError("the check was stopped")
            try:
                answer = requests.ask(method, url, self._agent, self._timeout, most)
            except SilentError as error:
                if not error.garbled:
                    errors.append(error)
                raise
            finally:
                self._last[host] = time.monotonic()
            if answer.status == _TOO_MANY:
                errors += [SilentError("its host wants no more requests for now (429)")] * _PATIENCE
                raise errors[-1]
            return answer


def _in_doubt(found: list[dict[str, Outcome]]) -> dict[str, Outcome]:
    """Give what was found at each host; where several hosts are unknown, and all of them, it may be our own line."""
    whole = {url: outcome for part in found for url, outcome in part.items()}
    if len(found) < _ALONE or any(outcome != UNKNOWN for outcome in whole.values()):
        return whole
    return dict.fromkeys(whole, OFFLINE)


def _ended(status: int, url: str, moved: str) -> Outcome:
    """Judge the last answer; `moved` is where the address leads for good, itself where it does not."""
    if status in _GONE:
        return Outcome("dead", f"it answers {status} {HTTPStatus(status).phrase}")
    if not HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return Outcome("silent", f"it answers {status}")
    return Outcome("moved", "", moved) if moved != url else Outcome("there")


def _astray(answer: Answer) -> str:
    """Say where a redirect leads that leads to no page."""
    to = bare(visible(answer.location))[:80]
    return f"it leads to `{to}`, which is no page" if to else f"it answers {answer.status} and does not say where to go"


def _joined(here: str, location: str) -> str:
    """Give the address to which a redirect leads; nothing for one that leads out of the web."""
    try:
        found = bare(urljoin(here, location.strip()).partition("#")[0]) if location.strip() else ""
    except ValueError:
        return ""
    return found if found.startswith(("http://", "https://")) and _host(found) else ""


def _origin(url: str) -> str:
    return f"{url.partition(':')[0]}://{_host(url)}"


def _host(url: str) -> str:
    """Give the host, with its port where that is not the usual one; nothing for what is no address."""
    named = host(url)
    usual = {"http": ":80", "https": ":443"}.get(url.partition(":")[0].lower(), "")
    return named.removesuffix(usual) if usual else named

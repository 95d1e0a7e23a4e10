"""Two ways to say that something changed: IndexNow to search engines, WebSub to the hub of the feeds."""

from __future__ import annotations

import http.client
import json
import urllib.error
import urllib.request
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlencode, urlsplit

from plugins.addresses.sitemap import uri

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from plugins.addresses.book import AddressBook

INDEXNOW = "https://api.indexnow.org/indexnow"
"""It passes on what it hears to all engines that take part (indexnow.org/documentation)."""
MOST = 10_000
"""Addresses in one request (indexnow.org/documentation, "Submitting set of URLs")."""
TIMEOUT = 10.0
"""Seconds that a server may leave us waiting."""
_HERE = {"127.0.0.1", "::1", "localhost"}


class PingError(Exception):
    """A server could not be told; `str()` says why."""


class SilentError(PingError):
    """It did not answer, and would not answer what else there is to tell."""


class Ping(NamedTuple):
    """A request by POST, and the addresses that it tells of. It may be sent twice without harm."""

    to: str
    type: str
    body: bytes
    urls: tuple[str, ...]


def indexnow(book: AddressBook, urls: Sequence[str], endpoint: str = INDEXNOW) -> Iterator[Ping]:
    """Yield the requests that tell search engines of these pages, whether new, changed or gone."""
    for start in range(0, len(urls), MOST):
        part = tuple(urls[start : start + MOST])
        said = {
            "host": urlsplit(book.root).netloc,
            "key": book.indexnow,
            "keyLocation": f"{book.root}/{book.indexnow}.txt",
            "urlList": [uri(url) for url in part],
        }
        yield Ping(endpoint, "application/json; charset=utf-8", json.dumps(said).encode(), part)


def websub(book: AddressBook, urls: Sequence[str]) -> Iterator[Ping]:
    """Yield the requests that tell the hub of these feeds, one each: not all hubs read several at once.

    The W3C's WebSub leaves this step open; `hub.mode=publish` with `hub.url` is what hubs have understood since
    PubSubHubbub 0.3, section 7.1.
    """
    for url in urls:
        body = urlencode({"hub.mode": "publish", "hub.url": uri(url)}).encode()
        yield Ping(book.hub, "application/x-www-form-urlencoded", body, (url,))


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """A POST that was redirected would arrive as a GET, and count as heard."""

    def redirect_request(self, *_: Any) -> None:
        return None


def send(ping: Ping, agent: str, timeout: float = TIMEOUT) -> None:
    """Send it, encrypted unless to this computer. Raises `PingError`, whatever went wrong, or `SilentError`."""
    try:
        parts = urlsplit(ping.to)
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _HERE):
            raise PingError(f"{ping.to} does not begin with https://")
        headers = {"Content-Type": ping.type, "User-Agent": agent}
        request = urllib.request.Request(ping.to, ping.body, headers, method="POST")  # noqa: S310  checked above
        with urllib.request.build_opener(_NoRedirects).open(request, timeout=timeout):
            return  # any status from 200 to 299 means that it was heard
    except urllib.error.HTTPError as error:
        error.close()
        raise PingError(f"it answered {error.code}{_phrase(error.code)}") from None
    except (http.client.HTTPException, ValueError) as error:
        raise PingError(str(error) or type(error).__name__) from None
    except OSError as error:  # `URLError` is one, and may hold another
        reason = getattr(error, "reason", error)
        late = isinstance(reason, TimeoutError)
        said = getattr(reason, "strerror", None) or str(reason) or type(reason).__name__
        raise SilentError(f"no answer within {timeout:g} seconds" if late else said) from None


def _phrase(code: int) -> str:
    return f" {HTTPStatus(code).phrase}" if code in set(HTTPStatus) else ""

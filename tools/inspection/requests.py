"""One request to a server, of which nothing is read but what it answers at the top; it ends in time, whatever comes."""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
from contextlib import suppress
from typing import NamedTuple
from urllib.parse import SplitResult, urlsplit
from urllib.request import getproxies, proxy_bypass

from plugins.addresses.sitemap import uri

TIMEOUT = 10.0
"""Seconds from the first knock to the last line of the answer."""


class SilentError(Exception):
    """No answer came; `str()` says why.

    `unknown` where the host has no address: it is gone, or was mistyped. `garbled` where something came that is no
    answer: it may be one to another question.
    """

    def __init__(self, reason: str, *, unknown: bool = False, garbled: bool = False) -> None:
        """Keep the reason."""
        super().__init__(reason)
        self.unknown, self.garbled = unknown, garbled


class Answer(NamedTuple):
    """What a server said: the status, where it sends us, and the beginning of the body where that was asked for."""

    status: int
    location: str
    body: bytes


def ask(method: str, url: str, agent: str, timeout: float = TIMEOUT, most: int = 0) -> Answer:
    """Ask for a page and read at most `most` bytes of its body. Raises `SilentError`, whatever went wrong."""
    try:
        parts = urlsplit(uri(url))
        host = (parts.hostname or "").encode("idna").decode("ascii")
        if parts.scheme not in {"http", "https"} or not host:
            raise SilentError("this is no address of the web")
        connection, target = _connection(parts, host, timeout)
    except (ValueError, UnicodeError) as error:
        raise SilentError(f"this is no address ({error})") from None
    late = threading.Event()
    watch = threading.Timer(timeout, _give_up, (connection, late))
    watch.daemon = True
    watch.start()
    try:
        connection.connect()
        if not late.is_set():  # several addresses may have been tried
            connection.request(method, target, headers={"User-Agent": agent, "Accept": "*/*"})
            answer = connection.getresponse()
            body = answer.read(most) if most else b""
            if not late.is_set():  # or what came is not whole
                return Answer(answer.status, answer.headers.get("Location", ""), body)
        raise TimeoutError  # noqa: TRY301  as the socket itself would
    except Exception as error:  # noqa: BLE001  whatever a server sends, a check goes on
        raise _silence(error, timeout, late=late.is_set()) from None
    finally:
        watch.cancel()
        with suppress(OSError):
            connection.close()


def _connection(parts: SplitResult, host: str, timeout: float) -> tuple[http.client.HTTPConnection, str]:
    """Give the connection to the host, or to the proxy before it, and what to ask for there."""
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    proxy = urlsplit(getproxies().get(parts.scheme, ""))
    if not proxy.hostname or proxy_bypass(host):
        return kind(host, parts.port, timeout=timeout), target
    if parts.scheme == "http":
        return http.client.HTTPConnection(proxy.hostname, proxy.port, timeout=timeout), parts.geturl()
    tunnel = http.client.HTTPSConnection(proxy.hostname, proxy.port, timeout=timeout)
    tunnel.set_tunnel(host, parts.port)
    return tunnel, target


def _give_up(connection: http.client.HTTPConnection, late: threading.Event) -> None:
    """End what a server would draw out by a byte now and then."""
    late.set()
    with suppress(OSError, AttributeError):
        connection.sock.shutdown(socket.SHUT_RDWR)


def _silence(error: Exception, timeout: float, *, late: bool) -> SilentError:
    if late or isinstance(error, TimeoutError):
        return SilentError(f"no answer within {timeout:g} seconds")
    garbled = isinstance(error, http.client.HTTPException)
    unknown = isinstance(error, socket.gaierror) and error.errno != socket.EAI_AGAIN  # which may be our own line
    match error:
        case socket.gaierror():
            said = "its host could not be looked up"
        case ssl.SSLCertVerificationError():
            said = f"its certificate is not valid ({error.verify_message})"
        case ssl.SSLError():
            said = "no encrypted connection could be made"
        case http.client.RemoteDisconnected():
            said = "it ends the connection without an answer"
        case http.client.HTTPException():
            said = "what it answers is not HTTP"
        case _:
            said = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return SilentError(said, unknown=unknown, garbled=garbled)

"""An S3-compatible store on this computer that writes down what it is asked, fails when told to, and shows websites."""

from __future__ import annotations

import hashlib
import io
import json
import random
import re
import socket
import threading
import urllib.request
from contextlib import closing
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.error import HTTPError
from urllib.parse import quote, unquote

from tools.progress import Progress
from tools.publishing.release import Release
from tools.publishing.s3 import S3Target
from tools.publishing.settings import S3

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    Fault = Callable[["Asked"], tuple[int, str] | None]

SITES = "/as-a-website/"
_LINK = re.compile(rb'(?:href|src)="/([^"#]*)')


class Asked(NamedTuple):
    """A request: its method, the bucket, the path below it, and its place among those of its method."""

    method: str
    bucket: str
    path: str
    count: int
    headers: Mapping[str, str]


class Answer(NamedTuple):
    """What a browser gets."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Buckets:
    """Moto's server, whose requests are kept in `asked`.

    `fault` may answer in its place, with a status and a code; status 0 cuts the connection. What is sent as `garbled`
    arrives as something else. Where `opaque`, versions tell nothing of bytes, as where a bucket has keys of its own.
    """

    def __init__(self) -> None:
        from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
        from werkzeug.serving import make_server

        class Handler(MotoRequestHandler):
            def log_request(self, *_: object, **__: object) -> None:
                pass

        self._moto = DomainDispatcherApplication(create_backend_app)
        self._lock = threading.Lock()
        self.asked: list[Asked] = []
        self.fault: Fault = lambda _: None
        self.garbled, self.opaque = "", False
        self._server = make_server("127.0.0.1", 0, self._answer, threaded=True, request_handler=Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _answer(self, environ: dict[str, Any], start: Callable[..., Any]) -> Any:
        path = environ["PATH_INFO"].encode("latin-1").decode()
        if path.startswith(SITES):  # as a store that hosts websites: a folder is its index
            path = f"/{path.removeprefix(SITES)}{'index.html' if path.endswith('/') else ''}"
            environ |= {
                "PATH_INFO": path.encode().decode("latin-1"),
                "RAW_URI": quote(path),
                "REQUEST_URI": quote(path),
            }
            return self._moto(environ, start)
        fault = self.fault(self._note(environ, path)) if environ.get("HTTP_AUTHORIZATION") else None
        if fault is None:
            return self._asked(environ, start, path)
        environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        status, code = fault
        if not status:
            environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
        start(f"{status or 500} {code}", [("Content-Type", "application/xml")])
        return [f"<Error><Code>{code}</Code><Message>{code} it is.</Message></Error>".encode()]

    def _asked(self, environ: dict[str, Any], start: Callable[..., Any], path: str) -> Any:
        if self.garbled and path.endswith(f"/{self.garbled}") and environ["REQUEST_METHOD"] == "PUT":
            length = int(environ["CONTENT_LENGTH"])
            environ["wsgi.input"] = io.BytesIO(environ["wsgi.input"].read(length)[::-1])
        if not self.opaque:
            return self._moto(environ, start)
        environ |= {"HTTP_IF_MATCH": environ["HTTP_IF_MATCH"][::-1]} if "HTTP_IF_MATCH" in environ else {}

        def backwards(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            return start(status, [(name, text[::-1] if name == "ETag" else text) for name, text in headers], *rest)

        body = b"".join(self._moto(environ, backwards))
        return [re.sub(rb"(?<=&quot;)[0-9a-f]{32}(?=&quot;)", lambda found: found[0][::-1], body)]

    def _note(self, environ: dict[str, Any], path: str) -> Asked:
        bucket, _, key = path.lstrip("/").partition("/")
        headers = {name[5:].replace("_", "-").lower(): value for name, value in environ.items() if name[:5] == "HTTP_"}
        method = environ["REQUEST_METHOD"]
        with self._lock:
            count = sum(each.method == method for each in self.asked)
            self.asked.append(Asked(method, bucket, unquote(key), count, headers))
            return self.asked[-1]

    def named(self, method: str) -> list[str]:
        """Give the paths of the requests of a method, and forget all."""
        found = [each.path for each in self.asked if each.method == method]
        self.asked.clear()
        return found

    def make(self, name: str) -> Bucket:
        return Bucket(self, name)


class Bucket:
    """A bucket that everybody may read."""

    def __init__(self, buckets: Buckets, name: str) -> None:
        import boto3

        self.server, self.name = buckets, name
        self.s3 = boto3.client("s3", endpoint_url=buckets.url, region_name="us-east-1")
        self.s3.create_bucket(Bucket=name)
        everybody = {
            "Effect": "Allow",
            "Principal": "*",
            "Action": "s3:GetObject",
            "Resource": f"arn:aws:s3:::{name}/*",
        }
        policy = {"Version": "2012-10-17", "Statement": [everybody]}
        self.s3.put_bucket_policy(Bucket=name, Policy=json.dumps(policy))
        buckets.asked.clear()

    def settings(self, prefix: str = "") -> S3:
        return S3(to="s3", bucket=self.name, prefix=prefix, endpoint=self.server.url, region="us-east-1")

    def target(self, prefix: str = "", earlier: Release | None = None) -> S3Target:
        return S3Target(self.settings(prefix), lambda: earlier)

    def deliver(self, release: Release, prefix: str = "") -> None:
        self.target(prefix).deliver(release, Progress(quiet=True))

    def get(self, path: str) -> Answer:
        """Ask for a file as a browser does of a store that hosts websites."""
        try:
            with closing(urllib.request.urlopen(f"{self.server.url}{SITES}{self.name}/{quote(path)}")) as found:  # noqa: S310  loopback
                return Answer(found.status, found.headers, found.read())
        except HTTPError as error:
            with error:
                return Answer(error.code, error.headers, b"")

    def keys(self) -> set[str]:
        pages = self.s3.get_paginator("list_objects_v2").paginate(Bucket=self.name)
        return {each["Key"] for page in pages for each in page.get("Contents", ())}

    def put(self, key: str, body: bytes) -> None:
        self.s3.put_object(Bucket=self.name, Key=key, Body=body, ContentType="text/plain")

    def dead_links(self, pages: Mapping[str, bytes]) -> list[str]:
        """Give what does not answer of what these pages refer to."""
        found = {link for body in pages.values() for link in links(body)}
        dead = {link for link in found if self.get(link).status != 200}
        return [f"{page} -> {link}" for page, body in pages.items() for link in dead.intersection(links(body))]

    def reached(self) -> dict[str, bytes]:
        """Give every page that a reader can come to from the first."""
        pages: dict[str, bytes] = {}
        ways = [""]
        while ways:
            way = ways.pop()
            if way in pages:
                continue
            answer = self.get(way)
            if answer.status == 200 and answer.headers["Content-Type"].startswith("text/html"):
                pages[way] = answer.body
                ways += links(answer.body)
        return pages


def links(page: bytes) -> list[str]:
    """Give what a page refers to on its own site."""
    return [unquote(found.decode()) for found in _LINK.findall(page)]


def release(
    folder: Path, name: str, files: Mapping[str, str | bytes], moved: Mapping[str, str] | None = None
) -> Release:
    """Write a release."""
    place = folder / name
    hashes = {}
    for path, text in files.items():
        data = text if isinstance(text, bytes) else text.encode()
        (place / path).parent.mkdir(parents=True, exist_ok=True)
        (place / path).write_bytes(data)
        hashes[path] = hashlib.sha256(data).hexdigest()
    return Release(name, place, hashes, moved or {})


def page(*refers: str, text: str = "") -> str:
    """Give a page that refers to these paths."""
    return f"<p>{text}</p>" + "".join(f'<a href="/{quote(path)}">on</a>' for path in refers)


def site(letters: Mapping[str, str], style: str) -> dict[str, str]:
    """Give a blog: each letter by its name, with its text, a style and a picture, a tag with a feed, and lists."""
    names = sorted(letters)
    asset = f"assets/main.{hashlib.sha256(style.encode()).hexdigest()[:10]}.css"
    files = {
        asset: style,
        "robots.txt": "Sitemap: /sitemap.xml",
        "sitemap.xml": " ".join(names),
        "feed.xml": str(letters),
    }
    for at, name in enumerate(names):
        picture = f"images/{name}.png"
        following = [f"{names[at - 1]}/"] if names else []
        files[picture] = f"picture of {name}"
        files[f"tag/{name}/feed.xml"] = letters[name]
        files[f"tag/{name}/index.html"] = page(asset, f"tag/{name}/feed.xml", f"{name}/", "", text=letters[name])
        files[f"{name}/index.html"] = page(asset, picture, f"tag/{name}/", "feed.xml", *following, text=letters[name])
    files["archive/index.html"] = page(asset, *(f"{name}/" for name in names), "archive/2026/")
    files["archive/2026/index.html"] = page(asset, *(f"{name}/" for name in names), "archive/")
    files["404.html"] = page(asset, "", "archive/")
    files["index.html"] = page(
        asset, "feed.xml", "archive/", *(f"{name}/" for name in names), *(f"tag/{name}/" for name in names)
    )
    return files


def publish_and_die(settings: S3, found: Release) -> None:
    """Publish in a process of its own, which is mostly killed."""
    S3Target(settings, lambda: None).deliver(found, Progress(quiet=True))


def walked(bucket: Bucket, stop: threading.Event) -> Iterator[str]:
    """Read on and on, from the first page to those that it leads to, and yield whatever does not answer."""
    chance = random.Random(1)  # noqa: S311  a walk
    while not stop.is_set():
        body = b'<a href="/">'
        for _ in range(4):
            answers = {link: bucket.get(link) for link in links(body)}
            yield from (f"{link} in {body!r}" for link, answer in answers.items() if answer.status != 200)
            bodies = [each.body for each in answers.values() if b"<a " in each.body]
            body = chance.choice(bodies) if bodies else b""

"""The index that browsers ask: made by Pagefind from records, the same bytes from the same records."""

from __future__ import annotations

import base64
import gzip
import json
import subprocess
import threading
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from plugins.kept import kept
from plugins.search import records
from plugins.search.records import Record, apart

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import IO

RECORDS = "records.json"
"""In a preview: what an index can be made from, once somebody searches."""
_UNSTEMMED = "unknown"
_UNSPACED = {"zh", "ja", "th", "lo", "km", "my"}
# Beside index/ and fragment/; the rest are user interfaces of Pagefind's own.
_WANTED = ("pagefind.js", "pagefind-worker.js", "pagefind-entry.json")
_PREFIX = len(b"pagefind_dcd")


class SearchError(Exception):
    """Pagefind could not make the index; the text says why."""


def packed(language: str, found: Iterable[Record]) -> bytes:
    """Give the records and the site's language as a file, which `unpacked` reads."""
    return msgspec.json.encode((language, sorted(found, key=lambda record: record.url)))


def unpacked(data: bytes) -> tuple[str, list[Record]]:
    """Give what `packed` was given. Raises `msgspec.DecodeError` for anything else."""
    return msgspec.json.decode(data, type=tuple[str, list[Record]])


def index(data: bytes, cache: Path) -> dict[str, bytes]:
    """Give the files of the index by their names, made from packed records, or kept from when they were the same.

    Raises `SearchError`.
    """
    parts = (Path(__file__).read_bytes(), Path(records.__file__).read_bytes(), version("pagefind").encode(), data)
    return msgspec.msgpack.decode(
        kept(cache, parts, lambda: msgspec.msgpack.encode(_made(data))), type=dict[str, bytes]
    )


def _made(data: bytes) -> dict[str, bytes]:
    language, found = unpacked(data)
    files = dict(_wanted(_ask(list(_requests(language, found)))))
    files["shelves.json"] = _shelves(files, {record.url: record for record in found})
    return files


def _requests(language: str, found: Sequence[Record]) -> Iterator[dict[str, Any]]:
    """Yield what the binary is asked, in order (https://pagefind.app/docs/node-api/ names the same steps).

    One index holds all languages, since a reader does not say which one a word is in; and the files of several differ
    from run to run. Pagefind's own filters do too, so none are given: see `_shelves`.
    """
    main = language.partition("-")[0].lower()
    forced = _UNSTEMMED if main in _UNSPACED else main
    yield {"type": "NewIndex", "config": {"force_language": forced}}
    for record in found:
        meta = {"title": apart(record.title), "lang": record.lang, "dir": record.dir}
        meta |= {"date": record.date, "day": record.day} if record.date else {}
        yield {
            "type": "AddRecord",
            "index_id": 0,
            "url": record.url,
            "content": apart(record.text) or apart(record.title),
            "language": forced,
            "meta": meta,
            "filters": {},
            "sort": {},
        }
    # Not `WriteFiles`: its answer comes before the files are whole.
    yield {"type": "GetFiles", "index_id": 0}


def _ask(requests: list[dict[str, Any]]) -> dict[str, Any]:
    """Send all requests to the binary, and give the answer to the last.

    Pagefind's own Python wrapper looks for each answer ten times a second: minutes for a thousand posts.
    """
    from pagefind.service import get_executable

    binary = get_executable()
    if binary is None:
        raise SearchError("Pagefind is not installed")
    lines = [json.dumps({"message_id": at, "payload": request}) for at, request in enumerate(requests)]
    sent = b"".join(base64.b64encode(line.encode()) + b"," for line in lines)
    with subprocess.Popen([binary, "--service"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as service:  # noqa: S603  as installed with us
        if service.stdin is None or service.stdout is None:
            raise SearchError("Pagefind cannot be talked to")
        writer = threading.Thread(target=_send, args=(service.stdin, sent))
        writer.start()
        try:
            return _answer(service.stdout, len(requests) - 1)
        finally:
            service.kill()
            writer.join()
            with suppress(OSError):  # it may have ended before it had read everything
                service.stdin.close()


def _send(stream: IO[bytes], data: bytes) -> None:
    with suppress(OSError):  # it has ended, and whoever reads hears of it
        stream.write(data)
        stream.flush()  # and left open: at its end the binary stops at once


def _answer(stream: IO[bytes], last: int) -> dict[str, Any]:
    """Read answers up to the last, and give it. Raises `SearchError` where one is an error, or none comes."""
    rest: list[bytes] = []
    while chunk := stream.read1(1 << 20):  # type: ignore[attr-defined]  # a buffered pipe
        *whole, begun = chunk.split(b",")
        for part in whole:
            answer = json.loads(base64.b64decode(b"".join([*rest, part])))
            rest.clear()
            if answer["payload"]["type"] == "Error":
                raise SearchError(str(answer["payload"].get("message")))
            if answer["message_id"] == last:
                return dict(answer["payload"])
        rest.append(begun)
    raise SearchError("Pagefind ended before it had made the index")


def _wanted(answer: dict[str, Any]) -> Iterator[tuple[str, bytes]]:
    """Yield the files that our own script needs."""
    files = {file["path"]: base64.b64decode(file["content"]) for file in answer["files"]}
    languages = json.loads(files["pagefind-entry.json"])["languages"].values()
    names = {*_WANTED, *(f"wasm.{language['wasm'] or 'unknown'}.pagefind" for language in languages)}
    for name, data in sorted(files.items()):
        if name in names or Path(name).suffix in {".pf_meta", ".pf_index", ".pf_fragment"}:
            yield name, data


def _shelves(files: dict[str, bytes], by_url: dict[str, Record]) -> bytes:
    """Give the year and category of each post, by the name that its result has: what a list can be narrowed to."""
    shelves = {}
    for name, data in files.items():
        if name.startswith("fragment/"):
            record = by_url[json.loads(gzip.decompress(data)[_PREFIX:])["url"]]
            if record.date:
                shelves[Path(name).stem] = [record.year, record.category]
    return json.dumps(shelves, ensure_ascii=False, separators=(",", ":")).encode()

"""`python3 tasks.py announce`: what was built is online, so that the ledger is written and those who asked are told."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from plugins import ledger
from plugins.problems import shown
from tools.announcing import builds
from tools.announcing.changes import Told, due, first, hashes, now_told, still_known
from tools.announcing.pings import INDEXNOW, PingError, SilentError, indexnow, send, websub
from tools.faults import BuildError
from tools.holding import held
from tools.replacing import replace
from tools.staging import settle

if TYPE_CHECKING:
    from collections.abc import Sequence

    from plugins.addresses.book import AddressBook
    from plugins.ledger import Published
    from tools.announcing.pings import Ping


class Outcome(NamedTuple):
    """What an announcement has to say: lines of what was done, and of what could not be."""

    lines: tuple[str, ...]
    warnings: tuple[str, ...]


def announce(root: Path, output: Path, *, dry_run: bool = False, endpoint: str = INDEXNOW) -> Outcome:
    """Announce what the last build for the public has put into `output`, for the project in `root`.

    Raises `BuildError` where there is none, and `SiteError` where the ledger cannot be read. That a server could not
    be told is a warning. With `dry_run` nothing is written or sent.
    """
    settle(root, output)
    book = builds.last(root, output)
    if book is None or not output.is_dir():
        advice = "run `python3 tasks.py build`, put its output online, then announce it"
        raise BuildError([f"{output} holds no finished build for the public; {advice}."])
    return announced(root, output, book, dry_run=dry_run, endpoint=endpoint)


def announced(
    root: Path, output: Path, book: AddressBook, *, dry_run: bool = False, endpoint: str = INDEXNOW
) -> Outcome:
    """Announce the site in `output`, which is online and whose addresses are those of the `book`.

    Raises `SiteError` where the ledger cannot be read.
    """
    state = root / ".cache" / "announcing"
    state.mkdir(parents=True, exist_ok=True)
    with held(state / "lock", "Another announcement is running; waiting …\n"):
        return _announced(root, output, book, endpoint=endpoint, dry_run=dry_run)


def _announced(root: Path, output: Path, book: AddressBook, *, endpoint: str, dry_run: bool) -> Outcome:
    pages, feeds = hashes(book, output)
    path = Path(book.content, ledger.NAME)
    place = shown(path, root)
    before = ledger.load(path, place)
    after = ledger.updated(before, book.presents, book.root, book.waiting)
    memory = _memory(root, book)
    remembered = _remembered(memory)
    told = still_known(remembered, book) if remembered else first(book, before, pages, feeds)
    if not dry_run:
        # Before the ledger is written: once it knows a post, it can no longer tell that nobody has heard of it.
        replace(memory, msgspec.json.encode(told))
    lines = [_recorded(path, place, before, after, dry_run=dry_run)]
    if remembered is None and before:
        lines.append(f"No earlier announcement is remembered here; what {place} knew counts as told.")
    asked = due(told.pages, pages) if book.indexnow else []
    fed = [url for url in due(told.feeds, feeds) if url in feeds] if book.hub else []
    pings = [*indexnow(book, asked, endpoint), *websub(book, fed)]
    heard, warnings = _sent(pings, book, lines, dry_run=dry_run)
    if not dry_run:
        # Who is told of nothing now has not asked for what is there already.
        now_pages = now_told(told.pages, pages, heard) if book.indexnow else pages
        now_feeds = now_told(told.feeds, feeds, heard) if book.hub else feeds
        replace(memory, msgspec.json.encode(Told(book.root, book.hub, now_pages, now_feeds)))
    if not pings:
        lines.append(_silence(book))
    return Outcome(tuple(lines), tuple(warnings))


def _silence(book: AddressBook) -> str:
    if book.hub or book.indexnow:
        return "Nobody needs to be told: nothing has changed since the last announcement."
    return "Nobody else is told: speaker.toml names no `hub` and no key for `indexnow`."


def record(path: Path, after: ledger.Ledger) -> None:
    """Write the ledger, whole or not at all."""
    replace(path, ledger.written(after).encode())


def _recorded(
    path: Path, place: str, before: dict[str, Published], after: dict[str, Published], *, dry_run: bool
) -> str:
    """Write the ledger where it has changed, and say so."""
    changed = sum(before.get(source) != entry for source, entry in after.items())
    if before == after:
        return f"{place} is as it should be."
    if dry_run:
        return f"Would write {place}: {_counted(changed, 'entry', 'entries')} new or changed."
    record(path, after)
    return f"Wrote {place}: {_counted(changed, 'entry', 'entries')} new or changed. Keep it with your posts."


def _sent(pings: Sequence[Ping], book: AddressBook, lines: list[str], *, dry_run: bool) -> tuple[list[str], list[str]]:
    """Send them one after the other; give the addresses that were heard, and a warning for each reason to refuse some.

    A server that doesn't answer is not asked again: a hub is told of each feed, and there are many.
    """
    told: dict[str, list[str]] = {}
    failed: dict[tuple[str, str], list[str]] = {}
    silent: dict[str, str] = {}
    for ping in [] if dry_run else pings:
        try:
            if ping.to in silent:
                raise PingError(silent[ping.to])  # noqa: TRY301  it counts as sent in vain
            send(ping, f"Lectern (+{book.root}/)")
        except PingError as error:
            failed.setdefault((ping.to, str(error)), []).extend(ping.urls)
            if isinstance(error, SilentError):
                silent[ping.to] = str(error)
        else:
            told.setdefault(ping.to, []).extend(ping.urls)
    if dry_run:
        for to in dict.fromkeys(ping.to for ping in pings):
            lines += [f"Would tell {to}:", *(f"  {url}" for ping in pings if ping.to == to for url in ping.urls)]
    lines += [f"Told {to} of {_named(urls)}." for to, urls in told.items()]
    warnings = [
        f"could not tell {to} of {_named(urls)} ({error}){_advice(error, book, to)}; the next announcement tells it"
        for (to, error), urls in failed.items()
    ]
    return [url for urls in told.values() for url in urls], warnings


def _advice(error: str, book: AddressBook, to: str) -> str:
    """Say what a refusal most often means: the engines could not read the key (indexnow.org/documentation)."""
    refused = "403" in error and to != book.hub
    return f", see that {book.root}/{book.indexnow}.txt is online" if refused else ""


def _named(urls: Sequence[str]) -> str:
    return urls[0] if len(urls) == 1 else f"{len(urls)} addresses"


def _counted(count: int, one: str, more: str) -> str:
    return f"1 {one}" if count == 1 else f"{count} {more}"


def _memory(root: Path, book: AddressBook) -> Path:
    name = hashlib.sha256(book.content.encode("utf-8", "surrogateescape")).hexdigest()[:16]
    return root / ".cache" / "announcing" / f"told-{name}.json"


def _remembered(memory: Path) -> Told | None:
    try:
        return msgspec.json.decode(memory.read_bytes(), type=Told)
    except (OSError, msgspec.DecodeError):
        return None

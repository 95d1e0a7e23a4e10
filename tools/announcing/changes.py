"""What has changed since the last announcement: pages and feeds as hashes of what they say."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import msgspec
from selectolax.lexbor import LexborHTMLParser

from plugins.ledger import is_post, successors
from tools.faults import BuildError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from plugins.addresses.book import AddressBook
    from plugins.ledger import Ledger

    Hashes = Mapping[str, str]

# What surrounds a text on a page changes with other texts and with the theme.
_NOT_ITS_OWN = "nav, script, style, template, [hidden]"


class Told(msgspec.Struct, frozen=True):
    """What has been announced of the site at `root`: the hash of each page, and of each feed by the `hub`."""

    root: str
    hub: str
    pages: dict[str, str]
    feeds: dict[str, str]


def hashes(book: AddressBook, output: Path) -> tuple[dict[str, str], dict[str, str]]:
    """Give the hash of what each page of the sitemap says, and of each feed, by their addresses.

    Raises `BuildError` where the output lacks one.
    """
    own = {f"{book.root}/{present.url}" for present in book.presents}
    pages, feeds = {}, {}
    try:
        for url in book.pages:
            path = url.removeprefix(f"{book.root}/")
            file = output / (f"{path}index.html" if path.endswith("/") or not path else path)
            pages[url] = _hash(essence(file.read_text("utf-8"), alone=url in own).encode())
        for url in book.feeds:
            feeds[url] = _hash((output / url.removeprefix(f"{book.root}/")).read_bytes())
    except FileNotFoundError as error:
        raise BuildError([f"{error.filename} is missing; build the site anew."]) from None
    return pages, feeds


def essence(markup: str, *, alone: bool) -> str:
    """Give what a page itself says, as HTML; a text's page says its article `alone`, not what it leads to."""
    tree = LexborHTMLParser(markup)
    main = tree.css_first("main")
    articles = tree.css("main article")
    part = articles[0] if alone and len(articles) == 1 else main
    if part is None:
        return markup
    for node in part.css(_NOT_ITS_OWN):
        node.decompose()
    return part.html or ""


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:32]


def due(before: Hashes, now: Hashes) -> list[str]:
    """Give the addresses that are new, say something else or are gone, in this order of pages."""
    return [url for url, said in now.items() if before.get(url) != said] + [url for url in before if url not in now]


def first(book: AddressBook, ledger: Ledger, pages: Hashes, feeds: Hashes) -> Told:
    """Give what counts as known where no announcement is remembered: what the ledger says was published before.

    A site that never was is new as a whole. IndexNow wants to hear of nothing else that was there before
    (indexnow.org/faq, "I just started using IndexNow").
    """
    if not ledger:
        return Told(book.root, book.hub, {}, {})
    continued = successors(ledger, book.presents, book.root, book.waiting)
    new: set[str] = set()
    moved: dict[str, str] = {}
    for present in book.presents:
        entry = ledger.get(continued.get(present.source, present.source))
        if entry is None or entry.addresses[-1] != present.url:
            new.add(f"{book.root}/{present.url}")
            moved |= {f"{book.root}/{entry.addresses[-1]}": ""} if entry else {}
    if not new:
        return Told(book.root, book.hub, dict(pages), dict(feeds))
    new.add(f"{book.root}/")
    letters = any(is_post(p.source) and f"{book.root}/{p.url}" in new for p in book.presents)
    known = {url: said for url, said in pages.items() if url not in new}
    return Told(book.root, book.hub, known | moved, {} if letters else dict(feeds))


def still_known(told: Told, book: AddressBook) -> Told:
    """Give what of an earlier announcement still counts: nothing at a new address, no feed for a new hub."""
    if told.root != book.root:
        return Told(book.root, book.hub, {}, {})
    return Told(book.root, book.hub, told.pages, told.feeds if told.hub == book.hub else {})


def now_told(before: Hashes, now: Hashes, accepted: Iterable[str]) -> dict[str, str]:
    """Give what is known after the `accepted` addresses have been told."""
    known = dict(before)
    for url in accepted:
        known.pop(url, None)
        if url in now:
            known[url] = now[url]
    return known

"""Feeds as programs read them: whole documents, one name for each entry, real dates, and addresses that are whole."""

from __future__ import annotations

import datetime as dt
import json
import re
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urljoin
from xml.etree import ElementTree as ET

from plugins.markup import candidates, parsed
from plugins.problems import Problem
from tools.inspection.page import FOLLOWED
from tools.inspection.places import Place
from tools.inspection.rule import Rule
from tools.inspection.targets import Named

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tools.inspection.drawn import Origin
    from tools.inspection.survey import Survey

FORM = Rule(
    "feed-forms",
    "Every feed is RSS 2.0, Atom or JSON Feed 1.1 with all that these ask for, and its dates are dates.",
    "A reader that meets a broken feed shows nothing new to its subscribers.",
    stops=True,
)
IDS = Rule(
    "feed-ids",
    "No two entries of a feed have the same id.",
    "Feed readers show only one of the two.",
    stops=True,
)
LINKS = Rule(
    "feed-links",
    "All addresses in feeds are whole, and entries lead to pages.",
    "A feed is read on other sites and in programs, where half an address leads nowhere.",
    stops=True,
)
SCRIPTS = Rule(
    "feed-scripts",
    "No entry of a feed holds a script, a frame or a form.",
    "Readers take them out, or refuse the whole entry.",
    stops=True,
)
RULES = (FORM, IDS, LINKS, SCRIPTS)
_ATOM = "{http://www.w3.org/2005/Atom}"
_CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
_RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)")
_ACTIVE = "script, style, iframe, frame, object, embed, form, link, meta, base"
_WHOLE = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_FEEDS = ("feed.xml", "atom.xml", "rss.xml", "feed.json")
_JSON_FEED = "https://jsonfeed.org/version/1"


class Entry(NamedTuple):
    """An entry of a feed: its id, the address of its page, its dates, and its text as HTML."""

    id: str
    url: str
    dates: tuple[str, ...]
    html: str


class Feed(NamedTuple):
    """A feed: its entries, what it lacks of what its form asks for, and whether a date is written right there."""

    entries: list[Entry]
    lacks: list[str]
    is_date: Callable[[str], bool]


class Feeds:
    """All feeds of a site; what the same text holds is found once, however many feeds hold it."""

    def __init__(self, survey: Survey) -> None:
        """Read nothing yet."""
        self._survey = survey
        self._told: set[tuple[str, str]] = set()
        self.named: list[Named] = []

    def findings(self) -> Iterator[Problem]:
        """Yield what is wrong, and collect in `named` the addresses of this site that entries hold."""
        for name in self._survey.named(".xml", ".json"):
            try:
                feed = read(name, self._survey.read(name))
            except (ET.ParseError, ValueError, TypeError, AttributeError) as error:
                if name.endswith(_FEEDS):
                    message = f"this feed cannot be read ({error}); mend what writes it"
                    yield Problem(name, 1, message, FORM.name)
                continue
            if feed:
                yield from self._feed(name, feed)

    def _feed(self, name: str, feed: Feed) -> Iterator[Problem]:
        for lack in feed.lacks:
            yield Problem(name, 1, f"this feed lacks {lack}; mend what writes it", FORM.name)
        seen: set[str] = set()
        for entry in feed.entries:
            if not entry.id:
                yield Problem(name, 1, f"the entry {entry.url} has no id; mend what writes it", FORM.name)
            elif entry.id in seen:
                place = self._origin_place(entry) or Place(name)
                message = f"the id {entry.id[:80]} stands twice in the feed {name}; give the post another `id:`"
                yield Problem(*place, message, IDS.name)
            seen.add(entry.id)
            for date in entry.dates:
                if not feed.is_date(date):
                    message = f"the entry {entry.url} has the date `{date[:40]}`, which is none; mend what writes it"
                    yield Problem(name, 1, message, FORM.name)
            yield from self._entry(name, entry)

    def _entry(self, name: str, entry: Entry) -> Iterator[Problem]:
        target = self._survey.targets.target(entry.url, "/") if _WHOLE.match(entry.url) else None
        if not _WHOLE.match(entry.url):
            message = f"the entry leads to `{entry.url[:80]}`, which is no whole address; write it with https://"
            yield Problem(name, 1, message, LINKS.name)
        self.named.append(Named(name, "/", entry.url))
        if (entry.url, entry.html) in self._told:
            return
        self._told.add((entry.url, entry.html))
        origin = self._survey.drawn.sources.get(target.name) if target else None
        tree = parsed(entry.html)
        for node in tree.css(_ACTIVE):
            message = f"the entry {entry.url} holds `<{node.tag}>`, which no reader takes; mend what writes the feed"
            yield Problem(*(self._text_place(f"<{node.tag}", origin) or Place(name)), message, SCRIPTS.name)
        for node in tree.css("body *"):
            for attribute, value in node.attributes.items():
                if attribute.startswith("on"):
                    message = (
                        f"the entry {entry.url} holds `{attribute}=`, which is a script; mend what writes the feed"
                    )
                    yield Problem(*(self._text_place(f"{attribute}=", origin) or Place(name)), message, SCRIPTS.name)
                elif attribute in {*FOLLOWED, "longdesc"} and value is not None and node.tag != "use":
                    yield from self._address(name, entry, value, attribute, origin)

    def _address(self, name: str, entry: Entry, value: str, attribute: str, origin: Origin | None) -> Iterator[Problem]:
        for url in [url for url, _ in candidates(value)] if attribute == "srcset" else [value]:
            if _WHOLE.match(url):
                self.named.append(Named(name, "/", url, origin))
                continue
            whole = urljoin(entry.url, url)
            target = self._survey.targets.target(whole, "/")
            behind = self._survey.drawn.sources.get(target.name) if target else None
            place = self._survey.desk.link_at(url, "", origin, behind) or Place(name)
            message = f"`{url[:80]}` in the entry {entry.url} is no whole address; write {whole[:80]}"
            yield Problem(*place, message, LINKS.name)

    def _origin_place(self, entry: Entry) -> Place | None:
        target = self._survey.targets.target(entry.url, "/")
        origin = self._survey.drawn.sources.get(target.name) if target else None
        return self._survey.desk.written(origin).at("id") if origin else None

    def _text_place(self, text: str, origin: Origin | None) -> Place | None:
        return self._survey.desk.written(origin).text_at(text) if origin else None


def read(name: str, raw: bytes) -> Feed | None:
    """Give the feed that a file holds; None for a file that is something else.

    Raises `ValueError` and its kin for a file that cannot be read at all.
    """
    if name.endswith(".json"):
        data = json.loads(raw)
        version = data.get("version") if isinstance(data, dict) else None
        is_feed = (isinstance(version, str) and version.startswith(_JSON_FEED)) or name.endswith("feed.json")
        return _json_feed(data) if is_feed else None
    root = ET.fromstring(raw)  # noqa: S314  a file of our own
    if root.tag == "rss":
        return _rss(root)
    return _atom(root) if root.tag == f"{_ATOM}feed" else None


def _rss(root: ET.Element) -> Feed:
    channel = root.find("channel")
    if channel is None:
        return Feed([], ["<channel>"], _is_rfc822)
    lacks = [f"<{tag}>" for tag in ("title", "link", "description") if not (channel.findtext(tag) or "").strip()]
    if root.get("version") != "2.0":
        lacks.append('version="2.0"')
    entries = []
    for item in channel.findall("item"):
        dates = tuple(node.text or "" for node in item.findall("pubDate"))
        text = item.findtext(_CONTENT) or item.findtext("description") or ""
        entries.append(Entry(item.findtext("guid") or "", item.findtext("link") or "", dates, text))
        if not (item.findtext("title") or item.findtext("description")):
            lacks.append(f"a title of the entry {item.findtext('link')}")
    return Feed(entries, lacks, _is_rfc822)


def _atom(root: ET.Element) -> Feed:
    lacks = [f"<{tag}>" for tag in ("id", "title", "updated") if not (root.findtext(_ATOM + tag) or "").strip()]
    signed = root.find(f"{_ATOM}author") is not None
    entries = []
    for entry in root.findall(f"{_ATOM}entry"):
        links = [
            link.get("href") or "" for link in entry.findall(f"{_ATOM}link") if link.get("rel") in {None, "alternate"}
        ]
        dates = tuple(
            entry.findtext(_ATOM + tag) or "" for tag in ("updated", "published") if entry.find(_ATOM + tag) is not None
        )
        text = entry.findtext(f"{_ATOM}content") or ""
        entries.append(Entry(entry.findtext(f"{_ATOM}id") or "", (links or [""])[0], dates, text))
        needed = {"a title": "title", "<updated>": "updated", **({} if signed else {"an author": "author"})}
        lacks += [
            f"{what} of the entry {(links or [''])[0]}"
            for what, tag in needed.items()
            if entry.find(_ATOM + tag) is None
        ]
    return Feed(entries, lacks, _is_rfc3339)


def _json_feed(data: Any) -> Feed:
    lacks = [f"`{key}`" for key in ("version", "title", "items") if key not in data]
    entries = []
    for item in data.get("items", ()):
        dates = tuple(item[key] for key in ("date_published", "date_modified") if key in item)
        entries.append(Entry(str(item.get("id", "")), item.get("url", ""), dates, item.get("content_html", "")))
        if "content_html" not in item and "content_text" not in item:
            lacks.append(f"a text of the entry {item.get('url')}")
    return Feed(entries, lacks, _is_rfc3339)


def _is_rfc822(value: str) -> bool:
    try:
        return parsedate_to_datetime(value).tzinfo is not None or value.endswith("-0000")
    except (ValueError, IndexError, TypeError):
        return False


def _is_rfc3339(value: str) -> bool:
    if not _RFC3339.fullmatch(value):
        return False
    try:
        dt.datetime.fromisoformat(value)
    except ValueError:
        return False
    return True

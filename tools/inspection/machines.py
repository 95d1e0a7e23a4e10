"""Addresses of this site in what programs read: the sitemap, JSON, `_redirects`, robots.txt and style sheets."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from tools.inspection.targets import Named, host

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tools.inspection.survey import Survey

_SITEMAP = re.compile(r"sitemap(?:-\d+)?\.xml")
# From where, to where, and how; a rule with a placeholder has no one place that it leads to.
_REDIRECT = re.compile(r"^/\S*[ \t]+([^\s*:]+|https?://[^\s*:]+(?::\d+)?[^\s*:]*)(?:[ \t]+\d+!?)?[ \t]*$", re.MULTILINE)
_ROBOTS = re.compile(r"^sitemap:\s*(\S+)", re.MULTILINE | re.IGNORECASE)
_MANIFEST = {"src", "start_url", "scope", "url"}
_IN_STYLE = re.compile(r"""url\(\s*["']?(?!data:)([^"')\s]+)""", re.IGNORECASE)


def addresses(survey: Survey) -> Iterator[Named]:
    """Yield them all. A file that cannot be read has none."""
    base = f"{survey.drawn.base}/"
    for name in sorted(survey.files):
        for value in _held(name, survey):
            yield Named(name, base, value, by_machine=name != "_redirects")


def of_style(text: str, page: str, name: str) -> Iterator[Named]:
    """Yield the addresses in the style sheet of the page `name`, at the path `page`."""
    for found in _IN_STYLE.finditer(text):
        yield Named(name, page, found[1])


def _held(name: str, survey: Survey) -> Iterator[str]:
    if name.endswith((".json", ".webmanifest")) and not name.startswith("pagefind/"):
        yield from _of_json(survey.read(name), survey.drawn.root, manifest=name.endswith(".webmanifest"))
    elif _SITEMAP.fullmatch(name):
        yield from _of_sitemap(survey.read(name))
    elif name in {"_redirects", "robots.txt"}:
        pattern = _REDIRECT if name == "_redirects" else _ROBOTS
        yield from pattern.findall(survey.read(name).decode("utf-8", "replace"))


def _of_sitemap(raw: bytes) -> Iterator[str]:
    try:
        root = ET.fromstring(raw)  # noqa: S314  a file of our own
    except ET.ParseError:
        return
    yield from ((node.text or "").strip() for node in root.iter() if node.tag.endswith("}loc"))


def _of_json(raw: bytes, root: str, *, manifest: bool) -> Iterator[str]:
    try:
        data = json.loads(raw)
    except ValueError:
        return
    for key, value in _strings(data):
        if value.startswith(f"{root}/") or (manifest and key in _MANIFEST and not host(value)):
            yield value


def _strings(data: Any, key: str = "") -> Iterator[tuple[str, str]]:
    """Yield every text in JSON data with the name of its key."""
    if isinstance(data, dict):
        for name, value in data.items():
            yield from _strings(value, name)
    elif isinstance(data, list):
        for value in data:
            yield from _strings(value, key)
    elif isinstance(data, str):
        yield key, data

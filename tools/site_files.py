"""Which file answers an address of the previewed site, and with which headers: as a static host would have it."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote, unquote

from plugins import names
from tools.output import MANIFEST

if TYPE_CHECKING:
    from pathlib import Path

# Folders in which an address that ends like a post is not the post.
_LISTS = {"drafts", "tag", "category", "series"}


class Answer(NamedTuple):
    """A status with the file to send, or with the address to go to instead."""

    status: HTTPStatus
    file: Path | None = None
    location: str = ""


def answer(folder: Path, base: str, target: str) -> Answer:
    """Find what `target`, the path and query of a request, means in the built folder of a site below `base`.

    Nothing outside the folder is ever found, whatever the target holds.
    """
    path = target.partition("#")[0].partition("?")[0]
    if base and path in {"/", base}:
        return Answer(HTTPStatus.FOUND, location=f"{base}/")
    file = _inside(folder, unquote(path[len(base) + 1 :])) if path.startswith(f"{base}/") else None
    if file is not None and file.is_dir():
        if not path.endswith("/"):
            return Answer(HTTPStatus.MOVED_PERMANENTLY, location=f"{path}/")
        file /= "index.html"
    elif path.endswith("/"):
        file = None  # a file is no folder
    if file is not None and file.is_file():
        return Answer(HTTPStatus.OK, file)
    return Answer(HTTPStatus.NOT_FOUND, folder / "404.html")


def public_place(folder: Path, base: str, target: str) -> str | None:
    """Give the address at which a draft stands now that it is public, for that of the draft; None for all else."""
    path = target.partition("#")[0].partition("?")[0]
    found = re.fullmatch(re.escape(base) + r"/drafts/([\w-]+)/", unquote(path))
    if found is None:
        return None
    places = [page.parent.relative_to(folder) for page in folder.rglob(f"{found[1]}/index.html")]
    contents = [place.as_posix() for place in places if place.parts[0] not in _LISTS]
    return f"{base}/{quote(contents[0])}/" if len(contents) == 1 else None


def _inside(folder: Path, relative: str) -> Path | None:
    named = names.entry(folder, relative.lstrip("/"))  # capitals count at hosts, whatever this disk makes of them
    try:
        file = named.resolve(strict=True) if named else None
    except OSError:
        file = None
    if file is None:
        return None
    return file if file.is_relative_to(folder.resolve()) and file.name != MANIFEST else None


def headers(folder: Path, base: str) -> list[tuple[str, str]]:
    """Give the headers that the site's `_headers` file asks for on every page.

    The format is that of Netlify and Cloudflare Pages: an address pattern, and below it, indented, `Name: value`.
    """
    try:
        lines = (folder / "_headers").read_text("utf-8").splitlines()
    except OSError:
        return []
    found = []
    pattern = ""
    for line in lines:
        if not line.startswith((" ", "\t")):
            pattern = line.strip()
        elif pattern == f"{base}/*" and ":" in line:
            name, _, value = line.partition(":")
            found.append((name.strip(), value.strip()))
    return found

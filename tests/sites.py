"""A real tiny site for tests: write its files, build it, read its pages."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path
from typing import TYPE_CHECKING

from selectolax.lexbor import LexborHTMLParser

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

ROOT = Path(__file__).resolve().parent.parent
DAY = dt.date(2026, 11, 22)
EPOCH = str(int(dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC).timestamp()))

SPEAKER = """\
name = "Ada Example"
given_name = "Ada"
line = "speaks about bridges"
email = "ada@example.org"
site = "https://ada.example.org"
share = ["linkedin", "pinterest", "email"]
"""
SPEAKING_PAGE = "title: Ask me to speak\ntemplate: speaking\n\nBridges, mostly.\n"


def build(
    content: Path, output: Path, *, publish: bool = True, order: Callable[[list[str]], Iterable[str]] = list
) -> None:
    """Build a site with the project's own settings, as Pelican does; its plugins in another `order`."""
    from pelican import Pelican
    from pelican.settings import read_settings

    before = os.environ.copy()
    os.environ.update(LECTERN_CONTENT=str(content), SOURCE_DATE_EPOCH=EPOCH)
    try:
        config = ROOT / ("publishconf.py" if publish else "pelicanconf.py")
        settings = read_settings(str(config), override={"OUTPUT_PATH": str(output)})
        settings["PLUGINS"] = list(order(settings["PLUGINS"]))
        Pelican(settings).run()
    finally:
        os.environ.clear()
        os.environ.update(before)


def leads_on(page: Path) -> bool:
    """Tell whether a page stands at an address that was left, and is never looked at."""
    return b'http-equiv="refresh"' in page.read_bytes()


def pages_to_read(folder: Path) -> list[Path]:
    """Give every page of a built site that is for readers."""
    return sorted(path for path in folder.rglob("*.html") if not leads_on(path))


class Site:
    """A speaker with a speaking page, and whatever a test writes beside them."""

    def __init__(self, folder: Path) -> None:
        self.content = folder / "content"
        self.output = folder / "output"
        self.write("speaker.toml", SPEAKER)
        self.write("pages/speaking.md", SPEAKING_PAGE)
        self.write("pages/subscribe.md", "title: Get the next one\ntemplate: subscribe\n\nBy feed.\n")

    def write(self, name: str, text: str | bytes) -> Path:
        path = self.content / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def post(self, name: str, body: str = "Some words.\n", **head: str) -> Path:
        head = {"title": name.title(), "date": "2026-03-04"} | head
        return self.write(f"posts/{name}.md", "".join(f"{k}: {v}\n" for k, v in head.items()) + "\n" + body)

    def build(self, *, publish: bool = True, order: Callable[[list[str]], Iterable[str]] = list) -> None:
        build(self.content, self.output, publish=publish, order=order)

    def problems(self, *, publish: bool = True) -> list[str]:
        """Build and give the problems as `path below content:line: message`."""
        from plugins.problems import SiteError

        try:
            self.build(publish=publish)
        except SiteError as error:
            return [str(problem).removeprefix(f"{self.content}/") for problem in error.problems]
        return []

    def read(self, name: str) -> str:
        return (self.output / name).read_text("utf-8")

    def page(self, url: str) -> LexborHTMLParser:
        return LexborHTMLParser(self.read(url if url.endswith(".html") else f"{url}index.html"))

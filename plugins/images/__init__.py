"""Pictures in Markdown: a figure with its caption, and a size, so that nothing jumps while the page loads."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote
from xml.etree import ElementTree as ET

from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor

from plugins.pictures import size_of

if TYPE_CHECKING:
    from markdown import Markdown

_STATIC = "{static}"


class PictureTreeprocessor(Treeprocessor):
    """A picture alone in its paragraph becomes a figure, its title the caption; each gets its size in pixels."""

    def __init__(self, md: Any, content: Path) -> None:
        """Know the folder that `{static}/…` begins at. The reader gives the parser `path` and `problems`."""
        super().__init__(md)
        self.reader = md
        self.content = content

    def run(self, root: ET.Element) -> None:
        """Change the tree in place; the first picture loads at once, the others when they come near."""
        first = True
        for parent in list(root.iter()):
            for at, child in enumerate(list(parent)):
                if child.tag == "img":
                    self._describe(child, eager=first)
                    first = False
                if child.tag == "p" and _is_picture(child):
                    parent[at] = _figure(child)

    def _describe(self, image: ET.Element, *, eager: bool) -> None:
        image.set("decoding", "async")
        if not eager:
            image.set("loading", "lazy")
        source = unquote(image.get("src", ""))
        path = self._path(source)
        try:
            if path is None or not path.is_file():
                return  # the check of links says so
            size = size_of(path)
        except (OSError, ValueError):
            message = f"the picture {source.rpartition('/')[2][:80]} cannot be read; save it anew"
            self.reader.problems.append((image.get("src", ""), 0, message))
            return
        if size:
            image.set("width", str(size[0]))
            image.set("height", str(size[1]))

    def _path(self, source: str) -> Path | None:
        if not source.startswith((_STATIC, "/")):
            return None
        name = source.removeprefix(_STATIC)
        if name.startswith("/"):
            return self.content / name[1:]
        return Path(self.reader.path).parent / name


def _is_picture(paragraph: ET.Element) -> bool:
    if (paragraph.text or "").strip() or len(paragraph) != 1 or (paragraph[0].tail or "").strip():
        return False
    inner = paragraph[0]
    linked = (
        inner.tag == "a" and len(inner) == 1 and not (inner.text or "").strip() and not (inner[0].tail or "").strip()
    )
    return (inner[0] if linked else inner).tag == "img"


def _figure(paragraph: ET.Element) -> ET.Element:
    figure = ET.Element("figure", paragraph.attrib)
    figure.tail = paragraph.tail
    figure.append(paragraph[0])
    image = next(figure.iter("img"))
    caption = image.attrib.pop("title", "")
    if caption:
        ET.SubElement(figure, "figcaption").text = caption
    return figure


def register() -> None:
    """Connect to Pelican."""


class ImagesExtension(Extension):
    """Pictures for Python-Markdown. Option: `content`, the folder that `{static}/` begins at."""

    def __init__(self, **options: Any) -> None:
        """Declare the option."""
        self.config = {"content": ["", "the content folder"]}
        super().__init__(**options)

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802  the library's name
        """Add it to the parser, after attribute lists (8)."""
        md.treeprocessors.register(PictureTreeprocessor(md, Path(self.getConfig("content"))), "lectern-pictures", 4)


def makeExtension(**options: Any) -> ImagesExtension:  # noqa: N802  the library's name
    """Make the extension, as Python-Markdown asks for it."""
    return ImagesExtension(**options)

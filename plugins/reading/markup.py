"""What Python-Markdown writes, made fit for a strict CSP, a phone and a screen reader."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor

from plugins.blocks import BlockPreprocessor

if TYPE_CHECKING:
    from markdown import Markdown

_ALIGN = re.compile(r"\s*text-align:\s*(left|right|center);?\s*")


class TableTreeprocessor(Treeprocessor):
    """Tables in a frame that scrolls by itself; alignment as classes, since the CSP allows no style attribute."""

    def __init__(self, md: Markdown, label: str) -> None:
        """Take the frame's name for screen readers."""
        super().__init__(md)
        self.label = label

    def run(self, root: ET.Element) -> None:
        """Change the tree in place."""
        for parent in list(root.iter()):
            for at, child in enumerate(list(parent)):
                if child.tag in {"td", "th"}:
                    aligned = _ALIGN.fullmatch(child.attrib.get("style", ""))
                    if aligned:
                        del child.attrib["style"]
                        child.set("class", f"align-{aligned[1]}")
                elif child.tag == "table":
                    frame = ET.Element(
                        "div", {"class": "scroll", "tabindex": "0", "role": "group", "aria-label": self.label}
                    )
                    frame.tail, child.tail = child.tail, None
                    parent[at] = frame
                    frame.append(child)


class LecternExtension(Extension):
    """The site's own additions to Markdown: blocks and tables. Options: `blocks` (by name) and `table` (its label)."""

    def __init__(self, **options: Any) -> None:
        """Declare the options with their defaults."""
        self.config = {"blocks": [{}, "blocks by name"], "table": ["Table", "the label of a table's frame"]}
        super().__init__(**options)

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802  the library's name
        """Add both to the parser."""
        md.problems = []  # type: ignore[attr-defined]
        md.ESCAPED_CHARS.append("<")  # \\<name> is text, as in CommonMark
        # After fenced code (25), before raw HTML (20).
        md.preprocessors.register(BlockPreprocessor(md, self.getConfig("blocks")), "lectern-blocks", 22)
        # After inline patterns and attribute lists (8).
        md.treeprocessors.register(TableTreeprocessor(md, self.getConfig("table")), "lectern-tables", 5)


def makeExtension(**options: Any) -> LecternExtension:  # noqa: N802  the library's name
    """Make the extension, as Python-Markdown asks for it."""
    return LecternExtension(**options)

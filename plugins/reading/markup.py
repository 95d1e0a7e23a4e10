"""What Python-Markdown writes, made fit for a strict CSP, a phone and a screen reader."""

from __future__ import annotations

import re
import string
from typing import TYPE_CHECKING, Any, ClassVar
from xml.etree import ElementTree as ET

from markdown.blockprocessors import BlockProcessor
from markdown.extensions import Extension
from markdown.inlinepatterns import AUTOMAIL_RE, InlineProcessor, SubstituteTagInlineProcessor
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

from plugins import block_structure
from plugins.blocks import BlockPreprocessor

if TYPE_CHECKING:
    from markdown import Markdown

_ALIGN = re.compile(r"\s*text-align:\s*(left|right|center);?\s*")


_PLACEHOLDER = re.compile(rf"\n*{block_structure.PLACEHOLDER.format('([0-9]+)')}\s*")
_TASK = re.compile(r"\[([ xX])\]\s+(?=\S)")
_WIDE = 100
"""From here on numbers need more room before the text."""
# What a part's text may need before it is parsed, and what it then holds.
_PREPROCESSORS = (("fenced_code_block", "```"), ("lectern-blocks", "///"), ("html_block", "<"))


class StructurePreprocessor(Preprocessor):
    """Puts a placeholder for each list and quote, whose texts are read by themselves."""

    def run(self, lines: list[str]) -> list[str]:
        """Return the lines with placeholders; the parts of `md.structure` are what they stand for."""
        structure = block_structure.read(lines)
        self.md.structure = structure  # type: ignore[attr-defined]
        return structure.text


class PartProcessor(BlockProcessor):
    """Builds the list or quote that a placeholder stands for."""

    def test(self, parent: ET.Element, block: str) -> bool:  # noqa: ARG002  the library's signature
        """Tell whether the block is a placeholder."""
        return bool(_PLACEHOLDER.fullmatch(block))

    def run(self, parent: ET.Element, blocks: list[str]) -> None:
        """Build the element, and everything in it."""
        found = _PLACEHOLDER.fullmatch(blocks.pop(0))
        if not found:
            return
        part: block_structure.Part = self.parser.md.structure.parts[int(found[1])]  # type: ignore[attr-defined]
        element = ET.SubElement(parent, part.tag)
        if part.tag in {"blockquote", "div"}:
            self._read(element, part.texts[0])
            return
        if part.tag == "ol" and part.start != 1:
            element.set("start", str(part.start))
        if part.tag == "ol" and max(part.start, *part.values.values(), 0) + len(part.texts) > _WIDE:
            element.set("class", "long-numbers")
        for at, text in enumerate(part.texts):
            item = ET.SubElement(element, "li", {"value": str(part.values[at])} if at in part.values else {})
            self._read(item, text)
            _make_task(item)
            if part.tight:
                _unwrap_paragraphs(item)

    def _read(self, parent: ET.Element, lines: list[str]) -> None:
        text = "\n".join(lines).strip("\n")
        for name, mark in _PREPROCESSORS:
            if mark in text and name in self.parser.md.preprocessors:
                # The blank lines are those that Python-Markdown adds to a whole text.
                text = "\n".join(self.parser.md.preprocessors[name].run([*text.split("\n"), "", ""]))
        self.parser.state.set("part")
        self.parser.parseBlocks(parent, text.rstrip("\n").split("\n\n"))
        self.parser.state.reset()


def _make_task(item: ET.Element) -> None:
    """Turn `[x]` at the beginning of an item into a checkbox, named by the text behind it."""
    first = item[0] if len(item) else None
    task = _TASK.match(first.text or "") if first is not None and first.tag == "p" else None
    if first is None or not task:
        return
    item.set("class", "task")
    label = ET.Element("label")
    box = ET.SubElement(label, "input", {"type": "checkbox", "disabled": ""})
    if task[1] != " ":
        box.set("checked", "")
    box.tail = " " + (first.text or "")[task.end() :]
    first.text = None
    first.append(label)


def _unwrap_paragraphs(item: ET.Element) -> None:
    """Leave the text of a tight list's item without paragraphs around it."""
    blocks = list(item)
    item[:] = []
    for block in blocks:
        if block.tag != "p":
            item.append(block)
            continue
        if len(item):
            item[-1].tail = block.text
        else:
            item.text = block.text
        item.extend(block)


class MailInlineProcessor(InlineProcessor):
    """Links `<name@example.org>` as the theme links an address: in plain letters, with a plus as `%2B`."""

    def handleMatch(  # type: ignore[override]  # noqa: N802  the library's name and types
        self,
        m: re.Match[str],
        data: str,  # noqa: ARG002
    ) -> tuple[ET.Element, int, int]:
        """Return the link, and where it stands."""
        address = self.unescape(m[1]).removeprefix("mailto:")
        to, mark, fields = address.partition("?")
        link = ET.Element("a", {"href": f"mailto:{to.replace('+', '%2B')}{mark}{fields}"})
        link.text = AtomicString(address)
        return link, m.start(), m.end()


class StrikeInlineProcessor(InlineProcessor):
    """Strikes through what stands between two tildes or between two pairs of them, as GitHub does."""

    _ENDS: ClassVar = {"~": re.compile(r"(?<=[^\s~])~(?![~\w])"), "~~": re.compile(r"(?<=[^\s~])~~(?!~)")}

    def __init__(self, md: Markdown) -> None:
        """Look for the beginning only: no end is looked for twice where there is none."""
        super().__init__(r"(?<!~)~~(?=[^\s~])|(?<![~\w])~(?=[^\s~])", md)
        self._without_end: dict[str, str] = {}

    def handleMatch(  # type: ignore[override]  # noqa: N802  the library's name and types
        self, m: re.Match[str], data: str
    ) -> tuple[ET.Element | None, int | None, int | None]:
        """Return the element, and where it stands; nothing where the mark has no other half."""
        mark = m[0]
        end = None if data is self._without_end.get(mark) else self._ENDS[mark].search(data, m.end())
        if not end:
            self._without_end[mark] = data
            return None, None, None
        element = ET.Element("del")
        element.text = data[m.end() : end.start()]
        return element, m.start(), end.end()


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
    """What CommonMark and GitHub read, and the site's own blocks.

    Options: `blocks` (by name) and `table` (the label of a table's frame).
    """

    def __init__(self, **options: Any) -> None:
        """Declare the options with their defaults."""
        self.config = {"blocks": [{}, "blocks by name"], "table": ["Table", "the label of a table's frame"]}
        super().__init__(**options)

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802  the library's name
        """Add them to the parser."""
        md.problems = []  # type: ignore[attr-defined]
        md.ESCAPED_CHARS.append("<")  # \\<name> is text, as in CommonMark
        # Before fenced code (25): each part's own is looked for in it.
        md.preprocessors.register(StructurePreprocessor(md), "lectern-structure", 26)
        md.parser.blockprocessors.register(PartProcessor(md.parser), "lectern-parts", 95)
        for name in ("indent", "olist", "ulist", "quote"):
            md.parser.blockprocessors.deregister(name)
        if "defindent" in md.parser.blockprocessors:
            definitions: Any = md.parser.blockprocessors["defindent"]
            definitions.ITEM_TYPES, definitions.LIST_TYPES = ["dd"], ["dl"]
        md.ESCAPED_CHARS += [sign for sign in string.punctuation if sign not in [*md.ESCAPED_CHARS, "<"]]
        # In place of the library's own, which hides the letters from nobody but a reader of the source.
        md.inlinePatterns.register(MailInlineProcessor(AUTOMAIL_RE, md), "automail", 110)
        # After escapes (180); in what is struck through, emphasis (60) is still looked for.
        md.inlinePatterns.register(SubstituteTagInlineProcessor(r"\\\n", "br"), "lectern-break", 179)
        md.inlinePatterns.register(StrikeInlineProcessor(md), "lectern-strike", 65)
        # After fenced code (25), before raw HTML (20).
        md.preprocessors.register(BlockPreprocessor(md, self.getConfig("blocks")), "lectern-blocks", 22)
        # After inline patterns and attribute lists (8).
        md.treeprocessors.register(TableTreeprocessor(md, self.getConfig("table")), "lectern-tables", 5)


def makeExtension(**options: Any) -> LecternExtension:  # noqa: N802  the library's name
    """Make the extension, as Python-Markdown asks for it."""
    return LecternExtension(**options)

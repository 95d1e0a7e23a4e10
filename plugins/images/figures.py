"""Pictures in Markdown: one alone in its paragraph is a figure, its title the caption."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from markdown.treeprocessors import Treeprocessor


class FigureTreeprocessor(Treeprocessor):
    """A picture alone in its paragraph becomes a figure, whether or not it is a link."""

    def run(self, root: ET.Element) -> None:
        """Change the tree in place."""
        for parent in list(root.iter()):
            for at, child in enumerate(list(parent)):
                if child.tag == "p" and _is_picture(child):
                    parent[at] = _figure(child)


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

"""A post's HTML as feed readers need it: by itself, with absolute addresses, and without what only a page can do."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, NamedTuple

from plugins.markup import absolute, parsed, written
from plugins.text import boxes_as_signs

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

# What readers block or cannot work, and what a room of ours has marked as the page's own.
_NOT_FOR_READERS = (
    "script, style, template, noscript, link, meta, base, form, fieldset, button, input, select, textarea, output, "
    "dialog, iframe, frame, frameset, object, embed, canvas, [hidden], [data-page-only]"
)
_ADDRESSES = ("href", "src", "poster", "cite", "longdesc")
# What means something without our style sheet and scripts. Ids are not among them: a reader may show many posts on one
# page, and what leads to a place leads to it on the site.
_KEPT = frozenset(
    (
        *_ADDRESSES,
        *("alt", "title", "width", "height", "lang", "dir", "datetime", "colspan", "rowspan", "scope", "abbr"),
        *("start", "reversed", "value", "type", "controls", "kind", "srclang", "label", "open"),
    )
)


class Shown(NamedTuple):
    """A picture in a text: its absolute address, and its text for those who don't see it."""

    url: str
    alt: str


def for_readers(markup: str, page: str) -> tuple[str, tuple[Shown, ...]]:
    """Give a page's HTML fragment as readers get it, and the pictures in it; `page` is its absolute address."""
    tree = parsed(boxes_as_signs(markup))
    for label in tree.css(".task label"):
        label.unwrap()
    for node in tree.css(_NOT_FOR_READERS):
        node.decompose()
    _plain_pictures(tree)
    for node in tree.css("body *"):
        _plain(node, page)
    _unwrap(tree)
    images = [node.attributes for node in tree.css("img[src]")]
    return written(tree), tuple(Shown(one["src"] or "", one.get("alt") or "") for one in images)


def wrapped(markup: str, language: str, direction: str) -> str:
    """Give a text whose direction and language no reader can know from the feed, so that it knows them."""
    return f'<div lang="{html.escape(language)}" dir="{direction}">\n{markup}\n</div>'


def _plain_pictures(tree: LexborHTMLParser) -> None:
    """Leave of a `<picture>` the image that every program knows: readers choose badly among sources."""
    for picture in tree.css("picture"):
        for source in picture.css("source"):
            source.decompose()
        picture.unwrap()


def _plain(node: LexborNode, page: str) -> None:
    drawn = _within_drawing(node)
    for name, value in list(node.attributes.items()):
        if drawn and (name == "id" or (value or "").startswith("#")):
            continue  # one part of a drawing leads to another
        if name in _ADDRESSES and value is not None:
            whole = absolute(page, value)
            if whole:
                node.attrs[name] = whole
            else:
                del node.attrs[name]
        elif name not in _KEPT and (not drawn or name in {"style", "class"} or name.startswith("on")):
            del node.attrs[name]


def _within_drawing(node: LexborNode) -> bool:
    """Tell whether the element belongs to SVG or MathML, whose attributes are the drawing itself."""
    above: LexborNode | None = node
    while above is not None:
        if above.tag in {"svg", "math"}:
            return True
        above = above.parent
    return False


def _unwrap(tree: LexborHTMLParser) -> None:
    """Take away frames that hold nothing but their content: colours of code, a figure around a quotation."""
    for node in tree.css("span:not([lang]):not([dir]):not([title])"):
        if node.child is None:
            node.decompose()  # the highlighter leaves an empty one before each piece of code
        else:
            node.unwrap()
    for figure in tree.css("figure"):
        inner = [child for child in figure.iter(include_text=True) if child.tag != "-text" or child.text().strip()]
        if [child.tag for child in inner] == ["blockquote"]:
            figure.unwrap()

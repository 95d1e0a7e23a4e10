"""A talk's text as data that a sheet can be set from: paragraphs, headings, lists, quotations, and nothing else."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from plugins.markup import parsed
from plugins.text import counts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from selectolax.lexbor import LexborNode

    Block = dict[str, Any]
    Run = dict[str, Any]

_HEADINGS = {f"h{rank}" for rank in range(1, 7)}
_LISTS = {"ul": "bullets", "ol": "numbers"}
_BLOCKS = {
    *_HEADINGS,
    *_LISTS,
    *("p", "div", "blockquote", "pre", "table", "tr", "figure", "figcaption", "section", "article", "aside", "details"),
    *("dl", "dt", "dd", "hr", "thead", "tbody", "tfoot", "li", "summary", "header", "footer", "address"),
}
_EMPHASIS = {"em", "i", "cite", "dfn", "var"}
_STRONG = {"strong", "b"}
_STRUCK = {"del", "s", "strike"}
_CODE = {"code", "kbd", "samp", "tt"}
# Of a page only: forms, drawings, what is played, and notes at its foot with the marks that lead there.
_LEFT_OUT = (
    "script, style, template, svg, math, iframe, video, audio, button, form, .invitation, .footnote, .footnote-ref"
)
_WHITE = re.compile(r"[ \t\r\n\f]+")
_FORMED = {"emphasis": False, "strong": False, "code": False, "url": ""}


def blocks(markup: str, address: str) -> list[Block]:
    """Give a fragment of HTML as blocks; `address` is the page's, which links in it are relative to.

    A block is `{"kind": "paragraph" | "heading", "runs": …}`, `{"kind": "quote", "blocks": …}` or
    `{"kind": "bullets" | "numbers", "items": [blocks, …]}`, the latter with its `numbers`; a run is a text with
    `emphasis`, `strong`, `code`, `url`, and `struck` where it is.
    Whatever else there is, tables and pictures among it, stands there as its text.
    """
    tree = parsed(markup)
    for node in tree.css(_LEFT_OUT):
        node.decompose()
    return list(_blocks(tree.body, address)) if tree.body else []


def words(all_blocks: list[Block]) -> int:
    """Count the words of the blocks; a character of a script without spaces is one."""
    own = "".join(run["text"] for block in all_blocks for run in block.get("runs", ()))
    inner = [block["blocks"] for block in all_blocks if "blocks" in block]
    inner += [item for block in all_blocks for item in block.get("items", ())]
    return sum(counts(own)) + sum(map(words, inner))


def _blocks(parent: LexborNode, address: str) -> Iterator[Block]:
    """Yield the blocks in an element; text that stands between them is a paragraph of its own."""
    loose: list[Run] = []
    for node in parent.iter(include_text=True):
        if node.tag in _BLOCKS:
            yield from _paragraph(loose)
            loose = []
            yield from _block(node, address)
        else:
            loose += _runs(node, address, _FORMED)
    yield from _paragraph(loose)


def _block(node: LexborNode, address: str) -> Iterator[Block]:
    tag = node.tag or ""
    if tag in _LISTS:
        items = [(list(_blocks(item, address)), item) for item in node.iter() if item.tag == "li"]
        block = {"kind": _LISTS[tag], "items": [found for found, _ in items if found]}
        numbers = _numbers(node, [item for _, item in items])
        yield (
            block | {"numbers": [each for each, (found, _) in zip(numbers, items, strict=True) if found]}
            if tag == "ol"
            else block
        )
    elif tag == "pre":
        lines = (node.text() or "").strip("\n").split("\n")
        code = [{**_FORMED, "code": True, "text": text} for line in lines for text in ("\n", line)]
        yield from _paragraph(code[1:])
    elif tag in {"p", *_HEADINGS}:
        yield from _paragraph(_inline(node, address), "heading" if tag in _HEADINGS else "paragraph")
    elif tag == "blockquote":
        yield {"kind": "quote", "blocks": list(_blocks(node, address))}
    elif tag == "tr":
        cells = [run for cell in node.iter() for run in (*_inline(cell, address), {"text": " · ", **_FORMED})]
        yield from _paragraph(cells[:-1])
    else:
        yield from _blocks(node, address)


def _numbers(ordered: LexborNode, items: list[LexborNode]) -> list[int]:
    """Return the numbers that a browser shows before the items."""
    number = _whole(ordered, "start", 1) - 1
    numbers = []
    for item in items:
        number = _whole(item, "value", number + 1)
        numbers.append(number)
    return numbers


def _whole(node: LexborNode, name: str, default: int) -> int:
    written = node.attributes.get(name) or ""
    return int(written) if written.isdecimal() else default


def _inline(node: LexborNode, address: str) -> list[Run]:
    return [run for child in node.iter(include_text=True) for run in _runs(child, address, _FORMED)]


def _paragraph(runs: list[Run], kind: str = "paragraph") -> Iterator[Block]:
    """Yield the block that the runs make, with white space as a browser leaves it; nothing where there is none."""
    shown: list[Run] = []
    for run in runs:
        text = run["text"] if run["text"] == "\n" else _WHITE.sub(" ", run["text"])
        if not shown or shown[-1]["text"].endswith((" ", "\n")):
            text = text.lstrip(" ")
        if text:
            shown.append({**run, "text": text})
    if any(run["text"].strip() for run in shown):
        shown[-1]["text"] = shown[-1]["text"].rstrip()
        yield {"kind": kind, "runs": [run for run in shown if run["text"]]}


def _runs(node: LexborNode, address: str, formed: dict[str, Any]) -> Iterator[Run]:
    tag = node.tag or ""
    if tag == "-text":
        yield {"text": node.text_content or "", **formed}
    elif tag == "br":
        yield {"text": "\n", **formed}
    elif tag == "input" and node.attributes.get("type") == "checkbox":
        yield {"text": "[x]" if "checked" in node.attributes else "[ ]", **formed}
    elif tag == "img":
        yield {"text": node.attributes.get("alt") or "", **formed}
    else:
        url = _url(node, address) if tag == "a" else ""
        inner = {
            "emphasis": formed["emphasis"] or tag in _EMPHASIS,
            "strong": formed["strong"] or tag in _STRONG,
            "code": formed["code"] or tag in _CODE,
            "url": url or formed["url"],
        } | ({"struck": True} if tag in _STRUCK or "struck" in formed else {})
        for child in node.iter(include_text=True):
            yield from _runs(child, address, inner)


def _url(node: LexborNode, address: str) -> str:
    """Give where a link leads, as a whole address; nothing where a sheet of paper should not lead."""
    try:
        url = urljoin(address, (node.attributes.get("href") or "").strip())
        return url if urlsplit(url).scheme in {"http", "https", "mailto"} else ""
    except ValueError:
        return ""

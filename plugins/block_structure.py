"""The containers of a Markdown text, by CommonMark's rules: lists, quotes, notes, and what in them is code.

Python-Markdown finds lists by rules of its own; read by these first, an item or quote reaches it as a text by itself.
"""

from __future__ import annotations

import re
from itertools import pairwise
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

DEEPEST = 20
"""How many containers may stand in one another: more is no text, and each costs a call of the parser in another."""
PLACEHOLDER = "\x02lectern-part:{}\x03"
"""A line that stands for the part of that number; a control character cannot stand in a text."""
_CODE_INDENT = 4
_MARK = re.compile(r"([-+*]|(\d{1,9})([.)]))(?= |$)")
_QUOTE = re.compile(r" {0,3}> ?")
_FENCE = re.compile(r"(`{3,}|~{3,})(.*)$")
_LANGUAGE = re.compile(r"[\w#.+-]*|\{[^}\n]*\}")
_BACKQUOTES = re.compile("`{3,}")
_RULE = re.compile(r"([-_*])(?: *\1){2,} *$")
_UNDERLINE = re.compile(r"(?:=+|-+) *$")
_NOTE = re.compile(r"\[\^[^\]\s]+\]: *|: {1,3}(?=\S)")
_BLOCK = re.compile(r"/{3,} *(.*)$")
_DELIMITER = re.compile(r" *:?-+:? *")
_END_OF_ROW = re.compile(r"(?<!\\)(?:\\\\)*\|$")
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*)(?=[\s/>]|$)")
_WHOLE_TAG = re.compile(r"</?[a-zA-Z][a-zA-Z0-9-]*(?:\s[^<>]*)?/?>\s*$")
_SENTENCE_END = re.compile(r"[.,;:…]['\"”’)]*$")
_COMMENTS = (("<!--", "-->"), ("<?", "?>"))
# Elements whose text is Markdown where a blank line stands behind the tag.
_MARKDOWN_IN = frozenset("details div section article aside center".split())
_VERBATIM_TAGS = frozenset("pre script style textarea svg math".split())
_VOID = frozenset("hr link meta".split())
# What looks like an item and is text: a word processor's bullet, no space, a letter, or a number that begins no list.
_ALMOST_ITEM = re.compile(r" {0,3}(?:([•◦▪‣●]|[·–—](?=\s))|([-+*])\xa0|(-)[^\W\d_]|(\d{1,9})[.)]\s|([a-y])[.)]\s)")
_SPOKEN = re.compile(r"[.!?…]\W*$")
_INSET_BY_HARD_SPACE = re.compile(r" *\xa0[ \xa0]*(?:[-+*•◦▪‣●]|\d{1,9}[.)])\s")
# A `|` that GitHub reads as part of the code; Python-Markdown splits no cell there.
_CODE_IN_ROW = re.compile(r"(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)")
# What is surely meant as Markdown, in a line of HTML.
_MARKDOWN = re.compile(r"^\s*(?:[-+*]|\d+[.)]) |\]\(|(?<![\w*])\*\*?[^\W_]|(?<=\w)\*\*?(?![\w*])")
_TWO = 2
_MOST_OPEN = 300


class Part(NamedTuple):
    """A list, a quote, or a note's code (`div`): its tag and the texts in it; of a list, its start, and if it is tight.

    `values` are the numbers of those items that leave some out.
    """

    tag: str
    texts: list[list[str]]
    start: int = 1
    tight: bool = False
    values: Mapping[int, int] = MappingProxyType({})


class Oddity(NamedTuple):
    """What is read otherwise than its author may have meant; lines count from 0."""

    line: int
    message: str
    rule: str


class Structure(NamedTuple):
    """A text taken apart: its lines with placeholders, the parts, which lines are code (from 0), and what is odd."""

    text: list[str]
    parts: list[Part]
    code: frozenset[int]
    problems: list[Oddity]


def read(lines: Iterable[str]) -> Structure:
    """Return the structure of a text, in one pass over its lines."""
    reading = _Reading()
    for at, line in enumerate(lines):
        reading.feed(at, line.expandtabs(_CODE_INDENT).rstrip())
        reading.breaks = line.endswith("  ")
    return reading.finished()


class _List:
    """A list while it is read."""

    def __init__(self, mark: str, start: int, line: int, above: str) -> None:
        self.mark, self.start, self.line = mark, start, line
        self.above = above  # the text that it interrupts
        self.tight = True
        self.numbers: list[int] = []
        self.texts: list[list[str]] = []

    def values(self) -> dict[int, int]:
        """Return the numbers that are left out on purpose, by item; one that stands twice is just counted on."""
        jumps: dict[int, int] = {}
        expected = self.start
        for at, number in enumerate(self.numbers):
            if number > expected:
                jumps[at] = expected = number
            expected += 1
        return jumps

    def problems(self) -> Iterator[Oddity]:
        """Yield where a line of prose begins a list."""
        mark, first = self.mark, self.numbers[0]
        if self.above and len(self.texts) == 1 and not self.above.endswith(":"):
            said = f"{first}{mark}" if mark in ".)" else mark
            advice = f"put a blank line above it, or where it is none write `{said[:-1]}\\{said[-1]}`"
            message = f"`{said}` begins a list in the middle of a paragraph; for a list {advice}"
            yield Oddity(self.line, message, rule="list")


class _Container:
    """A document, quote, item or note while it is read; `offset` is how far its text is indented."""

    def __init__(self, kind: str, offset: int = 0, opening: str = "") -> None:
        self.kind, self.offset, self.opening = kind, offset, opening
        self.lines: list[str] = []
        self.blocks = 0  # that have begun in it
        self.list: _List | None = None  # of an item
        self.last_list: _List | None = None  # that an item may still belong to


class _Reading:
    """The state between two lines, as in CommonMark's appendix "A parsing strategy"."""

    def __init__(self) -> None:
        self.stack = [_Container("document")]
        self.parts: list[Part] = []
        self.code: set[int] = set()
        self.problems: list[Oddity] = []
        self.at = 0
        self.blank = False  # the line before, as far as it makes a list loose
        self.breaks = False  # the line before, by two spaces at its end
        self.leaf = ""  # what the next line may continue: paragraph, table, code, fence or html
        self.lists: list[tuple[int, _List]] = []  # each with the number of its part
        self.paragraph: list[str] = []
        self.paragraph_at = 0
        self.indent = 0
        self.fence, self.info, self.fence_indent, self.begun = "", "", 0, 0
        self.fenced: list[str] = []
        self.until = ""  # ends the HTML; where it is empty, a blank line does
        self.told = False  # that there is Markdown in this HTML
        self.depth = 0  # of elements of one name in each other
        self.swallows = False  # text behind a blank line, in an element that may never end
        self.open_tags: list[tuple[str, _Container, int, int]] = []
        self.elements: list[tuple[str, _Container]] = []  # that are open, with Markdown in them
        self.columns = 0

    # --- one line ---

    def feed(self, at: int, line: str) -> None:
        """Read a line without tabs and without spaces at its end."""
        self.at = at
        position, matched = self._matched(line)
        whole = matched == len(self.stack)
        if self.leaf in {"fence", "html"} and whole and self._verbatim(line[position:]):
            return
        if not line[position:].strip():
            self._blank_line(matched)
            return
        self._nonblank(line, position, matched)
        self.blank = False

    def _matched(self, line: str) -> tuple[int, int]:
        """Return where the text begins, and how many of the open containers the line continues."""
        position = 0
        for matched, container in enumerate(self.stack[1:], 1):
            rest = line[position:]
            if container.kind == "quote":
                found = _QUOTE.match(rest)
                if not found:
                    return position, matched
                position += found.end()
            elif not rest.strip():
                if not container.blocks:
                    return position, matched
            elif _indent(rest) >= container.offset:
                position += container.offset
            else:
                return position, matched
        return position, len(self.stack)

    def _blank_line(self, matched: int) -> None:
        if self.leaf != "code":
            self._end_leaf()
        self._close(matched)
        self.stack[-1].lines.append("")
        self.blank = self.stack[-1].kind != "quote"

    def _nonblank(self, line: str, position: int, matched: int) -> None:
        opened = False
        while True:
            rest = line[position:]
            indent = self.indent = _indent(rest)
            interrupting = self.leaf == "paragraph" and matched == len(self.stack) and not opened
            if indent >= _CODE_INDENT or not rest:
                break
            inner = rest[indent:]
            if self._is_row(inner, whole=matched == len(self.stack)):
                break
            quote = _QUOTE.match(rest)
            if not quote and self._leaf_begins(inner, matched, interrupting=interrupting):
                return
            mark = None if quote else self._mark(inner, interrupting=interrupting)
            if (quote or mark) and matched > DEEPEST:
                message = f"lists and quotes stand in one another more than {DEEPEST} deep here; take some out"
                self._say(self.at, message, rule="list")
                break
            if quote:
                self._open(matched, _Container("quote"))
                position += quote.end()
            elif mark:
                position += self._open_item(matched, mark, inner, indent)
            elif note := self._note(inner, matched):
                position += indent + note.end()
                self._open(matched, _Container("note", _CODE_INDENT, rest[: indent + note.end()]))
            else:
                break
            matched, opened = len(self.stack), True
        self._text(line[position:], matched, opened=opened)

    def _text(self, rest: str, matched: int, *, opened: bool) -> None:
        """Take a line that begins nothing: code, a row, or a paragraph's."""
        if self.leaf == "paragraph" and not opened and rest:
            lazy = matched < len(self.stack)
            self._continue_paragraph(rest, lazy=lazy)
            return
        self._close(matched)
        if not rest:
            return
        if self.leaf == "table" and _indent(rest) < _CODE_INDENT:
            self._row(rest)
        elif _indent(rest) >= _CODE_INDENT:
            if self.leaf != "code":
                self._begin("code")
            self.code.add(self.at)
            self.stack[-1].lines.append(rest)
        else:
            self._begin("paragraph")
            self.paragraph, self.paragraph_at = [rest], self.at
            self.stack[-1].lines.append(rest)

    def _continue_paragraph(self, rest: str, *, lazy: bool) -> None:
        lines = self.stack[-1].lines
        if lazy and (_UNDERLINE.match(rest) or self._is_delimiter_row(rest)):
            # By itself it would be read as the line below a heading or a table's head.
            rest = f"    {rest.replace('|', '&#124;')}"
        elif self._is_delimiter_row(rest, tell=True):
            self.leaf = "table"
            lines[-1:] = [*([""] if len(self.paragraph) > 1 else []), _bordered(lines[-1])]
            rest = _bordered(rest)
        elif self.breaks:
            lines[-1] += "  "
        lines.append(rest)
        self.paragraph.append(rest)

    def _say(self, line: int, message: str, *, rule: str) -> None:
        self.problems.append(Oddity(line, message, rule))

    # --- leaves ---

    def _leaf_begins(self, inner: str, matched: int, *, interrupting: bool) -> bool:
        """Tell whether the line is, or begins, a block that holds no others; it is then taken."""
        fence = _FENCE.match(inner)
        if fence and not (fence[1][0] == "`" and "`" in fence[2]):
            self._close(matched)
            self._begin("fence")
            self.fence, self.info, self.fenced = fence[1], fence[2].strip(), []
            self.begun, self.fence_indent = self.at, self.indent
            self.code.add(self.at)
            return True
        if interrupting and _UNDERLINE.match(inner):
            self._underline(inner)
            return True
        rule = _RULE.match(inner)
        if rule or inner[0] == "#":
            self._close(matched)
            self._begin("")
            self.stack[-1].lines += ["", "* * *", ""] if rule else [inner]
            return True
        return inner[0] in "</" and self._verbatim_begins(inner, matched, interrupting=interrupting)

    def _underline(self, inner: str) -> None:
        text = self.paragraph
        self.stack[-1].lines.append(inner)
        if len(text) > 1 or len(inner) <= _TWO or _SENTENCE_END.search(text[-1]):
            advice = "put a blank line above it, or for a heading write `## ` before one line of text"
            self._say(self.at, f"`{inner[:10]}` makes a heading of the text above it; {advice}", rule="headings")
        self.leaf = ""

    def _verbatim_begins(self, inner: str, matched: int, *, interrupting: bool) -> bool:
        from markdown.util import BLOCK_LEVEL_ELEMENTS

        block, tag = _BLOCK.match(inner), _TAG.match(inner)
        name = tag[2].lower() if tag else ""
        until = next((end for begin, end in _COMMENTS if inner.startswith(begin)), "")
        known = bool(until) or name in BLOCK_LEVEL_ELEMENTS
        if not (block or known or (tag and not interrupting and _WHOLE_TAG.match(inner))):
            return False
        self._close(matched)
        self._begin("html")
        self.depth = 0
        if block:
            self.until = "///"
            if len(self.stack) > 1:
                message = f"`{inner[:40]}` would be shown in a list or quote; a block stands at the left margin"
                self._say(self.at, message, rule="leftover-mark")
            self.leaf = "html" if block[1] else ""
        elif tag and not tag[1] and (known or name in _VERBATIM_TAGS) and name not in _MARKDOWN_IN | _VOID:
            self.until = f"</{name}"
        else:
            self.until = until
        self.begun, self.told = self.at, False
        if self.leaf:
            self._html_line(inner, first=True)
        else:
            self.stack[-1].lines.append(inner)
        return True

    def _verbatim(self, rest: str) -> bool:
        """Take a line of open code or HTML; False where a blank line ends the latter."""
        if self.leaf == "fence":
            self.code.add(self.at)
            inner = rest.strip()
            if _indent(rest) < _CODE_INDENT and inner.startswith(self.fence) and not inner.strip(self.fence[0]):
                self._end_fence(closed=True)
            else:
                self.fenced.append(rest[min(_indent(rest), self.fence_indent) :])
            return True
        if not rest and not self.until:
            return False
        self._html_line(rest)
        return True

    def _html_line(self, rest: str, *, first: bool = False) -> None:
        lines = self.stack[-1].lines
        lines.append(rest)
        self.swallows = not first and (self.swallows or bool(rest and not lines[-2]))
        if self.until == "///":
            ended = not first and rest.strip("/ ") == "" and "///" in rest
        elif self.until.startswith("</"):
            name = self.until[2:]
            tags = [found for found in _TAG.finditer(rest) if found[2].lower() == name]
            self.depth += sum(-1 if found[1] else 1 for found in tags)
            ended = self.depth <= 0
        elif self.until:
            ended = self.until in rest
        else:
            self._track_tags(rest)
            if not rest.startswith("<") and self.open_tags and _MARKDOWN.search(rest) and not self.told:
                self.told = True
                name = self.open_tags[-1][0]
                message = f"Markdown in `<{name}>` is read behind a blank line only; put one above this line"
                self._say(self.at, message, rule="leftover-mark")
            return
        if ended:
            self.leaf = ""

    def _track_tags(self, rest: str) -> None:
        """Remember which elements are open whose text is Markdown once a blank line comes."""
        container = self.stack[-1]
        for found in _TAG.finditer(rest):
            name = found[2].lower()
            if name not in _MARKDOWN_IN:
                continue
            if not found[1] and len(self.open_tags) + len(self.elements) >= DEEPEST:
                message = f"elements stand in one another more than {DEEPEST} deep here; take some out"
                self._say(self.at, message, rule="leftover-mark")
                continue
            if not found[1]:
                self.open_tags.append((name, container, len(container.lines) - 1, found.end()))
                continue
            for still_open in (self.open_tags, self.elements):
                near = [each[0] for each in still_open[-DEEPEST:] if each[1] is container]
                if name in near:
                    del still_open[-near[::-1].index(name) - 1 :]
                    break

    def _mark_markdown(self) -> None:
        """Let Python-Markdown read the text in the elements that are open at a blank line."""
        self.elements += [(name, container) for name, container, _, _ in self.open_tags]
        for _, container, at, end in reversed(self.open_tags):
            line = container.lines[at]
            if not re.search(r"\bmarkdown\b", line[end:].partition(">")[0]):
                container.lines[at] = f'{line[:end]} markdown="1"{line[end:]}'
        self.open_tags.clear()

    def _end_fence(self, *, closed: bool) -> None:
        """Write code as Python-Markdown knows it: at the margin, between marks that do not stand in it."""
        known = _LANGUAGE.fullmatch(self.info)
        if not closed:
            message = "the code that is opened here is never closed; add a line of ``` below it"
            self._say(self.begun, message, rule="code-fence")
        elif not known:
            mark = f"{self.fence}{self.info}"[:40]
            message = f"`{mark}` does not open code; write only the language after it, like ```python"
            self._say(self.begun, message, rule="code-fence")
        runs = [len(found) for line in self.fenced for found in _BACKQUOTES.findall(line)]
        fence = "`" * (max(runs, default=2) + 1)
        code = ["", f"{fence}{self.info if known else ''}", *self.fenced, fence, ""]
        if self.stack[-1].kind == "note":  # whose text Python-Markdown looks for no fence in
            self.parts.append(Part("div", [code]))
            code = ["", PLACEHOLDER.format(len(self.parts) - 1), ""]
        self.stack[-1].lines += code
        self.leaf = ""

    # --- tables ---

    def _is_row(self, inner: str, *, whole: bool) -> bool:
        """Tell whether a line belongs to a table rather than begins a list: `- | -` under a heading, or a row."""
        if not whole or "|" not in inner or not _MARK.match(inner):
            return False
        return self.leaf == "table" or self._is_delimiter_row(inner)

    def _is_delimiter_row(self, rest: str, *, tell: bool = False) -> bool:
        """Tell whether a line makes a table of the one above it; with `tell`, say where it does not quite."""
        if self.leaf != "paragraph" or "-" not in rest or "|" not in rest + self.paragraph[-1]:
            return False
        head = self.paragraph[-1]
        parts = rest.strip().removeprefix("|").removesuffix("|").split("|")
        if not all(map(_DELIMITER.fullmatch, parts)):
            return False
        self.columns = cells(head)
        if tell and self.columns != len(parts):
            message = f"this line has {len(parts)} parts and the one above it {self.columns}, so that no table is drawn"
            self._say(self.at, f"{message}; write one `---` for each column, with | between them", rule="table")
        return self.columns == len(parts)

    def _row(self, rest: str) -> None:
        self.stack[-1].lines.append(_bordered(rest))
        count = cells(rest)
        if count > self.columns:
            message = f"this row has {count} cells and the table {self.columns} columns; what is too much would vanish"
            self._say(self.at, f"{message}: add a column, or write \\| for a line in a cell", rule="table")

    # --- containers ---

    def _note(self, inner: str, matched: int) -> re.Match[str] | None:
        """Return the mark of a footnote's text or of a definition."""
        note = _NOTE.match(inner)
        after_term = self.leaf == "paragraph" or self.stack[matched - 1].blocks
        return note if note and (inner[0] == "[" or after_term) and self.stack[matched - 1].kind != "note" else None

    def _mark(self, inner: str, *, interrupting: bool) -> re.Match[str] | None:
        mark = _MARK.match(inner)
        if mark and interrupting and (mark.end() == len(inner) or (mark[2] and int(mark[2]) != 1)):
            return None
        return mark

    def _open_item(self, matched: int, mark: re.Match[str], inner: str, indent: int) -> int:
        """Open a list item; return how far its text begins behind the place where the line was read up to."""
        padding = len(inner) - mark.end() - len(inner[mark.end() :].lstrip())
        if mark.end() == len(inner) or padding > _CODE_INDENT:
            padding = 1
        at_top = self.leaf == "paragraph" and matched == len(self.stack) and self.stack[-1].kind != "item"
        above = self.paragraph[-1] if at_top else ""
        parent_blank = self.blank
        self._close(matched)
        parent = self.stack[-1]
        kind = mark[3] or mark[1]
        number = int(mark[2] or 1)
        if parent.last_list is None or parent.last_list.mark != kind:
            self._begin("")
            parent.last_list = _List(kind, number, self.at, above)
            tag = "ol" if mark[2] else "ul"
            parent.lines += ["", PLACEHOLDER.format(len(self.parts)), ""]
            self.parts.append(Part(tag, parent.last_list.texts, number))
            self.lists.append((len(self.parts) - 1, parent.last_list))
        elif parent_blank:
            parent.last_list.tight = False
        item = _Container("item", indent + mark.end() + padding)
        item.list = parent.last_list
        item.list.texts.append(item.lines)
        item.list.numbers.append(number)
        self.stack.append(item)
        self.blank = False
        return item.offset

    def _open(self, matched: int, container: _Container) -> None:
        self._close(matched)
        self._begin("")
        self.stack.append(container)

    def _begin(self, leaf: str) -> None:
        """Begin a block in the innermost container: after a blank line it makes the list loose that it stands in."""
        self._end_leaf()
        parent = self.stack[-1]
        if parent.list and parent.blocks and self.blank:
            parent.list.tight = False
        parent.blocks += 1
        parent.last_list = None
        self.leaf = leaf

    def _close(self, matched: int) -> None:
        """Close the containers that a line does not continue."""
        if matched < len(self.stack):
            self._end_leaf()
        while len(self.stack) > matched:
            self._close_elements()
            container = self.stack.pop()
            lines = self.stack[-1].lines
            if container.kind == "quote":
                lines += ["", PLACEHOLDER.format(len(self.parts)), ""]
                self.parts.append(Part("blockquote", [container.lines]))
            elif container.kind == "note":
                self._close_note(container, lines)

    def _close_elements(self) -> None:
        """End what a browser would end: Python-Markdown loses what stands in two that are open."""
        while self.elements and self.elements[-1][1] is self.stack[-1]:
            self.stack[-1].lines += ["", f"</{self.elements.pop()[0]}>", ""]

    def _close_note(self, note: _Container, lines: list[str]) -> None:
        first, *rest = note.lines or [""]
        lines.append(note.opening + first)
        for line in rest:
            if line or lines[-1]:  # a second blank line would end a footnote
                lines.append(f"    {line}" if line else "")

    def _end_leaf(self) -> None:
        if self.leaf == "fence":
            self._end_fence(closed=False)
        elif self.leaf == "html" and self.until.startswith("</") and self.swallows:
            tag = self.until[2:]
            message = f"`<{tag}>` is never closed; write `</{tag}>` where it ends"
            self._say(self.begun, message, rule="leftover-mark")
        elif self.leaf == "html" and not self.until:
            self._mark_markdown()
        elif self.leaf == "paragraph":
            self._judge_paragraph()
        elif self.leaf == "table":
            self.stack[-1].lines.append("")
        self.leaf = ""
        self.paragraph = []

    def _judge_paragraph(self) -> None:
        """Say where lines of a paragraph were meant to be a table or list, and where its brackets are a riddle."""
        text = "".join(self.paragraph)
        if sum(map(text.count, "[(")) - sum(map(text.count, "])")) > _MOST_OPEN:
            message = f"more than {_MOST_OPEN} brackets of this paragraph are never closed; close or remove them"
            self._say(self.paragraph_at, message, rule="leftover-mark")
            # Python-Markdown would look for the end of each through all that follows.
            self.stack[-1].lines[-len(self.paragraph) :] = [line.replace("[", "&#91;") for line in self.paragraph]
        first = self.paragraph[:_TWO]
        if len(first) == _TWO and all(line.lstrip().startswith("|") and line.endswith("|") for line in first):
            message = "these lines are no table; write one like `|---|---|` below the first, with `---` for each column"
            self._say(self.paragraph_at, message, rule="table")
        found = [_ALMOST_ITEM.match(line) for line in self.paragraph]
        for at, (one, two) in enumerate(pairwise(found)):
            if one and two and not self._breaks(at) and (message := _meant_as_list(one, two)):
                self._say(self.paragraph_at + at, message, rule="list")
                return
        for at, line in enumerate(self.paragraph):
            if _INSET_BY_HARD_SPACE.match(line):
                message = "the spaces before this item are a word processor's hard ones; type them anew"
                self._say(self.paragraph_at + at, message, rule="list")
                return

    def _breaks(self, at: int) -> bool:
        """Tell whether a line of the paragraph ends in a hard break, so that the next is shown below it."""
        return self.stack[-1].lines[at - len(self.paragraph)].endswith(("  ", "\\"))

    def finished(self) -> Structure:
        """Return what was read."""
        self._close(1)
        self._end_leaf()
        self._close_elements()
        for part, each in self.lists:
            self.parts[part] = self.parts[part]._replace(tight=each.tight, values=each.values())
            self.problems += each.problems()
        return Structure(self.stack[0].lines, self.parts, frozenset(self.code), sorted(self.problems))


def _meant_as_list(one: re.Match[str], two: re.Match[str]) -> str:
    """Return what is wrong with two lines that begin alike; nothing where they may be prose."""
    said = one[0].strip()
    if one[4] and two[4] and int(two[4]) == int(one[4]) + 1:
        if "\xa0" in one[0]:
            return f"the space behind `{said}` is a word processor's hard one, which begins no list; type it anew"
        return f"`{said}` does not begin a list within a paragraph; put a blank line above it"
    if one[5] and two[5] and ord(two[5]) == ord(one[5]) + 1:
        return f"`{said}` begins no list; write `1{said[1]}` in its place, or end each line with a \\"
    if one[1] and one[1] in "–—" and _SPOKEN.search(one.string):
        return ""
    if one[2] and one[2] == two[2]:
        return f"the space behind `{one[2]}` is a word processor's hard one, which begins no list; type it anew"
    alike = (one[1] and one[1] == two[1]) or (one[3] and two[3])
    return f"`{said[0]}` begins no list; write `- ` with a space behind it" if alike else ""


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip(" "))


def _bordered(row: str) -> str:
    r"""Return a table's row with `|` at both ends, which Python-Markdown takes off all or none; no `\|` in code."""
    row = row.strip()
    if "\\|" in row:
        row = _CODE_IN_ROW.sub(lambda code: code[0].replace("\\|", "|"), row)
    return f"{'' if row.startswith('|') else '|'}{row}{'' if _END_OF_ROW.search(row) else '|'}"


def cells(row: str) -> int:
    r"""Count the cells of a table's row as Python-Markdown splits it: not within code, and not at `\|`."""
    from markdown.extensions.tables import TableProcessor  # slow to import

    splitter: Any = TableProcessor  # which only looks up its patterns
    return len(TableProcessor._split(splitter, _bordered(row)[1:-1]))  # type: ignore[attr-defined] # noqa: SLF001

"""Where a text stands in an author's file: code and comments are passed over, as the page passes them over."""

from __future__ import annotations

import html
import re
import unicodedata
from functools import cached_property

from plugins.block_structure import Structure, read
from plugins.names import composed
from plugins.problems import Edit

_CODE = re.compile(
    r"<!--.*?-->"
    r"|<(?P<tag>pre|code|kbd|samp)\b[^>]*>.*?</(?P=tag)\s*>"
    r"|(?<![`\\])(?P<ticks>`+)(?!`)(?:(?!\n[ \t]*\n).)+?(?<!`)(?P=ticks)(?!`)",
    re.MULTILINE | re.DOTALL | re.IGNORECASE,
)
# An address where it is one, in a link, a picture, a definition or an attribute; for `str.format`.
_ADDRESS = r"""(?:\]\(\s*<?|\]:\s*<?|<|=\s*["']?\s*|,\s){}(?=[\s,)>"'])"""
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()>#+\-.!])")  # by Markdown
# What signs were that print has in their place; for a pattern.
_TYPESET = {
    **dict.fromkeys("“”", '["“”]'),
    **dict.fromkeys("‘’", "['‘’]"),
    **dict.fromkeys("–—", "(?:-{2,3}|[–—])"),
    "…": r"(?:\.\.\.|…)",
}
_NOT_NEWLINE = re.compile(r"[^\n]")


class Source:
    """The body of a file, which begins on `first_line` (from 1)."""

    def __init__(self, body: str, first_line: int, structure: Structure | None = None) -> None:
        """Keep the text, and its structure where it is known; the search is prepared when something is looked for."""
        self.body = body
        self.first_line = first_line
        if structure:
            self.structure = structure

    @cached_property
    def structure(self) -> Structure:
        """The lists, quotes and code of the body, and what is odd about them."""
        return read(self.body.replace("\0", " ").split("\n"))

    @cached_property
    def _lines(self) -> list[str]:
        return self.body.split("\n")

    @cached_property
    def _prose(self) -> str:
        """The text without code and comments."""
        text, code = self.body, self.structure.code
        if code:
            text = "\n".join("\0" * len(line) if at in code else line for at, line in enumerate(self._lines))
        return _CODE.sub(blanked, text) if "`" in text or "<" in text else text

    def line_of(self, text: str, nth: int = 0) -> int:
        """Give the line in the file on which the text stands for the nth time (from 0), or last before that."""
        return self._line(re.escape(text), nth)

    def line_of_address(self, address: str, nth: int = 0) -> int:
        """Give the line of an address where it is one: in a link, a picture, a definition or an attribute."""
        if not address:
            return self._line(r"""\]\(\s*\)|(?:href|src)\s*=\s*(?:""|'')""", nth)
        return self._line(_ADDRESS.format(re.escape(address)), nth)

    def address_edit(self, address: str, nth: int, new: str) -> tuple[Edit, ...]:
        """Give the edit that puts `new` in the place of the address that stands there for the nth time (from 0)."""
        decomposed = unicodedata.normalize("NFD", address)
        for written in dict.fromkeys((address, decomposed, address.replace("\\", "\\\\"))):
            places = re.finditer(_ADDRESS.format(re.escape(written)), self._prose, re.MULTILINE)
            found = next((match for at, match in enumerate(places) if at == nth), None)
            if found and "\n" not in found[0]:
                line = self.first_line + self._prose.count("\n", 0, found.end())
                return self.edit(line, found[0], found[0].removesuffix(written) + new)
        return ()

    def edit(self, line: int, old: str, new: str) -> tuple[Edit, ...]:
        """Give the edit of one line of the file; nothing where what is to go does not stand there once."""
        once = self.written(line).count(old) == 1
        return (Edit(line, old, new),) if once else ()

    def written(self, line: int) -> str:
        """Give a line of the file as it was written."""
        return self._lines[line - self.first_line]

    def line_of_element(self, tag: str, nth: int = 0) -> int:
        """Give the line on which an element of raw HTML begins."""
        return self._line(rf"(?<!\\)<{re.escape(tag)}(?![\w-])", nth)

    def line_of_attribute(self, name: str, nth: int = 0) -> int:
        """Give the line of an attribute, in raw HTML or in an attribute list."""
        return self._line(rf"(?:(?<!\\)<[a-z][^<>]*?\s|\{{:?[^}}\n]*?){re.escape(name)}\s*=", nth)

    def line_of_id(self, name: str, nth: int = 0) -> int:
        """Give the line on which an id is given."""
        whole = rf"{re.escape(name)}(?![\w-])"
        return self._line(rf"""\bid\s*=\s*["']?{whole}|\{{[^}}\n]*#{whole}""", nth)

    def line_of_mark(self, mark: str) -> int | None:
        """Return the line on which a mark stands as it is shown, without a backslash; None where none does."""
        pattern = "".join(_TYPESET.get(sign) or re.escape(sign) for sign in mark)
        found = re.search(rf"(?<!\\){pattern}", self._prose)
        return self.first_line + self._prose.count("\n", 0, found.end()) if found else None

    def line_of_class(self, name: str) -> int | None:
        """Return the first line on which an attribute list or raw HTML gives a class; None where none does."""
        whole = rf"(?<![\w-]){re.escape(name)}(?![\w-])"
        given = re.compile(
            rf"""\{{[^{{}}\n]*\.{whole}|\bclass\s*=\s*(?:"[^"]*{whole}|'[^']*{whole}|{whole})""", re.IGNORECASE
        )
        found = given.search(self._prose)
        return self.first_line + self._prose.count("\n", 0, found.end()) if found else None

    def line_of_heading(self, rank: int, nth: int = 0) -> int:
        """Give the line of a heading, in any of the ways to write one."""
        underlined = {1: r"|^[^\n]+\n=+[ \t]*$", 2: r"|^[^\n]+\n-+[ \t]*$"}.get(rank, "")
        return self._line(rf"^(?:[>\s]|[-*+]\s|\d+[.)]\s)*#{{{rank}}}(?!#)|<h{rank}\b{underlined}", nth)

    def lines(self) -> list[tuple[int, str]]:
        """Return the lines of the file with their numbers; code and comments are blank."""
        return self._numbered

    @cached_property
    def _numbered(self) -> list[tuple[int, str]]:
        return list(enumerate(self._prose.replace("\0", " ").split("\n"), self.first_line))

    def _line(self, pattern: str, nth: int) -> int:
        """Look in the prose, then in all of it; each as it stands, then with HTML's and Markdown's escapes read.

        What differs in capitals, or in how its letters are put together, is found where nothing else is.
        """
        read = html.unescape(self._prose)
        bodies = (self._prose, read, composed(_ESCAPED.sub(r"\1", read)), self.body)
        for flags in (re.MULTILINE, re.MULTILINE | re.IGNORECASE):
            expression = re.compile(pattern, flags)
            for body in bodies:
                ends = [match.end() for _, match in zip(range(nth + 1), expression.finditer(body), strict=False)]
                if ends:
                    return self.first_line + body.count("\n", 0, ends[-1])
        return self.first_line


def blanked(found: re.Match[str]) -> str:
    """Give what was found as nothing but its line breaks, so that lines keep their numbers; for `re.sub`."""
    return _NOT_NEWLINE.sub("\0", found[0])

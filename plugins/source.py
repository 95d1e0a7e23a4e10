"""Where a text stands in an author's file: code and comments are passed over, as the page passes them over."""

from __future__ import annotations

import re
from functools import cached_property

_CODE = re.compile(
    r"^(?P<fence>~{3,}|`{3,})[^\n]*\n.*?^(?P=fence)[ ]*$"  # fenced, as Python-Markdown has it
    r"|<!--.*?-->"
    r"|(?<![`\\])(?P<ticks>`+)(?!`)(?:(?!\n[ \t]*\n).)+?(?<!`)(?P=ticks)(?!`)",
    re.MULTILINE | re.DOTALL,
)
_NOT_NEWLINE = re.compile(r"[^\n]")
_HOLDS_INDENTED_TEXT = re.compile(r"(?:[-*+]|\d+[.)]|:|\[\^[^\]]+\]:)\s")


class Source:
    """The body of a file, which begins on `first_line` (from 1)."""

    def __init__(self, body: str, first_line: int) -> None:
        """Keep the text; the search is prepared when something is looked for."""
        self.body = body
        self.first_line = first_line

    @cached_property
    def _without_code(self) -> str:
        return _blank_indented(_CODE.sub(lambda found: _NOT_NEWLINE.sub("\0", found[0]), self.body))

    def line_of(self, text: str, nth: int = 0) -> int:
        """Give the line in the file on which the text stands for the nth time (from 0), or last before that."""
        for body in (self._without_code, self.body):
            at = found = body.find(text)
            while nth and (at := body.find(text, at + 1)) >= 0:
                found = at
                nth -= 1
            if found >= 0:
                return self.first_line + body.count("\n", 0, found)
        return self.first_line

    def lines_of(self, pattern: str) -> list[int]:
        """Give the lines, outside code, on which a regular expression matches; `^` and `$` match at each line."""
        found = re.finditer(pattern, self._without_code, re.MULTILINE | re.IGNORECASE)
        return [self.first_line + self._without_code.count("\n", 0, match.start()) for match in found]


def _blank_indented(text: str) -> str:
    """Blank out indented code: four spaces after a blank line, where no list or footnote is open."""
    lines = text.split("\n")
    opener = ""
    after_blank = True
    for at, line in enumerate(lines):
        if not line.strip():
            after_blank = True
            continue
        if line.startswith(("    ", "\t")):
            if after_blank and not _HOLDS_INDENTED_TEXT.match(opener):
                lines[at] = ""
        else:
            opener = line.lstrip()
            after_blank = False
    return "\n".join(lines)

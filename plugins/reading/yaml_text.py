"""What YAML reads compared with what was written: comments, tags, anchors and the like change a text without a word."""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

import yaml

from plugins.problems import Edit
from plugins.text import CONTROL

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    Fits = Callable[[str, str], bool]

# libyaml is some ten times as fast where PyYAML was built with it.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
NOTHING = {"~", "null", "Null", "NULL"}
"""YAML's words for no value."""
LINE_BREAKS = re.compile("[\x85\u2028\u2029]")
"""What ends a line for YAML, and for no editor."""
# Heads of which nothing can be read otherwise: most. Walking through the tokens takes five times as long as reading.
_SIMPLE = re.compile(
    r"(?:[A-Za-z][\w-]*:(?: +(?!(?:null|Null|NULL)\n)[^\W_](?:[^\n#!&*|>\"'\\\[\]{}:?\t]|:(?=[^\s]))*)?\n)*"
)
_TOP_KEY = re.compile(r"([A-Za-z][\w-]*):")
_VALUE = re.compile(r"""(?P<hyphens>\s*(?:-[ \t]+)?)(?:(?P<key>[\w-]+|"[^"]*"|'[^']*'):[ \t]+)?(?P<text>\S.*)$""")
_FIELD = re.compile(r"[a-z_]+")
_ELISION = re.compile(r"'(?:\d\ds?|tis|twas|em|n|cause|round|til)\b", re.IGNORECASE)
# A hashtag or a number, and no line that was commented out.
_HASHTAG = re.compile(r"\s+#[^\W_](?![\w-]*:(?:\s|$))")
_HEADER_COMMENT = re.compile(r"[|>][-+\d]*[ \t]+(#.*)")
_GLUED_KEY = re.compile(r"\s*([A-Za-z][\w-]*:)(?!//)\S")
_OUTER_QUOTES = re.compile(r"""(["'])[^"'\s](?:.*[^"'\s])?\1""")
_OWN_LINE = re.compile(r"\s*(?:-[ \t]|[A-Za-z][\w-]*:(?:[ \t]|$))")
_ESCAPE = re.compile(r"\\(\\|x..|u....|U........|.)", re.DOTALL)
_PLAIN_ESCAPES = {"\\", '"', "/", "\n", "x", "u", "U"}


class Difference(NamedTuple):
    """A line, from 1, that is read otherwise than it was written, what to write instead, and the edits for that."""

    line: int
    message: str
    edits: tuple[Edit, ...] = ()


class _Place(NamedTuple):
    line: int
    column: int


def any_text(_key: str, _text: str) -> bool:
    """Accept every text, where the keys are not known."""
    return True


def quoted(text: str) -> str:
    """Return the text as a YAML scalar that is read as it stands."""
    if "'" in text and not {'"', "\\"} & set(text):
        return f'"{text}"'
    return "'" + text.replace("'", "''") + "'"


def is_field(word: str) -> bool:
    """Tell whether this is how the keys of tables are written: in an entry, `Rule one: listen` has none."""
    return _FIELD.fullmatch(word) is not None


def with_quotes(line: str) -> list[str]:
    """Return what a line of a head may have been meant to be, its text in quotes; the likeliest first."""
    found = _VALUE.match(line)
    if not found or not (found["hyphens"].strip() or found["key"]):
        return []
    hyphens, text = found["hyphens"], found["text"].rstrip()
    key = f"{found['key']}: " if found["key"] else ""
    lines = [f"{hyphens}{key}{quoted(text)}"]
    if _OUTER_QUOTES.fullmatch(text):
        lines.insert(0, f"{hyphens}{key}{quoted(text[1:-1])}")
    if key and not hyphens and text.startswith("[") and text.endswith("]"):
        entries = [entry.strip() for entry in text[1:-1].split(",") if entry.strip()]
        lines.insert(0, f"{hyphens}{key}[{', '.join(map(quoted, entries))}]")
    if hyphens.strip() and key:
        # In a table the word before the colon is a key, in a list of texts it belongs to the text.
        lines.insert(0 if not _FIELD.fullmatch(found["key"]) else len(lines), f"{hyphens}{quoted(key + text)}")
    return lines


def repaired(lines: Sequence[str], error: yaml.MarkedYAMLError) -> tuple[int, str] | None:
    """Return the line, from 0, whose text only lacks quotes for YAML to read on, and the line with them, if any."""
    mark = place_of(error)
    if mark is None:
        return None
    last = min(mark.line, len(lines) - 1)
    places = chain([last], (at for at in range(last - 1, -1, -1) if not _composes(lines[at])))
    found = _VALUE.match(lines[last])
    if mark is error.context_mark and not (found and _ELISION.match(found["text"])):
        return None  # a quotation mark lacks
    for at in places:
        for new in with_quotes(lines[at]):
            after = _first_error([*lines[:at], new, *lines[at + 1 :]])
            if new != lines[at] and (after is None or after > at):
                return at, new
    return None


def is_unclosed(line: str) -> bool:
    """Tell whether the text of a line begins with a quotation mark, no apostrophe, and has no second one."""
    found = _VALUE.match(line)
    text = found["text"] if found else ""
    return text[:1] in {"'", '"'} and text.count(text[0]) == 1 and not _ELISION.match(text)


def _composes(line: str) -> bool:
    return _first_error([line]) is None


def _first_error(lines: Sequence[str]) -> int | None:
    try:
        yaml.compose("\n".join(lines), Loader=LOADER)
    except yaml.MarkedYAMLError as error:
        mark = place_of(error)
        return mark.line if mark else 0
    except yaml.YAMLError:
        return 0
    return None


def place_of(error: yaml.MarkedYAMLError) -> yaml.Mark | None:
    """Return where to mend: for a text that is never closed, and so runs to the end, its beginning."""
    if "end of stream" in (error.problem or "") and error.context_mark:
        return error.context_mark
    return error.problem_mark or error.context_mark


def differences(lines: Sequence[str], first: int, fits: Fits) -> Iterator[Difference]:
    """Yield what of these lines, which YAML can read, is read otherwise than it was written; one a line.

    `first` is the number of the first line in its file; `fits` tells of a key whether a text can be its value.
    """
    seen: set[int] = set()
    if _SIMPLE.fullmatch("".join(f"{line}\n" for line in lines)):
        return
    for found in _Comparison(lines, first, fits).run():
        if found.line not in seen:
            seen.add(found.line)
            yield found


class _Comparison:
    """One walk through YAML's tokens; what stands between two of them is a comment."""

    def __init__(self, lines: Sequence[str], first: int, fits: Fits) -> None:
        self.lines, self.first, self.fits = lines, first, fits
        self.text = "\n".join(lines)
        self.tokens: list[Any] = list(yaml.scan(self.text, Loader=LOADER))
        self.start: _Place | None = None  # of the value in hand
        self.flow = 0

    def run(self) -> Iterator[Difference]:
        end = self.tokens[0].end_mark
        for at, token in enumerate(self.tokens):
            if token.start_mark.index > end.index:
                yield from self._between(at, end)
            yield from self._judged(at)
            if isinstance(token, yaml.FlowSequenceStartToken | yaml.FlowMappingStartToken):
                self.flow += 1
            elif isinstance(token, yaml.FlowSequenceEndToken | yaml.FlowMappingEndToken):
                self.flow -= 1
            elif isinstance(token, yaml.KeyToken):
                self.start = None
            elif isinstance(token, yaml.ValueToken | yaml.BlockEntryToken):
                self.start = _Place(token.end_mark.line, token.end_mark.column)
            if token.end_mark.index > end.index:
                end = token.end_mark

    def _judged(self, at: int) -> Iterator[Difference]:
        token = self.tokens[at]
        if isinstance(token, yaml.KeyToken | yaml.BlockSequenceStartToken):
            yield from self._parted(at)
        elif isinstance(token, yaml.TagToken | yaml.AnchorToken | yaml.AliasToken):
            yield self._sign(at)
        elif isinstance(token, yaml.ScalarToken):
            yield from self._scalar(at)

    def _parted(self, at: int) -> Iterator[Difference]:
        """Judge an entry that is no text for YAML, though it may be meant as one: `- Rule one: listen`, `- - so`."""
        token, line = self.tokens[at], self.tokens[at].start_mark.line
        if self.start is None or self.start.line != line or self.flow:
            return
        last = line
        if isinstance(token, yaml.KeyToken):
            signs = (yaml.TagToken, yaml.AnchorToken)
            key, *rest = [one for one in self.tokens[at + 1 : at + 9] if not isinstance(one, signs)][:4]
            explicit = token.end_mark.index > token.start_mark.index
            if not isinstance(key, yaml.ScalarToken) or (not explicit and is_field(key.value)):
                return
            if rest and isinstance(rest[0], yaml.ValueToken):
                if isinstance(rest[1], yaml.ScalarToken):
                    last = rest[1].end_mark.line if not rest[1].style else line
                if not isinstance(rest[1], yaml.BlockEndToken) and not isinstance(rest[-1], yaml.BlockEndToken):
                    return  # a table
        shown, edits, _ = self._in_quotes(self.start, last)
        yield Difference(self.first + line, f"YAML takes this entry apart; write {shown}", edits)

    def _between(self, at: int, end: yaml.Mark) -> Iterator[Difference]:
        gap = self.text[end.index : self.tokens[at].start_mark.index]
        for offset, piece in enumerate(gap.split("\n")):
            if "#" not in piece:
                continue
            line = end.line + offset
            column = self.lines[line].index("#", 0 if offset else end.column)
            if self.lines[line][:column].strip():
                yield self._cut(at, line, column)
            elif not self.flow and _HASHTAG.match(self.lines[line]):
                yield self._left_out(at, line)

    def _cut(self, at: int, line: int, column: int) -> Difference:
        """Judge a comment behind something; the token `at` follows it."""
        before, after = self.tokens[at - 1], self.tokens[at]
        is_value = self.start is not None and not self.flow
        if isinstance(before, yaml.ScalarToken):
            # Behind a quotation mark, `# ` begins a remark; `"Rule" #1` may be a text.
            is_value &= not before.style or not self.lines[line].startswith("# ", column)
            is_value &= before.style not in {"|", ">"}
        elif isinstance(before, yaml.ValueToken | yaml.BlockEntryToken):
            ends = (yaml.KeyToken, yaml.BlockEndToken, yaml.StreamEndToken)
            is_value &= isinstance(after, ends) or (type(before) is type(after))
        else:
            is_value &= isinstance(before, yaml.AliasToken | yaml.TagToken | yaml.AnchorToken)
        comment = f"# {self.lines[line][column:].lstrip('#').strip()}"
        if is_value and self.start is not None:
            shown, edits, whole = self._in_quotes(self.start, line)
            key = _TOP_KEY.match(self.lines[self.start.line])
            if not key or self.fits(key[1].lower(), whole):
                advice = f"write {shown}, or put a comment on a line of its own"
                return Difference(self.first + line, f"YAML leaves out what follows ` #`; {advice}", edits)
        start = self.start.line if self.start and not self.flow else line
        indent = re.match(r"\s*", self.lines[start])
        above = f"{indent[0] if indent else ''}{comment}\n"
        rest = self.lines[line][:column].rstrip()
        if start == line:
            edits = (Edit(self.first + line, self.lines[line], above + rest),)
        else:
            edits = (
                Edit(self.first + start, self.lines[start], above + self.lines[start]),
                Edit(self.first + line, self.lines[line], rest),
            )
        # What has no space behind the # may be no remark.
        certain = self.lines[line].startswith("# ", column)
        advice = f"put the comment on a line of its own above this one, as `{comment}`"
        return Difference(self.first + line, f"YAML leaves out what follows ` #`; {advice}", edits if certain else ())

    def _left_out(self, at: int, line: int) -> Difference:
        """Judge a line that begins with a hashtag."""
        message, edits = "put the text that it belongs to in 'quotes'", tuple[Edit, ...]()
        before = self.tokens[at - 1]
        if isinstance(before, yaml.ScalarToken) and not before.style and self.start:
            shown, edits, _ = self._in_quotes(self.start, line)
            message = f"write {shown}"
        elif isinstance(before, yaml.ValueToken | yaml.BlockEntryToken):
            written = self.lines[line]
            indent = written[: len(written) - len(written.lstrip())]
            new = f"{indent}- {quoted(written.strip())}"
            message, edits = f"write `{new.strip()}`", (Edit(self.first + line, written, new),)
        advice = f"{message}, or put a space behind the `#` of a comment"
        return Difference(self.first + line, f"YAML leaves out a line that begins with `#`; {advice}", edits)

    def _in_quotes(self, start: _Place, last: int) -> tuple[str, tuple[Edit, ...], str]:
        """Return the value that begins at `start` in quotes: as messages show it, the edits, and its text."""
        written = self.lines[start.line]
        column = len(written) - len(written[start.column :].lstrip())
        head = written[:column]
        if start.line == last:
            text = written[column:].strip()
            new = head + quoted(text)
            return f"`{new.strip()}`", (Edit(self.first + last, written, new),), text
        lines = [written[column:].strip(), *(line.strip() for line in self.lines[start.line + 1 : last + 1])]
        doubled = [line.replace("'", "''") for line in lines]
        doubled[0], doubled[-1] = f"'{doubled[0]}", f"{doubled[-1]}'"
        edits = []
        for at, new in enumerate(doubled):
            old = self.lines[start.line + at]
            indent = head if at == 0 else old[: len(old) - len(old.lstrip())]
            if old.strip() and old != indent + new:
                edits.append(Edit(self.first + start.line + at, old, indent + new))
        shown = f"`{(head + doubled[0]).strip()}` … `{doubled[-1]}`"
        return shown, tuple(edits), " ".join(filter(None, lines))

    def _sign(self, at: int) -> Difference:
        """Judge a tag, an anchor or an alias: text that YAML takes for a sign of its own."""
        token, after = self.tokens[at], self.tokens[at + 1]
        line = token.start_mark.line
        sign = self.lines[line][token.start_mark.column :].split(maxsplit=1)[0]
        while isinstance(after, yaml.TagToken | yaml.AnchorToken):
            at += 1
            after = self.tokens[at + 1]
        is_text = not isinstance(after, yaml.ScalarToken) or not after.style
        last = line
        if isinstance(token, yaml.AliasToken):
            is_text = True
        elif isinstance(after, yaml.ScalarToken):
            last = after.end_mark.line
        else:
            ends = (yaml.KeyToken, yaml.BlockEndToken, yaml.StreamEndToken, yaml.BlockEntryToken)
            is_text &= isinstance(after, ends) and after.start_mark.line != line
        if is_text and not self.flow and self.start is not None and self.start.line == line:
            shown, edits, _ = self._in_quotes(self.start, last)
            return Difference(self.first + line, f"YAML takes `{sign}` for a sign of its own; write {shown}", edits)
        advice = "take it out, or put the text in 'quotes'"
        return Difference(self.first + line, f"YAML takes `{sign}` for a sign of its own; {advice}")

    def _scalar(self, at: int) -> Iterator[Difference]:
        token = self.tokens[at]
        line = token.start_mark.line
        raw = self.text[token.start_mark.index : token.end_mark.index]
        style = token.style or ""
        if style in {"'", '"'}:
            yield from self._overrun(at, raw)
        if not style and raw in NOTHING and not isinstance(self.tokens[at - 1], yaml.KeyToken):
            column = token.start_mark.column
            new = f"{self.lines[line][:column]}{quoted(raw)}{self.lines[line][token.end_mark.column :]}".strip()
            advice = f"take the line out, or write `{new}`"
            yield Difference(self.first + line, f"YAML takes `{raw}` for nothing; {advice}")
        elif not style:
            yield from self._continued(line, raw)
        elif style == '"':
            yield from self._escapes(at, raw)
        elif style in {"|", ">"}:
            header = _HEADER_COMMENT.match(self.lines[line], token.start_mark.column)
            if header:
                yield self._cut(at + 1, line, header.start(1))
            elif not token.value.strip() and self.start is not None:
                shown, edits, _ = self._in_quotes(self.start, line)
                message = f"YAML reads no text here; write it below, or {shown} if that is meant"
                yield Difference(self.first + line, message, edits)
            raw = raw.partition("\n")[2]
        else:
            raw = raw[1:-1].replace("''", "'")
        if style != '"' and raw.split() != token.value.split():  # whatever else there may be
            message = f"YAML reads `{' '.join(token.value.split())[:60]}` here; put the whole text in 'quotes'"
            yield Difference(self.first + line, message)

    def _continued(self, line: int, raw: str) -> Iterator[Difference]:
        """Judge the further lines of a text without quotes."""
        for number, written in enumerate(raw.split("\n")[1:], self.first + line + 1):
            message = swallowed(written)
            if message:
                yield Difference(number, message)

    def _overrun(self, at: int, raw: str) -> Iterator[Difference]:
        """Judge a quotation over several lines: one of them may be a key or an entry of its own."""
        token = self.tokens[at]
        line, column = token.start_mark.line, token.start_mark.column
        written = self.lines[line]
        edge = re.match(r"\s*(?:-\s+)*", written)
        lines = [one for one in raw.split("\n")[1:] if edge and len(one) - len(one.lstrip()) <= edge.end()]
        if not any(map(_OWN_LINE.match, lines)):
            return
        new = written[:column] + quoted(written[column:].strip())
        edits = (Edit(self.first + line, written, new),) if _ELISION.match(written, column) else ()
        last = self.first + token.end_mark.line
        advice = f"close it on its own line, or write `{new.strip()}`"
        message = f"the quotation mark that opens here is closed on line {last} only; {advice}"
        yield Difference(self.first + line, message, edits)

    def _escapes(self, at: int, raw: str) -> Iterator[Difference]:
        token = self.tokens[at]
        line = token.start_mark.line
        if CONTROL.search(token.value) or any("\ud800" <= char <= "\udfff" for char in token.value):
            found = next((e[0] for e in _ESCAPE.finditer(raw) if e[1][0] not in {"\\", '"', "/", "\n", "n"}), "\\")
        else:
            found = next((e[0] for e in _ESCAPE.finditer(raw) if e[1][0] not in _PLAIN_ESCAPES), "")
        if not found:
            return
        alone = "\n" not in raw and self.start is not None and not self.flow
        text = raw[1:-1].replace('\\"', '"').replace("\\\\", "\\")
        written = self.lines[line]
        new = f"{written[: token.start_mark.column]}{quoted(text)}{written[token.end_mark.column :]}"
        advice = f"write `{new.strip()}`" if alone else "put the text in 'single quotes'"
        if found in {"\\n", "\\t"}:
            advice += ", or a space for it"
        else:
            advice += ", or leave it out"
        message = f"in double quotes `{found}` stands for a character that nobody sees; {advice}"
        yield Difference(self.first + line, message)


def swallowed(line: str) -> str | None:
    """Say why a line that goes on with the text above seems to be one of its own, or nothing."""
    if re.match(r"\s*-\s", line):
        return (
            "this entry is read as a part of the text above; set its hyphen below that of the first entry, "
            "and write nothing behind the colon of the key"
        )
    glued = _GLUED_KEY.match(line)
    if glued:
        return f"this line is read as a part of the text above; put a space behind `{glued[1]}`, or join the two lines"
    return None

"""A mail's bytes as the letters that it holds: its own, and those attached to it. Hostile bytes are data like any."""

from __future__ import annotations

import base64
import binascii
import codecs
import email
import itertools
import re
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from typing import TYPE_CHECKING, NamedTuple, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from email.message import Message

ADDRESS = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]{1,64}(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]{1,64}){0,9}"
    r"@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,9}"
)
"""One address that needs no quoting anywhere: RFC 5322's dot-atom, section 3.4.1, at a host name."""
MESSAGE_ID = re.compile(r"<[\x21-\x3b\x3d\x3f\x41-\x7e]{1,200}@[\x21-\x3b\x3d\x3f\x41-\x7e]{1,200}>")
"""A message's name: RFC 5322, section 3.6.4, without the white space and comments that it allows of old."""

_SHORT = 60
_MOST_PARTS = 100
_LONGEST_HEADER = 2_000
_MOST_ELEMENTS = 15_000
_TAG = re.compile("<[a-z]", re.IGNORECASE)
_MULTIPART = re.compile(rb"multipart/|message/", re.IGNORECASE)
# Python's parser takes a time that grows with the square of such a header's length.
_ENDLESS_HEADER = re.compile(rb"^content-[a-z-]{1,40}:(?:[^\n]|\n[ \t]){4096}", re.IGNORECASE | re.MULTILINE)
# What the WHATWG's Encoding Standard reads these labels as, where the text is not UTF-8 anyway; programs often name
# the wrong one. The last ones decode slowly on purpose-made input.
_GUESSED = dict.fromkeys(["utf-8", "ascii", "iso8859-1", "idna", "punycode"], "cp1252") | {"iso8859-9": "cp1254"}
_LINE_BREAK = "\ue000"
_LINE_ENDING = re.compile(
    r"</(?:address|article|blockquote|d[dlt]|div|h[1-6]|li|[ou]l|p|pre|section|t[dh])\b"
    r"|<(?:address|article|blockquote|br|d[dlt]|div|h[1-6]|hr|li|[ou]l|p|pre|section|t[dh])\b[^<>]*>",
    re.IGNORECASE,
)


class UnreadableError(Exception):
    """The bytes are made so that reading them would take for ever, or are no mail; `str()` says which."""


class Plain(NamedTuple):
    """A plain text as it was sent, and how its lines are to be read (RFC 3676)."""

    text: str
    flowed: bool
    delsp: bool

    def lines(self, begins: Callable[[str], bool]) -> str:
        """Return the text with its paragraphs in one line each; `begins` as for `unflowed`."""
        return unflowed(self.text, begins, delsp=self.delsp) if self.flowed else self.text


class Letter(NamedTuple):
    """A message: who sent it, what names it, its texts. `attached` to another, it is not the one that was saved.

    `sealed` tells that Outlook put its text into a winmail.dat.
    """

    sender: str
    subject: str
    message_id: str
    references: tuple[str, ...]
    attached: bool
    plain: tuple[Plain, ...]
    markup: tuple[str, ...]
    sealed: bool


def letters(raw: bytes) -> Iterator[Letter]:
    """Yield the message and those attached to it. Raises `UnreadableError`."""
    if len(_MULTIPART.findall(raw)) > _MOST_PARTS:
        raise UnreadableError("has too many parts within parts; it was passed over")
    if _ENDLESS_HEADER.search(raw):
        raise UnreadableError("has a header without end; it was passed over")
    if not raw.strip():
        raise UnreadableError("is empty")
    try:
        yield from _letters(email.message_from_bytes(raw.replace(b"\0", b"")), attached=False)
    except RecursionError:
        raise UnreadableError("has too many parts within parts; it was passed over") from None


def beginning(markup: str) -> str:
    """Give as much of an HTML document as can be read in a second: a tree takes the square of its depth."""
    tags = itertools.islice(_TAG.finditer(markup), _MOST_ELEMENTS, None)
    return next((markup[: tag.start()] for tag in tags), markup)


def texts_of(markup: str) -> tuple[str, str]:
    """Give the text of HTML with a browser's line breaks, and with those of its source, which styles can ask for."""
    from selectolax.lexbor import LexborHTMLParser  # only for mail that has nothing else

    tree = LexborHTMLParser(_LINE_ENDING.sub(_with_break, markup.replace(_LINE_BREAK, " ")))
    tree.strip_tags(["script", "style", "head", "title", "template"])
    text = tree.body.text() if tree.body else ""
    lines = (" ".join(line.split()) for line in text.split(_LINE_BREAK))
    return "\n".join(lines), text.replace(_LINE_BREAK, "\n")


def _with_break(tag: re.Match[str]) -> str:
    """Put the mark inside the element: between the rows of a table, a browser would move it away."""
    return f"{_LINE_BREAK}{tag[0]}" if tag[0].startswith("</") else f"{tag[0]}{_LINE_BREAK}"


class _Sorted(NamedTuple):
    """What a message holds."""

    plain: list[Plain]
    markup: list[str]
    within: list[Message]
    sealed: list[Message]


def _letters(message: Message, *, attached: bool) -> Iterator[Letter]:
    found = _Sorted([], [], [], [])
    _sort(message, found)
    sender = ADDRESS.findall(_header(message, "from"))
    name = MESSAGE_ID.fullmatch(_header(message, "message-id").strip())
    yield Letter(
        sender=sender[-1] if sender else "",
        subject=" ".join(_header(message, "subject").split()),
        message_id=name[0] if name else "",
        references=tuple(MESSAGE_ID.findall(_header(message, "references"))),
        attached=attached,
        plain=tuple(found.plain),
        markup=tuple(found.markup),
        sealed=bool(found.sealed),
    )
    for other in found.within:
        yield from _letters(other, attached=True)


def _sort(part: Message, found: _Sorted) -> None:
    """Put what a part holds where it belongs."""
    kind = part.get_content_type()
    payload = part.get_payload()
    name = (part.get_filename() or "").lower()
    if kind == "message/rfc822" or name.endswith(".eml"):
        found.within.extend(_attached(part, payload))
    elif isinstance(payload, list):
        for one in cast("list[Message]", payload):
            _sort(one, found)
    elif kind in {"application/ms-tnef", "application/vnd.ms-tnef"} or name == "winmail.dat" or _is_tnef(payload):
        found.sealed.append(part)
    elif kind == "text/html":
        found.markup.append(_text(part))
    elif part.get_content_maintype() == "text":
        flowed = kind == "text/plain" and _parameter(part, "format") == "flowed"
        found.plain.append(Plain(_text(part), flowed, _parameter(part, "delsp") == "yes"))


def _is_tnef(payload: object) -> bool:
    """Tell whether a part begins as a winmail.dat does, whatever a mail server made of its name."""
    return isinstance(payload, str) and payload[:6].lstrip().startswith("eJ8+I")  # its signature, in base64


def _attached(part: Message, payload: object) -> Iterator[Message]:
    """Yield an attached message, also one that was encoded, which RFC 2046, section 5.2.1, forbids and programs do."""
    if not isinstance(payload, list):
        raw = part.get_payload(decode=True)
        if isinstance(raw, bytes):
            yield email.message_from_bytes(raw)
        return
    for one in payload:
        inner = one.get_payload()
        if not one.keys() and isinstance(inner, str) and str(part.get("content-transfer-encoding")).lower() == "base64":
            try:
                yield email.message_from_bytes(base64.b64decode(inner))
            except (binascii.Error, ValueError):
                continue
        else:
            yield one


def _parameter(part: Message, name: str) -> str:
    value = part.get_param(name, "")
    return str(value[-1] if isinstance(value, tuple) else value).strip().lower()


def unflowed(text: str, begins: Callable[[str], bool] = lambda _: False, *, delsp: bool = False) -> str:
    """Return a text of `format=flowed` (RFC 3676) with its paragraphs in one line each, quoted as they were.

    Some programs leave the blank behind a label that was not filled in, which makes a soft break of the line's end:
    what `begins` something is not put behind a short line.
    """
    lines: list[list[str]] = []
    depth, soft = 0, False
    for line in re.split(r"\r\n|\n|\r", text):
        bare = line.lstrip(">")
        quoted = len(line) - len(bare)
        bare = bare.removeprefix(" ")  # stuffed, section 4.4
        ends = bare == "-- "  # section 4.3
        if soft and quoted == depth and not ends and not (_may_begin(lines[-1][-1], bare) and begins(bare)):
            lines[-1].append(bare)
        else:
            lines.append([f"{'>' * quoted} " if quoted else "", bare])
        depth, soft = quoted, bare.endswith(" ") and not ends
        if soft and delsp:
            lines[-1][-1] = bare[:-1]
    return "\n".join("".join(line) for line in lines)


def _may_begin(before: str, line: str) -> bool:
    """Tell, at little cost, whether a line may be one of its own: it would have had room behind that before."""
    beginning = line[:_SHORT]
    marked = ":" in beginning or beginning[:1] in {"|", "-", "\u2010", "\u2011", "\u2012", "\u2013", "\u2014", "\u2015"}
    return marked and len(before) + len(beginning.partition(" ")[0]) < _SHORT


def _text(part: Message) -> str:
    raw = part.get_payload(decode=True)
    return decoded(raw, part.get_content_charset() or "ascii") if isinstance(raw, bytes) else ""


def decoded(raw: bytes, charset: str) -> str:
    """Give the text that the bytes mean: UTF-8 where they are, else the charset named, else Windows' western one."""
    try:
        name = codecs.lookup(charset).name
        # What has no zero byte is in neither of the last two.
        guessed = name in _GUESSED or (name.startswith(("utf-16", "utf-32")) and b"\0" not in raw)
        text = "" if guessed else raw.decode(name, "replace")
    except (LookupError, ValueError):
        name, text = "ascii", ""
    text = text or "".join(_line(line, _GUESSED.get(name, "cp1252")) for line in raw.splitlines(keepends=True))
    # UTF-7 can hold half a character, which nothing could write again.
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").removeprefix("\ufeff")


def _line(raw: bytes, otherwise: str) -> str:
    """Give a line; some letters are of several charsets, since programs put one text below the other."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode(otherwise, "replace")


def _header(message: Message, name: str) -> str:
    """Give a header's text, as far as it can be read; RFC 2047's words decoded."""
    value = str(message.get(name, ""))[:_LONGEST_HEADER]
    try:
        text = str(make_header(decode_header(value)))
    except (HeaderParseError, LookupError, ValueError):
        text = value
    return text.encode("utf-8", "replace").decode()

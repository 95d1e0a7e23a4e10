"""A draft of the answer, a file that a mail program opens, ready to be changed and sent. Nothing is sent from here."""

from __future__ import annotations

import re
import unicodedata
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from typing import TYPE_CHECKING

from plugins.dates.wording import Wording
from tools.inquiries.block import KEYS, LETTERS
from tools.inquiries.display import printable
from tools.inquiries.letters import ADDRESS

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

    from plugins.speaker import Speaker
    from plugins.words import Words
    from tools.inquiries.block import Inquiry
    from tools.inquiries.letters import Letter
    from tools.inquiries.reading import Found

_ANSWERED = re.compile(r"\s*re(\[\d+\])?\s*:\s*", re.IGNORECASE)
_LONGEST = 200
_LONGEST_ADDRESS = 254  # RFC 3696, erratum 1690
_MOST_REFERENCES = 20


def draft(found: Found, speaker: Speaker, words: Words | None = None) -> bytes:
    """Give the draft (RFC 5322, CRLF; `X-Unsent: 1` opens it for writing), with days in the `words` of the site.

    It goes to one address or, where the inquiry names none that is sound, to nobody yet. It belongs to the thread of
    the message that came from that address (RFC 5322, section 3.6.4), if its Message-ID is sound.
    """
    inquiry, original = found.inquiry, found.original
    message = EmailMessage(policy=SMTP)
    message["X-Unsent"] = "1"
    message["From"] = Address(_line(speaker.name), addr_spec=speaker.email)
    if is_address(inquiry.email):
        message["To"] = Address(_line(inquiry.name), addr_spec=inquiry.email)
    message["Subject"] = f"Re: {_subject(inquiry, original)}"
    if original and original.message_id:
        message["In-Reply-To"] = original.message_id
        message["References"] = " ".join([*original.references[-_MOST_REFERENCES:], original.message_id])
    message.set_content(_text(inquiry, speaker, words), cte="quoted-printable")
    return message.as_bytes()


def is_address(text: str) -> bool:
    """Tell whether a text is one address, as it may stand in a header."""
    return len(text) <= _LONGEST_ADDRESS and ADDRESS.fullmatch(text) is not None


def free_name(folder: Path, inquiry: Inquiry) -> Path:
    """Give the path of a draft that is not there yet, named after the event."""
    plain = unicodedata.normalize("NFKD", inquiry.event).encode("ascii", "ignore").decode().lower()
    name = "-".join(re.findall("[a-z0-9]+", plain))[:40].strip("-") or "inquiry"
    path = folder / f"reply-{name}.eml"
    number = 2
    while path.exists() or path.is_symlink():
        path = folder / f"reply-{name}-{number}.eml"
        number += 1
    return path


def _subject(inquiry: Inquiry, original: Letter | None) -> str:
    subject = _line(original.subject) if original else ""
    while found := _ANSWERED.match(subject):
        subject = subject[found.end() :]
    return subject or _line(inquiry.event) or "Your inquiry"


def _when(days: tuple[dt.date, dt.date] | None, words: Words | None) -> str:
    if not days:
        return ""
    first, last = days
    if first == last:
        return f" on {words.long_date(first) if words else first}"
    return f" ({Wording(words).span(first, last)})" if words else f" from {first} to {last}"


def _text(inquiry: Inquiry, speaker: Speaker, words: Words | None) -> str:
    name = _line(inquiry.name)
    when = _when(inquiry.days, words)
    event = _line(inquiry.event) or "your event"
    quoted = "\n".join(f"> {line}".rstrip() for line in _lines(inquiry))
    return (
        f"Dear {name or 'all'},\n\n"
        f"Thank you for asking me to speak at {event}{when}. I have pencilled it in, and nothing is settled yet.\n\n"
        f"With kind regards\n{_line(speaker.name)}\n\n"
        f"{name or 'You'} wrote:\n\n{quoted}\n"
    )


def _lines(inquiry: Inquiry) -> list[str]:
    """Give the block again, so that the answer too can be read back."""
    lines = ["--- inquiry 1 ---"]
    for key in KEYS:
        value = getattr(inquiry, key)
        if value:
            first, *others = map(printable, value.split("\n") if key in LETTERS else [value])
            lines += [f"{key}: {first}", *(f"| {line}".rstrip() for line in others)]
    return [*lines, "--- end ---"]


def _line(text: str) -> str:
    # RFC 2047: in a header these two would begin a word in code, which could hold anything.
    return printable(text)[:_LONGEST].replace("=?", "= ?")

"""The speaker as a vCard 3.0 (RFC 2426), the version that phones import without loss."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from plugins.speaker import Speaker

_OCTETS = 75
"""The longest line, its end not counted (RFC 2425, section 5.8.1)."""


def vcard(speaker: Speaker) -> bytes:
    """Give the file: UTF-8, lines ended by CRLF and folded. Nothing in it says when it was made."""
    return b"".join(_folded(line) for line in _lines(speaker))


def name_parts(name: str, given_name: str) -> tuple[str, str]:
    """Give family name and given name.

    Phones draw the two in an order of their own, so a name that doesn't begin with the given name stays whole: as a
    given name, where they put a person with one name only.
    """
    name, given_name = " ".join(name.split()), " ".join(given_name.split())
    if name.startswith(f"{given_name} "):
        return name[len(given_name) + 1 :], given_name
    return "", name


def dialled(phone: str) -> str:
    """Give what a phone dials: the digits and the plus, without the zero of `+49 (0)30`, dialled at home only."""
    return re.sub(r"\(0\)|[^\d+]", "", phone)


def _lines(speaker: Speaker) -> Iterator[str]:
    yield "BEGIN:VCARD"
    yield "VERSION:3.0"
    yield "PRODID:-//Lectern//Business card//EN"
    yield f"N:{';'.join(_text(part) for part in name_parts(speaker.name, speaker.given_name))};;;"
    yield f"FN:{_text(' '.join(speaker.name.split()))}"
    if speaker.given_name not in speaker.name:
        yield f"NICKNAME:{_text(speaker.given_name)}"
    yield f"TITLE:{_text(speaker.line)}"
    yield f"EMAIL;TYPE=INTERNET:{speaker.email}"
    if speaker.phone:
        yield f"TEL;TYPE=VOICE:{dialled(speaker.phone)}"
    yield f"URL:{_address(f'{speaker.root}/')}"
    # A group ties a label to an address. Phones of both kinds read that; X-SOCIALPROFILE is lost on Android.
    for at, profile in enumerate(speaker.profiles, 1):
        yield f"item{at}.URL:{_address(profile.url)}"
        yield f"item{at}.X-ABLabel:{_text(profile.label)}"
    said = speaker.pronunciation.plain if speaker.pronunciation else ""
    if said or speaker.pronouns:
        yield f"NOTE:{_text(' · '.join(filter(None, (said, speaker.pronouns))))}"
    yield "END:VCARD"


def _text(value: str) -> str:
    r"""Escape a text value (RFC 2426, section 5): `\`, `,` and `;`, and every kind of line end as `\n`."""
    return "\\n".join(re.sub(r"([\\,;])", r"\\\1", line) for line in value.splitlines())


def _address(url: str) -> str:
    """Encode what separates values: an address is no text, and readers differ on whether they unescape one."""
    return url.replace("\\", "%5C").replace(",", "%2C").replace(";", "%3B")


def _folded(line: str) -> bytes:
    """Fold a line into pieces of at most 75 octets, never inside a character; all but the first begin with a space."""
    data, pieces = line.encode(), []
    while len(data) > _OCTETS:
        cut = _OCTETS
        while 0x80 <= data[cut] < 0xC0:  # noqa: PLR2004  such a byte continues a character in UTF-8
            cut -= 1
        pieces.append(data[:cut])
        data = b" " + data[cut:]
    return b"\r\n".join([*pieces, data, b""])

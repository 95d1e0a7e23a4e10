"""`security.txt`: where a hole in the site's security can be reported (RFC 9116)."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from plugins.mailto import recipient

if TYPE_CHECKING:
    import datetime as dt

NAME = ".well-known/security.txt"
_MONTHS = 11


def security(contact: str, language: str, root: str, day: dt.date) -> bytes:
    """Give the file for a site at `root`, built on `day`; the contact is an e-mail address or a page's.

    It expires ten to eleven months later, since less than a year is recommended (section 2.5.5), on the first of a
    month, so that not every day has another file. It counts only at the host's root (section 3), which is therefore
    the address that it names as its own.
    """
    parts = urlsplit(root)
    uri = contact if contact.startswith("https:") else recipient(contact)
    year, month = divmod(day.year * 12 + day.month - 1 + _MONTHS, 12)
    lines = (
        f"Contact: {uri}",
        f"Expires: {year:04}-{month + 1:02}-01T00:00:00Z",
        f"Preferred-Languages: {language}",
        f"Canonical: {parts.scheme}://{parts.netloc}/{NAME}",
    )
    return "".join(f"{line}\n" for line in lines).encode()

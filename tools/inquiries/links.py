"""Web addresses in mail, without the wrappers that mail filters put around them. Nobody is asked what they lead to."""

from __future__ import annotations

import base64
import binascii
import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator

_ADDRESS = re.compile(r"https?://[^\s<>\[\]\"'|]+", re.IGNORECASE)
_TARGET = re.compile(r"(?:https?://|mailto:)[^\s\x00-\x1f\x7f<>\"]+", re.IGNORECASE)
_ENDING = ".,;:!?)]}\u2026\u3002\uff0c"
_DEEPEST = 5
_MOST_FIELDS = 50
# Hosts, and the fields of the query in which they keep the address that they wrap.
_IN_QUERY = (
    # Microsoft Defender for Office 365, Safe Links
    (re.compile(r"(?:[\w-]+\.)?safelinks\.protection\.(?:partner\.)?(?:outlook|office365)\.[a-z]{2,3}"), ("url",)),
    (re.compile(r"statics\.teams\.(?:cdn\.office\.net|microsoft\.com)"), ("url",)),
    (re.compile(r"linkprotect\.cudasvc\.com"), ("a",)),  # Barracuda
    (re.compile(r"(?:www\.)?google\.[a-z]{2,3}(?:\.[a-z]{2})?"), ("q", "url")),
    (re.compile(r"clicktime\.symantec\.com|protect2?\.fireeye\.com|l\.facebook\.com"), ("u",)),
)
_PROOFPOINT = re.compile(r"urldefense(?:\.proofpoint)?\.(?:com|us)")
_V3 = re.compile(r"/v3/__(.+?)__;([A-Za-z0-9_=-]*)!")
_V3_TOKEN = re.compile(r"\*(?:\*(.))?")
_V3_LENGTHS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def unwrapped(text: str) -> str:
    """Return a text in which every wrapped web address is the one that was written."""
    return _ADDRESS.sub(_unwrap, text)


def _unwrap(found: re.Match[str]) -> str:
    # What ends the sentence is no part of the address.
    bare = found[0].rstrip(_ENDING)
    address = bare
    for _ in range(_DEEPEST):
        inner = next(_inside(address), "")
        if not _TARGET.fullmatch(inner):
            break
        address = inner
    return found[0] if address == bare else address + found[0][len(bare) :]


def _inside(address: str) -> Iterator[str]:
    """Yield the address that a wrapper holds."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
        if _PROOFPOINT.fullmatch(host):
            yield from _proofpoint(address, parts.path, parts.query)
        for hosts, names in _IN_QUERY:
            if hosts.fullmatch(host):
                if "google" in host and parts.path != "/url":
                    return
                fields = parse_qs(parts.query, max_num_fields=_MOST_FIELDS)
                yield from (fields[name][0] for name in names if name in fields)
    except ValueError:
        return


def _proofpoint(address: str, path: str, query: str) -> Iterator[str]:
    """Yield what URL Defense wraps: percent-encoded, in its own letters, or with the odd characters set apart."""
    wrapped = parse_qs(query, max_num_fields=_MOST_FIELDS).get("u", [""])[0]
    if path.startswith("/v1/") and wrapped:
        yield wrapped
    elif path.startswith("/v2/") and wrapped:
        yield unquote(wrapped.translate(str.maketrans("-_", "%/")))
    elif found := _V3.match(address, max(address.find("/v3/__"), 0)):
        yield _third_version(found[1], found[2])


def _third_version(text: str, encoded: str) -> str:
    try:
        kept = base64.urlsafe_b64decode(encoded.rstrip("=") + "=" * (-len(encoded.rstrip("=")) % 4)).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""
    left = iter(kept)

    def put_back(token: re.Match[str]) -> str:
        length = _V3_LENGTHS.find(token[1]) + 2 if token[1] else 1
        return "".join(character for _, character in zip(range(length), left, strict=False))

    # One of two slashes is lost on the way.
    return re.sub(r"\A([A-Za-z]+:/)(?=[^/])", r"\1/", _V3_TOKEN.sub(put_back, text))

"""Pictures without what a camera wrote into them beside the picture: the file is cut, no pixel is touched."""

from __future__ import annotations

import re

# JPEG (ITU-T T.81, annex B): within a scan 0xFF is followed by 0, by a restart marker, or by the end of the scan.
_SCAN_END = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_SCAN, _END, _COMMENT, _APPLICATION = 0xDA, 0xD9, 0xFE, range(0xE0, 0xF0)
# JFIF's header, and how Adobe says which colours these are. Exif, XMP, IPTC and profiles are application data too.
_APPLICATION_KEPT = {0xE0: b"JFIF\0", 0xEE: b"Adobe"}
# PNG (W3C, third edition, section 11), and the frames of moving ones. Texts, Exif and times are not among them.
_CHUNKS = frozenset(
    b"IHDR PLTE IDAT IEND tRNS acTL fcTL fdAT gAMA cHRM sRGB cICP mDCV cLLI sBIT bKGD pHYs".split(),
)
# WebP (RFC 9649, section 2.7): the flags of the first chunk tell which of the others there are.
_FLAGS = {b"ICCP": 0x20, b"EXIF": 0x08, b"XMP ": 0x04}
# GIF89a: comments are extensions, and so is what programs add, of which only how often the frames play is drawn.
_FRAME, _EXTENSION, _TRAILER = 0x2C, 0x21, 0x3B
_EXTENSIONS_KEPT = (b"\xf9", b"\x01", b"\xff\x0bNETSCAPE2.0", b"\xff\x0bANIMEXTS1.0")


def stripped(data: bytes, kind: str, *, profile: bool = False) -> bytes:
    """Give a JPEG, PNG, WebP or GIF with its pixels alone, and its colour profile if wanted.

    Raises `ValueError` for a file that doesn't keep to its format, and for another `kind`.
    """
    try:
        return {"JPEG": _jpeg, "PNG": _png, "WEBP": _webp, "GIF": _gif}[kind](data, profile)
    except (IndexError, KeyError) as error:
        raise ValueError(f"this is no {kind} that can be taken apart") from error


def _jpeg(data: bytes, profile: bool) -> bytes:  # noqa: FBT001  all three alike
    out, at = [data[:2]], 2
    while True:
        while data[at + 1] == 0xFF:  # noqa: PLR2004  a fill byte
            at += 1
        marker = data[at + 1]
        if data[at] != 0xFF:  # noqa: PLR2004  every marker begins so
            raise ValueError("no marker where one must be")
        if marker == _END:  # a second picture, and what phones hide behind the first, stays behind
            return b"".join([*out, b"\xff\xd9"])
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        if marker == _SCAN:
            found = _SCAN_END.search(data, end)
            if not found:
                raise ValueError("the picture has no end")
            end = found.start()
        if _is_kept(marker, data[at + 4 : end], profile=profile):
            out.append(data[at:end])
        at = end


def _is_kept(marker: int, body: bytes, *, profile: bool) -> bool:
    if marker in _APPLICATION_KEPT:
        return body.startswith(_APPLICATION_KEPT[marker])
    if body.startswith(b"ICC_PROFILE\0"):
        return profile
    return marker != _COMMENT and marker not in _APPLICATION


def _png(data: bytes, profile: bool) -> bytes:  # noqa: FBT001
    out, at = [data[:8]], 8
    while True:
        name, end = data[at + 4 : at + 8], at + 12 + int.from_bytes(data[at : at + 4], "big")
        if len(name) < 4:  # noqa: PLR2004
            raise ValueError("the picture has no end")
        if name in _CHUNKS or (profile and name == b"iCCP"):
            out.append(data[at:end])
        if name == b"IEND":
            return b"".join(out)
        at = end


def _webp(data: bytes, profile: bool) -> bytes:  # noqa: FBT001
    dropped = {name: flag for name, flag in _FLAGS.items() if not (profile and name == b"ICCP")}
    out, at, whole = [], 12, int.from_bytes(data[4:8], "little") + 8
    while at + 8 <= min(whole, len(data)):
        name, size = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        chunk = data[at : at + 8 + size + size % 2]
        if name == b"VP8X":
            chunk = chunk[:8] + bytes([chunk[8] & ~sum(dropped.values())]) + chunk[9:]
        if name not in dropped:
            out.append(chunk)
        at += len(chunk)
    body = b"".join([b"WEBP", *out])
    return b"RIFF" + len(body).to_bytes(4, "little") + body


def _gif(data: bytes, _: bool) -> bytes:  # noqa: FBT001
    at = 13 + _colours(data[10])
    out = [data[:at]]
    while data[at] != _TRAILER:
        start = at
        if data[at] == _FRAME:
            at += 11 + _colours(data[at + 9])
        elif data[at] == _EXTENSION:
            at += 2
        else:
            at += 1  # between blocks some programs leave a byte too many, which browsers pass over
            continue
        while data[at]:
            at += data[at] + 1
        at += 1
        if data[start] == _FRAME or data.startswith(_EXTENSIONS_KEPT, start + 1):
            out.append(data[start:at])
    return b"".join([*out, b";"])


def _colours(flags: int) -> int:
    """Give the bytes of a GIF's table of colours."""
    return 6 << (flags & 7) if flags & 0x80 else 0

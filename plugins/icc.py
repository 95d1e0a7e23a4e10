"""Which colours the figures of a picture mean: its ICC profile, or one made of what a PNG says instead."""

from __future__ import annotations

import io
import struct
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from PIL.Image import Image

GREYS = ("1", "L", "I;16")
"""How the modes of PIL begin whose pixels are grey."""
_Matrix = list[list[float]]
# sRGB as a PNG names it: gamma, then x and y of white, red, green and blue. What is as near is taken for it.
_GAMMA, _CHROMATICITY = 0.45455, (0.3127, 0.329, 0.64, 0.33, 0.3, 0.6, 0.15, 0.06)
_NEAR, _LEAST_GAMMA = 0.02, 0.1
# How eyes see one white by another's light (Bradford), and the light that profiles are reckoned by (ICC.1, annex A).
_BRADFORD = ((0.8951, 0.2664, -0.1614), (-0.7502, 1.7135, 0.0367), (0.0389, -0.0685, 1.0296))
_D50 = (0.9642, 1.0, 0.8249)


def profile_of(picture: Image) -> bytes | None:
    """Return the ICC profile by which a picture's figures are to be read, None where that is sRGB or nothing usable.

    A profile of another kind than the figures (colours, greys or inks) says nothing about them. A PNG without a profile
    may say the same by its gAMA and cHRM chunks.
    """
    from PIL import ImageCms

    profile = picture.info.get("icc_profile")
    kind = "GRAY" if picture.mode.startswith(GREYS) else "CMYK" if picture.mode == "CMYK" else "RGB"
    if not profile:
        return None if "srgb" in picture.info else from_chunks(picture.info, kind)
    try:
        read = ImageCms.ImageCmsProfile(io.BytesIO(profile)).profile
    except (OSError, ImageCms.PyCMSError):
        return None  # broken: the figures stand as they are
    usable = read.xcolor_space.strip() == kind and "sRGB" not in (read.profile_description or "")
    return bytes(profile) if usable else None


def from_chunks(info: Mapping[Any, Any], kind: str) -> bytes | None:
    """Return a profile made from a PNG's gAMA and cHRM (PNG, third edition, sections 11.3.2.1 and 11.3.2.2)."""
    gamma, chromaticity = info.get("gamma") or _GAMMA, info.get("chromaticity") or _CHROMATICITY
    if not _LEAST_GAMMA < gamma < 1 / _LEAST_GAMMA:
        return None
    near = all(abs(one - other) < _NEAR for one, other in zip(chromaticity, _CHROMATICITY, strict=True))
    if kind == "CMYK" or (abs(gamma - _GAMMA) < _NEAR and (near or kind == "GRAY")):
        return None
    curve = struct.pack(">4s4xIH2x", b"curv", 1, min(round(256 / gamma), 0xFFFF))
    if kind == "GRAY":
        return _profile(b"GRAY", {b"wtpt": _xyz(_D50), b"kTRC": curve})
    try:
        white, *primaries = ((x / y, 1.0, (1 - x - y) / y) for x, y in zip(*[iter(chromaticity)] * 2, strict=True))
        amounts = _product(_inverse(_transposed(primaries)), _transposed([white]))
        seen = [[part * amount[0] for part in one] for one, amount in zip(primaries, amounts, strict=True)]
        theirs, ours = (_product(_BRADFORD, _transposed([one])) for one in (white, _D50))
        scale = [[ours[at][0] / theirs[at][0] if at == beside else 0.0 for beside in range(3)] for at in range(3)]
        adapted = _product(_inverse(_BRADFORD), _product(scale, _product(_BRADFORD, _transposed(seen))))
        tags = {name + b"XYZ": _xyz(one) for name, one in zip((b"r", b"g", b"b"), _transposed(adapted), strict=True)}
    except (ArithmeticError, struct.error):
        return None  # no colours that there are
    return _profile(b"RGB ", {b"wtpt": _xyz(_D50), **tags, **dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), curve)})


def _profile(kind: bytes, tags: Mapping[bytes, bytes]) -> bytes:
    """Return the bytes of an ICC profile (ICC.1:2001-04, section 6) with these tags."""
    at, table, data = 132 + 12 * len(tags), b"", b""
    for name, tag in tags.items():
        table += struct.pack(">4sII", name, at + len(data), len(tag))
        data += tag
    head = struct.pack(">I4xI4s4s4s12x4s28x", at + len(data), 0x02400000, b"mntr", kind, b"XYZ ", b"acsp")
    return head + _xyz(_D50)[8:] + bytes(48) + struct.pack(">I", len(tags)) + table + data


def _xyz(parts: Iterable[float]) -> bytes:
    return struct.pack(">4s4x3i", b"XYZ ", *(round(part * 0x10000) for part in parts))


def _transposed(rows: Sequence[Sequence[float]]) -> _Matrix:
    return [list(column) for column in zip(*rows, strict=True)]


def _product(one: Sequence[Sequence[float]], other: Sequence[Sequence[float]]) -> _Matrix:
    return [[sum(a * b for a, b in zip(row, column, strict=True)) for column in _transposed(other)] for row in one]


def _inverse(rows: Sequence[Sequence[float]]) -> _Matrix:
    """Return the inverse of a matrix of three by three. Raises `ZeroDivisionError` where there is none."""
    (a, b, c), (d, e, f), (g, h, i) = rows
    cofactors = [[e * i - f * h, c * h - b * i, b * f - c * e], [f * g - d * i, a * i - c * g, c * d - a * f]]
    cofactors.append([d * h - e * g, b * g - a * h, a * e - b * d])
    whole = a * cofactors[0][0] + b * cofactors[1][0] + c * cofactors[2][0]
    return [[part / whole for part in row] for row in cofactors]

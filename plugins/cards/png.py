"""A PNG of few colours whose bytes depend on its pixels only.

Two versions of zlib, or the same one on two processors, need not agree on a byte, so this writes its own DEFLATE (RFC
1951): each row is what differs from the row above (PNG, section 9, filter 2), what is left are runs and lone bytes, and
these get the shortest codes.
"""

from __future__ import annotations

import heapq
import re
import struct
import zlib
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_RUN = re.compile(rb"(.)\1{3,258}|.", re.DOTALL)
_END, _SYMBOLS = 256, 286
_LONGEST, _LONGEST_OF_LENGTHS = 15, 7
"""Bits of a code at the most, of the data and of the table (RFC 1951, sections 3.2.6 and 3.2.7)."""
_LENGTHS = {257 + at: (3 + at, 0) for at in range(8)}
_LENGTHS |= {261 + 4 * extra + at: (3 + (4 + at << extra), extra) for extra in range(1, 6) for at in range(4)}
_LENGTHS[285] = (258, 0)
"""The shortest run and the bits that tell longer ones, by symbol (RFC 1951, section 3.2.5)."""
_DISTANCE_ONE = "0"
_ORDER = (16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15)
"""In which order the lengths of the table's own codes are written (RFC 1951, section 3.2.7)."""
_FEW, _MANY = 3, 11


def encoded(rows: bytes, size: tuple[int, int], palette: Sequence[tuple[int, int, int]]) -> bytes:
    """Give the file; `rows` are four bits a pixel, less the row above, each behind its filter's byte."""
    header = struct.pack(">IIBBBBB", *size, 4, 3, 0, 0, 0)
    data = b"\x78\x01" + deflated(rows) + struct.pack(">I", zlib.adler32(rows))
    colours = bytes(part for colour in palette for part in colour)
    chunks = ((b"IHDR", header), (b"PLTE", colours), (b"IDAT", data), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*chunk) for chunk in chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def deflated(data: bytes) -> bytes:
    """Give a DEFLATE stream of one block, in which a run is a match at distance 1."""
    tokens = [match.group() for match in _RUN.finditer(data)]
    times = Counter(tokens)
    symbols = {token: _symbols(token) for token in times}
    weights = Counter({_END: 1})
    for token, (found, _) in symbols.items():
        for symbol in found:
            weights[symbol] += times[token]
    lengths = _lengths(weights, _LONGEST)
    codes = _codes(lengths)
    bits = {token: "".join(codes[one] for one in found) + extra for token, (found, extra) in symbols.items()}
    stream = "101" + _table(lengths) + "".join(map(bits.__getitem__, tokens)) + codes[_END]  # last block, dynamic codes
    return int(stream[::-1], 2).to_bytes(-(-len(stream) // 8), "little")


def _symbols(token: bytes) -> tuple[tuple[int, ...], str]:
    """Give what a byte or a run is written as: its symbols, and the bits behind them (RFC 1951, section 3.2.5)."""
    length = len(token) - 1
    if not length:
        return (token[0],), ""
    symbol = max(one for one, (base, _) in _LENGTHS.items() if base <= length)
    base, extra = _LENGTHS[symbol]
    return (token[0], symbol), _backwards(length - base, extra) + _DISTANCE_ONE


def _backwards(value: int, bits: int) -> str:
    """Give a number of so many bits, the lowest first."""
    return format(value, f"0{bits}b")[::-1] if bits else ""


def _lengths(weights: Mapping[int, int], longest: int) -> dict[int, int]:
    """Give the length of each symbol's code; where one would be too long, rare symbols are taken for less rare."""
    heap: list[tuple[int, int, tuple[int, ...]]] = [
        (weight, symbol, (symbol,)) for symbol, weight in sorted(weights.items())
    ]
    lengths = dict.fromkeys(weights, 0 if len(heap) > 1 else 1)
    heapq.heapify(heap)
    while len(heap) > 1:
        light, heavy = heapq.heappop(heap), heapq.heappop(heap)
        for symbol in light[2] + heavy[2]:
            lengths[symbol] += 1
        heapq.heappush(heap, (light[0] + heavy[0], min(light[1], heavy[1]), light[2] + heavy[2]))
    if max(lengths.values()) > longest:
        return _lengths({symbol: weight // 2 + 1 for symbol, weight in weights.items()}, longest)
    return lengths


def _codes(lengths: Mapping[int, int]) -> dict[int, str]:
    """Give the codes that follow from their lengths (RFC 1951, section 3.2.2)."""
    codes, code, before = {}, 0, 0
    for length, symbol in sorted((length, symbol) for symbol, length in lengths.items()):
        code <<= length - before
        codes[symbol] = format(code, f"0{length}b")
        code, before = code + 1, length
    return codes


def _table(lengths: Mapping[int, int]) -> str:
    """Give the lengths of all codes as they are written before the data (RFC 1951, section 3.2.7)."""
    listed = bytes(lengths.get(symbol, 0) for symbol in range(_SYMBOLS)) + b"\x01"  # distances: one code of one bit
    parts = [_zeros(len(run)) if not run[0] else (run[0], "") for run in re.findall(rb"\0{3,138}|.", listed, re.DOTALL)]
    lengths = _lengths(Counter(symbol for symbol, _ in parts), _LONGEST_OF_LENGTHS)
    codes = _codes(lengths)
    header = _backwards(_SYMBOLS - 257, 5) + _backwards(0, 5) + _backwards(len(_ORDER) - 4, 4)
    header += "".join(_backwards(lengths.get(symbol, 0), 3) for symbol in _ORDER)
    return header + "".join(codes[symbol] + extra for symbol, extra in parts)


def _zeros(count: int) -> tuple[int, str]:
    if count < _FEW:
        return 0, ""
    return (17, _backwards(count - 3, 3)) if count < _MANY else (18, _backwards(count - _MANY, 7))
